//! What is handed over: Rust tokens that run the workflow and that construct its definition.

pub(crate) mod data;
pub(crate) mod definition;
pub(crate) mod task;
pub(crate) mod task_error;
