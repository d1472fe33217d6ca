//! A history event as `GetExecutionHistory` shows it.

use super::{HistoryEvent, HistoryKind, Resource, StateKind};
use crate::program::{Data, Failure, Vars};
use serde_json::{Map, Value, json};

impl HistoryEvent {
    /// Returns the event in AWS's JSON: payloads are JSON texts, the timestamp is RFC 3339.
    pub fn to_json(&self) -> Value {
        let mut event = Map::new();
        event.insert("timestamp".into(), self.timestamp.to_string().into());
        event.insert("type".into(), self.kind.type_name().into());
        event.insert("id".into(), self.id.into());
        event.insert("previousEventId".into(), self.previous_event_id.into());
        if let Some((field, details)) = self.kind.details() {
            event.insert(field, details);
        }
        Value::Object(event)
    }
}

impl StateKind {
    /// Returns the language's name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Pass => "Pass",
            Self::Choice => "Choice",
            Self::Wait => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
        }
    }
}

impl HistoryKind {
    /// Returns AWS's name of the type: `TaskStateEntered`, `ExecutionFailed`, ...
    pub fn type_name(&self) -> String {
        let name = match self {
            Self::StateEntered { state, .. } => return format!("{}StateEntered", state.name()),
            Self::StateExited { state, .. } => return format!("{}StateExited", state.name()),
            Self::StateAborted { state } => return format!("{}StateAborted", state.name()),
            Self::ExecutionStarted { .. } => "ExecutionStarted",
            Self::ExecutionSucceeded { .. } => "ExecutionSucceeded",
            Self::ExecutionFailed(_) => "ExecutionFailed",
            Self::ExecutionTimedOut(_) => "ExecutionTimedOut",
            Self::ExecutionAborted(_) => "ExecutionAborted",
            Self::EvaluationFailed { .. } => "EvaluationFailed",
            Self::TaskScheduled { .. } => "TaskScheduled",
            Self::TaskStarted { .. } => "TaskStarted",
            Self::TaskSubmitted { .. } => "TaskSubmitted",
            Self::TaskSucceeded { .. } => "TaskSucceeded",
            Self::TaskFailed { .. } => "TaskFailed",
            Self::TaskTimedOut { .. } => "TaskTimedOut",
            Self::TaskSubmitFailed { .. } => "TaskSubmitFailed",
            Self::LambdaFunctionScheduled { .. } => "LambdaFunctionScheduled",
            Self::LambdaFunctionStarted => "LambdaFunctionStarted",
            Self::LambdaFunctionSucceeded { .. } => "LambdaFunctionSucceeded",
            Self::LambdaFunctionFailed(_) => "LambdaFunctionFailed",
            Self::LambdaFunctionTimedOut(_) => "LambdaFunctionTimedOut",
            Self::ActivityScheduled { .. } => "ActivityScheduled",
            Self::ActivityStarted { .. } => "ActivityStarted",
            Self::ActivitySucceeded { .. } => "ActivitySucceeded",
            Self::ActivityFailed(_) => "ActivityFailed",
            Self::ActivityTimedOut(_) => "ActivityTimedOut",
            Self::ParallelStateStarted => "ParallelStateStarted",
            Self::ParallelStateSucceeded => "ParallelStateSucceeded",
            Self::ParallelStateFailed => "ParallelStateFailed",
            Self::MapStateStarted { .. } => "MapStateStarted",
            Self::MapStateSucceeded => "MapStateSucceeded",
            Self::MapStateFailed => "MapStateFailed",
            Self::MapRunStarted { .. } => "MapRunStarted",
            Self::MapRunSucceeded(_) => "MapRunSucceeded",
            Self::MapRunFailed { .. } => "MapRunFailed",
            Self::MapRunAborted(_) => "MapRunAborted",
            Self::MapIterationStarted { .. } => "MapIterationStarted",
            Self::MapIterationSucceeded { .. } => "MapIterationSucceeded",
            Self::MapIterationFailed { .. } => "MapIterationFailed",
            Self::MapIterationAborted { .. } => "MapIterationAborted",
        };
        name.to_owned()
    }

