//! The one place that prints.

use super::{Exit, error::Error};
use serde_json::json;
use std::{
    fmt::Write as _,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

/// How something is to stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Bold,
    Good,
    Bad,
    Warn,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Bold => "1",
            Self::Good => "32",
            Self::Bad => "1;31",
            Self::Warn => "1;33",
        }
    }
}

/// Standard output and standard error, and how to print there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Out {
    /// Results are for machines.
    pub(super) json: bool,
    /// Nothing but results and errors.
    quiet: bool,
    /// Whether somebody follows on standard error.
    notes: bool,
    styles_result: bool,
    styles_notes: bool,
    /// Standard error is a terminal that can redraw a line.
    pub(super) live: bool,
}

impl Out {
    /// Looks at the terminal and at `NO_COLOR`.
    pub(super) fn new(json: bool, quiet: bool) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let plain = dumb || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let terminal = io::stderr().is_terminal();
        Self {
            json,
            quiet,
            notes: !quiet && (!json || terminal),
            styles_result: !plain && io::stdout().is_terminal(),
            styles_notes: !plain && terminal,
            live: terminal && !quiet && !dumb,
        }
    }

    /// Prints a result.
    pub(super) fn result(text: &str) -> Result<(), Error> {
        Self::raw(&format!("{text}\n"))
    }

    /// Prints a text that ends its own lines.
    pub(super) fn raw(text: &str) -> Result<(), Error> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|error| Error::unwritten(&error))
    }

    /// Prints what helps a person to follow. Nothing depends on whether it can be read.
    pub(super) fn note(self, text: &str) {
        if self.notes {
            to_stderr(&format!("{text}\n"));
        }
    }

    /// Prints what is probably a mistake, and its way out.
    pub(super) fn warning(self, text: &str, help: Option<&str>) {
        if !self.quiet {
            self.labelled((Style::Warn, "warning:"), text, help);
        }
    }

    /// Prints an error and its way out.
    pub(super) fn error(self, error: &Error) {
        // A reader who has gone away has seen enough.
        if error.exit != Exit::ReaderGone {
            let mut text = error.message.clone();
            if let Some(findings) = &error.findings {
                let _ = write!(text, "\n\n{}", findings.shown.trim_end());
            }
            self.labelled((Style::Bad, "error:"), &text, error.help.as_deref());
        }
    }

    /// Ends a command that has given no result: for machines the error is the result.
    pub(super) fn refuse(self, error: &Error) -> ExitCode {
        self.error(error);
        if self.json && !matches!(error.exit, Exit::Output | Exit::ReaderGone) {
            let mut told = json!({"exit": error.exit as u8, "message": error.message,
                "help": error.help});
            if let (Some(findings), Some(told)) = (&error.findings, told.as_object_mut()) {
                told.insert("findings".to_owned(), findings.data.clone().into());
            }
            if let Err(error) = Self::result(&format!("{told:#}")) {
                self.error(&error);
            }
        }
        error.exit.into()
    }

    fn labelled(self, (style, label): (Style, &str), text: &str, help: Option<&str>) {
        let mut lines = format!("{} {}\n", self.err(style, label), printable(text));
        if let Some(help) = help {
            let _ = writeln!(lines, "{} {}", self.err(Style::Bold, "help:"), printable(help));
        }
        to_stderr(&lines);
    }

    /// Styles text for standard output.
    pub(super) fn out(self, style: Style, text: &str) -> String {
        styled(self.styles_result, style, text)
    }

    /// Styles text for standard error.
    pub(super) fn err(self, style: Style, text: &str) -> String {
        styled(self.styles_notes, style, text)
    }

    /// Whether standard output takes colour.
    pub(super) fn colored(self) -> bool {
        self.styles_result
    }
}

/// One write, so that lines of several threads and processes do not mix.
fn to_stderr(text: &str) {
    let _gone = io::stderr().lock().write_all(text.as_bytes());
}

fn styled(color: bool, style: Style, text: &str) -> String {
    if color { format!("\u{1b}[{}m{text}\u{1b}[0m", style.code()) } else { text.to_owned() }
}

/// Text of a workflow or a user, in which nothing can steer the terminal.
pub(super) fn printable(text: &str) -> String {
    let shown = |c: char| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}
