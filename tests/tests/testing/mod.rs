//! The testing kit: the world in memory.

#![expect(
    clippy::needless_pass_by_value,
    reason = "values are made for the call, and a test that cannot go on fails"
)]

mod equivalent;
mod world;
