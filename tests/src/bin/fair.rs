//! The command line of the fair.

use std::process::ExitCode;
use stepwright_tests::fair::{draws, family, prize, ride};

fn main() -> ExitCode {
    let app = stepwright::App::new();
    app.workflow::<draws>().workflow::<family>().workflow::<prize>().workflow::<ride>().run()
}
