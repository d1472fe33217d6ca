//! The impure shell around the engine: threads, tasks, timers, commits.

pub mod clock;
mod limits;

pub use limits::Limits;

use crate::{
    program::{Data, Failure},
    workflow::TaskContext,
};
use futures::future::BoxFuture;
use std::sync::Arc;

/// Runs a task: a registered one, or what stands in for it.
pub type TaskFunction =
    Arc<dyn Fn(Data, TaskContext) -> BoxFuture<'static, Result<Data, Failure>> + Send + Sync>;
