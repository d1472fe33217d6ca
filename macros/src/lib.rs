//! Procedural macros of stepwright: `#[data]`, `#[derive(TaskError)]`, `#[task]` and `#[workflow]`.
