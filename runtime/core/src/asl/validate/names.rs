//! Names: of states over the whole machine, of variables over nested scopes.

use super::super::{Code, Diagnostic, QueryLanguage, State, States, diagnostic::below};
use super::{each_scope, state_pointer};
use crate::query::jsonata::is_function_name;
use indexmap::IndexMap;

/// Longest name of a state or variable, in characters.
const MAX_LENGTH: usize = 80;

/// Checks all names of a machine.
pub(super) fn check(machine: &States, language: QueryLanguage, found: &mut Vec<Diagnostic>) {
    let mut seen: IndexMap<&str, String> = IndexMap::new();
    let mut labels: IndexMap<&str, String> = IndexMap::new();
    each_scope(machine, "", &mut |scope, pointer| {
        for (name, state) in &scope.states {
            let at = state_pointer(pointer, name);
            if let State::Map(map) = state
                && let Some(label) = &map.label
            {
                if let Some(first) = labels.get(label.as_str()) {
                    let message = format!("the Map at {first} has the label `{label}` too");
                    let at = below(&at, "Label");
                    let finding = Diagnostic::new(Code::LabelTwice, at, message);
                    found.push(finding.help("give each Map its own").naming([label]));
                } else {
                    labels.insert(label, at.clone());
                }
            }
            let length = name.chars().count();
            if length > MAX_LENGTH {
                let message = format!(
                    "the name of a state has at most {MAX_LENGTH} characters, this one {length}"
                );
                let finding = Diagnostic::new(Code::StateNameLength, at.as_str(), message);
                found.push(finding.naming([name]));
            }
            if let Some(first) = seen.get(name.as_str()) {
                let message = format!("the machine has another state `{name}`, at {first}");
                let help = "names are unique over all branches and processors";
                let finding = Diagnostic::new(Code::StateNameTwice, at.as_str(), message);
                found.push(finding.help(help).naming([name]));
            } else {
                seen.insert(name, at);
            }
        }
        for (name, at) in assignments(scope, pointer, language) {
            variable(name, at, found);
        }
    });
}

/// Every assignment of one scope, without those inside: name and JSON pointer.
pub(super) fn assignments<'d>(
    scope: &'d States,
    pointer: &str,
    machine: QueryLanguage,
) -> Vec<(&'d str, String)> {
    let mut all = Vec::new();
    for (name, state) in &scope.states {
        let at = state_pointer(pointer, name);
        let paths = state.query_language(machine) == QueryLanguage::JsonPath;
        let mut add = |assign: Option<&'d IndexMap<String, _>>, part: &str| {
            for name in assign.into_iter().flat_map(IndexMap::keys) {
                let at = below(&format!("{at}{part}/Assign"), name);
                // In JSONPath mode the ending says that the value is a path.
                let name = if paths { name.strip_suffix(".$").unwrap_or(name) } else { name };
                all.push((name, at));
            }
        };
        add(state.flow().assign.as_ref(), "");
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
        let help =
            "`$states` is what a state reads its input and context from; rename the variable";
        found.push(Diagnostic::new(Code::VariableReserved, at, message).help(help));
        return;
    }
    let mut chars = name.chars();
    let legal = chars.next().is_some_and(char::is_alphabetic)
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && name.chars().count() <= MAX_LENGTH;
    if !legal {
        let message = format!("`{name}` is not the name of a variable");
        let help = "a letter, then letters, digits and `_`, at most 80; only whole variables";
        found.push(Diagnostic::new(Code::VariableName, at, message).help(help).naming([name]));
    } else if is_function_name(name) {
        let message = format!("the variable `{name}` hides the function `${name}`");
        let help = "rename the variable";
        found.push(Diagnostic::new(Code::VariableHidesFunction, at, message).help(help));
    }
}
