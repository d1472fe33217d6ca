//! What can go wrong with an intrinsic function: when it is parsed, and when it is called.

/// A text that is no call of an intrinsic function: AWS refuses it at create.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct IntrinsicError {
    /// Where in the text, in bytes.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
}

/// A call that failed; its text is the one AWS writes into the cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The function '{expression}' had the following error: {message}")]
pub struct IntrinsicFailure {
    /// The whole expression, also where a call inside it failed.
    pub expression: String,
    /// Why.
    pub message: String,
}

impl IntrinsicFailure {
    /// The name of the error. The language has `States.IntrinsicFailure`; AWS has been seen to use
    /// this one.
    pub const ERROR: &'static str = "States.Runtime";
}
