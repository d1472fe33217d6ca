//! The history: what a user sees of an execution, in AWS's own events.
//!
//! The types here are what a store keeps (values stay [`Data`], so equal ones are shared);
//! [`HistoryEvent::to_json`] is the shape that `GetExecutionHistory` returns.

mod json;

use super::execution::Counts;
use crate::program::{Data, Failure, Tolerance, Vars};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One event of an execution's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryEvent {
    /// Position, from 1, without gaps.
    pub id: u64,
    /// The event that this one follows, in its own line of control; 0 for none.
    pub previous_event_id: u64,
    /// When it happened; never before the event with the lower id.
    pub timestamp: Timestamp,
    /// What happened.
    pub kind: HistoryKind,
}

/// What happened, with AWS's details.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "kinds and fields are AWS's own")]
pub enum HistoryKind {
    ExecutionStarted {
        input: Data,
        role_arn: String,
    },
    ExecutionSucceeded {
        output: Data,
    },
    ExecutionFailed(Failure),
    ExecutionTimedOut(Failure),
    ExecutionAborted(Failure),
    StateEntered {
        state: StateKind,
        name: String,
        input: Data,
    },
    StateExited {
        state: StateKind,
        name: String,
        output: Data,
        assigned: Vars,
    },
    StateAborted {
        state: StateKind,
    },
    EvaluationFailed {
        state: String,
        location: Option<String>,
        failure: Failure,
    },
    TaskScheduled {
        resource: Resource,
        parameters: Data,
        timeout: Option<u64>,
        heartbeat: Option<u64>,
    },
    TaskStarted {
        resource: Resource,
    },
    TaskSubmitted {
        resource: Resource,
        output: Data,
    },
    TaskSucceeded {
        resource: Resource,
        output: Data,
    },
    TaskFailed {
        resource: Resource,
        failure: Failure,
    },
    TaskTimedOut {
        resource: Resource,
        failure: Failure,
    },
    TaskSubmitFailed {
        resource: Resource,
        failure: Failure,
    },
    LambdaFunctionScheduled {
        resource: String,
        input: Data,
        timeout: Option<u64>,
    },
    LambdaFunctionStarted,
    LambdaFunctionSucceeded {
        output: Data,
    },
    LambdaFunctionFailed(Failure),
    LambdaFunctionTimedOut(Failure),
    ActivityScheduled {
        resource: String,
        input: Data,
        timeout: Option<u64>,
        heartbeat: Option<u64>,
    },
    ActivityStarted {
        worker: Option<String>,
    },
    ActivitySucceeded {
        output: Data,
    },
    ActivityFailed(Failure),
    ActivityTimedOut(Failure),
    ParallelStateStarted,
    ParallelStateSucceeded,
    ParallelStateFailed,
    MapStateStarted {
        length: u32,
    },
    MapStateSucceeded,
    MapStateFailed,
    MapRunStarted {
        arn: String,
        /// Not shown: what a description of the Map Run says.
        max_concurrency: u32,
        /// Not shown.
        tolerance: Tolerance,
    },
    MapRunSucceeded(MapRunCounts),
    MapRunFailed {
        failure: Failure,
        counts: MapRunCounts,
    },
    MapRunAborted(MapRunCounts),
    MapIterationStarted {
        name: String,
        index: u32,
    },
    MapIterationSucceeded {
        name: String,
        index: u32,
    },
    MapIterationFailed {
        name: String,
        index: u32,
    },
    MapIterationAborted {
        name: String,
        index: u32,
    },
}

/// How the executions of a Map Run and their items ended. Its event keeps them and does not show
/// them; a description of the Map Run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapRunCounts {
    /// Id of the Map Run's first event.
    pub run: u64,
    /// The executions.
    pub executions: Counts,
    /// The items.
    pub items: Counts,
}

/// The kinds of states, which are the first word of a state event's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the kinds are the language's own")]
pub enum StateKind {
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
}

/// How a task's events name its Resource: `arn:aws:states:::lambda:invoke` is `invoke` of `lambda`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// The service, or `task` for a task in this process.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is called: an API action, or the task's name.
    pub name: String,
    /// The region.
    pub region: String,
}

impl HistoryKind {
    /// Returns whether nothing comes after this event.
    pub fn ends_execution(&self) -> bool {
        matches!(
            self,
            Self::ExecutionSucceeded { .. }
                | Self::ExecutionFailed(_)
                | Self::ExecutionTimedOut(_)
                | Self::ExecutionAborted(_)
        )
    }
}

#[cfg(test)]
mod tests;
