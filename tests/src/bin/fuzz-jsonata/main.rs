//! Throws made-up things at the parts that read what others write: `fuzz-jsonata jsonata SEED SECONDS`. The
//! same seed makes the same things. A target fails by panicking, and says first what it tried.

mod jsonata;

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [target, seed, seconds] = args.as_slice() else { return ExitCode::FAILURE };
    let (Ok(seed), Ok(seconds)) = (seed.parse(), seconds.parse()) else {
        return ExitCode::FAILURE;
    };
    match target.as_str() {
        "jsonata" => jsonata::run(seed, seconds),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}
