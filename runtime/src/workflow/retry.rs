//! When and how often a failed task is repeated.

use crate::asl;
use indexmap::IndexSet;
use std::{borrow::Cow, time::Duration};

/// A retrier: which errors, how often, after what pauses.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Error names; empty means every failure of a task and every timeout, but no failing
    /// expression.
    pub on: Cow<'static, [Cow<'static, str>]>,
    /// Pause before the first retry; whole seconds, at least one.
    pub interval: Option<Duration>,
    /// How many retries there are at most, beyond the first attempt.
    pub max_attempts: Option<u32>,
    /// Each pause is so many times the one before.
    pub backoff: Option<f64>,
    /// No pause is longer.
    pub max_delay: Option<Duration>,
    /// Whether pauses are random.
    pub jitter: Option<Jitter>,
}

/// Whether pauses are random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// Pauses are as computed.
    None,
    /// A pause is anything between nothing and what was computed.
    Full,
}

/// Retriers of a call: from a number, one [`Retry`] or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Retries(pub Vec<Retry>);

impl Retry {
    /// Retries every failure of a task and every timeout.
    pub const fn any() -> Self {
        Self {
            on: Cow::Borrowed(&[]),
            interval: None,
            max_attempts: None,
            backoff: None,
            max_delay: None,
            jitter: None,
        }
    }

    /// Retries the errors of these names.
    pub fn on<N: Into<Cow<'static, str>>>(names: impl IntoIterator<Item = N>) -> Self {
        Self { on: names.into_iter().map(Into::into).collect(), ..Self::any() }
    }

    /// Retries at most so often, beyond the first attempt.
    #[must_use]
    pub const fn max_attempts(mut self, retries: u32) -> Self {
        self.max_attempts = Some(retries);
        self
    }

    /// Pauses so long before the first retry.
    #[must_use]
    pub const fn interval(mut self, pause: Duration) -> Self {
        self.interval = Some(pause);
        self
    }

    /// Makes each pause so many times the one before.
    #[must_use]
    pub const fn backoff(mut self, factor: f64) -> Self {
        self.backoff = Some(factor);
        self
    }

    /// Lets no pause be longer.
    #[must_use]
    pub const fn max_delay(mut self, limit: Duration) -> Self {
        self.max_delay = Some(limit);
        self
    }

    /// Makes pauses random, or not.
    #[must_use]
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = Some(jitter);
        self
    }

    /// The retrier of a definition.
    pub fn to_asl(&self) -> asl::Retrier {
        asl::Retrier {
            comment: None,
            error_equals: if self.on.is_empty() {
                super::error::ANY_FAILURE.iter().map(|&name| name.to_owned()).collect()
            } else {
                let names: IndexSet<_> = self.on.iter().collect();
                names.into_iter().map(|name| name.clone().into_owned()).collect()
            },
            interval_seconds: self.interval.map(whole_seconds),
            max_attempts: self.max_attempts.map(u64::from),
            backoff_rate: self.backoff,
            max_delay_seconds: self.max_delay.map(whole_seconds),
            jitter_strategy: self.jitter.map(|jitter| match jitter {
                Jitter::None => "NONE".to_owned(),
                Jitter::Full => "FULL".to_owned(),
            }),
        }
    }
}

/// Whole seconds, rounded up, as every duration of a definition.
pub fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

impl From<u32> for Retries {
    fn from(retries: u32) -> Self {
        Self(vec![Retry::any().max_attempts(retries)])
    }
}

impl From<Retry> for Retries {
    fn from(retry: Retry) -> Self {
        Self(vec![retry])
    }
}

impl From<Vec<Retry>> for Retries {
    fn from(retries: Vec<Retry>) -> Self {
        Self(retries)
    }
}

impl<const N: usize> From<[Retry; N]> for Retries {
    fn from(retries: [Retry; N]) -> Self {
        Self(retries.into())
    }
}
