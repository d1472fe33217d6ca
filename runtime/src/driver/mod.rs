//! What runs executions: a core that decides and does nothing, in a shell that does and decides
//! nothing.
//!
//! `Driver` is the handle that the services use. Behind it one thread (`shell`) feeds the `core`
//! with what has happened, commits what the core gives out, itself or by a second thread that
//! writes, and only then performs it. Tasks run on tokio (`tasks`). Time, ids and randomness come from [`clock`].
//!
//! Invariant: nobody learns of a transition, and none of its effects is performed, before the
//! store has said that it is durable.

mod calls;
pub mod clock;
mod core;
mod limits;
pub mod objects;
mod reader;
mod services;
mod shell;
mod slow;
mod stand_in;
mod strand;
mod tasks;

pub(crate) use self::core::{Children, Message};
pub use limits::Limits;
pub(crate) use services::{Admitted, NoAnswer, Services};
pub(crate) use slow::Timed;
pub use slow::{OnSlow, SlowSegment};
pub(crate) use stand_in::StandIn;
pub(crate) use strand::stranded;
pub(crate) use tasks::Functions;
pub use tasks::{TaskFunction, TaskProgress};

use self::core::{Core, Input, Setting};
use crate::{
    catalog::{Catalog, Machine},
    engine::{Event, Status, Token},
    program::Data,
    store::{self, Committed, Epoch, ExecutionId, Store},
    workflow::State,
};
use clock::{Clock, Entropy};
use objects::Objects;
use shell::Shell;
use std::{
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        mpsc::{self, Sender},
    },
    thread::JoinHandle,
};
use tokio::{
    runtime::Handle,
    sync::{oneshot, watch},
};

/// What a driver is made of.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) functions: Arc<Functions>,
    pub(crate) state: State,
    pub(crate) objects: Arc<dyn Objects>,
    pub(crate) limits: Limits,
    pub(crate) reach: Reach,
    pub(crate) children: Children,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) runtime: Handle,
}

/// Which executions a driver runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All that have not ended.
    All,
    /// Those that are started, waited for or watched here, and what they start; and those that are
    /// to be stopped.
    Asked,
}

/// Why the driver does not answer as asked.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It has been shut down.
    #[error("the engine has been shut down")]
    Gone,
    /// There is no such execution.
    #[error("there is no such execution")]
    Unknown,
    /// There are as many executions as may be, as this says.
    #[error("{0}")]
    TooMany(String),
    /// The execution can't be run on in this process.
    #[error("{0}")]
    Stranded(String),
    /// The store refuses; where writing failed, everything does from then on.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Runs executions until it is dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    signals: Sender<Signal>,
    thread: Mutex<Option<JoinHandle<()>>>,
    failed: Arc<OnceLock<store::Error>>,
}

/// What the driver's thread is told.
#[derive(Debug)]
enum Signal {
    /// News for the core.
    Input(Box<Input>),
    /// Start an execution.
    Start { machine: Arc<Machine>, name: String, input: Data, reply: Reply<Begun> },
    /// The answer to a group that was handed to the writer.
    Committed(Result<Committed, store::Error>),
    /// Answer when an execution has ended.
    Wait { execution: ExecutionId, reply: Reply<Status> },
    /// Tell of new events of an execution.
    Watch { execution: ExecutionId, reply: Reply<watch::Receiver<u64>> },
    /// Say what the running tasks of an execution have last said.
    Progress { execution: ExecutionId, reply: Reply<Vec<TaskProgress>> },
    /// Look into the inbox.
    Inbox,
    /// The time has changed otherwise than by passing.
    Jump,
    /// Let running tasks end, and go.
    ShutDown { reply: Reply<()> },
    /// Give running tasks back, and go.
    Abandon,
}

type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// A started execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Begun {
    pub(crate) execution: ExecutionId,
    /// Whether it is new; otherwise it had that name before.
    pub(crate) new: bool,
}

