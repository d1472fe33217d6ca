//! Everything that can happen to an execution.

use super::execution::Token;
use crate::program::{Data, Failure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that happened. The driver gives one to [`step`](super::step) at a time.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The execution begins. Given once, first.
    Started,
    /// The execution goes on after [`Effect::Continue`](super::Effect::Continue).
    Continue,
    /// Time has passed: everything due at `now` happens, earliest first.
    TimersDue,
    /// A worker took an activity task.
    TaskStarted {
        /// Of the attempt.
        token: Token,
        /// Name that the worker gave.
        worker: Option<String>,
    },
    /// A task gave its result.
    TaskSucceeded {
        /// Of the attempt.
        token: Token,
        /// The result.
        output: Data,
    },
    /// A task failed. An attempt that could not even begin fails the same way.
    TaskFailed {
        /// Of the attempt.
        token: Token,
        /// Why.
        failure: Failure,
    },
    /// The call that a task is was answered: the task's result, unless somebody with its token is to
    /// answer for it.
    CallAnswered {
        /// Of the attempt.
        token: Token,
        /// The answer.
        output: Data,
    },
    /// The service that a task calls refused the call.
    CallRefused {
        /// Of the attempt.
        token: Token,
        /// Why.
        refusal: Refusal,
    },
    /// A task is alive. Changes nothing that must be written.
    Heartbeat {
        /// Of the attempt.
        token: Token,
    },
    /// An execution was started for a task.
    ChildStarted {
        /// Of the attempt.
        token: Token,
        /// The child's ARN.
        execution: String,
        /// When it started.
        started: Timestamp,
    },
    /// A child execution ended.
    ChildEnded {
        /// Of the attempt.
        token: Token,
        /// What `DescribeExecution` says of it.
        child: Box<ChildOutcome>,
    },
    /// The items of a distributed Map were read. Where that fails, [`Event::TaskFailed`] says so.
    ItemsRead {
        /// Of the asking.
        token: Token,
        /// The items.
        items: Vec<Data>,
    },
    /// The results of a distributed Map were written. Where that fails, [`Event::TaskFailed`] says so.
    ResultsWritten {
        /// Of the asking.
        token: Token,
    },
    /// The execution is stopped from outside.
    Stop(Failure),
    /// A restarted owner took the execution over: asks again for everything that is outstanding.
    /// In-process tasks are delivered again, as the same attempt and at most three times.
    Recovered,
    /// The owner goes of its own accord: the in-process tasks that it handed out and drops count as
    /// not handed out.
    GivenBack,
}

/// An error that an AWS service answers a call with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its code: `StateMachineDoesNotExist`.
    pub code: String,
    /// What it says.
    pub message: String,
    /// The status of the HTTP response.
    pub status: u16,
    /// The id of the request, if the service gave it one.
    pub request_id: Option<String>,
}

impl Refusal {
    /// An error of the client: its status is 400.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), status: 400, request_id: None }
    }

    /// There are as many executions as may be.
    pub fn limit(why: &str) -> Self {
        Self::new("ExecutionLimitExceeded", format!("Execution Limit Exceeded: '{why}'"))
    }

    /// A field is missing without which a request is not taken.
    pub fn missing(field: &str) -> Self {
        let message = format!(
            "1 validation error detected: Value null at '{field}' failed to satisfy constraint: \
             Member must not be null"
        );
        Self::new("ValidationException", message)
    }
}

/// How a child execution ended: the facts of `DescribeExecution`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChildOutcome {
    /// ARN of the execution.
    pub execution: String,
    /// Its name.
    pub name: String,
    /// ARN of its machine.
    pub machine: String,
    /// Its input.
    pub input: Data,
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub stopped: Timestamp,
    /// How it ended; never `Running`.
    pub status: super::execution::Status,
}
