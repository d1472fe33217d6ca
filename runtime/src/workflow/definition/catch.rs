//! The catchers of a step: which error names go where, and what value the caught error has.

use super::{Edge, graph::To};
use crate::workflow::{
    ANY_FAILURE, Callee, Def, ErrorKind, ErrorVariant, Kind, TIMEOUTS,
    jsonata::{Term, template::template},
};

/// The catchers of one step, in order.
#[derive(Debug)]
pub struct Catches {
    variants: &'static [ErrorVariant],
    covered: Vec<String>,
    list: Vec<(Vec<String>, Edge)>,
}

/// A set of error names with the value that such an error has.
struct Group {
    names: Vec<&'static str>,
    value: Term,
}

impl Catches {
    /// No catchers: failures go up.
    pub fn none() -> Self {
        Self { variants: &[], covered: Vec::new(), list: Vec::new() }
    }

    /// Of a call.
    pub fn of<D: Def>(_: &Callee<D>) -> Self {
        let variants = match D::kind() {
            Kind::Task(task) => task.descriptor.errors,
            Kind::Workflow(child) => (child.errors)(),
            Kind::Timer => &[],
        };
        Self { variants, ..Self::none() }
    }

    /// Of a join whose branches fail with these.
    pub fn join(variants: &'static [ErrorVariant]) -> Self {
        Self { variants, ..Self::none() }
    }

    /// Errors of one variant. `edge` gets the error's value.
    #[must_use]
    pub fn variant(self, name: &str, edge: impl Fn(Term) -> Edge) -> Self {
        let found = self.variants.iter().filter(|variant| variant.variant == name);
        let groups = found.flat_map(|variant| groups(variant, &|value| value)).collect();
        self.add(groups, &edge)
    }

    /// All declared errors not caught so far. `edge` gets the error's value.
    #[must_use]
    pub fn rest(self, edge: impl Fn(Term) -> Edge) -> Self {
        let groups =
            self.variants.iter().flat_map(|variant| groups(variant, &|value| value)).collect();
        self.add(groups, &edge)
    }

    fn add(mut self, groups: Vec<Group>, edge: &dyn Fn(Term) -> Edge) -> Self {
        for group in groups {
            let names: Vec<String> = (group.names.iter().map(|&name| name.to_owned()))
                .filter(|name| !self.covered.contains(name))
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

    pub(super) fn into_list(self) -> Vec<(Vec<String>, Edge)> {
        // What catches everything stands last: the first catcher that matches wins.
        let (wide, narrow): (Vec<_>, Vec<_>) =
            self.list.into_iter().partition(|(names, _)| wide(names));
        narrow.into_iter().chain(wide).collect()
    }
}

/// Whether the names match errors that no variant declares.
fn wide(names: &[String]) -> bool {
    names.iter().any(|name| ANY_FAILURE.contains(&name.as_str()))
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
fn groups(variant: &'static ErrorVariant, wrap: &dyn Fn(Term) -> Term) -> Vec<Group> {
    match variant.kind {
        ErrorKind::Named(name) => {
            vec![Group { names: vec![name], value: wrap(Term::caught_cause()) }]
        }
        ErrorKind::From(inner) => {
            let outer = |value: Term| wrap(Term::object(vec![(variant.json.to_owned(), value)]));
            inner.iter().flat_map(|variant| groups(variant, &outer)).collect()
        }
        // failed with by a workflow, or by the engine
        ErrorKind::Timeout(name) => vec![
            Group { names: vec![name], value: wrap(Term::caught_cause()) },
            Group { names: TIMEOUTS.to_vec(), value: wrap(Term::literal(variant.json)) },
        ],
        ErrorKind::Other => vec![Group { names: ANY_FAILURE.to_vec(), value: wrap(held(variant)) }],
    }
}

/// A variant that holds a failure which no variant declares.
fn held(variant: &'static ErrorVariant) -> Term {
    let failure = Term::object(vec![
        ("error".to_owned(), Term::caught_error()),
        ("cause".to_owned(), Term::caught_text()),
    ]);
    if variant.json.is_empty() {
        return failure;
    }
    Term::object(vec![(variant.json.to_owned(), failure)])
}
