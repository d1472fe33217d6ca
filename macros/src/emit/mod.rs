//! What is handed over: Rust tokens that run the workflow and that construct its definition.

pub(crate) mod asked;
pub(crate) mod checked;
pub(crate) mod data;
pub(crate) mod definition;
pub(crate) mod native;
mod returned;
pub(crate) mod expression;
pub(crate) mod task;
pub(crate) mod task_error;
pub(crate) mod unawaited;
pub(crate) mod workflow;
