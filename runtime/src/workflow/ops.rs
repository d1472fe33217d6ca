//! Checked arithmetic of exported workflows: what overflows, divides by zero or leaves the range
//! of exact JSON numbers fails the workflow, in native form as in exported form.

/// Why an expression failed. Unwinds to the engine, or to the test that called the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What went wrong, with the values.
    pub message: String,
}

impl Violation {
    /// Makes a violation.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// Ends the native segment: the engine makes `States.QueryEvaluationError` of it.
    pub fn unwind(self) -> ! {
        std::panic::resume_unwind(Box::new(self))
    }
}
