//! Tasks in this process: found by name, run on tokio, cancelled, their panics caught.

use super::{
    Signal, StandIn,
    core::{Children, Input, Run, Work},
    objects::{self, Objects},
    services::Services,
    strand::{Performer, task_of},
};
use crate::{
    asl::{self, Definition, States},
    catalog,
    engine::{Event, Host, RunTask, Token, execution::Place},
    program::{Data, Failure, names},
    registry::Registry,
    store::ExecutionId,
    workflow::{Cancellation, State, TaskContext, TaskDescriptor, TaskFacts},
};
use futures_util::{FutureExt as _, future::BoxFuture};
use indexmap::IndexMap;
use serde_json::Value;
use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    fmt,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::Sender,
    },
    time::Duration,
};
use tokio::{runtime::Handle, sync::watch, task::JoinHandle};

/// Runs a task: a registered one, or what stands in for it.
pub type TaskFunction =
    Arc<dyn Fn(Data, TaskContext) -> BoxFuture<'static, Result<Data, Failure>> + Send + Sync>;

/// How long a cancelled task may take to notice before it is dropped at its next await.
const NOTICE: Duration = Duration::from_secs(5);

/// The tasks that this process can run, by name, and the activities that it leaves to workers.
#[derive(Default)]
pub(crate) struct Functions {
    by_name: IndexMap<String, Function>,
    activities: BTreeSet<String>,
    /// Answers what has no name here.
    stand_in: Option<Arc<dyn StandIn>>,
    pub(super) services: Option<Arc<dyn Services>>,
}

/// A task that this process can run.
struct Function {
    run: TaskFunction,
    /// What is known of its types.
    types: Option<&'static TaskDescriptor>,
}

impl Functions {
    /// Takes the registered tasks, functions that come before those of the same name, what answers
    /// all others, and the definitions, whose other activities are for workers.
    pub(crate) fn new<'a>(
        registry: &Registry,
        instead: IndexMap<String, TaskFunction>,
        stand_in: Option<Arc<dyn StandIn>>,
        definitions: impl IntoIterator<Item = &'a Definition>,
    ) -> Self {
        let registered = registry.tasks().map(|task| {
            let run = task.run;
            let run: TaskFunction = Arc::new(move |arguments, context| run(arguments, context));
            (task.descriptor.name.to_owned(), Function { run, types: Some(task.descriptor) })
        });
        let mut by_name: IndexMap<_, _> = registered.collect();
        by_name.extend(instead.into_iter().map(|(name, run)| {
            let run = match registry.task(&name) {
                Some(task) => held_to(run, task.descriptor),
                None => run,
            };
            (name, Function { run, types: None })
        }));
        let mut activities = BTreeSet::new();
        for definition in definitions {
            name_activities(&definition.states, &mut activities);
        }
        Self { by_name, activities, stand_in, services: None }
    }

    /// Has calls of AWS APIs performed there.
    pub(crate) fn with_services(self, services: Arc<dyn Services>) -> Self {
        Self { services: Some(services), ..self }
    }

    /// What runs a task: its function, or the answer that stands in for it.
    fn of(&self, name: &str, task: &RunTask) -> Option<TaskFunction> {
        if let Some(function) = self.by_name.get(name) {
            return Some(Arc::clone(&function.run));
        }
        let answer = self.stand_in.as_ref()?.answer(task);
        Some(Arc::new(move |_, _| Box::pin(std::future::ready(answer.clone()))))
    }
}

/// The function, which fails where it answers what a task of these types can't.
fn held_to(run: TaskFunction, types: &'static TaskDescriptor) -> TaskFunction {
    Arc::new(move |arguments, context| {
        let running = run(arguments, context);
        Box::pin(async move {
            let answer = running.await;
            (types.check_answer)(&answer)?;
            answer
        })
    })
}

/// Collects the names of all activities of a scope.
fn name_activities(scope: &States, into: &mut BTreeSet<String>) {
    for state in scope.states.values() {
        match state {
            asl::State::Task(task) if task.resource.contains(":activity:") => {
                into.insert(catalog::name_of(&task.resource).to_owned());
            }
            asl::State::Parallel(parallel) => {
                parallel.branches.iter().for_each(|branch| name_activities(&branch.states, into));
            }
            asl::State::Map(map) => name_activities(&map.processor.states, into),
            _ => {}
        }
    }
}

