//! Doubles: what stands in for tasks in a test.

use crate::{
    program::{Data, Failure},
    workflow::{TaskDescriptor, TaskError, arguments},
};
use indexmap::IndexMap;
use serde_json::Value;
use std::{fmt, sync::Arc, time::Duration};

/// A call of a task, as its double sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Name of the task.
    pub task: String,
    /// Name of the state that called.
    pub state: String,
    /// Its arguments: an object keyed by parameter name.
    pub arguments: Value,
    /// The attempt, from 1.
    pub attempt: u32,
    /// How many calls of this task the run has made before, whatever their arguments.
    pub earlier: usize,
}

/// What a double does.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub(super) delay: Duration,
    pub(super) beat: Option<Duration>,
    pub(super) end: Option<Result<Value, Failure>>,
}

impl Answer {
    /// Gives a result.
    pub fn ok(result: impl Into<Value>) -> Self {
        Self { delay: Duration::ZERO, beat: None, end: Some(Ok(result.into())) }
    }

    /// Fails with an error of the task's own type: the name and the cause that the task would give.
    pub fn error(error: &impl TaskError) -> Self {
        Err(arguments::failure(error)).into()
    }

    /// Fails with an error name and a cause, as they come. The cause of a variant with data is its
    /// JSON with the variant's name: [`Answer::error`] writes it.
    pub fn fail(error: impl Into<String>, cause: impl Into<String>) -> Self {
        let failure = Failure::new(error, cause);
        Self { delay: Duration::ZERO, beat: None, end: Some(Err(failure)) }
    }

    /// Never answers: only a timeout or a heartbeat ends the call.
    pub fn silence() -> Self {
        Self { delay: Duration::ZERO, beat: None, end: None }
    }

    /// Takes so long, on the virtual clock.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Sends heartbeats at this interval until it answers.
    #[must_use]
    pub fn beating(self, interval: Duration) -> Self {
        Self { beat: Some(interval), ..self }
    }

    /// The answer, if a task of these types can give it; else it fails.
    pub(super) fn held_to(self, types: &TaskDescriptor) -> Self {
        let held = |end: Result<Value, Failure>| {
            let end = end.map(Data::from);
            (types.check_answer)(&end)?;
            end.map(Data::into_value)
        };
        Self { end: self.end.map(held), ..self }
    }
}

impl From<Result<Value, Failure>> for Answer {
    fn from(end: Result<Value, Failure>) -> Self {
        Self { delay: Duration::ZERO, beat: None, end: Some(end) }
    }
}

type Double = Arc<dyn Fn(&Call) -> Answer + Send + Sync>;

/// Doubles by task name. They are functions of the call, so that two runs meet the same world.
#[derive(Clone, Default)]
pub struct Doubles(IndexMap<String, Double>);

impl Doubles {
    /// No doubles.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `double` answer the calls of a task. A name that no task of the workflow has is an error
    /// of the run.
    #[must_use]
    pub fn task<A: Into<Answer>>(
        mut self,
        name: impl Into<String>,
        double: impl Fn(&Call) -> A + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(name.into(), Arc::new(move |call| double(call).into()));
        self
    }

    /// The tasks that have doubles.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn answer(&self, call: &Call) -> Option<Answer> {
        Some(self.0.get(&call.task)?(call))
    }
}

impl fmt::Debug for Doubles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
