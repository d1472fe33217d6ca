//! Random texts for everything that reads texts of strangers: nothing may panic, hang, or take
//! time out of proportion.
//!
//! One file per target. A target says what to begin with and how to run one text; the mutations are
//! shared. Every text follows from the seed and its number, so that a failure can be run again:
//! `cargo run --release -p stepwright-tests --bin fuzz -- TARGET --seed 1 --at NUMBER`.

mod asl;
mod mutate;
mod random;

use mutate::Mutator;
use random::Random;
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

/// Something that reads texts.
pub trait Target: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;
    /// Texts to begin with: good ones, and ones with a mistake.
    fn seeds(&self) -> Vec<String>;
    /// Words that mean something to it, to be put anywhere.
    fn words(&self) -> Vec<String>;
    /// Whether the texts are JSON, whose nodes can be moved about.
    fn is_json(&self) -> bool;
    /// Runs one text. What it returns as an error is a failure, as a panic is.
    ///
    /// # Errors
    /// Whatever should hold and does not.
    fn run(&self, text: &str) -> Result<(), String>;
}

/// Every target.
pub fn targets() -> Vec<Box<dyn Target>> {
    vec![Box::new(asl::Asl)]
}

/// A text on which a target failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The number of the text.
    pub at: u64,
    /// The text.
    pub text: String,
    /// What went wrong.
    pub reason: String,
}

/// The texts of one target.
pub struct Texts<'t> {
    target: &'t dyn Target,
    mutator: Mutator,
    seed: u64,
}

impl std::fmt::Debug for Texts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").field("seed", &self.seed).finish_non_exhaustive()
    }
}

impl<'t> Texts<'t> {
    /// The texts of a target that follow from a seed.
    pub fn new(target: &'t dyn Target, seed: u64) -> Self {
        let mutator = Mutator::new(target.seeds(), target.words(), target.is_json());
        Self { target, mutator, seed }
    }

    /// The text of that number.
    pub fn text(&self, at: u64) -> String {
        self.mutator.text(&mut Random::new(self.seed, at))
    }

    /// Runs the text of that number, which may take `limit` for each 64 KiB begun.
    ///
    /// # Errors
    /// The target panicked, complained or took too long.
    pub fn run(&self, at: u64, limit: Duration) -> Result<(), Failure> {
        let text = self.text(at);
        let began = now();
        let run = AssertUnwindSafe(|| self.target.run(&text));
        let outcome = catch_unwind(run).unwrap_or_else(|panic| Err(message(&*panic)));
        let took = began.elapsed();
        let share = u32::try_from(text.len() / 65_536 + 1).unwrap_or(u32::MAX);
        let reason = match outcome {
            Err(reason) => reason,
            Ok(()) if took > limit * share => format!("it took {took:?}"),
            Ok(()) => return Ok(()),
        };
        Err(Failure { at, text, reason })
    }
}

#[expect(clippy::disallowed_methods, reason = "what is measured here is the real time")]
fn now() -> Instant {
    Instant::now()
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("it panicked: {}", text.unwrap_or("without a text"))
}
