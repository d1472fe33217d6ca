//! Everything an execution can ask for. Effects are performed after the commit of the step.

use super::execution::{Place, Status, Token};
use crate::program::{Data, ItemSource, MapRunPart};
use jiff::Timestamp;
use std::time::Duration;

/// Something to be done outside. Timers are no effects: after each step the driver looks at
/// [`Execution::next_due`](super::Execution::next_due).
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Runs a task, or offers it to the workers of an activity.
    RunTask(Box<RunTask>),
    /// Nobody waits for the task any more.
    CancelTask {
        /// Of the attempt.
        token: Token,
        /// Where it runs.
        place: Place,
    },
    /// Reads the items of a distributed Map.
    ReadItems(Box<ReadItems>),
    /// Writes the results of a distributed Map. Asked twice it writes the same.
    WriteResults(Box<WriteResults>),
    /// Nobody waits any more for what is read or written under this token.
    CancelObjects {
        /// Of the asking.
        token: Token,
    },
    /// Starts an execution and reports `ChildStarted`, and `ChildEnded` if the task waits for its end;
    /// or `CallRefused` if it cannot be started. Asked twice with one token it is one execution.
    StartChild(Box<StartChild>),
    /// Stops a child execution that nobody waits for any more.
    StopChild {
        /// Of the attempt.
        token: Token,
        /// The child's ARN, if it is known to run.
        execution: Option<String>,
    },
    /// Gives [`Event::Continue`](super::Event::Continue): there is more to do at once.
    Continue,
    /// The execution has ended.
    Ended(Status),
}

/// A task to run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunTask {
    /// Names the attempt; its answer must carry it.
    pub token: Token,
    /// Where it runs.
    pub place: Place,
    /// The state that asks.
    pub state: String,
    /// The Resource as written.
    pub resource: String,
    /// Idempotency key: the same for every attempt and delivery of this entry of the state.
    pub key: String,
    /// The task's input.
    pub arguments: Data,
    /// When the attempt must have ended.
    pub deadline: Option<Timestamp>,
    /// Longest silence between heartbeats.
    pub heartbeat: Option<Duration>,
    /// How often this attempt was handed out, this time included.
    pub delivery: u32,
}

impl RunTask {
    /// ARN of the execution that asks: its key begins with it.
    pub fn execution(&self) -> &str {
        self.key.rsplitn(3, '/').nth(2).unwrap_or_default()
    }
}

/// An execution to start.
#[derive(Debug, Clone, PartialEq)]
pub struct StartChild {
    /// Names the attempt.
    pub token: Token,
    /// The state that asks.
    pub state: String,
    /// ARN of the machine.
    pub machine: String,
    /// Name that Arguments gave.
    pub name: Option<String>,
    /// Its input.
    pub input: Data,
    /// Whether nobody waits for its end: whatever becomes of the task, it runs on.
    pub detached: bool,
    /// The same for every delivery of this attempt: makes the default name of the child.
    pub key: String,
    /// The Map Run that it belongs to: then it runs a part of this execution's own definition.
    pub map_run: Option<MapRunPart>,
}

/// Items to read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadItems {
    /// Names the asking; its answer must carry it.
    pub token: Token,
    /// The state that asks.
    pub state: String,
    /// Where they are.
    pub source: ItemSource,
}

/// Results to write.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteResults {
    /// Names the asking; its answer must carry it.
    pub token: Token,
    /// The state that asks.
    pub state: String,
    /// The bucket.
    pub bucket: String,
    /// Keys and texts of the objects, in the order in which they are to be written.
    pub objects: Vec<(String, String)>,
}
