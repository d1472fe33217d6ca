//! Every bound in one place, each with its reason.

use std::time::Duration;

/// What may run and wait at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Tasks that run at a time; more wait their turn, fairly between executions.
    pub running_tasks: usize,
    /// Starts that wait for their first commit at a time; further callers wait.
    pub pending_starts: usize,
    /// Executions in memory; more that are due wait on disk.
    pub in_memory: usize,
    /// Executions that have not ended, waiting ones included; no more are started.
    pub open: u64,
    /// Executions that wait for one another, each for the one that it started; none is started that
    /// would be one more.
    pub nested: u32,
    /// How long [`shutdown`](crate::service::Engine::shutdown) waits for running tasks.
    pub grace: Duration,
    /// Payloads and histories, as AWS limits them or not at all.
    pub execution: crate::engine::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // enough to keep slow calls over the network going, few enough for their sockets
            running_tasks: 1_024,
            // some commits' worth: more would only be memory
            pending_starts: 4_096,
            // a few hundred megabytes of small executions
            in_memory: 100_000,
            // AWS's own: what starts more and more executions comes to an end
            open: 1_000_000,
            // far more than anyone nests by intention, and few enough to fail within a second
            nested: 1_000,
            grace: Duration::from_secs(10),
            execution: crate::engine::Limits::AWS,
        }
    }
}
