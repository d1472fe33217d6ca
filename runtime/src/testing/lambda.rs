//! Tasks as Lambda functions: what a state asks for, and the envelopes of what comes back.

use super::doubles::Answer;
use crate::{
    program::Failure,
    workflow::{Binding, TaskDescriptor},
};
use indexmap::IndexMap;
use serde_json::{Value, json};

/// What is known of the tasks of a program, by name.
pub(super) type Tasks = IndexMap<String, &'static TaskDescriptor>;

/// The Resource that invokes a function.
pub(super) const INVOKE: &str = "arn:aws:states:::lambda:invoke";

/// Name and arguments of the task that a state invokes as a function; `tasks` are those that may
/// have another name than their function.
pub(super) fn invoked(arguments: &Value, tasks: &Tasks) -> Option<(String, Value)> {
    let function = arguments.get("FunctionName")?.as_str()?;
    let own = function.split_once(":function:").map_or(function, |(_, own)| own);
    let bound = tasks.values().find(|task| match task.binding {
        Binding::Lambda(name) => name == function || name == own,
        Binding::Any | Binding::Activity => false,
    });
    let name = match bound {
        Some(task) => task.name,
        None => function.rsplit(':').next()?,
    };
    Some((name.to_owned(), arguments.get("Payload").cloned().unwrap_or_default()))
}

/// The answer of a function whose code answers so.
pub(super) fn wrapped(answer: Answer) -> Answer {
    let end = answer.end.map(|end| match end {
        Ok(result) => Ok(json!({
            "ExecutedVersion": "$LATEST",
            "Payload": result,
            "StatusCode": 200,
        })),
        Err(Failure { error, cause }) => {
            let envelope = json!({ "errorType": error, "errorMessage": cause, "trace": [] });
            Err(Failure { error, cause: Some(envelope.to_string()) })
        }
    });
    Answer { end, ..answer }
}

/// The failure that a function's own code gave.
pub(super) fn own(failure: &Failure) -> Failure {
    let message = failure.cause.as_deref().and_then(|cause| {
        let envelope: Value = serde_json::from_str(cause).ok()?;
        envelope.get("errorType")?;
        Some(envelope.get("errorMessage")?.as_str().map(str::to_owned))
    });
    Failure {
        error: failure.error.clone(),
        cause: message.unwrap_or_else(|| failure.cause.clone()),
    }
}
