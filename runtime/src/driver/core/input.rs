//! What comes to the core: requests, news of tasks, answers of the store.

use super::message::Message;
use crate::{
    catalog::{Code, Machine},
    engine::{Event, Status, Token},
    program::Data,
    store::{
        Committed, ExecutionId, MessageId,
        codec::{Loaded, Parent},
    },
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// Something that happened outside.
#[derive(Debug)]
pub(crate) enum Input {
    /// Somebody asks for a new execution.
    Start(Box<Start>),
    /// An execution was read, because it was claimed or because a change of it conflicted.
    Read(Box<Read>),
    /// An execution that the core asked for is not there, or belongs to another owner.
    Gone(ExecutionId),
    /// A task of an execution reports.
    Task {
        /// The execution.
        execution: ExecutionId,
        /// The attempt that reports.
        token: Token,
        /// What it reports: its end, or a heartbeat.
        event: Event,
    },
    /// A message was read in the inbox.
    Message {
        /// Its place there.
        id: MessageId,
        /// To whom.
        execution: ExecutionId,
        /// What it says.
        message: Message,
    },
    /// A child that was asked for is there already.
    Child(Box<Child>),
    /// The service says what became of a start that it was asked for.
    Admitted {
        /// Who asked.
        execution: ExecutionId,
        /// The answer.
        event: Event,
    },
    /// The group given out last is durable, but for the conflicts.
    Committed(Committed),
}

/// A new execution.
#[derive(Debug)]
pub(crate) struct Start {
    /// Who asks: the caller's number, or the parent.
    pub(crate) origin: Origin,
    /// What it runs.
    pub(crate) machine: Arc<Machine>,
    /// Its name.
    pub(crate) name: String,
    /// Its input.
    pub(crate) input: Data,
}

/// Who asks for an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A caller, by the number under which it waits for the answer.
    Caller(u64),
    /// A task of another execution.
    Parent(Parent),
}

/// An execution with its program.
#[derive(Debug)]
pub(crate) struct Read {
    /// The execution.
    pub(crate) loaded: Loaded,
    /// What it runs.
    pub(crate) code: Code,
    /// The children that it waits for, as far as they are there.
    pub(crate) children: BTreeMap<Token, ExecutionId>,
}

/// A child that was there when its parent asked for it.
#[derive(Debug)]
pub(crate) struct Child {
    /// Who asked.
    pub(crate) asked: Parent,
    /// Its number.
    pub(crate) id: ExecutionId,
    /// With which input.
    pub(crate) asked_input: Data,
    /// Who started it, as stored with it.
    pub(crate) parent: Option<Parent>,
    /// Whether the execution that asked has ended.
    pub(crate) orphaned: bool,
    /// Its ARN.
    pub(crate) execution: String,
    /// Its name.
    pub(crate) name: String,
    /// ARN of its machine.
    pub(crate) machine: String,
    /// Its input.
    pub(crate) input: Data,
    /// When it started.
    pub(crate) started: Timestamp,
    /// When it ended.
    pub(crate) ended: Option<Timestamp>,
    /// How it stands.
    pub(crate) status: Status,
}
