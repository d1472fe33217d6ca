//! How a task is shown in the history: each kind of Resource has events of its own.

use super::call;
use crate::{
    asl::{Pattern, TaskResource},
    engine::{
        HistoryKind,
        execution::{Place, TaskWait},
        history::Resource,
    },
    program::{Data, Failure, TaskStep},
};

/// What a task's events are about.
#[derive(Debug)]
pub(super) enum Shown {
    Task(Resource),
    /// With its ARN.
    Activity(String),
    /// With its ARN.
    Function(String),
}

impl Shown {
    pub(super) fn of(task: &TaskWait) -> Self {
        Self::at(&task.step, &task.place)
    }

    pub(super) fn at(step: &TaskStep, place: &Place) -> Self {
        let resource = step.resource.clone();
        match (place, TaskResource::of(&resource)) {
            (Place::Activity(_), _) => Self::Activity(resource),
            (_, TaskResource::Function) => Self::Function(resource),
            _ => Self::Task(resource_of(step, place)),
        }
    }

    pub(super) fn scheduled(&self, step: &TaskStep) -> HistoryKind {
        let timeout = step.timeout.map(|timeout| timeout.as_secs());
        let heartbeat = step.heartbeat.map(|heartbeat| heartbeat.as_secs());
        let data = step.arguments.clone();
        match self {
            Self::Task(resource) => HistoryKind::TaskScheduled {
                resource: resource.clone(),
                parameters: data,
                timeout,
                heartbeat,
            },
            Self::Activity(resource) => HistoryKind::ActivityScheduled {
                resource: resource.clone(),
                input: data,
                timeout,
                heartbeat,
            },
            Self::Function(resource) => HistoryKind::LambdaFunctionScheduled {
                resource: resource.clone(),
                input: data,
                timeout,
            },
        }
    }

    /// The event of a start at once: an activity's comes when a worker takes it.
    pub(super) fn started(self) -> Option<HistoryKind> {
        match self {
            Self::Task(resource) => Some(HistoryKind::TaskStarted { resource }),
            Self::Activity(_) => None,
            Self::Function(_) => Some(HistoryKind::LambdaFunctionStarted),
        }
    }

    pub(super) fn succeeded(self, output: Data) -> HistoryKind {
        match self {
            Self::Task(resource) => HistoryKind::TaskSucceeded { resource, output },
            Self::Activity(_) => HistoryKind::ActivitySucceeded { output },
            Self::Function(_) => HistoryKind::LambdaFunctionSucceeded { output },
        }
    }

    pub(super) fn failed(task: &TaskWait, failure: Failure) -> HistoryKind {
        let is_call = matches!(task.place, Place::Child { .. } | Place::Call);
        let job = call::pattern_of(task) != Pattern::Request;
        match Self::of(task) {
            Self::Task(resource) if is_call && job && !call::is_submitted(task) => {
                HistoryKind::TaskSubmitFailed { resource, failure }
            }
            Self::Task(resource) => HistoryKind::TaskFailed { resource, failure },
            Self::Activity(_) => HistoryKind::ActivityFailed(failure),
            Self::Function(_) => HistoryKind::LambdaFunctionFailed(failure),
        }
    }

    pub(super) fn timed_out(self, failure: Failure) -> HistoryKind {
        match self {
            Self::Task(resource) => HistoryKind::TaskTimedOut { resource, failure },
            Self::Activity(_) => HistoryKind::ActivityTimedOut(failure),
            Self::Function(_) => HistoryKind::LambdaFunctionTimedOut(failure),
        }
    }

    /// What AWS calls the task whose result is too large.
    pub(super) fn limit_name(self) -> String {
        match self {
            Self::Task(resource) => resource.kind,
            Self::Activity(arn) | Self::Function(arn) => arn,
        }
    }
}

/// Returns how the events of a task name its Resource.
fn resource_of(step: &TaskStep, place: &Place) -> Resource {
    let region = step.resource.split(':').nth(3).filter(|region| !region.is_empty());
    let region = region.unwrap_or("us-east-1").to_owned();
    let (kind, name) = match (TaskResource::of(&step.resource), place) {
        // Whoever performs it.
        (TaskResource::Integration { service, action, pattern }, _) => {
            (service, format!("{action}{}", pattern.suffix()))
        }
        (_, Place::Process(task)) => ("task", task.clone()),
        _ => ("", step.resource.clone()),
    };
    Resource { kind: kind.to_owned(), name, region }
}
