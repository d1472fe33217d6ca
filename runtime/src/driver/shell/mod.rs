//! The thread around the core: receives, polls, commits, performs, rests.
//!
//! What comes in while a group is being written is the next group. Small groups are written by the
//! same thread, large ones by another (`writer`).

mod act;
mod look_out;
mod writer;

use super::{
    Begun, Error, Limits, Parts, Reach, Reply, Signal,
    clock::{Clock, Idle, Rest},
    core::{Core, Input, Origin, Start},
    reader::Reader,
    tasks::Tasks,
};
use crate::{
    engine::{Event, Status},
    store::{self, Epoch, ExecutionId, MessageId},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, OnceLock,
        mpsc::{Receiver, Sender},
    },
    time::Duration,
};
use tokio::sync::watch;
use writer::Writer;

/// Signals taken before the core is polled, so that a flood of them delays no commit for long.
const SIGNALS: usize = 1024;

/// Does what the core says.
#[derive(Debug)]
pub(super) struct Shell {
    core: Core,
    reader: Reader,
    clock: Arc<dyn Clock>,
    limits: Limits,
    epoch: Epoch,
    tasks: Tasks,
    signals: Receiver<Signal>,
    failed: Arc<OnceLock<store::Error>>,
    /// Callers that wait for their start, by number.
    starts: BTreeMap<u64, Reply<Begun>>,
    next_caller: u64,
    waiters: BTreeMap<ExecutionId, Vec<Reply<Status>>>,
    watchers: BTreeMap<ExecutionId, watch::Sender<u64>>,
    /// The executions that it runs, if not all.
    these: Option<BTreeSet<ExecutionId>>,
    /// When something may have to be claimed.
    claim_at: Option<Timestamp>,
    /// When to look for what nobody tells.
    look_at: Timestamp,
    /// The last message that was read.
    cursor: MessageId,
    hint: u64,
    inbox: Inbox,
    /// Executions whose rows can't be read, and why.
    unreadable: BTreeMap<ExecutionId, String>,
    /// Whether a group was committed since the store was last tidied.
    untidy: bool,
    writer: Writer,
    /// Why the writer's last group failed.
    unwritten: Option<store::Error>,
    life: Life,
}

/// Whether the inbox has something new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inbox {
    Read,
    News,
}

/// How far a shell is from its end.
#[derive(Debug)]
enum Life {
    Running,
    /// Running tasks may end until then, by the clock's steady time.
    Draining(Duration, Vec<Reply<()>>),
    /// What running tasks would still give is given back, and that is being written.
    Leaving(Vec<Reply<()>>),
}

impl Shell {
    pub(super) fn new(
        core: Core,
        parts: Parts,
        epoch: Epoch,
        (sender, signals): (Sender<Signal>, Receiver<Signal>),
        failed: Arc<OnceLock<store::Error>>,
    ) -> Result<Self, std::io::Error> {
        let Parts {
            store,
            catalog,
            functions,
            state,
            objects,
            limits,
            reach,
            children,
            clock,
            entropy: _,
            runtime,
        } = parts;
        let writer = Writer::start(Arc::clone(&store), sender.clone())?;
        Ok(Self {
            core,
            reader: Reader { store, catalog },
            limits,
            epoch,
            tasks: Tasks::new(functions, state, (objects, children), runtime, sender),
            signals,
            failed,
            starts: BTreeMap::new(),
            next_caller: 0,
            waiters: BTreeMap::new(),
            watchers: BTreeMap::new(),
            these: (reach == Reach::Asked).then(BTreeSet::new),
            claim_at: Some(Timestamp::MIN),
            look_at: clock.now(),
            cursor: 0,
            hint: 0,
            inbox: Inbox::News,
            unreadable: BTreeMap::new(),
            untidy: false,
            writer,
            unwritten: None,
            life: Life::Running,
            clock,
        })
    }

    /// Runs until the driver is dropped or shut down, or the store fails.
    pub(super) fn run(mut self) {
        // Whoever waits for an answer finds the error when its channel closes.
        if let Err(error) = self.serve() {
            let _first = self.failed.set(error);
        }
    }

