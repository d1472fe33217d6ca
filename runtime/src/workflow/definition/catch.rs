//! The catchers of a step: which error names go where, and what value the caught error has.

use super::{Edge, graph::To};
use crate::{
    program::names,
    workflow::{
        ANY_FAILURE, Callee, Def, ErrorKind, ErrorVariant, Kind, TIMEOUTS, child,
        failing::NEVER_CAUGHT,
        jsonata::{
            Term,
            failure::{self, Failing},
            template::template,
        },
    },
};

/// The catchers of one step, in order.
#[derive(Debug)]
pub struct Catches {
    variants: &'static [ErrorVariant],
    covered: Vec<String>,
    list: Vec<(Vec<String>, Edge)>,
    child: Option<Child>,
}

/// A child that fails is caught under one name, with its description as cause: a Choice tells its
/// errors apart, and a Fail hands on those that nothing takes.
#[derive(Debug, Clone, Copy)]
struct Child {
    choice: &'static str,
    failed: &'static str,
    /// The variable that holds its failure.
    key: &'static str,
    /// Whether the child's machine has a bound on its time.
    times_out: bool,
}

/// The catchers of a state, and states that they lead to.
#[derive(Debug)]
pub(super) struct Caught {
    pub(super) catch: Vec<(Vec<String>, Edge)>,
    pub(super) choice: Option<Split>,
    pub(super) fail: Option<(&'static str, Failing)>,
}

/// How the errors of a child are told apart.
#[derive(Debug)]
pub(super) struct Split {
    pub(super) choice: &'static str,
    pub(super) rules: Vec<(Term, Edge)>,
    pub(super) default: Edge,
}

/// Where name and cause of the caught error stand.
struct Source {
    error: Term,
    text: Term,
    value: Term,
}

/// A set of error names with the value that such an error has.
struct Group {
    names: Vec<&'static str>,
    value: Term,
}

impl Catches {
    /// No catchers: failures go up.
    pub fn none() -> Self {
        Self { variants: &[], covered: Vec::new(), list: Vec::new(), child: None }
    }

    /// Of a call. If it starts a child, `choice` tells the errors apart that `key` holds, and
    /// `failed` hands on those that nothing takes.
    pub fn of<D: Def>(
        _: &Callee<D>,
        choice: &'static str,
        failed: &'static str,
        key: &'static str,
    ) -> Self {
        match D::kind() {
            Kind::Task(task) => Self { variants: task.descriptor.errors, ..Self::none() },
            Kind::Workflow(called) => {
                let times_out = called.timeout.is_some();
                let child = Some(Child { choice, failed, key, times_out });
                Self { variants: (called.errors)(), child, ..Self::none() }
            }
            Kind::Timer => Self::none(),
        }
    }

    fn source(&self) -> Source {
        match self.child {
            None => Source {
                error: Term::caught_error(),
                text: Term::caught_text(),
                value: Term::caught_cause(),
            },
            Some(Child { key, .. }) => {
                let own = Term::variable(key);
                let text = own.member("Cause");
                // a child hands on what its tasks fail with as it comes
                let value = failure::parsed(&text).answered();
                Source { error: own.member("Error"), text, value }
            }
        }
    }

    /// Of a join whose branches fail with these.
    pub fn join(variants: &'static [ErrorVariant]) -> Self {
        Self { variants, ..Self::none() }
    }

    /// Errors of one variant. `edge` gets the error's value.
    #[must_use]
    pub fn variant(self, name: &str, edge: impl Fn(Term) -> Edge) -> Self {
        let source = self.source();
        let found = self.variants.iter().filter(|variant| variant.variant == name);
        let groups = found.flat_map(|variant| groups(variant, &source, &|value| value)).collect();
        self.add(groups, &edge)
    }

    /// All declared errors not caught so far. `edge` gets the error's value.
    #[must_use]
    pub fn rest(self, edge: impl Fn(Term) -> Edge) -> Self {
        let source = self.source();
        let all = self.variants.iter();
        let groups = all.flat_map(|variant| groups(variant, &source, &|value| value)).collect();
        self.add(groups, &edge)
    }

    fn add(mut self, groups: Vec<Group>, edge: &dyn Fn(Term) -> Edge) -> Self {
        let has_timeouts = takes_timeouts(self.variants);
        for group in groups {
            // what takes anything leaves the timeouts to the variant for them, wherever that stands
            let is_left = has_timeouts && group.names == ANY_FAILURE;
            let names: Vec<String> = (group.names.iter().map(|&name| name.to_owned()))
                .filter(|name| !self.covered.contains(name))
                .filter(|name| !(is_left && TIMEOUTS.contains(&name.as_str())))
                .collect();
            if names.is_empty() {
                continue;
            }
            self.covered.extend(names.iter().cloned());
            let edge = edge(group.value);
            match self.list.last_mut() {
                Some((known, before)) if alike(before, &edge) && !wide(known) && !wide(&names) => {
                    known.extend(names);
                }
                _ => self.list.push((names, edge)),
            }
        }
        self
    }

