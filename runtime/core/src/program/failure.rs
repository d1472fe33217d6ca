//! Why a state, a branch or an execution failed: data, never a Rust error.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An error name and its cause, as Step Functions shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// The error name, at most 256 characters; a Fail state may have none.
    pub error: Option<String>,
    /// The cause, at most 32,768 characters: text, or JSON as text.
    pub cause: Option<String>,
}

impl Failure {
    /// Makes a failure with a name and a cause.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: Some(error.into()), cause: Some(cause.into()) }
    }

    /// Returns the failure cut to the service's lengths: 256 characters of error, 32,768 of cause.
    #[must_use]
    pub fn bounded(self) -> Self {
        Self {
            error: self.error.map(|error| cut(error, 256)),
            cause: self.cause.map(|cause| cut(cause, 32_768)),
        }
    }

    /// The failure of a payload of a state or task over the limit, in AWS's words (recorded).
    #[must_use]
    pub fn too_large(of: &str) -> Self {
        let cause = format!(
            "The state/task '{of}' returned a result with a size exceeding the maximum number of \
             bytes service limit."
        );
        Self::new(names::DATA_LIMIT_EXCEEDED, cause)
    }

    /// The failure of a task's arguments over the limit. AWS's own words are not known.
    pub(crate) fn arguments_too_large(state: &str) -> Self {
        let cause = format!(
            "The arguments of the task in the state '{state}' exceed the maximum number of bytes \
             service limit."
        );
        Self::new(names::DATA_LIMIT_EXCEEDED, cause)
    }

    /// Returns whether it is the failure of an expression.
    pub fn is_evaluation(&self) -> bool {
        self.error.as_deref() == Some(names::QUERY_EVALUATION_ERROR)
    }
}

fn cut(mut text: String, characters: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(characters) {
        text.truncate(end);
    }
    text
}

/// The error names that the language reserves.
pub mod names {
    /// Any task failure but a timeout.
    pub const TASK_FAILED: &str = "States.TaskFailed";
    /// A state ran past `TimeoutSeconds`.
    pub const TIMEOUT: &str = "States.Timeout";
    /// A task sent no heartbeat in time.
    pub const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
    /// An expression failed or gave undefined.
    pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
    /// A ResultPath does not fit the state's input.
    pub const RESULT_PATH_MATCH_FAILURE: &str = "States.ResultPathMatchFailure";
    /// An intrinsic function failed.
    pub const INTRINSIC_FAILURE: &str = "States.IntrinsicFailure";
    /// The definition or native code broke at run time.
    pub const RUNTIME: &str = "States.Runtime";
    /// A payload over 256 KiB.
    pub const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
    /// More iterations of a Map failed than it tolerates.
    pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
    /// The items of a distributed Map could not be read.
    pub const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
    /// The results of a distributed Map could not be written.
    pub const RESULT_WRITER_FAILED: &str = "States.ResultWriterFailed";
    /// A task was handed out three times and the process ended each time before it answered.
    pub const TASK_LOST: &str = "Stepwright.TaskLost";
    /// A task in this process panicked.
    pub const TASK_PANICKED: &str = "Stepwright.TaskPanicked";
    /// A wildcard.
    pub const ALL: &str = "States.ALL";
}
