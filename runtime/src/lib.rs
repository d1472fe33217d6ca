//! Ordinary async Rust functions as checked, durable state machines.
//!
//! The modules stand in the order of the data's way; each imports only those above it
//! (`docs/architecture.md`).

pub mod asl;
pub mod catalog;
#[cfg(all(feature = "cli", feature = "sqlite"))]
pub mod cli;
pub mod driver;
pub mod engine;
pub mod export;
pub mod prelude;
pub mod program;
pub mod query;
pub mod registry;
pub mod service;
pub mod store;
pub mod testing;
pub mod workflow;

#[doc(hidden)]
pub mod __private;

#[cfg(all(feature = "cli", feature = "sqlite"))]
pub use cli::App;
pub use program::Failure;
pub use service::{Engine, Handle};
pub use stepwright_macros::{TaskError, data, task, workflow};
pub use workflow::{Durable, Retry, State, Task, TaskContext, TaskError, Timestamp, Workflow};
