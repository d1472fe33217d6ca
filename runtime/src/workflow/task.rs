//! A task: an async function with side effects, its settings, and how it is run by name.

use super::{Def, ErrorVariant, Later, Need, Retry, TaskContext};
use crate::program::{Data, Failure};
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::{any::TypeId, future::Future, time::Duration};

/// A function marked `#[task]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a task",
    label = "not marked `#[task]`",
    note = "mark the function with `#[task]` and name it here without parentheses"
)]
pub trait Task: Def {
    /// Settings and schemas.
    const DESCRIPTOR: TaskDescriptor;

    /// Runs it with these arguments: an object keyed by parameter name.
    fn run(
        arguments: Data,
        context: TaskContext,
    ) -> impl Future<Output = Result<Data, Failure>> + Send + 'static;

    /// The task as the registry holds it.
    fn task() -> TaskDef {
        TaskDef {
            descriptor: const { &Self::DESCRIPTOR },
            id: TypeId::of::<Self>,
            run: |arguments, context| Box::pin(Self::run(arguments, context)),
        }
    }
}

/// Runs a task.
pub type RunTask = fn(Data, TaskContext) -> BoxFuture<'static, Result<Data, Failure>>;

/// A task as the registry holds it.
#[derive(Debug, Clone, Copy)]
pub struct TaskDef {
    /// Settings and schemas.
    pub descriptor: &'static TaskDescriptor,
    /// The marker type, to tell two tasks of one name apart.
    pub id: fn() -> TypeId,
    /// Runs it.
    pub run: RunTask,
}

/// What is known of a task.
#[derive(Debug, Clone, Copy)]
pub struct TaskDescriptor {
    /// Its name: the function's, or the attribute's `name`.
    pub name: &'static str,
    /// Where its function stands.
    pub source: Source,
    /// Its retriers, in order.
    pub retry: fn() -> Vec<Retry>,
    /// Bounds each attempt.
    pub timeout: Option<Duration>,
    /// Longest silence between heartbeats.
    pub heartbeat: Option<Duration>,
    /// Where it runs, if its attribute fixes that.
    pub binding: Binding,
    /// Names of its parameters, without context and state.
    pub params: &'static [&'static str],
    /// How the JSON of each parameter looks.
    pub looks: &'static [Later],
    /// Errors that it can fail with.
    pub errors: &'static [ErrorVariant],
    /// What it needs of the host's [`State`](super::State).
    pub needs: fn() -> Vec<Need>,
    /// Says whether these arguments fit its parameters.
    pub check: fn(&Data) -> Result<(), Failure>,
    /// Says whether it can have answered so.
    pub check_answer: fn(&Result<Data, Failure>) -> Result<(), Failure>,
    /// JSON schema of its arguments.
    pub input_schema: fn() -> Value,
    /// JSON schema of its result.
    pub output_schema: fn() -> Value,
}

/// Where a task runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// The host and `export --tasks` choose.
    Any,
    /// An activity worker.
    Activity,
    /// The Lambda function of this name or ARN.
    Lambda(&'static str),
}

/// A place in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// File, as the compiler has it.
    pub file: &'static str,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}
