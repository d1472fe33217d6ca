//! Finding a state by its name, which is unique across all scopes of a definition.

use crate::asl::{Definition, State, States};

pub(super) fn state<'a>(definition: &'a Definition, name: &str) -> Option<&'a State> {
    within(&definition.states, name)
}

fn within<'a>(scope: &'a States, name: &str) -> Option<&'a State> {
    let inner = |state: &'a State| match state {
        State::Parallel(parallel) => {
            parallel.branches.iter().find_map(|branch| within(&branch.states, name))
        }
        State::Map(map) => within(&map.processor.states, name),
        _ => None,
    };
    scope.states.get(name).or_else(|| scope.states.values().find_map(inner))
}
