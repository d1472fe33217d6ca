//! Puts an engine together: its store, its workflows, what their tasks need.

use super::{Answers, Engine, Error, calls::Apis};
use crate::{
    asl,
    catalog::Home,
    driver::{
        Limits, OnSlow, Reach, SlowSegment, StandIn, TaskFunction,
        clock::{Clock, Entropy, SystemClock, SystemEntropy},
        objects::{Nowhere, Objects},
    },
    program::{Data, Failure},
    registry::Registry,
    store::{self, MemoryStore, Store},
    workflow::{Register, State, TaskContext, Workflow},
};
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use std::{any::Any, fmt, future::Future, sync::Arc};

/// Settings of an [`Engine`].
#[derive(Clone)]
#[must_use = "an engine is made by `build`"]
pub struct Builder {
    pub(super) store: Result<Arc<dyn Store>, store::Error>,
    pub(super) registry: Registry,
    pub(super) definitions: IndexMap<String, asl::Definition>,
    pub(super) functions: IndexMap<String, TaskFunction>,
    pub(super) stand_in: Option<Arc<dyn StandIn>>,
    pub(super) state: State,
    pub(super) objects: Arc<dyn Objects>,
    pub(crate) limits: Limits,
    pub(super) reach: Reach,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) on_slow: Option<OnSlow>,
    pub(super) home: Home,
    pub(super) apis: Option<Arc<dyn Apis>>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            store: Ok(Arc::new(MemoryStore::new())),
            registry: Registry::new(),
            definitions: IndexMap::new(),
            functions: IndexMap::new(),
            stand_in: None,
            state: State::new(),
            objects: Arc::new(Nowhere),
            limits: Limits::default(),
            reach: Reach::All,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            on_slow: None,
            home: Home::default(),
            apis: None,
        }
    }

    /// Keeps executions there: a store, or the path of a database. Without this they are kept in
    /// memory and end with the process.
    pub fn store(mut self, store: impl IntoStore) -> Self {
        self.store = store.into_store();
        self
    }

    /// Adds a workflow with all the tasks and child workflows that it can start.
    pub fn workflow<W: Workflow>(mut self) -> Self {
        W::register(&mut self.registry);
        self
    }

    /// Adds everything in a registry.
    pub fn registry(mut self, registry: &Registry) -> Self {
        for task in registry.tasks() {
            Register::task(&mut self.registry, *task);
        }
        for workflow in registry.workflows() {
            if Register::workflow(&mut self.registry, workflow.def) {
                (workflow.def.calls)(&mut self.registry);
            }
        }
        self
    }

    /// Adds a state machine by its definition. Its tasks are found by the last part of their
    /// Resource; the call of a service by the whole of it.
    pub fn definition(mut self, name: impl Into<String>, definition: asl::Definition) -> Self {
        self.definitions.insert(name.into(), definition);
        self
    }

    /// Runs this function for the task of that name, instead of a registered one if there is one.
    /// It gets the task's arguments, an object keyed by parameter name.
    pub fn task<F, Fut>(mut self, name: impl Into<String>, function: F) -> Self
    where
        F: Fn(Data, TaskContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Data, Failure>> + Send + 'static,
    {
        let function: TaskFunction = Arc::new(move |arguments, context| {
            Box::pin(function(arguments, context)) as BoxFuture<'static, _>
        });
        self.functions.insert(name.into(), function);
        self
    }

    /// Lets these answer every task that this engine has no function for. An execution that comes
    /// to a task without an answer waits there.
    pub fn answers(mut self, answers: Answers) -> Self {
        self.stand_in = Some(Arc::new(answers));
        self
    }

    /// Provides a value to the tasks that ask for its type with `#[state]`.
    pub fn state<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.state.insert(value);
        self
    }

    /// Has distributed Maps read items and write results there: in a
    /// [`Directory`](crate::driver::objects::Directory) that stands for S3, for example. Without
    /// this an `ItemReader` and a `ResultWriter` fail.
    pub fn objects(mut self, objects: impl Objects + 'static) -> Self {
        self.objects = Arc::new(objects);
        self
    }

    /// Bounds what runs and waits at a time.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Runs only the executions that are started, waited for or watched here, and what they start;
    /// and ends those that are to be stopped. Without this the engine runs on everything in its store
    /// that has not ended.
    pub fn on_demand(mut self) -> Self {
        self.reach = Reach::Asked;
        self
    }

    /// Takes the time from this clock: a simulated one in tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Takes ids and seeds from here: a seeded source in tests.
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// Tells of native code between two steps that took longer than 100 ms: all executions wait for
    /// it. The function is called on the thread that they wait for.
    pub fn on_slow(mut self, tell: impl Fn(SlowSegment) + Send + Sync + 'static) -> Self {
        self.on_slow = Some(Arc::new(tell));
        self
    }

    /// Has machines that are made at run time live in this region and account.
    pub fn home(mut self, home: Home) -> Self {
        self.home = home;
        self
    }

    /// Has tasks call AWS APIs there.
    #[cfg(feature = "server")]
    pub(crate) fn apis(mut self, apis: Arc<dyn Apis>) -> Self {
        self.apis = Some(apis);
        self
    }

    /// Opens the store, becomes its owner, and runs on what has not ended.
    ///
    /// # Errors
    ///
    /// A store that cannot be opened or is owned by another process, registered functions that
    /// contradict each other, missing task state, a binary that aborts on panics, no tokio runtime.
    pub async fn build(self) -> Result<Engine, Error> {
        Engine::open(self).await
    }

    /// Opens the store only to look, beside the process that owns it: see [`Engine::reading`]. What
    /// was added here tells which executions this program could not go on with.
    ///
    /// # Errors
    ///
    /// A store that cannot be opened, a definition that cannot be run.
    pub fn reading(self) -> Result<Engine, Error> {
        Engine::look(self)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("registry", &self.registry).finish_non_exhaustive()
    }
}

/// What executions can be kept in.
pub trait IntoStore {
    /// Opens it.
    fn into_store(self) -> Result<Arc<dyn Store>, store::Error>;
}

impl<S: Store + 'static> IntoStore for S {
    fn into_store(self) -> Result<Arc<dyn Store>, store::Error> {
        Ok(Arc::new(self))
    }
}

impl IntoStore for Arc<dyn Store> {
    fn into_store(self) -> Result<Arc<dyn Store>, store::Error> {
        Ok(self)
    }
}

#[cfg(feature = "sqlite")]
mod paths {
    use super::{Arc, IntoStore, Store, store};
    use crate::store::SqliteStore;
    use std::path::{Path, PathBuf};

    impl IntoStore for &Path {
        fn into_store(self) -> Result<Arc<dyn Store>, store::Error> {
            Ok(Arc::new(SqliteStore::open(self)?))
        }
    }

    impl IntoStore for PathBuf {
        fn into_store(self) -> Result<Arc<dyn Store>, store::Error> {
            self.as_path().into_store()
        }
    }

    impl IntoStore for &PathBuf {
        fn into_store(self) -> Result<Arc<dyn Store>, store::Error> {
            self.as_path().into_store()
        }
    }

    impl IntoStore for &str {
        fn into_store(self) -> Result<Arc<dyn Store>, store::Error> {
            Path::new(self).into_store()
        }
    }

    impl IntoStore for String {
        fn into_store(self) -> Result<Arc<dyn Store>, store::Error> {
            self.as_str().into_store()
        }
    }
}
