//! The closed list of mistakes.

/// Which kind of mistake; each has a test program under `tests/ui`.
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
