//! Child executions: what `startExecution.sync` is asked, and the `DescribeExecution` envelope that
//! it answers.

use super::{ChildOutcome, Status};
use crate::program::{Data, Failure, names};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// What follows `arn:aws:states:::` in the Resources of child executions.
const SYNC_JSON: &str = "states:startExecution.sync:2";
const SYNC_TEXT: &str = "states:startExecution.sync";

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

/// What Arguments ask for.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) machine: String,
    pub(super) name: Option<String>,
    pub(super) input: Data,
}

/// Returns the kind of envelope if the Resource starts a child execution and waits for it.
pub(super) fn envelope_of(resource: &str) -> Option<Envelope> {
    let (_, call) = resource.split_once(":states:::")?;
    match call {
        SYNC_JSON => Some(Envelope::Json),
        SYNC_TEXT => Some(Envelope::Text),
        _ => None,
    }
}

/// Reads the Arguments of a `startExecution`.
pub(super) fn request(arguments: &Data) -> Result<Request, Failure> {
    let text = |key| arguments.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
    let machine = text("StateMachineArn").ok_or_else(|| {
        Failure::new(names::RUNTIME, "Arguments of startExecution need a StateMachineArn")
    })?;
    let input = arguments.get("Input").cloned().unwrap_or_else(|| json!({}));
    Ok(Request { machine, name: text("Name"), input: input.into() })
}

/// Returns what `TaskSubmitted` shows of a started child.
pub(super) fn submitted(execution: &str, started: Timestamp) -> Data {
    json!({ "ExecutionArn": execution, "StartDate": started.as_millisecond() }).into()
}

/// Returns the child's end as the task's result, or as the task's failure.
pub(super) fn result(child: &ChildOutcome, envelope: Envelope) -> Result<Data, Failure> {
    let described = describe(child, envelope);
    match child.status {
        Status::Succeeded(_) => Ok(described.into()),
        _ => Err(Failure::new(names::TASK_FAILED, described.to_string())),
    }
}

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
