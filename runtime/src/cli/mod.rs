//! The command line of a binary with workflows ([`App`]), and of the plain `stepwright` ([`main`]).
//!
//! Results go to standard output, everything else to standard error; both only through `out`. The
//! exit codes are listed in [`Exit`].

mod app;
mod args;
mod check;
mod ended;
mod error;
mod export;
mod fields;
mod files;
mod history;
mod home;
mod input;
mod list;
mod machine;
mod out;
mod progress;
mod render;
mod result;
mod run;
#[cfg(feature = "server")]
mod serve;
mod shape;
mod signals;
mod states;
mod stop;
mod text;
mod watch;
mod which;

pub use app::App;
pub use error::Exit;
pub use files::main;

/// A number with what is counted.
fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
