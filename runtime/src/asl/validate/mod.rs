//! The rules that a well-formed definition can still break.

mod assigned;
mod errors;
mod expressions;
mod fields;
mod graph;
mod names;

use super::{Definition, Diagnostic, States};

/// Applies every rule. Findings come rule by rule, each in the order of the states.
pub(super) fn validate(definition: &Definition) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    fields::check_machine(definition, &mut found);
    each_scope(&definition.states, "", &mut |states, pointer| {
        graph::check(states, pointer, &mut found);
        errors::check(states, pointer, &mut found);
        fields::check(states, pointer, definition.query_language, &mut found);
        expressions::check(states, pointer, definition.query_language, &mut found);
    });
    names::check(&definition.states, definition.query_language, &mut found);
    assigned::check(&definition.states, definition.query_language, &mut found);
    found
}

/// Calls `f` for a scope and every scope inside it, with their JSON pointers.
fn each_scope<'d>(states: &'d States, pointer: &str, f: &mut dyn FnMut(&'d States, &str)) {
    f(states, pointer);
    for (name, state) in &states.states {
        let at = super::diagnostic::below(&format!("{pointer}/States"), name);
        for (below, inner) in state.scopes() {
            each_scope(inner, &format!("{at}{below}"), f);
        }
    }
}

/// The JSON pointer of a state.
fn state_pointer(scope: &str, name: &str) -> String {
    super::diagnostic::below(&format!("{scope}/States"), name)
}
