//! What answers tasks in place of what performs them elsewhere.

use crate::{
    engine::RunTask,
    program::{Data, Failure},
};
use std::fmt;

/// Answers every task that this process has no function for.
pub(crate) trait StandIn: fmt::Debug + Send + Sync {
    /// Why it has no answer for the task of this state, if it has none: the execution waits there.
    fn lacks(&self, state: &str, resource: &str) -> Option<String>;

    /// The answer. It is asked for in the order in which tasks were scheduled.
    fn answer(&self, task: &RunTask) -> Result<Data, Failure>;
}
