//! What the core asks of the shell. All of it may be done at once: what had to be durable before
//! is durable.

use super::input::{Origin, Start};
use crate::{
    engine::{HistoryEvent, ReadItems, Refusal, RunTask, StartChild, Status, Token, WriteResults},
    program::Data,
    store::{Batch, ExecutionId, codec::Parent},
};
use jiff::Timestamp;

/// What to do.
#[derive(Debug, Default)]
pub(crate) struct Output {
    /// A group to commit; the answer is [`Input::Committed`](super::Input::Committed), and no
    /// other group comes before it.
    pub(crate) group: Option<Batch>,
    /// Tasks to run, in order.
    pub(crate) run: Vec<Run>,
    /// Tasks that nobody waits for any more.
    pub(crate) cancel: Vec<(ExecutionId, Token)>,
    /// Executions to read anew, after a conflict.
    pub(crate) read: Vec<ExecutionId>,
    /// Executions whose data does not fit this binary's own program, to be read anew for another, and
    /// why.
    pub(crate) misfits: Vec<(ExecutionId, String)>,
    /// Executions that can't go on in this process, or a part of them, and why.
    pub(crate) stranded: Vec<(ExecutionId, String)>,
    /// Callers whose execution is durable, or was there before.
    pub(crate) started: Vec<Answered>,
    /// Starts that would be one too many, unless they are there already.
    pub(crate) refused: Vec<(Start, Refusal)>,
    /// Executions that are new.
    pub(crate) born: Vec<ExecutionId>,
    /// Children that were there already, to be read for their parents, and with which input they
    /// were asked for.
    pub(crate) found: Vec<(Parent, ExecutionId, Data)>,
    /// Events that have become durable.
    pub(crate) history: Vec<(ExecutionId, Vec<HistoryEvent>)>,
    /// Executions to be started, with their names, that the service must admit: the answer is
    /// [`Input::Start`](super::Input::Start) or [`Input::Admitted`](super::Input::Admitted).
    pub(crate) admit: Vec<(ExecutionId, Box<StartChild>)>,
    /// Executions that have ended, durably.
    pub(crate) ended: Vec<(ExecutionId, Status)>,
    /// Whether a claim would find something at once.
    pub(crate) claim: bool,
    /// When something must be claimed that was given back, at the latest.
    pub(crate) rested_until: Option<Timestamp>,
    /// Messages were sent: the inbox has news.
    pub(crate) inbox: bool,
}

impl Output {
    /// Notes when an execution that is given back is due.
    pub(super) fn rested_by(&mut self, due: Option<Timestamp>) {
        self.rested_until = self.rested_until.into_iter().chain(due).min();
    }
}

/// Something to do for an execution, which reports its end.
#[derive(Debug)]
pub(crate) struct Run {
    /// The execution.
    pub(crate) execution: ExecutionId,
    /// Its name.
    pub(crate) name: String,
    /// What to do.
    pub(crate) work: Work,
}

/// What an execution may have done.
#[derive(Debug)]
pub(crate) enum Work {
    /// A task.
    Task(Box<RunTask>),
    /// Items of a distributed Map are read.
    Read(Box<ReadItems>),
    /// Results of a distributed Map are written.
    Write(Box<WriteResults>),
}

impl Run {
    /// Names it within the execution.
    pub(crate) fn token(&self) -> Token {
        match &self.work {
            Work::Task(task) => task.token,
            Work::Read(read) => read.token,
            Work::Write(write) => write.token,
        }
    }
}

/// The answer to a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answered {
    /// Who asked.
    pub(crate) origin: Origin,
    /// The execution of that name.
    pub(crate) execution: ExecutionId,
    /// Whether it is new.
    pub(crate) new: bool,
}
