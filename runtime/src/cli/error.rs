//! What a command ends with: its exit code, and one message on standard error.

use crate::{service, store};
use serde_json::Value;
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
    /// What is wrong with a file, if that is what it is.
    pub(super) findings: Option<Findings>,
}

/// What is wrong with a file.
#[derive(Debug)]
pub(super) struct Findings {
    /// In its lines, as text.
    pub(super) shown: String,
    /// One by one, for machines.
    pub(super) data: Vec<Value>,
}

impl Error {
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), help: None, findings: None }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Standard output takes nothing more.
    pub(super) fn unwritten(error: &io::Error) -> Self {
        let gone = error.kind() == io::ErrorKind::BrokenPipe;
        let exit = if gone { Exit::ReaderGone } else { Exit::Output };
        Self::new(exit, format!("cannot write to standard output: {error}"))
    }

    /// Adds what is wrong with a file, as text and one by one.
    #[must_use]
    pub(super) fn findings(self, shown: String, data: Vec<Value>) -> Self {
        Self { findings: Some(Findings { shown, data }), ..self }
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
        Self { help: help.map(str::to_owned), ..Self::new(Exit::Store, error.to_string()) }
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
        Self { help: help.map(str::to_owned), ..Self::new(exit, error.to_string()) }
    }
}
