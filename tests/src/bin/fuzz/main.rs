//! Feeds random inputs to what reads inputs of strangers, until time is up or something breaks.
//!
//! `fuzz TARGET --seconds 600 --seed 1` runs the inputs of a seed in a process of their own, which
//! may do what it likes: hang, overflow its stack, or take all memory. `--at NUMBER` runs one of them,
//! `--input FILE` one that was printed.

mod options;
mod watch;

use options::Options;
use std::{
    fs::File,
    os::unix::fs::FileExt as _,
    path::Path,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};
use stepwright_tests::fuzz::{Failure, Inputs, Target, remember_panics, targets};

/// How long a smaller input is looked for.
const SHRINKING: Duration = Duration::from_mins(1);

#[expect(clippy::print_stderr, reason = "this is what it is for")]
fn main() -> ExitCode {
    let options = match Options::read() {
        Ok(options) => options,
        Err(usage) => {
            eprintln!("{usage}");
            return ExitCode::from(2);
        }
    };
    let all = targets();
    let is_chosen = |name| options.target == "all" || options.target == name;
    let chosen: Vec<_> = all.iter().filter(|target| is_chosen(target.name())).collect();
    if chosen.is_empty() {
        let names: Vec<_> = all.iter().map(|target| target.name()).collect();
        eprintln!("no target {}; there are {}, and all", options.target, names.join(", "));
        return ExitCode::from(2);
    }
    let runs_here = options.note.is_some() || options.at.is_some() || options.input.is_some();
    let codes = chosen.into_iter().map(|target| {
        if runs_here { work(&**target, &options) } else { watch::watch(&**target, &options) }
    });
    codes.reduce(worse).unwrap_or(ExitCode::SUCCESS)
}

fn worse(one: ExitCode, other: ExitCode) -> ExitCode {
    if one == ExitCode::SUCCESS { other } else { one }
}

/// Runs inputs in a thread like those that the driver has: with a stack of two mebibytes.
#[expect(clippy::print_stderr, reason = "this is what it is for")]
fn work(target: &dyn Target, options: &Options) -> ExitCode {
    let outcome = thread::scope(|scope| {
        let worker = scope.spawn(|| {
            remember_panics();
            fuzz(&Inputs::new(target, options.seed), options)
        });
        worker.join()
    });
    match outcome {
        Ok(Ok(count)) => {
            eprintln!("{}: {count} inputs, seed {}", target.name(), options.seed);
            ExitCode::SUCCESS
        }
        Ok(Err(Failure { at, input, reason })) => {
            eprintln!("{}: {reason}\nseed {}, --at {at}\n{input}", target.name(), options.seed);
            ExitCode::FAILURE
        }
        Err(_panic) => ExitCode::FAILURE,
    }
}

#[expect(clippy::disallowed_methods, reason = "the time to stop at is real")]
fn fuzz(inputs: &Inputs<'_>, options: &Options) -> Result<u64, Failure> {
    let shrunk = |failure| inputs.shrunk(failure, Instant::now() + SHRINKING);
    if let Some(path) = &options.input {
        return one(inputs, path).map(|()| 1);
    }
    if let Some(at) = options.at {
        return inputs.run(at).map_err(shrunk).map(|()| 1);
    }
    let note = options.note.as_ref().and_then(|note| File::options().write(true).open(note).ok());
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let mut at = 0_u64;
    while Instant::now() < end {
        if let Some(note) = &note {
            let _written = note.write_all_at(&at.to_le_bytes(), 0);
        }
        inputs.run(at).map_err(shrunk)?;
        at += 1;
    }
    Ok(at)
}

/// Runs an input that is in a file.
fn one(inputs: &Inputs<'_>, path: &Path) -> Result<(), Failure> {
    let read = std::fs::read_to_string(path);
    let input = read.map_err(|error| Failure {
        at: 0,
        input: String::new(),
        reason: format!("{}: {error}", path.display()),
    })?;
    let input = input.strip_suffix('\n').unwrap_or(&input).to_owned();
    inputs.check(&input).map_err(|reason| Failure { at: 0, input, reason })
}
