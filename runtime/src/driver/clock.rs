//! The only place where time, ids and randomness enter: real ones and simulated ones.
//!
//! Invariant: nothing else in the crate asks the operating system for the time or for entropy, so
//! a seed and a simulated clock repeat a run exactly.

use crate::query::random::Random;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// What a thread without work does until the next deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// It waits so long for news, in real time, and looks again.
    For(Duration),
    /// It looks again at once: simulated time has jumped to the deadline.
    Again,
    /// It waits for news without limit: simulated time moves by itself only when told to.
    UntilWoken,
}

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time now, UTC.
    fn now(&self) -> Timestamp;

    /// A time that only passes, from wherever it counts: for measuring how long something takes.
    fn steady(&self) -> Duration;

    /// What to do until `due`. `idle` says that nothing runs whose end could come first.
    fn rest(&self, due: Option<Timestamp>, idle: Idle) -> Rest;

    /// Keeps a function that is called whenever the time moves otherwise than by passing.
    fn on_jump(&self, wake: Box<dyn Fn() + Send + Sync>);
}

/// Whether work is under way that time must not overtake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// Nothing runs: only time can bring news.
    Yes,
    /// Tasks or commits are under way.
    No,
}

/// Makes up identifiers and seeds.
pub trait Entropy: Send + Sync + fmt::Debug {
    /// 64 random bits.
    fn seed(&self) -> u64;

    /// A random (version 4) UUID.
    fn uuid(&self) -> Uuid {
        let high = u128::from(self.seed());
        let low = u128::from(self.seed());
        uuid::Builder::from_random_bytes((high << 64 | low).to_be_bytes()).into_uuid()
    }
}

/// The operating system's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

/// A suspended or corrected machine must not oversleep a deadline by more than this.
const RECHECK: Duration = Duration::from_secs(1);

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where time enters")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is where time enters")]
    fn steady(&self) -> Duration {
        static BEGIN: OnceLock<Instant> = OnceLock::new();
        BEGIN.get_or_init(Instant::now).elapsed()
    }

    fn rest(&self, due: Option<Timestamp>, _idle: Idle) -> Rest {
        let left = due.map_or(RECHECK, |due| {
            Duration::try_from(due.duration_since(self.now())).unwrap_or(Duration::ZERO)
        });
        Rest::For(left.min(RECHECK))
    }

    fn on_jump(&self, _wake: Box<dyn Fn() + Send + Sync>) {}
}

/// The operating system's randomness.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn seed(&self) -> u64 {
        let (high, low) = self.uuid().as_u64_pair();
        // Four bits of the upper and two of the lower half of a version 4 UUID are fixed.
        high.rotate_left(32) ^ low
    }

    #[expect(clippy::disallowed_methods, reason = "this is where ids enter")]
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }
}

/// A clock that tests move, or that jumps to the next deadline whenever nothing runs.
pub struct SimulatedClock {
    now: Mutex<Timestamp>,
    pace: Pace,
    wakers: Mutex<Vec<Box<dyn Fn() + Send + Sync>>>,
}

/// Who moves a simulated clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// The clock itself, from deadline to deadline.
    Automatic,
    /// The test.
    Manual,
}

impl SimulatedClock {
    /// A clock that jumps to the next deadline as soon as nothing else can happen.
    #[must_use]
    pub fn automatic(start: Timestamp) -> Self {
        Self { now: Mutex::new(start), pace: Pace::Automatic, wakers: Mutex::default() }
    }

    /// A clock that stands still until [`advance`](Self::advance).
    #[must_use]
    pub fn manual(start: Timestamp) -> Self {
        Self { now: Mutex::new(start), pace: Pace::Manual, wakers: Mutex::default() }
    }

    /// Moves the time forward and wakes whoever waits for it.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        {
            let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
            *now = now.checked_add(by).unwrap_or(Timestamp::MAX);
        }
        for wake in &*self.wakers.lock().unwrap_or_else(PoisonError::into_inner) {
            wake();
        }
    }
}

impl fmt::Debug for SimulatedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedClock")
            .field("now", &self.now)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn steady(&self) -> Duration {
        let since = self.now().duration_since(Timestamp::UNIX_EPOCH);
        Duration::try_from(since).unwrap_or_default()
    }

    fn rest(&self, due: Option<Timestamp>, idle: Idle) -> Rest {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if due.is_some_and(|due| due <= *now) {
            return Rest::Again;
        }
        let (Some(due), Idle::Yes, Pace::Automatic) = (due, idle, self.pace) else {
            return Rest::UntilWoken;
        };
        *now = due.max(*now);
        Rest::Again
    }

    fn on_jump(&self, wake: Box<dyn Fn() + Send + Sync>) {
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner).push(wake);
    }
}

/// Numbers that follow from a seed.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<Random>);

impl SeededEntropy {
    /// Begins the sequence of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(Random::new(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn seed(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}
