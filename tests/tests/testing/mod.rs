//! The testing kit: the world in memory.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "values are made for the call, and a task is async whatever it does"
)]

mod equivalent;
mod world;