impl Host for Functions {
    fn task_in_process(&self, resource: &str) -> Option<String> {
        let name = task_of(resource);
        if self.by_name.contains_key(name) {
            return Some(name.to_owned());
        }
        self.stand_in.as_ref().map(|_| resource.to_owned())
    }

    fn calls(&self, resource: &str) -> bool {
        self.services.as_ref().is_some_and(|services| services.offers(resource))
    }

    fn would_call(&self, resource: &str) -> Option<&'static str> {
        self.services.as_ref()?.would_offer(resource)
    }
}

impl Performer for Functions {
    fn has(&self, task: &str) -> bool {
        self.by_name.contains_key(task)
    }

    fn asks_workers(&self, activity: &str) -> bool {
        self.activities.contains(activity)
    }

    fn refuses(&self, task: &str, arguments: &Data) -> Option<String> {
        let refused = (self.by_name.get(task)?.types?.check)(arguments).err()?;
        Some(refused.cause.unwrap_or_default())
    }

    fn gives(&self, task: &str) -> Option<Value> {
        Some((self.by_name.get(task)?.types?.output_schema)())
    }

    fn stand_in(&self) -> Option<&dyn StandIn> {
        self.stand_in.as_deref()
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_name.keys()).finish()
    }
}

/// Runs tasks and forgets them when they have reported.
#[derive(Debug)]
pub(crate) struct Tasks {
    pub(super) functions: Arc<Functions>,
    state: State,
    objects: Arc<dyn Objects>,
    pub(super) runtime: Handle,
    pub(super) reports: Sender<Signal>,
    pub(super) children: Children,
    pub(super) running: BTreeMap<(ExecutionId, Token), Running>,
}

/// What a running task has last said with a heartbeat.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskProgress {
    /// The state that waits for the task.
    pub state: String,
    /// The task.
    pub task: String,
    /// The attempt, from 1.
    pub attempt: u32,
    /// What it said.
    pub progress: Value,
}

#[derive(Debug)]
pub(super) struct Running {
    task: JoinHandle<()>,
    state: String,
    function: String,
    /// What it has last said.
    progress: Arc<Mutex<Option<Value>>>,
    cancel: watch::Sender<bool>,
    /// Whether a heartbeat is on its way: a task that sends many sends one at a time.
    beating: Arc<AtomicBool>,
}

impl Running {
    /// A task that says nothing before its end.
    pub(super) fn new(task: JoinHandle<()>, state: String, function: String) -> Self {
        let (cancel, beating) = (watch::Sender::new(false), Arc::default());
        Self { task, state, function, progress: Arc::default(), cancel, beating }
    }
}

impl Tasks {
    pub(crate) fn new(
        functions: Arc<Functions>,
        state: State,
        (objects, children): (Arc<dyn Objects>, Children),
        runtime: Handle,
        reports: Sender<Signal>,
    ) -> Self {
        Self { functions, state, objects, runtime, reports, children, running: BTreeMap::new() }
    }

    /// Starts what is to be done; it reports its end as an input.
    pub(crate) fn run(&mut self, run: Run) {
        let (token, objects) = (run.token(), Arc::clone(&self.objects));
        let Run { execution, name, work } = run;
        match work {
            Work::Task(task) if task.place == Place::Call => self.call(execution, *task),
            Work::Task(task) => self.run_task(execution, name, *task),
            Work::Read(asked) => {
                let state = asked.state.clone();
                self.block((execution, token), state, move || objects::read(&*objects, &asked));
            }
            Work::Write(asked) => {
                let state = asked.state.clone();
                self.block((execution, token), state, move || objects::write(&*objects, &asked));
            }
        }
    }

