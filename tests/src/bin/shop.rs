//! The command line of the small shop.

use std::process::ExitCode;
use stepwright_tests::shop::buy;

fn main() -> ExitCode {
    stepwright::App::new().workflow::<buy>().run()
}
