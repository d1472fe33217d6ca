//! What a command ends with: its exit code, and one message on standard error.

use crate::{service, store};
use std::{io, process::ExitCode};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did what it was asked for; a workflow succeeded.
    Success = 0,
    /// The workflow failed, timed out or was stopped; `check` found errors.
    Failed = 1,
    /// The command line, a name or an input is wrong. Nothing has been changed.
    Usage = 2,
    /// The database cannot be used: in use, damaged, of a newer format, full.
    Store = 3,
    /// The program is put together wrongly: two tasks of one name, missing state.
    Setup = 4,
    /// The result cannot be written to standard output. What ran is recorded.
    Output = 5,
    /// Ctrl-C: as shells have it, 128 and the number of the signal. What ran is recorded.
    Interrupted = 130,
    /// The same for SIGTERM.
    Terminated = 143,
    /// Whoever read standard output has gone away, as `head` does: 128 and the number of SIGPIPE.
    ReaderGone = 141,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A command that did not do what it was asked for.
#[derive(Debug)]
pub(super) struct Error {
    pub(super) exit: Exit,
    /// One line, or more where several things are wrong.
    pub(super) message: String,
    /// A way out.
    pub(super) help: Option<String>,
}

impl Error {
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), help: None }
    }

    /// Standard output takes nothing more.
    pub(super) fn unwritten(error: &io::Error) -> Self {
        let gone = error.kind() == io::ErrorKind::BrokenPipe;
        let exit = if gone { Exit::ReaderGone } else { Exit::Output };
        Self { exit, message: format!("cannot write to standard output: {error}"), help: None }
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        let help = match &error {
            store::Error::Locked { .. } => Some(
                "wait for it, or name another database with --db; `list`, `history`, `result` and `stop` work meanwhile",
            ),
            store::Error::Foreign { .. } => Some("name another file with --db"),
            store::Error::Full { .. } | store::Error::Poisoned { .. } => {
                Some("make room and give the same command again: it goes on from what is stored")
            }
            store::Error::Io { source: Some(source), .. } if is_refused(&**source) => Some(
                "`run` and `stop` must be able to write to the file and its folder; --db names another",
            ),
            _ => None,
        };
        Self { exit: Exit::Store, message: error.to_string(), help: help.map(str::to_owned) }
    }
}

/// Whether the system does not allow something.
fn is_refused(source: &(dyn std::error::Error + 'static)) -> bool {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    let error = source.downcast_ref::<io::Error>();
    error.is_some_and(|error| matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem))
}

impl From<service::Error> for Error {
    fn from(error: service::Error) -> Self {
        use service::Error as Service;
        let (exit, help) = match &error {
            Service::Store(store) => return store.clone().into(),
            Service::AlreadyExists { .. } => (Exit::Usage, Some("choose another --name")),
            Service::AmbiguousName { .. } => (Exit::Usage, Some("write WORKFLOW/NAME or the ARN")),
            Service::UnknownExecution(_) => (Exit::Usage, Some("`list` shows all executions")),
            Service::UnknownWorkflow { .. }
            | Service::InvalidName { .. }
            | Service::InvalidInput { .. }
            | Service::UnwritableInput { .. }
            | Service::InputTooLong { .. } => (Exit::Usage, None),
            _ => (Exit::Setup, None),
        };
        Self { exit, message: error.to_string(), help: help.map(str::to_owned) }
    }
}
