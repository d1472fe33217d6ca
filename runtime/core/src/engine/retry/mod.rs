//! Which retriers and catchers take a failure, and how long a retry waits.

use crate::{
    asl::{Catcher, Retrier, State},
    program::names,
    query::random::Random,
};
use std::time::Duration;

/// Where a failure came from: it decides which names match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A task answered so, or children failed.
    Step,
    /// A task sent no heartbeat.
    Heartbeat,
    /// The state itself: an expression or a Fail.
    State,
    /// Nothing may retry or catch it at this state: a limit, or a catcher that failed itself.
    Final,
}

/// What a state does about a failure of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Handling {
    /// Index of the retrier that names the error.
    pub retrier: Option<usize>,
    /// How long to wait before the retry; none if that retrier is exhausted.
    pub delay: Option<Duration>,
    /// Index of the catcher that takes the failure if it is not retried.
    pub catcher: Option<usize>,
}

impl Handling {
    /// What a state does about an error of its step, or of the state itself, when the retrier that
    /// names it has been used `retries` times.
    pub fn of_error(state: &State, error: Option<&str>, retries: u32, seed: u64) -> Self {
        let error = match error {
            // What silence is called where it happens, and how it is shown.
            Some(names::HEARTBEAT_TIMEOUT) => (Some(names::TIMEOUT), Origin::Heartbeat),
            error => (error, Origin::Step),
        };
        decide(Some(state), error, |_| retries, &Random::new(seed))
    }
}

/// Decides what a state does about an error; `used` says how often a retrier has been used.
pub(super) fn decide(
    state: Option<&State>,
    (error, origin): (Option<&str>, Origin),
    used: impl Fn(usize) -> u32,
    random: &Random,
) -> Handling {
    let (retriers, catchers) = policies(state);
    let retrier = retriers.iter().position(|it| matches(&it.error_equals, error, origin));
    let delay = retrier.and_then(|index| delay(retriers.get(index)?, used(index), random));
    let catcher = catchers.iter().position(|it| matches(&it.error_equals, error, origin));
    Handling { retrier, delay, catcher }
}

/// Returns whether a retrier or catcher with these names takes the error.
///
/// Recorded on AWS: `States.ALL` does take a task's own `States.DataLimitExceeded`, and nothing
/// takes `States.Runtime`, not even its name.
pub(super) fn matches(error_equals: &[String], error: Option<&str>, origin: Origin) -> bool {
    if origin == Origin::Final || error == Some(names::RUNTIME) {
        return false;
    }
    let timeout = error == Some(names::TIMEOUT);
    let query = error == Some(names::QUERY_EVALUATION_ERROR);
    error_equals.iter().any(|name| match name.as_str() {
        names::ALL => true,
        names::TASK_FAILED => !timeout && !query,
        names::HEARTBEAT_TIMEOUT => origin == Origin::Heartbeat,
        name => error == Some(name),
    })
}

/// Returns the Retry and the Catch of a state.
fn policies(state: Option<&State>) -> (&[Retrier], &[Catcher]) {
    match state {
        Some(State::Task(task)) => (&task.retry, &task.catch),
        Some(State::Parallel(parallel)) => (&parallel.retry, &parallel.catch),
        Some(State::Map(map)) => (&map.retry, &map.catch),
        _ => (&[], &[]),
    }
}

/// Returns how long to wait before the retry after `done` earlier ones, or `None` if the retrier
/// is exhausted.
pub(super) fn delay(retrier: &Retrier, done: u32, random: &Random) -> Option<Duration> {
    if u64::from(done) >= retrier.max_attempts.unwrap_or(3) {
        return None;
    }
    let interval = retrier.interval_seconds.unwrap_or(1);
    let rate = retrier.backoff_rate.unwrap_or(2.0);
    let exponent = i32::try_from(done).unwrap_or(i32::MAX);
    #[expect(clippy::cast_precision_loss, reason = "intervals are far below 2^52 seconds")]
    let grown = interval as f64 * rate.powi(exponent);
    #[expect(clippy::cast_precision_loss, reason = "delays are far below 2^52 seconds")]
    let longest = retrier.max_delay_seconds.map_or(LONGEST_DELAY, |most| most as f64);
    let delay = Duration::try_from_secs_f64(grown.min(longest).min(LONGEST_DELAY))
        .unwrap_or(Duration::ZERO);
    if retrier.jitter_strategy.as_deref() != Some("FULL") {
        return Some(delay);
    }
    let most = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
    Some(Duration::from_millis(random.below(most.saturating_add(1))))
}

/// The language's largest `MaxDelaySeconds`, in seconds: a year. Keeps timestamps in range.
const LONGEST_DELAY: f64 = 31_622_400.0;

#[cfg(test)]
mod tests;
