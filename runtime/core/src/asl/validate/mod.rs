//! The rules that a well-formed definition can still break.

mod assigned;
mod comparisons;
mod errors;
mod expressions;
mod fields;
mod graph;
mod integrations;
mod jsonpath;
mod known;
mod map;
mod names;
mod paths;
mod resource;

pub(super) use graph::{edges, is_terminal, reached};

use super::{Definition, Diagnostic, MachineType, QueryLanguage, State, States, diagnostic::below};

/// Which rules apply.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// What the machine is to run as.
    pub(super) kind: MachineType,
    /// Whether states are missing that could not be built; the flow between them is unknown then.
    pub(super) incomplete: bool,
}

/// A state and where it stands.
#[derive(Debug, Clone, Copy)]
struct Site<'a, 'd> {
    state: &'d State,
    /// Its JSON pointer.
    at: &'a str,
    /// What it is written in.
    language: QueryLanguage,
}

/// Applies every rule. Findings come rule by rule, each in the order of the states.
pub(super) fn validate(definition: &Definition, rules: Rules) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    fields::check_machine(definition, &mut found);
    each_scope(&definition.states, "", &mut |states, pointer| {
        if !rules.incomplete {
            graph::check(states, pointer, &mut found);
        }
        for (name, state) in &states.states {
            let at = state_pointer(pointer, name);
            let language = state.query_language(definition.query_language);
            let site = Site { state, at: &at, language };
            errors::check(site, &mut found);
            fields::check(site, &mut found);
            expressions::check(site, &mut found);
            jsonpath::check(site, &mut found);
            match state {
                State::Task(task) => resource::check(task, site, rules.kind, &mut found),
                State::Map(each) => map::check(each, site, rules.kind, &mut found),
                State::Choice(choice) => comparisons::check(choice, site, &mut found),
                _ => {}
            }
        }
    });
    names::check(&definition.states, definition.query_language, &mut found);
    if !rules.incomplete {
        assigned::check(&definition.states, definition.query_language, &mut found);
    }
    found
}

/// Calls `f` for a scope and every scope inside it, with their JSON pointers.
pub(super) fn each_scope<'d>(
    states: &'d States,
    pointer: &str,
    f: &mut dyn FnMut(&'d States, &str),
) {
    f(states, pointer);
    for (name, state) in &states.states {
        let at = state_pointer(pointer, name);
        for (below, inner) in state.scopes() {
            each_scope(inner, &format!("{at}{below}"), f);
        }
    }
}

/// The JSON pointer of a state.
pub(super) fn state_pointer(scope: &str, name: &str) -> String {
    below(&format!("{scope}/States"), name)
}
