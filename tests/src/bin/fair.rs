//! The command line of the fair.

use std::process::ExitCode;
use stepwright_tests::fair::{draws, family, outing, prize, queue, rest, ride};

fn main() -> ExitCode {
    let app = stepwright::App::new().workflow::<draws>().workflow::<family>();
    let app = app.workflow::<prize>().workflow::<queue>().workflow::<ride>();
    app.workflow::<outing>().workflow::<rest>().version("1.2.3").run()
}
