//! Definite assignment: which variables every path, or some path, has set where they are read.

use super::super::{Code, Diagnostic, QueryLanguage, State, States};
use super::{expressions::fields, state_pointer};
use crate::query::jsonata::{self, is_function_name};
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
    fn with<'n>(&self, names: impl Iterator<Item = &'n String>) -> Self {
        let mut known = self.clone();
        for name in names {
            known.always.insert(name.clone());
            known.sometimes.insert(name.clone());
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

/// Checks every read of a machine.
pub(super) fn check(machine: &States, language: QueryLanguage, found: &mut Vec<Diagnostic>) {
    scope(machine, ("", language), &Known::default(), found);
}

fn scope(
    states: &States,
    (pointer, language): (&str, QueryLanguage),
    outer: &Known,
    found: &mut Vec<Diagnostic>,
) {
    let entry = flow(states, outer);
    for (name, state) in &states.states {
        // A state that nothing reaches is reported as such.
        let Some(known) = entry.get(name.as_str()) else { continue };
        let at = state_pointer(pointer, name);
        reads(state, (&at, language), known, found);
        for (below, inner) in state.scopes() {
            scope(inner, (&format!("{at}{below}"), language), known, found);
        }
    }
}

/// What is set on entry to each state that can be reached.
fn flow<'d>(states: &'d States, outer: &Known) -> BTreeMap<&'d str, Known> {
    let mut entry = BTreeMap::from([(states.start_at.as_str(), outer.clone())]);
    let mut open = vec![states.start_at.as_str()];
    while let Some(name) = open.pop() {
        let (Some(state), Some(known)) = (states.states.get(name), entry.get(name).cloned()) else {
            continue;
        };
        for (target, after) in leaving(state, &known) {
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
fn leaving<'d>(state: &'d State, known: &Known) -> Vec<(&'d str, Known)> {
    let common = state.common();
    let own = || known.with(common.assign.iter().flat_map(|assign| assign.keys()));
    let mut targets: Vec<(&str, Known)> = match state {
        State::Choice(choice) => {
            let rules = choice.choices.iter().map(|rule| {
                let names = rule.assign.iter().flat_map(|assign| assign.keys());
                (rule.next.as_str(), known.with(names))
            });
            rules.chain(choice.default.iter().map(|next| (next.as_str(), own()))).collect()
        }
        _ => common.next.iter().map(|next| (next.as_str(), own())).collect(),
    };
    for catcher in state.catch() {
        let names = catcher.assign.iter().flat_map(|assign| assign.keys());
        targets.push((catcher.next.as_str(), known.with(names)));
    }
    targets
}

/// Reports the reads of one state.
fn reads(
    state: &State,
    (pointer, language): (&str, QueryLanguage),
    known: &Known,
    found: &mut Vec<Diagnostic>,
) {
    for field in fields(state, language) {
        let (template, _) = jsonata::Template::compile_all(field.template);
        for (below, expression) in template.expressions() {
            for name in expression.variables() {
                let read = known.always.contains(name)
                    || name == "states"
                    || is_function_name(name)
                    || expression.tests().contains(name);
                if read {
                    continue;
                }
                let at = format!("{pointer}{}{below}", field.below);
                found.push(if known.sometimes.contains(name) {
                    Diagnostic::new(
                        Code::VariableMaybeUnassigned,
                        at,
                        format!("not every path here assigns the variable `{name}`"),
                    )
                    .help(format!("assign it earlier, or ask `$exists(${name})`"))
                } else {
                    Diagnostic::new(
                        Code::VariableUnassigned,
                        at,
                        format!("no path here assigns the variable `{name}`"),
                    )
                });
            }
        }
    }
}
