//! Definite assignment: which variables every path, or some path, has set where they are read.

use super::super::{Code, Diagnostic, QueryLanguage, State, States, Template, nearest};
use super::{
    Site, each_scope,
    expressions::fields,
    graph::{MAX_ADVICE, edges},
    jsonpath,
    known::{Known, Names, Set},
    names::assignments,
    state_pointer,
};
use crate::query::jsonata::{self, is_function_name};
use indexmap::{IndexMap, IndexSet};
use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Unbounded},
};

/// The machine as a whole.
struct Machine<'d> {
    names: Names<'d>,
    language: QueryLanguage,
}

/// What a scope inherits.
#[derive(Default)]
struct Outer {
    /// The variables that it can read.
    known: Known,
    /// Those that exist around it and that it cannot read: it belongs to a distributed Map.
    beyond: Set,
    /// Every name that a scope around it assigns, at whatever time.
    assigned: Set,
}

/// Checks every read of a machine, and every assignment of a name that exists further out.
pub(super) fn check(states: &States, language: QueryLanguage, found: &mut Vec<Diagnostic>) {
    let mut names = Names::default();
    each_scope(states, "", &mut |scope, pointer| {
        for (name, _) in assignments(scope, pointer, language) {
            names.add(name);
        }
    });
    scope(states, "", &Machine { names, language }, &Outer::default(), found);
}

fn scope(
    states: &States,
    pointer: &str,
    machine: &Machine<'_>,
    outer: &Outer,
    found: &mut Vec<Diagnostic>,
) {
    let own = assignments(states, pointer, machine.language);
    for (name, at) in &own {
        shadows(name, at, &machine.names, outer, found);
    }
    let entry = flow(states, machine, &outer.known);
    for (name, state) in &states.states {
        // A state that nothing reaches is reported as such.
        let Some(known) = entry.get(name.as_str()) else { continue };
        let at = state_pointer(pointer, name);
        let language = state.query_language(machine.language);
        reads(Site { state, at: &at, language }, &machine.names, (known, &outer.beyond), found);
        let inner = state.scopes();
        if inner.is_empty() {
            continue;
        }
        let mut inherits = Outer { beyond: outer.beyond.clone(), ..Outer::default() };
        match state {
            State::Map(map) if map.processor.is_distributed() => {
                inherits.beyond.extend(&known.sometimes);
            }
            _ => {
                inherits.known = known.clone();
                inherits.assigned = outer.assigned.clone();
                for (name, _) in &own {
                    inherits.assigned.insert(&machine.names, name);
                }
            }
        }
        for (below, inner) in inner {
            scope(inner, &format!("{at}{below}"), machine, &inherits, found);
        }
    }
}

/// Reports an assignment of a name that an outer scope has.
fn shadows(name: &str, at: &str, names: &Names<'_>, outer: &Outer, found: &mut Vec<Diagnostic>) {
    let help = "an inner scope cannot write it; give the inner one a name of its own";
    let (code, message) = if outer.known.sometimes.contains(names, name) {
        (Code::VariableOfOuterScope, format!("an outer scope assigns the variable `{name}` too"))
    } else if outer.assigned.contains(names, name) {
        let message = format!("an outer scope assigns a variable `{name}` later, which is another");
        (Code::VariableOfLaterOuter, message)
    } else {
        return;
    };
    found.push(Diagnostic::new(code, at, message).help(help).naming([name]));
}

/// What is set on entry to each state that can be reached.
fn flow<'d>(states: &'d States, machine: &Machine<'_>, outer: &Known) -> IndexMap<&'d str, Known> {
    let order = forward(states);
    let place = |name: &str| states.states.get_index_of(name).and_then(|i| order.get(&i)).copied();
    let mut entry = IndexMap::from([(states.start_at.as_str(), outer.clone())]);
    // Round after round in the order of the flow: a loop is gone through a few times, not once for
    // every state that leads back.
    let mut open: BTreeMap<Option<usize>, &str> =
        BTreeMap::from([(place(&states.start_at), states.start_at.as_str())]);
    let mut last = None;
    loop {
        let next = open.range((Excluded(last), Unbounded)).next();
        let Some((&at, _)) = next.or_else(|| open.first_key_value()) else { break };
        last = at;
        let Some(name) = open.remove(&at) else { break };
        let (Some(state), Some(known)) = (states.states.get(name), entry.get(name)) else {
            continue;
        };
        for (target, after) in leaving(state, machine, known) {
            let changed = match entry.get_mut(target) {
                Some(known) => known.meet(&after),
                None => {
                    entry.insert(target, after);
                    true
                }
            };
            if changed {
                open.insert(place(target), target);
            }
        }
    }
    entry
}

