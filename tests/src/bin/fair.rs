//! The command line of the fair.

use std::process::ExitCode;
use stepwright_tests::fair::{draws, family, prize, queue, ride};

fn main() -> ExitCode {
    let app = stepwright::App::new().workflow::<draws>().workflow::<family>();
    app.workflow::<prize>().workflow::<queue>().workflow::<ride>().run()
}
