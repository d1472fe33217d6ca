//! The one place that prints. A reader who has gone away is no error.

use super::error::Error;
use std::{
    fmt::Write as _,
    io::{self, IsTerminal as _, Write as _},
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
    pub(super) quiet: bool,
    styles_result: bool,
    styles_notes: bool,
    /// Standard error is a terminal that can redraw a line.
    pub(super) live: bool,
}

impl Out {
    /// Looks at the terminal and at `NO_COLOR`.
    pub(super) fn new(json: bool, quiet: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let live = io::stderr().is_terminal() && !quiet;
        Self {
            json,
            quiet,
            styles_result: !plain && io::stdout().is_terminal(),
            styles_notes: !plain && io::stderr().is_terminal(),
            live: live && !plain,
        }
    }

    /// Prints a result.
    pub(super) fn result(text: &str) {
        let _gone = writeln!(io::stdout().lock(), "{text}");
    }

    /// Prints a text that ends its own lines.
    pub(super) fn raw(text: &str) {
        let _gone = io::stdout().lock().write_all(text.as_bytes());
    }

    /// Prints what helps a person to follow, unless quiet.
    pub(super) fn note(self, text: &str) {
        if !self.quiet {
            let _gone = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// Prints an error and its way out.
    pub(super) fn error(self, error: &Error) {
        let mut text = format!("{} {}\n", self.err(Style::Bad, "error:"), error.message);
        if let Some(help) = &error.help {
            let _ = writeln!(text, "{} {help}", self.err(Style::Bold, "help:"));
        }
        let _gone = io::stderr().lock().write_all(text.as_bytes());
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

fn styled(color: bool, style: Style, text: &str) -> String {
    if color { format!("\u{1b}[{}m{text}\u{1b}[0m", style.code()) } else { text.to_owned() }
}