/// The places of states in the flow: each one after those that lead to it, but for loops.
fn forward(states: &States) -> IndexMap<usize, usize> {
    let mut order = IndexMap::new();
    let mut next = states.states.len();
    let mut seen = IndexSet::new();
    let mut open: Vec<(&str, bool)> = vec![(states.start_at.as_str(), false)];
    while let Some((name, is_done)) = open.pop() {
        let Some((i, _, state)) = states.states.get_full(name) else { continue };
        if is_done {
            next = next.saturating_sub(1);
            order.insert(i, next);
        } else if seen.insert(i) {
            open.push((name, true));
            open.extend(edges(state).into_iter().map(|(_, target)| (target, false)));
        }
    }
    order
}

/// The transitions out of a state, each with what is set after its own Assign.
fn leaving<'d>(state: &'d State, machine: &Machine<'_>, known: &Known) -> Vec<(&'d str, Known)> {
    let language = state.query_language(machine.language);
    let flow = state.flow();
    let with = |assign: &Option<IndexMap<String, Template>>| {
        let names = assign.iter().flat_map(IndexMap::keys).map(String::as_str);
        // In JSONPath mode the ending says that the value is a path.
        let names = names.map(|name| match language {
            QueryLanguage::JsonPath => name.strip_suffix(".$").unwrap_or(name),
            QueryLanguage::Jsonata => name,
        });
        known.with(&machine.names, names)
    };
    let own = || with(&flow.assign);
    let mut targets: Vec<(&str, Known)> = match state {
        State::Choice(choice) => {
            let rules = choice.choices.iter().map(|rule| (rule.next.as_str(), with(&rule.assign)));
            rules.chain(choice.default.iter().map(|next| (next.as_str(), own()))).collect()
        }
        _ => flow.next.iter().map(|next| (next.as_str(), own())).collect(),
    };
    for catcher in state.catch() {
        targets.push((catcher.next.as_str(), with(&catcher.assign)));
    }
    targets
}

/// Reports the reads of one state.
fn reads(
    site: Site<'_, '_>,
    names: &Names<'_>,
    (known, beyond): (&Known, &Set),
    found: &mut Vec<Diagnostic>,
) {
    for read in variables(site) {
        let Read { name, at, is_test } = &read;
        if known.always.contains(names, name) || *is_test {
            continue;
        }
        found.push(if known.sometimes.contains(names, name) {
            let message = format!("not every path here assigns the variable `{name}`");
            let finding = Diagnostic::new(Code::VariableMaybeUnassigned, at, message);
            finding.help(match site.language {
                QueryLanguage::Jsonata => format!("assign it earlier, or ask `$exists(${name})`"),
                QueryLanguage::JsonPath => "assign it earlier".to_owned(),
            })
        } else if beyond.contains(names, name) {
            let message = format!("the child of a distributed Map cannot read `{name}`");
            let help = "hand it over in `ItemSelector`, or in `BatchInput` of an ItemBatcher";
            Diagnostic::new(Code::VariableBeyondChild, at, message).help(help)
        } else {
            let message = format!("no path here assigns the variable `{name}`");
            let finding = Diagnostic::new(Code::VariableUnassigned, at, message);
            // With many findings, nobody is helped by guesses.
            let near =
                (found.len() < MAX_ADVICE).then(|| nearest(name, names.of(&known.sometimes)));
            match near.flatten() {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help("assign it in an `Assign` before this state"),
            }
        });
    }
}

/// A read of a variable.
struct Read {
    name: String,
    /// The JSON pointer of the text that reads it.
    at: String,
    /// Whether it is asked for its presence.
    is_test: bool,
}

/// The reads of a state, each name once a text.
fn variables(site: Site<'_, '_>) -> Vec<Read> {
    match site.language {
        QueryLanguage::Jsonata => by_expressions(site),
        QueryLanguage::JsonPath => jsonpath::reads(site)
            .into_iter()
            .map(|jsonpath::Read { name, at }| Read { name, at, is_test: false })
            .collect(),
    }
}

fn by_expressions(site: Site<'_, '_>) -> Vec<Read> {
    let mut all = Vec::new();
    for field in fields(site.state) {
        let (template, _) = jsonata::Template::compile_all(field.template);
        for (below, expression) in template.expressions() {
            let names = expression.variables().iter();
            all.extend(names.filter(|name| *name != "states" && !is_function_name(name)).map(
                |name| Read {
                    name: name.clone(),
                    at: format!("{}{}{below}", site.at, field.below),
                    is_test: expression.tests().contains(name),
                },
            ));
        }
    }
    all
}