    /// Starts something that blocks its thread.
    fn block(
        &mut self,
        (execution, token): (ExecutionId, Token),
        state: String,
        work: impl FnOnce() -> Event + Send + 'static,
    ) {
        let reports = self.reports.clone();
        let task = self.runtime.spawn_blocking(move || {
            let event = std::panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
                Event::TaskFailed { token, failure: panicked("objects", &*panic) }
            });
            report(&reports, execution, token, event);
        });
        let (cancel, _) = watch::channel(false);
        let running = Running {
            task,
            state,
            function: String::new(),
            progress: Arc::default(),
            cancel,
            beating: Arc::default(),
        };
        self.running.insert((execution, token), running);
    }

    fn run_task(&mut self, execution: ExecutionId, name: String, task: RunTask) {
        let token = task.token;
        let Place::Process(function) = task.place.clone() else { return };
        let reports = self.reports.clone();
        let Some(run) = self.functions.of(&function, &task) else {
            let why = format!("this process has no task named '{function}'");
            let failure = Failure::new(names::RUNTIME, why);
            return report(&reports, execution, token, Event::TaskFailed { token, failure });
        };
        let (cancel, cancellation) = Cancellation::new();
        let facts = TaskFacts {
            task: function.clone(),
            attempt: token.attempt + 1,
            idempotency_key: task.key,
            execution: name,
        };
        let beating = Arc::new(AtomicBool::new(false));
        let (beats, under_way) = (self.reports.clone(), Arc::clone(&beating));
        let progress = Arc::new(Mutex::new(None));
        let said = Arc::clone(&progress);
        let heartbeat = Arc::new(move |progress| {
            *said.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
            if !under_way.swap(true, Ordering::Relaxed) {
                report(&beats, execution, token, Event::Heartbeat { token });
            }
        });
        let context = TaskContext::new(facts, self.state.clone(), heartbeat, cancellation);
        let (arguments, state, named) = (task.arguments, task.state, function.clone());
        let task = self.runtime.spawn(async move {
            // The function itself may panic before it returns its future.
            let running = AssertUnwindSafe(async { run(arguments, context).await }).catch_unwind();
            let event = match running.await {
                Ok(Ok(output)) => Event::TaskSucceeded { token, output },
                Ok(Err(failure)) => Event::TaskFailed { token, failure },
                Err(panic) => Event::TaskFailed { token, failure: panicked(&function, &*panic) },
            };
            report(&reports, execution, token, event);
        });
        let running = Running { task, state, function: named, progress, cancel, beating };
        self.running.insert((execution, token), running);
    }

    /// What the tasks of an execution have last said.
    pub(crate) fn progress(&self, execution: ExecutionId) -> Vec<TaskProgress> {
        let running = self.running.iter().filter(|((of, _), _)| *of == execution);
        let said = running.filter_map(|((_, token), running)| {
            let progress = running.progress.lock().unwrap_or_else(PoisonError::into_inner);
            Some(TaskProgress {
                state: running.state.clone(),
                task: running.function.clone(),
                attempt: token.attempt + 1,
                progress: progress.clone()?,
            })
        });
        said.collect()
    }

    /// Notes that a heartbeat has come.
    pub(crate) fn heard(&self, execution: ExecutionId, token: Token) {
        if let Some(running) = self.running.get(&(execution, token)) {
            running.beating.store(false, Ordering::Relaxed);
        }
    }

    /// Forgets a task that has reported its end.
    pub(crate) fn ended(&mut self, execution: ExecutionId, token: Token) {
        self.running.remove(&(execution, token));
    }

    /// Tells a task that nobody waits for it, and drops it if it does not end by itself.
    pub(crate) fn cancel(&mut self, execution: ExecutionId, token: Token) {
        let Some(Running { mut task, cancel, .. }) = self.running.remove(&(execution, token))
        else {
            return;
        };
        cancel.send_replace(true);
        if task.is_finished() {
            return;
        }
        self.runtime.spawn(async move {
            if tokio::time::timeout(NOTICE, &mut task).await.is_err() {
                task.abort();
            }
        });
    }

    /// Whether nothing runs.
    pub(crate) fn is_empty(&self) -> bool {
        self.running.is_empty()
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        for running in self.running.values() {
            running.cancel.send_replace(true);
            running.task.abort();
        }
    }
}

pub(super) fn report(reports: &Sender<Signal>, execution: ExecutionId, token: Token, event: Event) {
    // Without a driver nobody waits for the report: the task is delivered again by the next owner.
    let _gone = reports.send(Signal::Input(Box::new(Input::Task { execution, token, event })));
}

/// The failure of a task that panicked, with the panic's message.
pub(super) fn panicked(task: &str, panic: &(dyn Any + Send)) -> Failure {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    Failure::new(names::TASK_PANICKED, format!("the task '{task}' panicked: {message}"))
}
