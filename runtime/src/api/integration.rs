//! The same operations as calls of tasks: `arn:aws:states:::aws-sdk:sfn:describeExecution`.
//!
//! Fields are spelt with a capital in front, times are texts, and what the API takes as a text may
//! be given as JSON.

use super::{Fields, operations};
use crate::{
    asl::{Pattern, TaskResource},
    driver::NoAnswer,
    program::Data,
    service::{Apis, Engine},
};
use futures_util::future::{self, BoxFuture};
use jiff::Timestamp;
use serde_json::{Map, Number, Value};

/// Fields with keys that are names and no fields.
const NAMED: &[&str] = &["AssignedVariables", "VariableReferences"];

/// The API of Step Functions, answered by the engine that calls it.
#[derive(Debug)]
pub(crate) struct StepFunctions;

impl Apis for StepFunctions {
    fn offers(&self, resource: &str) -> bool {
        operation(resource).is_some()
    }

    fn call(
        &self,
        engine: Engine,
        resource: &str,
        arguments: Data,
    ) -> BoxFuture<'static, Result<Data, NoAnswer>> {
        let Some(operation) = operation(resource) else {
            return Box::pin(future::ready(Err(NoAnswer::unknown(resource))));
        };
        let fields = match &*arguments {
            Value::Object(fields) => fields.clone(),
            _ => Map::new(),
        };
        let fields = Fields::of_task(fields);
        Box::pin(async move {
            match operation(engine, fields).await {
                Ok(answer) => Ok(shown(&answer).into()),
                // The process is going: the next one makes the call again.
                Err(fault) if fault.is_shutdown() => future::pending().await,
                Err(fault) => Err(NoAnswer::Refused(fault.into())),
            }
        })
    }
}

fn operation(resource: &str) -> Option<operations::Operation> {
    match TaskResource::of(resource) {
        TaskResource::Integration {
            service: "aws-sdk:sfn",
            action,
            pattern: Pattern::Request | Pattern::Token,
        } => operations::find(&raised(action)).ok(),
        _ => None,
    }
}

/// A field's name as tasks spell it.
pub(super) fn raised(name: &str) -> String {
    let mut name = name.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

/// An answer as a task's result.
fn shown(answer: &Value) -> Value {
    match answer {
        Value::Array(items) => items.iter().map(shown).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| member(name, value)).collect(),
        other => other.clone(),
    }
}

fn member(name: &str, value: &Value) -> (String, Value) {
    let name = raised(name);
    let shown = match value {
        Value::Number(seconds) if name.ends_with("Date") || name == "Timestamp" => time(seconds),
        Value::Object(named) if NAMED.contains(&name.as_str()) => {
            named.iter().map(|(name, value)| (name.clone(), shown(value))).collect()
        }
        other => shown(other),
    };
    (name, shown)
}

fn time(seconds: &Number) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of our centuries fit")]
    let millis = seconds.as_f64().map(|seconds| (seconds * 1_000.0).round() as i64);
    let time = millis.and_then(|millis| Timestamp::from_millisecond(millis).ok());
    time.map_or_else(|| Value::Number(seconds.clone()), |time| format!("{time:.3}").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_is_spelt_as_a_result() {
        let answer = json!({
            "startDate": 1_795_348_800.25,
            "redriveCount": 0,
            "inputDetails": { "included": true },
            "executions": [{ "name": "a" }],
            "variableReferences": { "first": ["x"] },
        });
        let expected = json!({
            "StartDate": "2026-11-22T12:00:00.250Z",
            "RedriveCount": 0,
            "InputDetails": { "Included": true },
            "Executions": [{ "Name": "a" }],
            "VariableReferences": { "first": ["x"] },
        });
        assert_eq!(shown(&answer), expected);
    }

    #[test]
    fn the_operations_of_the_api_are_calls_for_an_answer_or_with_a_token() {
        let offers = |call: &str| StepFunctions.offers(&format!("arn:aws:states:::{call}"));
        assert!(offers("aws-sdk:sfn:describeExecution"));
        assert!(offers("aws-sdk:sfn:startSyncExecution.waitForTaskToken"));
        assert!(!offers("aws-sdk:sfn:describeExecution.sync"));
        assert!(!offers("aws-sdk:sfn:describeEverything"));
        assert!(!offers("aws-sdk:sqs:sendMessage"));
    }
}
