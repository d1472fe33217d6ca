//! The closed list of mistakes.

/// Which kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// The item or the attribute doesn't parse.
    Syntax,
    /// An option of an attribute that doesn't exist, stands twice, or contradicts another.
    Option,
    /// The value of an option is not what it must be.
    Value,
    /// The signature of a task or workflow.
    Signature,
    /// A data type that can't be kept exactly.
    Data,
    /// An error type.
    Error,
    /// A statement or expression that a workflow can't have.
    Body,
    /// An expression that has no exported form.
    Export,
}

impl Code {
    /// What to do about a mistake of this kind, where nothing better is known.
    pub(crate) const fn advice(self) -> Option<&'static str> {
        match self {
            Self::Body => Some("move it into a `#[task]`"),
            Self::Export => {
                Some("move it into a `#[task]`, or mark the workflow `#[workflow(export = false)]`")
            }
            Self::Syntax
            | Self::Option
            | Self::Value
            | Self::Signature
            | Self::Data
            | Self::Error => None,
        }
    }
}
