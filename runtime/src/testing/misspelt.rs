//! Doubles that stand for no task: a misspelt name would change nothing, silently.

use super::lambda;
use crate::asl::{self, State, States};
use std::collections::BTreeSet;

/// Adds the names of the tasks that a scope calls; says whether these are all: the name of a Lambda
/// function may be an expression.
pub(super) fn called(scope: &States, tasks: &lambda::Tasks, names: &mut BTreeSet<String>) -> bool {
    scope.states.values().all(|state| {
        let known = match state {
            State::Task(task) if task.resource == lambda::INVOKE => {
                let invoked = task.arguments.as_ref().and_then(|it| lambda::invoked(it, tasks));
                let name = invoked.map(|(name, _)| name).filter(|name| !name.starts_with("{%"));
                let known = name.is_some();
                names.extend(name);
                known
            }
            State::Task(task) => {
                let activity = task.resource.split_once(":activity:");
                names.extend(activity.map(|(_, name)| name.to_owned()));
                true
            }
            _ => true,
        };
        known && state.scopes().into_iter().all(|(_, inner)| called(inner, tasks, names))
    })
}

/// What there is instead of a task of this name.
pub(super) fn instead(name: &str, tasks: &BTreeSet<String>) -> String {
    let known = tasks.iter().map(String::as_str);
    let there_is = match known.clone().map(|name| format!("`{name}`")).collect::<Vec<_>>() {
        none if none.is_empty() => "it calls no task".to_owned(),
        some => format!("it calls {}", some.join(", ")),
    };
    match asl::nearest(name, known) {
        Some(near) => format!("did you mean `{near}`? ({there_is})"),
        None => there_is,
    }
}
