//! Definite assignment: which variables every path, or some path, has set where they are read.

use super::super::{Code, Diagnostic, QueryLanguage, State, States, Template, nearest};
use super::{Site, expressions::fields, jsonpath, names::assignments, state_pointer};
use crate::query::jsonata::{self, is_function_name};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// The variables set on entry to a state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Known {
    /// On every path.
    always: BTreeSet<String>,
    /// On some path.
    sometimes: BTreeSet<String>,
}

impl Known {
    /// After an Assign of `names`.
    fn with<'n>(&self, names: impl Iterator<Item = &'n str>) -> Self {
        let mut known = self.clone();
        for name in names {
            known.always.insert(name.to_owned());
            known.sometimes.insert(name.to_owned());
        }
        known
    }

    /// Where two paths meet.
    fn meet(&self, other: &Self) -> Self {
        Self {
            always: self.always.intersection(&other.always).cloned().collect(),
            sometimes: self.sometimes.union(&other.sometimes).cloned().collect(),
        }
    }
}

/// What a scope inherits.
struct Outer<'d> {
    /// The variables that it can read.
    known: Known,
    /// Those that exist around it and that it cannot read: it belongs to a distributed Map.
    beyond: BTreeSet<String>,
    /// Every name that a scope around it assigns, at whatever time.
    assigned: BTreeSet<&'d str>,
}

/// Checks every read of a machine, and every assignment of a name that exists further out.
pub(super) fn check(machine: &States, language: QueryLanguage, found: &mut Vec<Diagnostic>) {
    let outer =
        Outer { known: Known::default(), beyond: BTreeSet::new(), assigned: BTreeSet::new() };
    scope(machine, ("", language), &outer, found);
}

fn scope(
    states: &States,
    (pointer, machine): (&str, QueryLanguage),
    outer: &Outer<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let own = assignments(states, pointer, machine);
    for (name, at) in &own {
        shadows(name, at, outer, found);
    }
    let entry = flow(states, machine, &outer.known);
    for (name, state) in &states.states {
        // A state that nothing reaches is reported as such.
        let Some(known) = entry.get(name.as_str()) else { continue };
        let at = state_pointer(pointer, name);
        let language = state.query_language(machine);
        reads(Site { state, at: &at, language }, known, &outer.beyond, found);
        let inherits = match state {
            State::Map(map) if map.processor.is_distributed() => Outer {
                known: Known::default(),
                beyond: outer.beyond.union(&known.sometimes).cloned().collect(),
                assigned: BTreeSet::new(),
            },
            _ => Outer {
                known: known.clone(),
                beyond: outer.beyond.clone(),
                assigned: outer.assigned.iter().copied().chain(own.iter().map(|it| it.0)).collect(),
            },
        };
        for (below, inner) in state.scopes() {
            scope(inner, (&format!("{at}{below}"), machine), &inherits, found);
        }
    }
}

/// Reports an assignment of a name that an outer scope has.
fn shadows(name: &str, at: &str, outer: &Outer<'_>, found: &mut Vec<Diagnostic>) {
    let help = "an inner scope cannot write it; give the inner one a name of its own";
    let (code, message) = if outer.known.sometimes.contains(name) {
        (Code::VariableOfOuterScope, format!("an outer scope assigns the variable `{name}` too"))
    } else if outer.assigned.contains(name) {
        let message = format!("an outer scope assigns a variable `{name}` later, which is another");
        (Code::VariableOfLaterOuter, message)
    } else {
        return;
    };
    found.push(Diagnostic::new(code, at, message).help(help).naming([name]));
}

/// What is set on entry to each state that can be reached.
fn flow<'d>(states: &'d States, machine: QueryLanguage, outer: &Known) -> BTreeMap<&'d str, Known> {
    let mut entry = BTreeMap::from([(states.start_at.as_str(), outer.clone())]);
    let mut open = vec![states.start_at.as_str()];
    while let Some(name) = open.pop() {
        let (Some(state), Some(known)) = (states.states.get(name), entry.get(name).cloned()) else {
            continue;
        };
        for (target, after) in leaving(state, state.query_language(machine), &known) {
            let merged = entry.get(target).map_or_else(|| after.clone(), |old| old.meet(&after));
            if entry.get(target) != Some(&merged) {
                entry.insert(target, merged);
                open.push(target);
            }
        }
    }
    entry
}

/// The transitions out of a state, each with what is set after its own Assign.
fn leaving<'d>(state: &'d State, language: QueryLanguage, known: &Known) -> Vec<(&'d str, Known)> {
    let common = state.common();
    let with = |assign: &Option<IndexMap<String, Template>>| {
        let names = assign.iter().flat_map(IndexMap::keys).map(String::as_str);
        // In JSONPath mode the ending says that the value is a path.
        known.with(names.map(|name| match language {
            QueryLanguage::JsonPath => name.strip_suffix(".$").unwrap_or(name),
            QueryLanguage::Jsonata => name,
        }))
    };
    let own = || with(&common.assign);
    let mut targets: Vec<(&str, Known)> = match state {
        State::Choice(choice) => {
            let rules = choice.choices.iter().map(|rule| (rule.next.as_str(), with(&rule.assign)));
            rules.chain(choice.default.iter().map(|next| (next.as_str(), own()))).collect()
        }
        _ => common.next.iter().map(|next| (next.as_str(), own())).collect(),
    };
    for catcher in state.catch() {
        targets.push((catcher.next.as_str(), with(&catcher.assign)));
    }
    targets
}

/// Reports the reads of one state.
fn reads(
    site: Site<'_, '_>,
    known: &Known,
    beyond: &BTreeSet<String>,
    found: &mut Vec<Diagnostic>,
) {
    for read in variables(site) {
        let Read { name, at, is_test } = &read;
        if known.always.contains(name) || *is_test {
            continue;
        }
        found.push(if known.sometimes.contains(name) {
            let message = format!("not every path here assigns the variable `{name}`");
            let finding = Diagnostic::new(Code::VariableMaybeUnassigned, at, message);
            finding.help(match site.language {
                QueryLanguage::Jsonata => format!("assign it earlier, or ask `$exists(${name})`"),
                QueryLanguage::JsonPath => "assign it earlier".to_owned(),
            })
        } else if beyond.contains(name) {
            let message = format!("the child of a distributed Map cannot read `{name}`");
            let help = "hand it over in `ItemSelector`, or in `BatchInput` of an ItemBatcher";
            Diagnostic::new(Code::VariableBeyondChild, at, message).help(help)
        } else {
            let message = format!("no path here assigns the variable `{name}`");
            let finding = Diagnostic::new(Code::VariableUnassigned, at, message);
            match nearest(name, known.sometimes.iter().map(String::as_str)) {
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
