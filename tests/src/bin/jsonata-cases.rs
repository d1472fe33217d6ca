//! Prints made-up expressions with their variables and what our evaluator says to them, a line of
//! JSON each, for `tests/npm/jsonata.mjs`: `jsonata-cases SEED COUNT`.

use std::{env, io::Write as _, process::ExitCode};
use stepwright_tests::jsonata::cases;

fn main() -> ExitCode {
    let numbers: Vec<u64> = env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let [seed, count] = numbers[..] else { return ExitCode::FAILURE };
    let mut out = std::io::stdout().lock();
    for case in cases(seed, usize::try_from(count).unwrap_or(usize::MAX)) {
        if writeln!(out, "{case}").is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
