//! The command line of a binary with workflows ([`App`]), and of the plain `stepwright` ([`main`]).
//!
//! Results go to standard output, everything else to standard error; both only through `out`. The
//! exit codes are listed in [`Exit`].

mod app;
mod args;
mod check;
mod error;
mod export;
mod files;
mod history;
mod input;
mod list;
mod out;
mod progress;
mod render;
mod run;
#[cfg(feature = "server")]
mod serve;
mod stop;
mod which;

pub use app::App;
pub use error::Exit;
pub use files::main;
