//! Executions as clients of the service name and see them: by ARN, with the service's refusals.

mod map_run;
mod read;
mod start;
mod tokens;

pub use crate::engine::execution::Counts;
pub use map_run::{MapRun, MapRunState};
pub use read::{Definition, ListExecutions, Listed, ListedExecution, Of};
pub use start::{StartExecution, Started, Synchronous};
