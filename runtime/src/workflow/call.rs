//! A call that a workflow awaits: a future for a direct call, an operation for the engine.

use super::{Numbers, Refused, Retries, Retry, Task, TaskDef, Timestamp, WorkflowDef, json, ops};
use crate::program::Data;
use pin_project_lite::pin_project;
use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

/// What a workflow may await: a task, another workflow, a sleep.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be awaited in a workflow",
    label = "not a task, a workflow or a sleep",
    note = "a workflow may only await durable operations; put this work into a `#[task] async fn` and await that"
)]
pub trait DurableCall: Sized {
    /// What awaiting it gives.
    type Output;
    /// What it is a call of, found by inference.
    type Def: Def;

    /// The operation, with its arguments as JSON.
    ///
    /// Fails where an argument has no exact JSON.
    fn into_op(self, numbers: Numbers) -> Result<Op, Refused>;
}

/// What a call is a call of. Registering a workflow registers, by inference, all it can start.
pub trait Def: 'static {
    /// The name of the task or workflow; empty for a timer.
    const NAME: &'static str;

    /// What it is.
    fn kind() -> Kind;

    /// Adds it, and what it calls.
    fn register(into: &mut dyn Register) {
        match Self::kind() {
            Kind::Task(task) => into.task(task),
            Kind::Workflow(workflow) => {
                if into.workflow(workflow) {
                    (workflow.calls)(into);
                }
            }
            Kind::Timer => {}
        }
    }
}

/// What a [`Def`] is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A task.
    Task(TaskDef),
    /// A child workflow.
    Workflow(WorkflowDef),
    /// A timer: nothing to register.
    Timer,
}

/// What says that it is alive while it runs: a task.
#[diagnostic::on_unimplemented(
    message = "a child workflow has no heartbeat",
    label = "a workflow says nothing while it runs",
    note = "bound its time with `.timeout(..)`, and the silence of its tasks with `heartbeat`"
)]
pub trait Beats: Def {}

#[diagnostic::do_not_recommend]
impl<D: Task> Beats for D {}

/// Takes what a workflow can start.
pub trait Register {
    /// Adds a task.
    fn task(&mut self, task: TaskDef);

    /// Adds a workflow; says whether it is new, so that what it calls is to be added too.
    fn workflow(&mut self, workflow: WorkflowDef) -> bool;
}

/// The definition of sleeps: nothing to register.
#[derive(Debug)]
pub struct Timer;

impl Def for Timer {
    const NAME: &'static str = "";

    fn kind() -> Kind {
        Kind::Timer
    }
}

/// Ties a call to its definition, by inference.
pub struct Callee<D>(PhantomData<fn() -> D>);

impl<D> fmt::Debug for Callee<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callee")
    }
}

/// A callee still to be inferred.
pub const fn callee<D>() -> Callee<D> {
    Callee(PhantomData)
}

#[expect(clippy::unused_self, reason = "the value carries the type that inference has found")]
impl<D: Def> Callee<D> {
    /// Says that `call` is a call of this.
    pub fn bind<C: DurableCall<Def = D>>(&self, _call: &C) {}

    /// What is called.
    pub fn kind(&self) -> Kind {
        D::kind()
    }

    /// Adds what is called.
    pub fn register(&self, into: &mut dyn Register) {
        D::register(into);
    }
}

/// What a workflow waits for.
#[derive(Debug, Clone)]
pub enum Op {
    /// A task: its arguments are an object keyed by parameter name.
    Task {
        /// The task's name.
        name: &'static str,
        /// Its arguments.
        arguments: Data,
        /// What this call says otherwise than the task's attribute.
        options: Options,
    },
    /// A child execution.
    Child {
        /// The workflow's name.
        name: &'static str,
        /// The child's input.
        input: Data,
        /// What this call says otherwise than the workflow's attribute.
        options: Options,
    },
    /// A pause, rounded up to whole seconds by the engine's Wait.
    Sleep(Duration),
    /// A pause until a point in time; the past means now.
    Until(Timestamp),
}

/// What a call says otherwise than the task's attribute. `None` keeps the attribute's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// Retriers instead of the attribute's.
    pub retry: Option<Vec<Retry>>,
    /// Bounds each attempt.
    pub timeout: Option<Duration>,
    /// Longest silence between heartbeats.
    pub heartbeat: Option<Duration>,
}

impl Options {
    /// Retries so: a number of retries, a [`Retry`], or several.
    #[must_use]
    pub fn retry(mut self, retry: impl Into<Retries>) -> Self {
        self.retry = Some(retry.into().0);
        self
    }

    /// Bounds each attempt.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Bounds the silence between heartbeats.
    #[must_use]
    pub fn heartbeat(mut self, limit: Duration) -> Self {
        self.heartbeat = Some(limit);
        self
    }
}

pin_project! {
    /// A call of the task or workflow `D`: awaited directly it runs the function's body; in a
    /// workflow it becomes a step.
    #[must_use = "a call does nothing unless it is awaited"]
    pub struct Call<D, F> {
        input: Result<Data, Refused>,
        options: Options,
        def: PhantomData<fn() -> D>,
        #[pin]
        body: F,
    }
}

impl<D: Def, F> fmt::Debug for Call<D, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("name", &D::NAME)
            .field("input", &self.input)
            .finish_non_exhaustive()
    }
}

impl<D: Def, F: Future> Call<D, F> {
    /// Makes a call; `input` is a task's arguments or a workflow's input.
    pub fn new(input: Result<Data, Refused>, body: F) -> Self {
        Self { input, options: Options::default(), def: PhantomData, body }
    }

    /// Retries so, instead of what the task's attribute says: a number of retries, a [`Retry`], or
    /// several.
    pub fn retry(mut self, retry: impl Into<Retries>) -> Self {
        self.options = self.options.retry(retry);
        self
    }

    /// Bounds each attempt.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options = self.options.timeout(limit);
        self
    }

    /// Bounds the silence between heartbeats.
    pub fn heartbeat(mut self, limit: Duration) -> Self
    where
        D: Beats,
    {
        self.options = self.options.heartbeat(limit);
        self
    }
}

impl<D, F: Future> Future for Call<D, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Err(refused) = this.input {
            ops::Violation::new(refused.to_string()).unwind();
        }
        this.body.poll(cx)
    }
}

impl<D: Def, F: Future> DurableCall for Call<D, F> {
    type Output = F::Output;
    type Def = D;

    fn into_op(self, numbers: Numbers) -> Result<Op, Refused> {
        let input = self.input?;
        json::check(&input, numbers)?;
        let options = self.options;
        Ok(match D::kind() {
            Kind::Workflow(_) => Op::Child { name: D::NAME, input, options },
            Kind::Task(_) | Kind::Timer => Op::Task { name: D::NAME, arguments: input, options },
        })
    }
}
