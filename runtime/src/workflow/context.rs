//! What a running task knows of its execution, and what it can say while it runs.

use super::State;
use serde_json::Value;
use std::{fmt, sync::Arc};
use tokio::sync::watch;

/// Receives heartbeats of a task with their progress.
pub type Heartbeat = Arc<dyn Fn(Value) + Send + Sync>;

/// Given to a task that asks for it: `async fn charge(ctx: &TaskContext, ..)`.
#[derive(Clone)]
pub struct TaskContext {
    facts: Arc<TaskFacts>,
    state: State,
    heartbeat: Heartbeat,
    cancellation: Cancellation,
}

/// Facts of one attempt of a task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskFacts {
    /// The task's name.
    pub task: String,
    /// The attempt, from 1; each retry adds one, a redelivery does not.
    pub attempt: u32,
    /// Equal for every attempt of one step of one execution, and for no other step.
    pub idempotency_key: String,
    /// Name of the execution.
    pub execution: String,
}

impl TaskContext {
    /// Makes the context of an attempt.
    pub fn new(
        facts: TaskFacts,
        state: State,
        heartbeat: Heartbeat,
        cancellation: Cancellation,
    ) -> Self {
        Self { facts: Arc::new(facts), state, heartbeat, cancellation }
    }

    /// The context of a direct call, outside any execution: attempt 1, an empty execution name,
    /// the values of [`State::provide`].
    pub fn direct(task: &str) -> Self {
        Self::new(
            TaskFacts {
                task: task.to_owned(),
                attempt: 1,
                idempotency_key: format!("direct:{task}"),
                execution: String::new(),
            },
            State::provided(),
            Arc::new(|_| {}),
            Cancellation::never(),
        )
    }

    /// The task's name.
    pub fn task(&self) -> &str {
        &self.facts.task
    }

    /// The attempt, from 1; each retry adds one, a redelivery after a crash does not.
    pub fn attempt(&self) -> u32 {
        self.facts.attempt
    }

    /// A key that is equal for every attempt of this step and for no other step: hand it to
    /// services that do a thing once per key.
    pub fn idempotency_key(&self) -> &str {
        &self.facts.idempotency_key
    }

    /// Name of the execution; empty in a direct call.
    pub fn execution(&self) -> &str {
        &self.facts.execution
    }

    /// Says that the task is alive, with its progress.
    pub fn heartbeat(&self, progress: impl Into<Value>) {
        (self.heartbeat)(progress.into());
    }

    /// Tells when nobody waits for the result any more.
    pub fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }

    /// What the host provides.
    pub fn state(&self) -> &State {
        &self.state
    }
}

impl fmt::Debug for TaskContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskContext").field("facts", &self.facts).finish_non_exhaustive()
    }
}

/// Tells a task that it timed out or that its execution was stopped.
#[derive(Debug, Clone)]
pub struct Cancellation(Option<watch::Receiver<bool>>);

impl Cancellation {
    /// A cancellation, and what sets it off: `sender.send(true)`. A dropped sender cancels too.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(Some(receiver)))
    }

    /// One that never comes.
    pub const fn never() -> Self {
        Self(None)
    }

    /// Whether the task is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|receiver| *receiver.borrow() || receiver.has_changed().is_err())
    }

    /// Waits until the task is cancelled.
    pub async fn cancelled(&self) {
        match &self.0 {
            // an error means that the sender is gone
            Some(receiver) => drop(receiver.clone().wait_for(|&cancelled| cancelled).await),
            None => std::future::pending().await,
        }
    }
}
