//! What is handed over: Rust tokens that run the workflow and that construct its definition.

pub(crate) mod definition;
pub(crate) mod task;