    /// `times_out`: whether the call itself may time out.
    pub(super) fn into_states(self, times_out: bool) -> Caught {
        // What catches everything stands last: the first catcher that matches wins.
        let (wide, narrow): (Vec<_>, Vec<_>) =
            self.list.into_iter().partition(|(names, _)| wide(names));
        match self.child {
            Some(child) => child.states(narrow, wide, times_out),
            None => {
                let catch = narrow.into_iter().chain(wide).collect();
                Caught { catch, choice: None, fail: None }
            }
        }
    }
}

impl Child {
    /// Its failure is caught in any case: what nothing takes goes on under its own name.
    fn states(
        self,
        narrow: Vec<(Vec<String>, Edge)>,
        wide: Vec<(Vec<String>, Edge)>,
        times_out: bool,
    ) -> Caught {
        let own = Term::variable(self.key);
        let fail = Some((self.failed, child::failing(&own)));
        let failed = || Edge::to(self.failed, Vec::new());
        let takes = |name: &str| narrow.iter().chain(&wide).any(|(names, _)| has(names, name));
        let mut names = vec![names::TASK_FAILED.to_owned()];
        names.extend((times_out && takes(names::TIMEOUT)).then(|| names::TIMEOUT.to_owned()));
        let choice = (!narrow.is_empty() || !wide.is_empty()).then(|| {
            let error = own.member("Error");
            let rule = |(names, edge): (Vec<String>, Edge)| (failure::named(&error, &names), edge);
            let mut rules: Vec<_> = narrow.into_iter().map(rule).collect();
            let default = wide.into_iter().next().map(|(_, edge)| edge);
            if default.is_some() {
                let never: Vec<String> = NEVER_CAUGHT.iter().map(|&name| name.to_owned()).collect();
                rules.push(rule((never, failed())));
            }
            Split { choice: self.choice, rules, default: default.unwrap_or_else(failed) }
        });
        let to = if choice.is_some() { self.choice } else { self.failed };
        let edge = Edge::to(to, vec![(self.key, child::caught(self.times_out))]);
        Caught { catch: vec![(names, edge)], choice, fail }
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|each| each == name)
}

/// Whether the names match errors that no variant declares.
fn wide(names: &[String]) -> bool {
    has(names, names::TASK_FAILED)
}

/// Whether one of the variants stands for timeouts.
fn takes_timeouts(variants: &[ErrorVariant]) -> bool {
    variants.iter().any(|variant| match variant.kind {
        ErrorKind::Timeout(_) => true,
        ErrorKind::From(inner) => takes_timeouts(inner),
        ErrorKind::Named(_) | ErrorKind::Other => false,
    })
}

/// Whether two edges are the same, text for text.
fn alike(one: &Edge, other: &Edge) -> bool {
    let same = |a: &Term, b: &Term| template(a) == template(b);
    let to = match (&one.to, &other.to) {
        (To::State(one), To::State(other)) => one == other,
        (To::End { state: one, output: a }, To::End { state: other, output: b }) => {
            one == other && same(a, b)
        }
        _ => false,
    };
    to && one.assign.len() == other.assign.len()
        && one.assign.iter().zip(&other.assign).all(|((a, x), (b, y))| a == b && same(x, y))
}

/// The names of a variant; `wrap` makes the value of the outer error from the inner's.
fn groups(
    variant: &'static ErrorVariant,
    source: &Source,
    wrap: &dyn Fn(Term) -> Term,
) -> Vec<Group> {
    let one = |names: &[&'static str], value: Term| {
        vec![Group { names: names.to_vec(), value: wrap(value) }]
    };
    match variant.kind {
        ErrorKind::Named(name) => one(&[name], source.value.clone()),
        ErrorKind::From(inner) => {
            let outer = |value: Term| wrap(Term::object(vec![(variant.json.to_owned(), value)]));
            inner.iter().flat_map(|variant| groups(variant, source, &outer)).collect()
        }
        // a unit variant, which a task can also give by its own name
        ErrorKind::Timeout(own) => one(&[&[own], TIMEOUTS].concat(), Term::literal(variant.json)),
        ErrorKind::Other => {
            let failure = Term::object(vec![
                ("error".to_owned(), source.error.clone()),
                ("cause".to_owned(), source.text.clone()),
            ]);
            one(ANY_FAILURE, Term::object(vec![(variant.json.to_owned(), failure)]))
        }
    }
}
