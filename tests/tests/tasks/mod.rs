//! What `#[data]`, `#[derive(TaskError)]` and `#[task]` make, without an engine.

mod calls;
mod data;
mod errors;
mod registered;
