//! What is wrong with a definition, where, and what to do about it. Rendering is the CLI's.

use super::Code;
use std::{fmt, ops::Range};

/// One finding about a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule; `docs/errors/<code>.md` explains it.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One line without a full stop.
    pub message: String,
    /// Where it is in the definition: a JSON pointer, empty for the definition itself.
    pub pointer: String,
    /// Where it is in the text, in bytes, if there is a text.
    pub span: Option<Range<usize>>,
    /// A way out, in one line.
    pub help: Option<String>,
    /// What the message speaks of, for those who say it in other words: the names of fields, the
    /// values allowed, the bound passed.
    pub names: Vec<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It may be meant.
    Warning,
    /// The definition is refused.
    Error,
}

impl Diagnostic {
    /// Makes a finding; its severity is the code's own.
    pub fn new(code: Code, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            pointer: pointer.into(),
            span: None,
            help: None,
            names: Vec::new(),
        }
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what the message speaks of.
    #[must_use]
    pub fn naming<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.names = names.into_iter().map(Into::into).collect();
        self
    }

    /// Adds the place in the text.
    #[must_use]
    pub fn at(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }

    /// Whether the definition is refused because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// One line without the source: `error[A0201] /States/a/Next: ...`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}[{}] ", self.code)?;
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(f, " (help: {help})")?;
        }
        Ok(())
    }
}

/// One more token of a JSON pointer.
pub(crate) fn below(pointer: &str, token: impl fmt::Display) -> String {
    let token = token.to_string().replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{token}")
}
