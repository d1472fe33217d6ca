//! The transition function: [`step`] takes an execution and an event to history and effects.
//!
//! Pure: no I/O, no clock, no randomness of its own, no async, and it never panics. The driver
//! commits what a step gave before it performs the step's effects.
//!
//! Invariant: history ids are dense, and the history is a function of the events given.

mod child;
mod effect;
mod event;
pub mod execution;
pub mod history;
mod response;
mod results;
mod retry;
mod transition;

pub use effect::{Effect, ReadItems, RunTask, StartChild, WriteResults};
pub use event::{ChildOutcome, Event, Refusal};
pub use execution::{Changes, Execution, FrameId, Limits, Status, Token};
pub use history::{HistoryEvent, HistoryKind};
pub use retry::Handling;

use crate::program::{Program, TaskStep};
use jiff::Timestamp;

/// What a step gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Output {
    /// Whether the event counted.
    pub taken: Taken,
    /// New history events, in order.
    pub history: Vec<HistoryEvent>,
    /// What to do after the commit, in order.
    pub effects: Vec<Effect>,
}

/// Whether an event counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Taken {
    /// It changed the execution: commit [`Execution::take_changes`] and the history.
    #[default]
    Committing,
    /// It changed only what lives in memory (a heartbeat): there is nothing to commit.
    InMemory,
    /// It came too late or twice, or nothing was due: nothing has changed.
    Stale,
    /// What the execution keeps does not fit the program, for this reason. The execution is left in
    /// pieces: forget it, and run what is stored on with another program.
    Misfit(String),
}

/// What the engine asks its host.
pub trait Host: std::fmt::Debug {
    /// Returns the name under which a task with this Resource runs in this process, or `None` if
    /// it is for workers elsewhere.
    fn task_in_process(&self, resource: &str) -> Option<String>;

    /// Returns whether this process can make the API call that this Resource names.
    fn calls(&self, _resource: &str) -> bool {
        false
    }

    /// Returns how this process would be made to make that call, if there is a way.
    fn would_call(&self, _resource: &str) -> Option<&'static str> {
        None
    }

    /// Returns why the task of a state must wait for another process, if this one should do it and
    /// can't.
    fn strands(&self, _state: &str, _step: &TaskStep) -> Option<String> {
        None
    }
}

/// What surrounds a step.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The wall clock.
    pub now: Timestamp,
    /// Fresh randomness for this event: jitter, tokens, `$random()`, `$uuid()`.
    pub seed: u64,
}

/// Takes `execution` through `event`, until every frame waits for the outside or 64 transitions
/// were made (then the last effect is [`Effect::Continue`]).
pub fn step(
    program: &dyn Program,
    execution: &mut Execution,
    event: Event,
    moment: Moment,
    host: &dyn Host,
) -> Output {
    transition::Transition::new(program, execution, moment, host).run(event)
}
