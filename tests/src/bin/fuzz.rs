//! Feeds random texts to what reads texts of strangers, until time is up or something breaks.
//!
//! `cargo run --release -p stepwright-tests --bin fuzz -- asl --seconds 600 --seed 1`; with `--at`
//! one text is run again, and printed.

use std::{
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use stepwright_tests::fuzz::{Failure, Target, Texts, targets};

/// What one text may take for each 64 KiB, in an optimised build.
const LIMIT: Duration = Duration::from_secs(2);
/// After this the text counts as one that hangs.
const HANGS: Duration = Duration::from_mins(1);

/// What to do.
struct Options {
    target: String,
    seconds: u64,
    seed: u64,
    at: Option<u64>,
}

const USAGE: &str = "fuzz TARGET [--seconds N] [--seed N] [--at N]";

fn options() -> Result<Options, String> {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().ok_or(USAGE)?;
    let mut options = Options { target, seconds: 60, seed: 1, at: None };
    while let Some(name) = arguments.next() {
        let number = arguments.next().and_then(|number| number.parse().ok());
        let number = number.ok_or_else(|| format!("{name} wants a number"))?;
        match name.as_str() {
            "--seconds" => options.seconds = number,
            "--seed" => options.seed = number,
            "--at" => options.at = Some(number),
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(options)
}

#[expect(clippy::print_stderr, reason = "this is what it is for")]
fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(usage) => {
            eprintln!("{usage}");
            return ExitCode::from(2);
        }
    };
    let all = targets();
    let Some(target) = all.iter().find(|target| target.name() == options.target) else {
        let names: Vec<_> = all.iter().map(|target| target.name()).collect();
        eprintln!("no target {}; there are {}", options.target, names.join(", "));
        return ExitCode::from(2);
    };
    match fuzz(&**target, &options) {
        Ok(count) => {
            eprintln!(
                "{}: {count} texts in {} s, seed {}",
                target.name(),
                options.seconds,
                options.seed
            );
            ExitCode::SUCCESS
        }
        Err(Failure { at, text, reason }) => {
            eprintln!("{}: {reason}\nseed {}, --at {at}\n{text}", target.name(), options.seed);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the time to stop at is real")]
fn fuzz(target: &dyn Target, options: &Options) -> Result<u64, Failure> {
    let texts = Texts::new(target, options.seed);
    let running = Arc::new((AtomicU64::new(0), Mutex::new(Instant::now())));
    if let Some(at) = options.at {
        return texts.run(at, LIMIT).map(|()| 1);
    }
    watch(Arc::clone(&running));
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let mut at = 0;
    while Instant::now() < end {
        running.0.store(at, Ordering::Relaxed);
        *running.1.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        texts.run(at, LIMIT)?;
        at += 1;
    }
    Ok(at)
}

/// Ends the process if a text does not come to an end, and says which.
#[expect(clippy::print_stderr, reason = "there is nobody else left to say it")]
fn watch(running: Arc<(AtomicU64, Mutex<Instant>)>) {
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_secs(1));
            let began = *running.1.lock().unwrap_or_else(PoisonError::into_inner);
            if began.elapsed() > HANGS {
                eprintln!("text {} does not come to an end", running.0.load(Ordering::Relaxed));
                std::process::abort();
            }
        }
    });
}
