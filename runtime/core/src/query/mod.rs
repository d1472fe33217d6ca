//! The query languages that say what the data does between states. Native Rust needs none of them.
//!
//! Nothing here knows states, executions or stores; values are JSON.

mod depth;
pub mod intrinsic;
pub(crate) mod java;
pub mod jsonata;
pub mod jsonpath;
pub mod payload;
mod pointer;
pub mod random;
