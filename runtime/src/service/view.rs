//! What is shown of executions: descriptions, lists and histories.

use crate::driver::TaskProgress;
use crate::{
    engine::{HistoryEvent, Status},
    program::Data,
    store::ExecutionId,
};
use jiff::Timestamp;
use std::{fmt, num::ParseIntError, str::FromStr};

/// An execution, as far as it has come.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Description {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The workflow's name.
    pub workflow: String,
    /// ARN of the machine that the workflow is.
    pub machine: String,
    /// Revision of the definition that it runs, from 1.
    pub revision: u64,
    /// The published version that it was started with.
    pub version: Option<u64>,
    /// Hash of that definition.
    pub hash: String,
    /// ARN of the Map Run that it belongs to, if it runs the processor of a distributed Map.
    pub map_run: Option<String>,
    /// Its input.
    pub input: Data,
    /// How it stands; with the output or the failure if it has ended.
    pub status: Status,
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Whether its end was asked for and its owner has not ended it yet.
    pub stopping: bool,
    /// Why this program can't go on with it, or with a part of it, if it can't.
    pub stranded: Option<String>,
    /// Whether it goes on with the definition that it began with, which this program has no more.
    pub outdated: bool,
    /// ARN of the execution that started it, if one did.
    pub parent: Option<String>,
    /// What its running tasks have last said with a heartbeat. It lives in the memory of the process
    /// that runs them: another one sees nothing.
    pub progress: Vec<TaskProgress>,
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The workflow's name.
    pub workflow: String,
    /// How it stands.
    pub state: State,
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Whether its end was asked for and its owner has not ended it yet.
    pub stopping: bool,
    /// Why this program can't go on with it, or with a part of it, if it can't.
    pub stranded: Option<String>,
    /// Whether it goes on with the definition that it began with, which this program has no more.
    pub outdated: bool,
    /// ARN of the execution that started it, if one did.
    pub parent: Option<String>,
}

/// How an execution stands, without its outcome.
pub use crate::store::Status as State;

/// Which executions to list, and where to go on.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ListRequest {
    /// Of this workflow only.
    pub workflow: Option<String>,
    /// In this state only.
    pub state: Option<State>,
    /// At most so many; 0 means 100.
    pub limit: usize,
    /// Where the page before ended: its [`List::next`].
    pub after: Option<ListCursor>,
}

/// A page of executions, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct List {
    /// The executions.
    pub executions: Vec<Summary>,
    /// Where the next page begins, if there may be one.
    pub next: Option<ListCursor>,
}

/// A place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListCursor(pub(super) ExecutionId);

impl fmt::Display for ListCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.0)
    }
}

impl FromStr for ListCursor {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(|id| Self(ExecutionId(id)))
    }
}

/// Which events to read, and where to go on.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct HistoryRequest {
    /// The direction.
    pub order: HistoryOrder,
    /// At most so many; 0 means 1,000.
    pub limit: usize,
    /// The event to begin with: the [`History::next`] of the page before.
    pub from: Option<u64>,
}

/// A direction through a history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HistoryOrder {
    /// Oldest first.
    #[default]
    Forward,
    /// Newest first.
    Reverse,
}

/// A page of a history.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct History {
    /// The events, in the order asked for.
    pub events: Vec<HistoryEvent>,
    /// The event that the next page begins with, if there may be one.
    pub next: Option<u64>,
}

impl ListRequest {
    /// Lists everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lists executions of this workflow only.
    #[must_use]
    pub fn workflow(mut self, name: impl Into<String>) -> Self {
        self.workflow = Some(name.into());
        self
    }

    /// Lists executions in this state only.
    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// Lists at most so many at a time.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Goes on after a page.
    #[must_use]
    pub fn after(mut self, cursor: ListCursor) -> Self {
        self.after = Some(cursor);
        self
    }
}

impl HistoryRequest {
    /// Reads from the beginning.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads from the end.
    #[must_use]
    pub fn reverse(mut self) -> Self {
        self.order = HistoryOrder::Reverse;
        self
    }

    /// Reads at most so many at a time.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Begins with this event.
    #[must_use]
    pub fn from(mut self, event: u64) -> Self {
        self.from = Some(event);
        self
    }
}
