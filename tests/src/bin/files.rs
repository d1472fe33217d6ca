//! The plain `stepwright` binary, for the tests of this package.

use std::process::ExitCode;

fn main() -> ExitCode {
    stepwright::cli::main()
}
