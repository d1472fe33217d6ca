//! What AWS says about transitions. It differs from our own rules: a machine needs a terminal state
//! and a branch does not, and what cannot be reached is reported beside what is missing.

use super::super::{
    Definition, Node, States,
    validate::{each_scope, edges, is_terminal, reached, state_pointer},
};
use super::{AwsDiagnostic, location::location};

const TARGET: &str = "MISSING_TRANSITION_TARGET";

/// Checks every scope.
pub(super) fn check(definition: &Definition, source: &Node, all: &mut Vec<AwsDiagnostic>) {
    each_scope(&definition.states, "", &mut |scope, pointer| {
        if scope.states.is_empty() {
            return;
        }
        dangling(scope, pointer, source, all);
        let ends = pointer.is_empty() && !scope.states.values().any(is_terminal);
        if ends {
            let message = "Workflow has no terminal state";
            all.push(AwsDiagnostic::error("MISSING_END_STATE", message, None));
            return;
        }
        let reached = reached(scope);
        for name in scope.states.keys().filter(|name| !reached.contains(name.as_str())) {
            let message = format!("State \"{name}\" is not reachable.");
            let at = location(&state_pointer(pointer, name), source);
            all.push(AwsDiagnostic::error(TARGET, message, Some(at)));
        }
    });
}

fn dangling(scope: &States, pointer: &str, source: &Node, all: &mut Vec<AwsDiagnostic>) {
    let mut refuse = |target: &str, at: String| {
        if !scope.states.contains_key(target) {
            // Whatever the field is called.
            let message = format!("Missing 'Next' target: {target}");
            all.push(AwsDiagnostic::error(TARGET, message, Some(location(&at, source))));
        }
    };
    refuse(&scope.start_at, format!("{pointer}/StartAt"));
    for (name, state) in &scope.states {
        let at = state_pointer(pointer, name);
        let edges: Vec<_> = edges(state);
        for (edge, target) in edges {
            refuse(target, format!("{at}{edge}"));
        }
    }
}
