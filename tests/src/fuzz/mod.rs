//! Random inputs for everything that reads what strangers wrote, and for the engine: nothing may
//! panic, hang, take time out of proportion, or break what it promises.
//!
//! One file per target. A target makes an input, always a text, and runs it. Every input follows
//! from the seed and its number, so that a failure can be run again:
//! `cargo run --release -p stepwright-tests --bin fuzz -- TARGET --seed 1 --at NUMBER`.

mod asl;
mod document;
mod engine;
mod intrinsics;
mod jsonata;
mod jsonpath;
mod mutate;
mod paths;
mod shrink;
mod worked;

pub use shrink::shrink;
pub use worked::{worked, worked_in_all};

use crate::random::Random;
use std::{
    any::Any,
    cell::RefCell,
    panic::{self, AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

/// Something that reads inputs.
pub trait Target: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// Makes an input.
    fn input(&self, random: &mut Random) -> String;

    /// Runs one input. What it returns as an error is a failure, as a panic is. Its text up to the
    /// first colon says what kind of failure it is.
    ///
    /// # Errors
    /// Whatever should hold and does not.
    fn run(&self, input: &str) -> Result<(), String>;

    /// The longest that one input may take in an optimised build.
    fn limit(&self) -> Duration {
        Duration::from_secs(2)
    }
}

/// Every target.
pub fn targets() -> Vec<Box<dyn Target>> {
    vec![
        Box::new(asl::Asl::new()),
        Box::new(jsonpath::JsonPath::new()),
        Box::new(intrinsics::Intrinsics::new()),
        Box::new(jsonata::Jsonata::new()),
        Box::new(engine::Engine),
    ]
}

/// An input on which a target failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The number of the input.
    pub at: u64,
    /// The input.
    pub input: String,
    /// What went wrong.
    pub reason: String,
}

/// The inputs of one target that follow from a seed.
pub struct Inputs<'t> {
    target: &'t dyn Target,
    seed: u64,
    limit: Duration,
}

impl std::fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inputs").field("seed", &self.seed).finish_non_exhaustive()
    }
}

impl<'t> Inputs<'t> {
    /// The inputs of a target that follow from a seed.
    pub fn new(target: &'t dyn Target, seed: u64) -> Self {
        Self { target, seed, limit: target.limit() }
    }

    /// The same with more time: for a build that is not optimised.
    #[must_use]
    pub fn patient(self) -> Self {
        Self { limit: self.limit * 10, ..self }
    }

    /// The input of that number.
    pub fn input(&self, at: u64) -> String {
        self.target.input(&mut Random::of(self.seed, at))
    }

    /// Runs the input of that number.
    ///
    /// # Errors
    /// The target panicked, complained or took too long.
    pub fn run(&self, at: u64) -> Result<(), Failure> {
        let input = self.input(at);
        self.check(&input).map_err(|reason| Failure { at, input, reason })
    }

    /// Runs an input, wherever it comes from.
    ///
    /// # Errors
    /// What went wrong.
    pub fn check(&self, input: &str) -> Result<(), String> {
        let began = now();
        self.attempt(input)?;
        if began.elapsed() <= self.limit {
            return Ok(());
        }
        // Others may have had the processor: what counts is how long this thread had it.
        let (began, before) = (now(), worked(began));
        self.attempt(input)?;
        let took = worked(began).saturating_sub(before);
        if took > self.limit { Err(format!("it takes too long: {took:?}")) } else { Ok(()) }
    }

    fn attempt(&self, input: &str) -> Result<(), String> {
        LAST_PANIC.take();
        let run = AssertUnwindSafe(|| self.target.run(input));
        let outcome = catch_unwind(run).unwrap_or_else(|panic| Err(message(&*panic)));
        // A panic that somebody caught is one all the same, unless a dependency had it.
        match (outcome, LAST_PANIC.take()) {
            (Ok(()), Some(panic)) if !panic.is_foreign => Err(format!("it panicked: {}", panic.at)),
            (Err(reason), Some(panic)) => Err(format!("{reason} ({})", panic.at)),
            (outcome, _) => outcome,
        }
    }

    /// The same failure on a smaller input, looked for until `until`.
    #[must_use]
    pub fn shrunk(&self, failure: Failure, until: Instant) -> Failure {
        let wanted = kind(&failure.reason);
        let mut reason = failure.reason;
        let input = shrink(&failure.input, |smaller| {
            let found = (now() < until).then(|| self.attempt(smaller).err()).flatten();
            let found = found.filter(|found| kind(found) == wanted);
            found.map(|found| reason = found).is_some()
        });
        Failure { input, reason, ..failure }
    }
}

/// What a reason says without names and numbers: two of one kind are one failure.
fn kind(reason: &str) -> String {
    let (panicked, said) = match reason.strip_prefix("it panicked: ") {
        Some(said) => ("it panicked", said),
        None => ("", reason),
    };
    let said = said.split(':').next().unwrap_or_default();
    let words = panicked.split(' ').chain(said.split_whitespace());
    words.filter(|word| word.chars().all(char::is_alphabetic)).collect()
}

/// Where a panic happened.
struct PanicPlace {
    at: String,
    /// Whether in a crate that is not ours.
    is_foreign: bool,
}

thread_local! {
    static LAST_PANIC: RefCell<Option<PanicPlace>> = const { RefCell::new(None) };
}

/// Keeps panics from being printed, and remembers where they were: also those that are caught on
/// the way. For a process that does nothing else.
pub fn remember_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|location| PanicPlace {
            at: location.to_string(),
            is_foreign: location.file().starts_with('/'),
        });
        LAST_PANIC.set(place);
    }));
}

#[expect(clippy::disallowed_methods, reason = "what is measured here is the real time")]
fn now() -> Instant {
    Instant::now()
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.map_or_else(|| "it panicked".to_owned(), |text| format!("it panicked: {text}"))
}
