//! Whether an execution can come to an end with the answers that there are.

use super::{Answers, Unanswered};
use crate::asl::{Definition, State, States};
use std::collections::BTreeSet;

pub(super) fn impasse(answers: &Answers, definition: &Definition) -> Vec<Unanswered> {
    let mut met = BTreeSet::new();
    if passes(answers, &definition.states, &mut met) {
        Vec::new()
    } else {
        met.into_iter().collect()
    }
}

/// Whether some way leads from the start of a scope to an end of it; and the tasks without answers
/// that were met on the ways.
fn passes(answers: &Answers, scope: &States, met: &mut BTreeSet<Unanswered>) -> bool {
    let mut ends = false;
    let mut seen = BTreeSet::new();
    let mut open = vec![scope.start_at.as_str()];
    while let Some(name) = open.pop() {
        let Some(state) = scope.states.get(name).filter(|_| seen.insert(name)) else { continue };
        match state {
            State::Task(task) => match answers.outcomes(name) {
                // A failure that nothing catches is an end, too.
                Some(outcomes) => ends |= outcomes.iter().any(Result::is_err),
                None => {
                    let (state, resource) = (name.to_owned(), task.resource.clone());
                    met.insert(Unanswered { state, resource });
                    continue;
                }
            },
            State::Parallel(parallel) => {
                let branches = parallel.branches.iter();
                // All are looked at, so that all that is missing is told at once.
                let stuck = branches.filter(|branch| !passes(answers, &branch.states, met)).count();
                if stuck > 0 {
                    continue;
                }
            }
            State::Choice(choice) => {
                open.extend(choice.choices.iter().map(|rule| rule.next.as_str()));
                open.extend(choice.default.as_deref());
                continue;
            }
            // A Map may have no items.
            State::Map(_)
            | State::Pass(_)
            | State::Wait(_)
            | State::Succeed(_)
            | State::Fail(_) => {}
        }
        open.extend(state.catch().iter().map(|catcher| catcher.next.as_str()));
        match &state.flow().next {
            Some(next) => open.push(next),
            None => ends = true,
        }
    }
    ends
}
