//! What can go wrong with a path: when it is parsed, and when it is applied.

/// A text that is not a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PathError {
    /// Where in the text, in bytes.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
}

/// A path that could not be applied to a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unmatched {
    /// Nothing is where it points.
    #[error("{0}")]
    Missing(String),
    /// It ends in an index that the list there does not have.
    #[error("{0}")]
    OutOfRange(String),
    /// It wants an element of something that is not a list.
    #[error("{0}")]
    NotAList(String),
    /// A filter or a function of it cannot work on what it found.
    #[error("{0}")]
    Inapplicable(String),
    /// It reads a variable that has no value.
    #[error("The variable '{0}' has not been assigned")]
    Unassigned(String),
    /// It visits or selects more than any payload of AWS could need.
    #[error("The path selects too much")]
    TooMuch,
}

/// A path of `InputPath`, `OutputPath` or their like that could not be applied; its text is the one
/// AWS writes into the cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid path '{path}' : {unmatched}")]
pub struct InvalidPath {
    /// The path.
    pub path: String,
    /// Why.
    pub unmatched: Unmatched,
}

impl Unmatched {
    /// Whether the document simply has nothing there, which an indefinite path takes for a list of
    /// nothing and a filter for undefined.
    pub(super) fn is_absence(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::OutOfRange(_) | Self::NotAList(_))
    }
}
