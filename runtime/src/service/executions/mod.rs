//! Executions as clients of the service name and see them: by ARN, with the service's refusals.

mod read;
mod start;
mod tokens;

pub use read::{Definition, ListExecutions, Listed, ListedExecution};
pub use start::{StartExecution, Started, Synchronous};