impl Driver {
    /// Runs on what has not ended, as the owner of the store in this epoch.
    pub(crate) fn start(parts: Parts, epoch: Epoch) -> Result<Self, store::Error> {
        let (signals, received) = mpsc::channel();
        let jumps = signals.clone();
        parts.clock.on_jump(Box::new(move || {
            let _gone = jumps.send(Signal::Jump);
        }));
        let failed = Arc::new(OnceLock::new());
        let core = Core::new(Setting {
            epoch,
            catalog: Arc::clone(&parts.catalog),
            host: Arc::clone(&parts.functions) as Arc<_>,
            limits: parts.limits,
            open: parts.store.running()?,
            children: parts.children,
            seed: parts.entropy.seed(),
        });
        let shell =
            Shell::new(core, parts, epoch, (signals.clone(), received), Arc::clone(&failed));
        let shell = shell.map_err(no_thread)?;
        let thread = std::thread::Builder::new().name("stepwright".to_owned());
        let thread = thread.spawn(move || shell.run()).map_err(no_thread)?;
        Ok(Self { signals, thread: Mutex::new(Some(thread)), failed })
    }

    /// Starts an execution; answers when it is durable.
    pub(crate) async fn begin(
        &self,
        machine: Arc<Machine>,
        name: String,
        input: Data,
    ) -> Result<Begun, Error> {
        self.ask(|reply| Signal::Start { machine, name, input, reply }).await
    }

    /// Waits for the end of an execution.
    pub(crate) async fn wait(&self, execution: ExecutionId) -> Result<Status, Error> {
        self.ask(|reply| Signal::Wait { execution, reply }).await
    }

    /// A value that changes when an execution has new events, and closes when it has ended.
    pub(crate) async fn watch(
        &self,
        execution: ExecutionId,
    ) -> Result<watch::Receiver<u64>, Error> {
        self.ask(|reply| Signal::Watch { execution, reply }).await
    }

    /// What the running tasks of an execution have last said of their progress.
    pub(crate) async fn progress(
        &self,
        execution: ExecutionId,
    ) -> Result<Vec<TaskProgress>, Error> {
        self.ask(|reply| Signal::Progress { execution, reply }).await
    }

    /// Tells an execution something that need not be durable.
    pub(crate) fn tell(&self, execution: ExecutionId, token: Token, event: Event) {
        let input = Box::new(Input::Task { execution, token, event });
        let _gone = self.signals.send(Signal::Input(input));
    }

    /// Says that something was sent to the inbox.
    pub(crate) fn look_into_inbox(&self) {
        let _gone = self.signals.send(Signal::Inbox);
    }

    /// Lets running tasks end for a while, stores what they gave, and ends the driver.
    pub(crate) async fn shut_down(&self) -> Result<(), Error> {
        let answer = self.ask(|reply| Signal::ShutDown { reply }).await;
        self.join();
        match answer {
            Err(Error::Gone) => Ok(()),
            other => other,
        }
    }

    async fn ask<T>(&self, signal: impl FnOnce(Reply<T>) -> Signal) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        self.signals.send(signal(reply)).map_err(|_| self.gone())?;
        answer.await.map_err(|_| self.gone())?
    }

    fn gone(&self) -> Error {
        self.failed.get().map_or(Error::Gone, |error| Error::Store(error.clone()))
    }

    fn join(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A task that holds the last handle of the engine drops it on the driver's own thread.
        if let Some(thread) = thread.filter(|it| it.thread().id() != std::thread::current().id()) {
            let _panicked = thread.join();
        }
    }
}

fn no_thread(error: std::io::Error) -> store::Error {
    store::Error::Io {
        path: std::path::PathBuf::new(),
        what: "start the threads that run executions".to_owned(),
        source: Some(Arc::new(error)),
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _gone = self.signals.send(Signal::Abandon);
        self.join();
    }
}
