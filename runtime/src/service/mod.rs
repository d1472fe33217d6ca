//! Use cases in our own types: start, wait, describe, list, history, stop, watch.
//!
//! [`Engine`] is the whole public handle: cheap to clone, usable from any task. Nothing here knows
//! a wire protocol or a command line. What runs the executions is the [`driver`](crate::driver).

mod answers;
mod builder;
mod calls;
mod error;
mod exception;
pub mod executions;
mod express;
mod handle;
pub mod machines;
mod name;
mod read;
mod start;
#[cfg(feature = "server")]
pub mod test_state;
mod view;
mod watch;

pub use crate::{
    catalog::Home,
    driver::{Limits, SlowSegment, TaskProgress},
    engine::{HistoryEvent, Status},
    program::Failure,
};
pub use answers::{Answers, BadAnswers, Mistake, Unanswered};
pub use builder::{Builder, IntoStore};
#[cfg(feature = "server")]
pub(crate) use calls::Apis;
pub use error::{Ended, Error};
pub use exception::Exception;
pub use handle::{Handle, Json, Returns, Start};
pub use view::{
    Description, History, HistoryOrder, HistoryRequest, List, ListCursor, ListRequest, State,
    Summary,
};
pub use watch::Watch;
#[cfg(feature = "cli")]
pub(crate) use {name::check as check_name, start::check_length};

use calls::Calls;
use express::Express;

use crate::{
    catalog::Catalog,
    driver::{
        Children, Driver, Functions, Message, Parts, Timed,
        clock::{Clock, Entropy},
    },
    store::{self, ExecutionId, Facts, Store},
    workflow::Workflow,
};
use serde::Serialize;
use serde_json::Value;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::{runtime::Handle as Runtime, sync::Semaphore};

/// Runs workflows durably, or reads what another process runs.
#[derive(Debug, Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Runs the executions; none where another process does. Dropped before the store.
    driver: Option<Driver>,
    /// Given up at shutdown.
    store: RwLock<Option<Arc<dyn Store>>>,
    catalog: Arc<Catalog>,
    functions: Arc<Functions>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    limits: Limits,
    /// Starts that wait for their commit.
    starts: Semaphore,
    /// Runs express executions; none where nothing is run.
    express: Option<Express>,
    /// Where machines live that are made at run time.
    home: Home,
}

impl Inner {
    /// Reads, and runs nothing.
    fn reading(
        store: Arc<dyn Store>,
        catalog: Arc<Catalog>,
        functions: Arc<Functions>,
        (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>),
        limits: Limits,
        home: Home,
    ) -> Self {
        Self {
            driver: None,
            store: RwLock::new(Some(store)),
            catalog,
            functions,
            clock,
            entropy,
            limits,
            starts: Semaphore::new(limits.pending_starts),
            express: None,
            home,
        }
    }
}

impl Engine {
    /// Begins the settings of an engine that owns its store.
    pub fn builder() -> Builder {
        Builder::new()
    }

    async fn open(builder: Builder) -> Result<Self, Error> {
        if cfg!(panic = "abort") {
            return Err(Error::PanicAborts);
        }
        let runtime = Runtime::try_current().map_err(|_| Error::NoRuntime)?;
        let problems = builder.registry.problems(&builder.state);
        if !problems.is_empty() {
            return Err(Error::Registry(problems));
        }
        let opening = tokio::task::spawn_blocking(move || Self::own(builder, runtime));
        opening.await.map_err(|_| Error::ShutDown)?
    }

    /// Takes the store over and runs on what is in it.
    fn own(builder: Builder, runtime: Runtime) -> Result<Self, Error> {
        let Builder {
            store,
            registry,
            definitions,
            functions,
            stand_in,
            state,
            objects,
            limits,
            reach,
            clock,
            entropy,
            on_slow,
            home,
            apis,
        } = builder;
        let store = store?;
        // First, so that nothing of what another process owns is touched.
        let epoch = store.own(&format!("pid {}", std::process::id()))?;
        let functions = Functions::new(&registry, functions, stand_in, definitions.values());
        let calls = Arc::new(Calls::new(apis));
        let functions = Arc::new(functions.with_services(Arc::clone(&calls) as Arc<_>));
        let mut catalog = Catalog::open(&*store, &registry, definitions, clock.now())?;
        if let Some(tell) = on_slow {
            catalog.wrap_native(|workflow, program| {
                let (workflow, clock) = (workflow.to_owned(), Arc::clone(&clock));
                Arc::new(Timed { workflow, program, clock, tell: Arc::clone(&tell) })
            });
        }
        let catalog = Arc::new(catalog);
        let parts = Parts {
            store: Arc::clone(&store),
            catalog: Arc::clone(&catalog),
            functions: Arc::clone(&functions),
            state,
            objects,
            limits,
            reach,
            children: Children::Here,
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            runtime,
        };
        let driver = Driver::start(parts.clone(), epoch)?;
        let inner = Inner {
            driver: Some(driver),
            express: Some(Express::new(parts)),
            ..Inner::reading(store, catalog, functions, (clock, entropy), limits, home)
        };
        let engine = Self { inner: Arc::new(inner) };
        calls.serve(&engine);
        Ok(engine)
    }

