//! Tasks as Lambda functions: what a state asks for, and the envelopes of what comes back.

use super::doubles::Answer;
use crate::program::Failure;
use serde_json::{Value, json};

/// The Resource that invokes a function.
pub(super) const INVOKE: &str = "arn:aws:states:::lambda:invoke";

/// Name and arguments of the task that a state invokes as a function.
pub(super) fn invoked(arguments: &Value) -> Option<(String, Value)> {
    let function = arguments.get("FunctionName")?.as_str()?;
    let name = function.rsplit(':').next()?.to_owned();
    Some((name, arguments.get("Payload").cloned().unwrap_or_default()))
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
