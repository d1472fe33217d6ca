//! Names: of states over the whole machine, of variables over nested scopes.

use super::super::{Code, Diagnostic, QueryLanguage, State, States};
use super::{each_scope, state_pointer};
use crate::query::jsonata::is_function_name;
use std::collections::{BTreeMap, BTreeSet};

/// Longest name of a state or variable, in characters.
const MAX_LENGTH: usize = 80;

/// Checks all names of a machine.
pub(super) fn check(machine: &States, language: QueryLanguage, found: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    each_scope(machine, "", &mut |scope, pointer| {
        for name in scope.states.keys() {
            let at = state_pointer(pointer, name);
            let length = name.chars().count();
            if length > MAX_LENGTH {
                let message = format!(
                    "the name of a state has at most {MAX_LENGTH} characters, this one {length}"
                );
                found.push(Diagnostic::new(Code::StateNameLength, at.as_str(), message));
            }
            if let Some(first) = seen.get(name.as_str()) {
                let message = format!("the machine has another state `{name}`, at {first}");
                let help = "names are unique over all branches and processors";
                found.push(Diagnostic::new(Code::StateNameTwice, at.as_str(), message).help(help));
            } else {
                seen.insert(name, at);
            }
        }
        for (name, at) in assignments(scope, pointer, language) {
            variable(name, at, found);
        }
    });
    shadowed(machine, ("", language), &BTreeSet::new(), found);
}

/// Every assignment of one scope, without those inside: name and JSON pointer.
fn assignments<'d>(
    scope: &'d States,
    pointer: &str,
    machine: QueryLanguage,
) -> Vec<(&'d str, String)> {
    let mut all = Vec::new();
    for (name, state) in &scope.states {
        let at = state_pointer(pointer, name);
        let paths = state.query_language(machine) == QueryLanguage::JsonPath;
        let mut add = |assign: Option<&'d indexmap::IndexMap<String, _>>, below: &str| {
            for name in assign.into_iter().flat_map(indexmap::IndexMap::keys) {
                let at = super::super::diagnostic::below(&format!("{at}{below}/Assign"), name);
                // In JSONPath mode the ending says that the value is a path.
                let name = if paths { name.strip_suffix(".$").unwrap_or(name) } else { name };
                all.push((name, at));
            }
        };
        add(state.common().assign.as_ref(), "");
        if let State::Choice(choice) = state {
            for (i, rule) in choice.choices.iter().enumerate() {
                add(rule.assign.as_ref(), &format!("/Choices/{i}"));
            }
        }
        for (i, catcher) in state.catch().iter().enumerate() {
            add(catcher.assign.as_ref(), &format!("/Catch/{i}"));
        }
    }
    all
}

fn variable(name: &str, at: String, found: &mut Vec<Diagnostic>) {
    if name == "states" {
        let message = "a variable must not be named `states`";
        found.push(Diagnostic::new(Code::VariableReserved, at, message));
        return;
    }
    let mut chars = name.chars();
    let legal = chars.next().is_some_and(char::is_alphabetic)
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && name.chars().count() <= MAX_LENGTH;
    if !legal {
        let message = format!("`{name}` is not the name of a variable");
        let help = "a letter, then letters, digits and `_`, at most 80; only whole variables";
        found.push(Diagnostic::new(Code::VariableName, at, message).help(help));
    } else if is_function_name(name) {
        let message = format!("the variable `{name}` hides the function `${name}`");
        let help = "rename the variable";
        found.push(Diagnostic::new(Code::VariableHidesFunction, at, message).help(help));
    }
}

/// Finds inner assignments of a name that an outer scope assigns too.
fn shadowed(
    scope: &States,
    (pointer, language): (&str, QueryLanguage),
    outer: &BTreeSet<&str>,
    found: &mut Vec<Diagnostic>,
) {
    let own = assignments(scope, pointer, language);
    for (name, at) in &own {
        if outer.contains(name) {
            let message = format!("an outer scope assigns the variable `{name}` too");
            let help = "an inner scope cannot write it; give the inner one a name of its own";
            found
                .push(Diagnostic::new(Code::VariableOfOuterScope, at.as_str(), message).help(help));
        }
    }
    let mut outer = outer.clone();
    outer.extend(own.iter().map(|(name, _)| *name));
    for (name, state) in &scope.states {
        for (below, inner) in state.scopes() {
            let at = format!("{}{below}", state_pointer(pointer, name));
            shadowed(inner, (&at, language), &outer, found);
        }
    }
}
