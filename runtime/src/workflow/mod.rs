//! What a `#[workflow]` and a `#[task]` are to the rest: their traits, the values they may keep,
//! the calls that a workflow awaits, and what a task is given.

mod answer;
pub mod arguments;
mod call;
mod child;
mod context;
pub mod conversion;
pub mod definition;
mod durable;
mod error;
pub mod failing;
mod join;
pub mod json;
pub mod jsonata;
mod kept;
mod misnamed;
pub mod native;
pub mod ops;
mod retry;
pub mod signature;
mod shape;
mod sleep;
mod state;
mod task;
pub mod unawaited;

pub use call::{Call, Callee, Def, DurableCall, Kind, Op, Options, Register, Timer, callee};
pub use context::{Cancellation, Heartbeat, TaskContext, TaskFacts};
pub use durable::{Argument, Durable, NotNull, Part, Returned, schema};
pub use error::{
    ANY_FAILURE, ErrorKind, ErrorVariant, FromError, TIMEOUTS, TaskError, are_unique, errors_named,
};
pub use jiff::Timestamp;
pub use join::{join, join_all, try_join, try_join_all};
pub use json::{Mismatch, Numbers, Refused};
pub use jsonata::look::Look;
pub use misnamed::must_be_error;
pub use retry::{Jitter, Retries, Retry, whole_seconds};
pub use shape::{Fallback, Field, Fields, Later, Presence, Shape, Tagging, Variant, has_member};
pub use sleep::{Sleep, SleepUntil, sleep, sleep_until};
pub use state::{Need, State};
pub use task::{Binding, RunTask, Source, Task, TaskDef, TaskDescriptor};

use crate::program::{Failure, Program};
use serde_json::Value;
use std::{any::TypeId, sync::Arc, time::Duration};

/// A function marked `#[workflow]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a workflow",
    label = "not marked `#[workflow]`",
    note = "only functions marked `#[workflow]` are run by themselves; let a workflow await a task"
)]
pub trait Workflow: Def {
    /// What it is started with: the parameter's type, a tuple of several, `()` for none.
    type Input: 'static;

    /// What it returns. That it can be saved is checked in the signature.
    type Output: 'static;

    /// What the rest needs to know of it.
    fn workflow() -> WorkflowDef;

    /// What an execution returned that succeeded with this.
    fn returned(output: &Value) -> Result<Self::Output, Mismatch>;

    /// What an execution returned that failed so; `None` where its error type can't hold it.
    fn failed(failure: &Failure) -> Option<Self::Output>;
}

/// A workflow as the registry holds it.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowDef {
    /// Its name: the function's, or the attribute's `name`.
    pub name: &'static str,
    /// The marker type, to tell two workflows of one name apart.
    pub id: fn() -> TypeId,
    /// Where its function stands.
    pub source: Source,
    /// Where each state is written, in its file: name, line and column, both from 1.
    pub states: &'static [(&'static str, u32, u32)],
    /// Names of its parameters: the input is the only one's value, or an object of them.
    pub params: &'static [&'static str],
    /// How the JSON of each parameter looks.
    pub looks: &'static [Later],
    /// Makes its program. Called once.
    pub program: fn() -> Arc<dyn Program>,
    /// Registers what it calls.
    pub calls: fn(&mut dyn Register),
    /// Says whether a value fits its parameters, with the path of what does not.
    pub check_input: fn(&Value) -> Result<(), Mismatch>,
    /// JSON schema of its input.
    pub input_schema: fn() -> Value,
    /// JSON schemas of what its frames keep, and where each is read.
    pub shapes: fn() -> Value,
    /// JSON schema of what it returns.
    pub output_schema: fn() -> Value,
    /// Names of the errors that it can fail with.
    pub errors: fn() -> &'static [ErrorVariant],
    /// Bounds an execution.
    pub timeout: Option<Duration>,
    /// Whether it can be exported.
    pub export: bool,
}