    /// An engine that reads a store which another process may own: `list`, `history`, `describe`,
    /// and `stop` by way of the inbox. It starts and runs nothing.
    ///
    /// It knows no workflows, so it can't tell which executions this program could not go on with:
    /// [`Builder::reading`] makes one that can.
    pub fn reading(store: impl IntoStore) -> Result<Self, Error> {
        Self::look(Builder::new().store(store))
    }

    fn look(builder: Builder) -> Result<Self, Error> {
        let Builder {
            store,
            registry,
            definitions,
            functions,
            stand_in,
            limits,
            clock,
            entropy,
            ..
        } = builder;
        let functions = Functions::new(&registry, functions, stand_in, definitions.values());
        let catalog = Arc::new(Catalog::reading(&registry, definitions)?);
        let (functions, home) = (Arc::new(functions), Home::default());
        let inner = Inner::reading(store?, catalog, functions, (clock, entropy), limits, home);
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Starts a workflow with its input: the value of its parameter, a tuple if it has several,
    /// `()` if it has none. Await what this returns.
    pub fn start<W: Workflow>(&self, input: W::Input) -> Start<W>
    where
        W::Input: Serialize,
    {
        let input = start::input_of::<W>(&input).map_err(|error| Error::UnwritableInput {
            workflow: W::NAME.to_owned(),
            why: error.to_string(),
        });
        Start::new(self.clone(), W::NAME.to_owned(), input)
    }

    /// Starts the workflow of this name with an input that is checked against its parameters: the
    /// value of its parameter, an object keyed by name if it has several.
    pub fn start_json(&self, workflow: &str, input: Value) -> Start<Json> {
        Start::new(self.clone(), workflow.to_owned(), Ok(input))
    }

    /// Finds an execution of a workflow by its name.
    pub async fn execution<W: Workflow>(&self, name: &str) -> Result<Handle<W>, Error> {
        let found = self.lookup(&format!("{}/{name}", W::NAME)).await?;
        Ok(Handle::new(self.clone(), found.id, found.arn))
    }

    /// Finds an execution by its ARN, `workflow/name`, or its name alone if only one has it.
    pub async fn find(&self, execution: &str) -> Result<Handle<Json>, Error> {
        let found = self.lookup(execution).await?;
        Ok(Handle::new(self.clone(), found.id, found.arn))
    }

    /// An execution's history from its first event on, and each new event as it is stored. The
    /// stream ends with the execution.
    pub async fn watch(&self, execution: &str) -> Result<Watch, Error> {
        let found = self.lookup(execution).await?;
        Watch::open(self.clone(), found.id).await
    }

    /// Asks for the end of an execution, durably; its owner stops it as soon as it reads this. An
    /// execution that has ended stays as it is.
    pub async fn stop(&self, execution: &str, why: Failure) -> Result<(), Error> {
        let found = self.lookup(execution).await?;
        let sent = self.inner.clock.now();
        let body = Message::Stop(why.bounded()).encode();
        let message = store::Message { execution: Some(found.id), sent, body };
        self.with_store(move |store| store.send(&[message])).await?;
        if let Some(driver) = &self.inner.driver {
            driver.look_into_inbox();
        }
        Ok(())
    }

    /// What the store is and has done.
    pub async fn facts(&self) -> Result<Facts, Error> {
        self.with_store(|store| store.facts()).await
    }

    /// A new id for a request, to be told apart in answers and logs.
    pub fn request_id(&self) -> String {
        self.inner.entropy.uuid().to_string()
    }

    /// The names of the workflows that can be started here.
    pub fn workflows(&self) -> Vec<String> {
        self.inner.catalog.names()
    }

    /// Lets running tasks end for a while, stores what they gave, and gives the store up. What has
    /// not ended goes on when the store is opened again.
    pub async fn shutdown(&self) -> Result<(), Error> {
        if let Some(express) = &self.inner.express {
            express.shut_down().await?;
        }
        if let Some(driver) = &self.inner.driver {
            driver.shut_down().await.map_err(|error| Error::of(error, ""))?;
        }
        self.inner.store.write().unwrap_or_else(PoisonError::into_inner).take();
        Ok(())
    }

    fn store(&self) -> Result<Arc<dyn Store>, Error> {
        let store = self.inner.store.read().unwrap_or_else(PoisonError::into_inner);
        store.as_ref().map(Arc::clone).ok_or(Error::ShutDown)
    }

    /// Uses the store off the async threads.
    async fn with_store<T: Send + 'static>(
        &self,
        using: impl FnOnce(&dyn Store) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = self.store()?;
        let used = tokio::task::spawn_blocking(move || using(&*store)).await;
        Ok(used.map_err(|_| Error::ShutDown)??)
    }

    async fn wait(&self, id: ExecutionId, arn: &str) -> Result<Status, Error> {
        match &self.inner.driver {
            Some(driver) => driver.wait(id).await.map_err(|error| Error::of(error, arn)),
            None => self.wait_for_owner(id).await,
        }
    }
}