    /// Returns the name of the details field and the details; some types have none.
    pub fn details(&self) -> Option<(String, Value)> {
        let details = match self {
            Self::StateEntered { name, input, .. } => {
                let mut details = payload("input", input);
                details.insert("name".into(), name.clone().into());
                return Some(("stateEnteredEventDetails".to_owned(), details.into()));
            }
            Self::StateExited { name, output, assigned, .. } => {
                let details = exited(name, output, assigned);
                return Some(("stateExitedEventDetails".to_owned(), details.into()));
            }
            Self::ExecutionStarted { input, role_arn } => {
                let mut details = payload("input", input);
                details.insert("roleArn".into(), role_arn.clone().into());
                details
            }
            Self::EvaluationFailed { state, location, failure: why } => {
                let mut details = failure(why);
                if let Some(location) = location {
                    details.insert("location".into(), location.clone().into());
                }
                details.insert("state".into(), state.clone().into());
                details
            }
            Self::ExecutionSucceeded { output }
            | Self::ActivitySucceeded { output }
            | Self::LambdaFunctionSucceeded { output } => payload("output", output),
            Self::ExecutionFailed(why)
            | Self::ExecutionTimedOut(why)
            | Self::ExecutionAborted(why)
            | Self::ActivityFailed(why)
            | Self::ActivityTimedOut(why)
            | Self::LambdaFunctionFailed(why)
            | Self::LambdaFunctionTimedOut(why)
            | Self::MapRunFailed { failure: why, .. } => failure(why),
            Self::MapRunStarted { arn, .. } => only("mapRunArn", arn.clone()),
            Self::MapStateStarted { length } => only("length", *length),
            Self::MapIterationStarted { name, index }
            | Self::MapIterationSucceeded { name, index }
            | Self::MapIterationFailed { name, index }
            | Self::MapIterationAborted { name, index } => {
                let mut details = only("name", name.clone());
                details.insert("index".into(), (*index).into());
                details
            }
            Self::StateAborted { .. }
            | Self::LambdaFunctionStarted
            | Self::ParallelStateStarted
            | Self::ParallelStateSucceeded
            | Self::ParallelStateFailed
            | Self::MapStateSucceeded
            | Self::MapStateFailed
            | Self::MapRunSucceeded(_)
            | Self::MapRunAborted(_) => return None,
            _ => self.task_details(),
        };
        let mut field = self.type_name();
        field.get_mut(..1).map(str::make_ascii_lowercase);
        field.push_str("EventDetails");
        Some((field, details.into()))
    }

    fn task_details(&self) -> Map<String, Value> {
        match self {
            Self::TaskScheduled { resource, parameters, timeout, heartbeat } => {
                let mut details = of(resource);
                details.insert("region".into(), resource.region.clone().into());
                details.insert("parameters".into(), parameters.to_string().into());
                bounds(details, *timeout, *heartbeat)
            }
            Self::TaskStarted { resource } => of(resource),
            Self::TaskSubmitted { resource, output } | Self::TaskSucceeded { resource, output } => {
                let mut details = of(resource);
                details.extend(payload("output", output));
                details
            }
            Self::TaskFailed { resource, failure: why }
            | Self::TaskTimedOut { resource, failure: why }
            | Self::TaskSubmitFailed { resource, failure: why } => {
                let mut details = of(resource);
                details.extend(failure(why));
                details
            }
            Self::ActivityScheduled { resource, input, timeout, heartbeat } => {
                let mut details = only("resource", resource.clone());
                details.extend(payload("input", input));
                bounds(details, *timeout, *heartbeat)
            }
            Self::LambdaFunctionScheduled { resource, input, timeout } => {
                let mut details = only("resource", resource.clone());
                details.extend(payload("input", input));
                bounds(details, *timeout, None)
            }
            Self::ActivityStarted { worker } => {
                worker.iter().map(|name| ("workerName".to_owned(), name.clone().into())).collect()
            }
            _ => Map::new(),
        }
    }
}

fn only(key: &str, value: impl Into<Value>) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value.into())])
}

fn payload(key: &str, data: &Data) -> Map<String, Value> {
    let mut details = only(key, data.to_string());
    details.insert(format!("{key}Details"), json!({ "truncated": false }));
    details
}

fn exited(name: &str, output: &Data, assigned: &Vars) -> Map<String, Value> {
    let mut details = only("name", name);
    details.extend(payload("output", output));
    if !assigned.is_empty() {
        let texts = assigned.iter().map(|(name, data)| (name.clone(), data.to_string().into()));
        details.insert("assignedVariables".into(), Value::Object(texts.collect()));
        details.insert("assignedVariablesDetails".into(), json!({ "truncated": false }));
    }
    details
}

fn failure(failure: &Failure) -> Map<String, Value> {
    let error = failure.error.iter().map(|error| ("error".to_owned(), error.clone().into()));
    let cause = failure.cause.iter().map(|cause| ("cause".to_owned(), cause.clone().into()));
    error.chain(cause).collect()
}

fn of(resource: &Resource) -> Map<String, Value> {
    let mut details = only("resourceType", resource.kind.clone());
    details.insert("resource".into(), resource.name.clone().into());
    details
}

fn bounds(
    mut details: Map<String, Value>,
    timeout: Option<u64>,
    heartbeat: Option<u64>,
) -> Map<String, Value> {
    if let Some(seconds) = timeout {
        details.insert("timeoutInSeconds".into(), seconds.into());
    }
    if let Some(seconds) = heartbeat {
        details.insert("heartbeatInSeconds".into(), seconds.into());
    }
    details
}