    fn serve(&mut self) -> Result<(), store::Error> {
        let mut inputs = Vec::new();
        loop {
            for _ in 0..SIGNALS {
                let Ok(signal) = self.signals.try_recv() else { break };
                self.accept(signal, &mut inputs);
            }
            if let Some(error) = self.unwritten.take() {
                return Err(error);
            }
            let now = self.clock.now();
            self.look_out(now, &mut inputs)?;
            let output = self.core.poll(now, inputs.drain(..));
            self.act(output, &mut inputs)?;
            // What was sent with the last group is in the inbox, and nobody else tells of it.
            self.leave_in_time();
            let news = !inputs.is_empty() || self.inbox == Inbox::News;
            if news || self.core.is_ready() {
                continue;
            }
            if self.is_over() {
                return Ok(());
            }
            // What is given back is written first.
            if !self.core.is_ready() {
                self.rest(&mut inputs);
            }
        }
    }

    fn accept(&mut self, signal: Signal, inputs: &mut Vec<Input>) {
        match signal {
            Signal::Input(input) => {
                if let Input::Task { execution, token, event } = &*input {
                    match event {
                        Event::Heartbeat { .. } => self.tasks.heard(*execution, *token),
                        _ => self.tasks.ended(*execution, *token),
                    }
                }
                inputs.push(*input);
            }
            Signal::Start { machine, name, input, reply } => {
                if !matches!(self.life, Life::Running) {
                    return act::answer(reply, Err(Error::Gone));
                }
                let caller = self.next_caller;
                self.next_caller += 1;
                self.starts.insert(caller, reply);
                let origin = Origin::Caller(caller);
                inputs.push(Input::Start(Box::new(Start { origin, machine, name, input })));
            }
            Signal::Committed(Ok(committed)) => inputs.push(Input::Committed(committed)),
            Signal::Committed(Err(error)) => self.unwritten = Some(error),
            Signal::Wait { execution, reply } => self.wait(execution, reply),
            Signal::Watch { execution, reply } => self.watch(execution, reply),
            Signal::Progress { execution, reply } => {
                act::answer(reply, Ok(self.tasks.progress(execution)));
            }
            Signal::Inbox => self.inbox = Inbox::News,
            Signal::Jump => self.look_at = Timestamp::MIN,
            Signal::ShutDown { reply } => match &mut self.life {
                Life::Draining(_, replies) | Life::Leaving(replies) => replies.push(reply),
                Life::Running => {
                    let until = self.clock.steady().saturating_add(self.limits.grace);
                    self.core.drain();
                    self.life = Life::Draining(until, vec![reply]);
                }
            },
            Signal::Abandon => self.leave(),
        }
    }

    /// Goes when the tasks have had their time, whatever else there is to do.
    fn leave_in_time(&mut self) {
        if let Life::Draining(until, _) = self.life
            && until <= self.clock.steady()
        {
            self.leave();
        }
    }

    fn is_over(&mut self) -> bool {
        if let Life::Draining(..) = self.life
            && !self.core.is_writing()
            && self.tasks.is_empty()
            && !self.has_to_stop()
        {
            self.leave();
        }
        let Life::Leaving(replies) = &mut self.life else { return false };
        let over = !self.core.is_writing() && !self.core.is_ready();
        if over {
            for reply in replies.drain(..) {
                act::answer(reply, Ok(()));
            }
        }
        over
    }

    /// Whether a claim is due that would find an execution that is to be stopped: a child that rests
    /// on disk while its parent is stopped.
    fn has_to_stop(&self) -> bool {
        self.core.has_to_stop() && self.claim_at.is_some_and(|due| due <= self.clock.now())
    }

    /// Goes as soon as the store knows that nothing is left of its tasks.
    fn leave(&mut self) {
        let replies = match &mut self.life {
            Life::Running => Vec::new(),
            Life::Draining(_, replies) => std::mem::take(replies),
            Life::Leaving(_) => return,
        };
        self.life = Life::Leaving(replies);
        self.core.give_back();
    }

    /// Waits until there is news or the next deadline comes.
    fn rest(&mut self, inputs: &mut Vec<Input>) {
        let (draining, idle) = match self.life {
            Life::Draining(until, _) => {
                let left = until.saturating_sub(self.clock.steady());
                let until = self.clock.now().checked_add(left).unwrap_or(Timestamp::MAX);
                (Some(until), Idle::Yes)
            }
            Life::Running if self.core.is_idle() => (None, Idle::Yes),
            Life::Running | Life::Leaving(_) => (None, Idle::No),
        };
        let claim_at = self.claim_at.filter(|_| self.has_room());
        let due = [self.core.next_timer(), claim_at, draining];
        let signal = match self.clock.rest(due.into_iter().flatten().min(), idle) {
            Rest::Again => None,
            Rest::For(time) => self.signals.recv_timeout(time).ok(),
            Rest::UntilWoken => self.signals.recv().ok(),
        };
        if let Some(signal) = signal {
            self.accept(signal, inputs);
        }
    }
}
