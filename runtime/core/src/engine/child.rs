//! Executions that tasks start: what `startExecution` is asked and answers, and the
//! `DescribeExecution` that is the result of those who wait for the end.

use super::{ChildOutcome, Refusal, Status};
use crate::{
    asl::{Pattern, TaskResource},
    program::{Data, Failure, names},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// How a description shows Input and Output, and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Envelope {
    /// As JSON; times are milliseconds.
    Json,
    /// As JSON in texts; times are milliseconds.
    Text,
    /// As JSON in texts; times are texts: what a Map Run exports.
    Exported,
}

/// How a task starts an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) pattern: Pattern,
    /// Whether it is written as a call of the SDK.
    sdk: bool,
}

/// What Arguments ask for.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) machine: String,
    pub(super) name: Option<String>,
    pub(super) input: Data,
}

impl Start {
    /// How a Resource starts an execution, if it does.
    pub(super) fn of(resource: &str) -> Option<Self> {
        match TaskResource::of(resource) {
            TaskResource::Integration { service, action: "startExecution", pattern } => {
                let sdk = match service {
                    "states" => false,
                    "aws-sdk:sfn" => true,
                    _ => return None,
                };
                Some(Self { pattern, sdk })
            }
            _ => None,
        }
    }

    /// Whether it is an optimised integration.
    pub(super) fn is_optimized(self) -> bool {
        !self.sdk
    }

    /// Whether the task is the execution, and not only its start.
    pub(super) fn waits_for_end(self) -> bool {
        matches!(self.pattern, Pattern::Job { .. })
    }

    /// The answer of `StartExecution` about an execution.
    pub(super) fn answer(self, execution: &str, started: Timestamp) -> Map<String, Value> {
        let started =
            if self.sdk { format!("{started:.3}").into() } else { started.as_millisecond().into() };
        [("ExecutionArn".to_owned(), execution.into()), ("StartDate".to_owned(), started)]
            .into_iter()
            .collect()
    }

    /// Returns the child's end as the task's result, or as the task's failure.
    pub(super) fn result(self, child: &ChildOutcome) -> Result<Data, Failure> {
        match (&child.status, self.pattern) {
            (Status::Succeeded(_), Pattern::Job { second: true }) => {
                Ok(describe(child, Envelope::Json).into())
            }
            (Status::Succeeded(_), _) => Ok(describe(child, Envelope::Text).into()),
            // the second version, too, shows the input of a child that failed as text
            _ => {
                let described = describe(child, Envelope::Text);
                Err(Failure::new(names::TASK_FAILED, described.to_string()))
            }
        }
    }
}

/// The ARN of the machine that Arguments ask for.
pub(super) fn machine_of(arguments: &Data) -> Option<&str> {
    arguments.get("StateMachineArn").and_then(Value::as_str)
}

/// Reads the Arguments of a `startExecution`.
pub(super) fn request(arguments: &Data) -> Result<Request, Refusal> {
    let machine = machine_of(arguments).ok_or_else(|| Refusal::missing("stateMachineArn"))?;
    let input = match arguments.get("Input") {
        None | Some(Value::Null) => json!({}).into(),
        // The API takes a text: one is handed on as it is, anything else is written as JSON.
        Some(Value::String(text)) => {
            let input = serde_json::from_str(text).map_err(|error| {
                let message = format!("Invalid State Machine Execution Input: '{error}'");
                Refusal::new("InvalidExecutionInput", message)
            })?;
            Data::written(input, text.as_str())
        }
        Some(other) => other.clone().into(),
    };
    let name = arguments.get("Name").and_then(Value::as_str).map(ToOwned::to_owned);
    Ok(Request { machine: machine.to_owned(), name, input })
}

/// What `DescribeExecution` says of a child.
pub(super) fn describe(child: &ChildOutcome, envelope: Envelope) -> Value {
    let payload = |data: &Data| match envelope {
        Envelope::Json => (**data).clone(),
        Envelope::Text | Envelope::Exported => Value::String(data.to_string()),
    };
    let time = |time: Timestamp| match envelope {
        Envelope::Json | Envelope::Text => Value::from(time.as_millisecond()),
        Envelope::Exported => format!("{time:.3}").into(),
    };
    let mut fields = Map::new();
    if let Some(failure) = child.status.failure() {
        fields.extend(failure.cause.iter().map(|cause| ("Cause".into(), cause.clone().into())));
        fields.extend(failure.error.iter().map(|error| ("Error".into(), error.clone().into())));
    }
    fields.insert("ExecutionArn".into(), child.execution.clone().into());
    fields.insert("Input".into(), payload(&child.input));
    fields.insert("InputDetails".into(), json!({ "Included": true }));
    fields.insert("Name".into(), child.name.clone().into());
    let succeeded = if let Status::Succeeded(output) = &child.status {
        fields.insert("Output".into(), payload(output));
        fields.insert("OutputDetails".into(), json!({ "Included": true }));
        true
    } else {
        false
    };
    fields.insert("RedriveCount".into(), 0.into());
    let redrive = if succeeded { "NOT_REDRIVABLE" } else { "REDRIVABLE" };
    fields.insert("RedriveStatus".into(), redrive.into());
    if succeeded {
        let reason = "Execution is SUCCEEDED and cannot be redriven";
        fields.insert("RedriveStatusReason".into(), reason.into());
    }
    fields.insert("StartDate".into(), time(child.started));
    fields.insert("StateMachineArn".into(), child.machine.clone().into());
    fields.insert("Status".into(), child.status.name().into());
    fields.insert("StopDate".into(), time(child.stopped));
    Value::Object(fields)
}
