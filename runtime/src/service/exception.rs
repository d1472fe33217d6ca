//! Refusals of the Step Functions service: each variant is an exception of AWS, its text AWS's own.

use super::Error;
use crate::{catalog::created::Refused, store};

/// A refused request.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the exceptions are AWS's own")]
#[expect(clippy::enum_variant_names, reason = "their names are AWS's own")]
pub enum Exception {
    #[error("{0}")]
    ConflictException(String),
    #[error("Execution Already Exists: '{0}'")]
    ExecutionAlreadyExists(String),
    #[error("Execution Does Not Exist: '{0}'")]
    ExecutionDoesNotExist(String),
    #[error("{0}")]
    ExecutionLimitExceeded(String),
    #[error("Invalid Arn: '{0}'")]
    InvalidArn(String),
    #[error("{0}")]
    InvalidDefinition(String),
    #[error("Invalid Encryption Configuration: {0}")]
    InvalidEncryptionConfiguration(String),
    #[error("Invalid State Machine Execution Input: '{0}'")]
    InvalidExecutionInput(String),
    #[error("Invalid Logging Configuration: {0}")]
    InvalidLoggingConfiguration(String),
    #[error("Invalid Name: '{0}'")]
    InvalidName(String),
    #[error("Invalid Output: '{0}'")]
    InvalidOutput(String),
    #[error("Invalid Token: 'Invalid token'")]
    InvalidToken,
    #[error("{0}")]
    MissingRequiredParameter(String),
    #[error("Resource not found: '{0}'")]
    ResourceNotFound(String),
    #[error("{0}")]
    ServiceQuotaExceededException(String),
    #[error("State Machine Already Exists: '{0}'")]
    StateMachineAlreadyExists(String),
    #[error("State Machine Does Not Exist: '{0}'")]
    StateMachineDoesNotExist(String),
    #[error("This operation is not supported by this type of state machine")]
    StateMachineTypeNotSupported,
    #[error("Task does not exist")]
    TaskDoesNotExist,
    #[error("Task Timed Out: 'Provided task does not exist anymore'")]
    TaskTimedOut,
    #[error("A resource can have at most {0} tags")]
    TooManyTags(usize),
    #[error("{0}")]
    ValidationException(String),
    #[cfg(feature = "server")]
    #[error(transparent)]
    TestState(super::test_state::Refused),
    /// Something that AWS has no exception for: the store fails, the engine is shut down.
    #[error("{0}")]
    Engine(Error),
}

impl Exception {
    /// AWS's name of the exception.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ConflictException(_) => "ConflictException",
            Self::ExecutionAlreadyExists(_) => "ExecutionAlreadyExists",
            Self::ExecutionDoesNotExist(_) => "ExecutionDoesNotExist",
            Self::ExecutionLimitExceeded(_) => "ExecutionLimitExceeded",
            Self::InvalidArn(_) => "InvalidArn",
            Self::InvalidDefinition(_) => "InvalidDefinition",
            Self::InvalidEncryptionConfiguration(_) => "InvalidEncryptionConfiguration",
            Self::InvalidExecutionInput(_) => "InvalidExecutionInput",
            Self::InvalidLoggingConfiguration(_) => "InvalidLoggingConfiguration",
            Self::InvalidName(_) => "InvalidName",
            Self::InvalidOutput(_) => "InvalidOutput",
            Self::InvalidToken => "InvalidToken",
            Self::MissingRequiredParameter(_) => "MissingRequiredParameter",
            Self::ResourceNotFound(_) => "ResourceNotFound",
            Self::ServiceQuotaExceededException(_) => "ServiceQuotaExceededException",
            Self::StateMachineAlreadyExists(_) => "StateMachineAlreadyExists",
            Self::StateMachineDoesNotExist(_) => "StateMachineDoesNotExist",
            Self::StateMachineTypeNotSupported => "StateMachineTypeNotSupported",
            Self::TaskDoesNotExist => "TaskDoesNotExist",
            Self::TaskTimedOut => "TaskTimedOut",
            Self::TooManyTags(_) => "TooManyTags",
            Self::ValidationException(_) => "ValidationException",
            #[cfg(feature = "server")]
            Self::TestState(refused) => refused.exception,
            Self::Engine(_) => "InternalServerError",
        }
    }

    /// What the catalog says of a machine, named as the client named it.
    pub(super) fn of(refused: Refused, arn: &str) -> Self {
        match refused {
            Refused::Exists => Self::StateMachineAlreadyExists(arn.to_owned()),
            Refused::Absent => Self::StateMachineDoesNotExist(arn.to_owned()),
            Refused::Native => Self::ConflictException(format!("{arn} is {refused}")),
            Refused::Conflict => Self::ConflictException(refused.to_string()),
            Refused::TooManyVersions(most) => Self::ServiceQuotaExceededException(format!(
                "A state machine can have at most {most} versions: delete some"
            )),
            Refused::NotRunnable(why) => {
                Self::InvalidDefinition(format!("Invalid State Machine Definition: '{why}'"))
            }
            Refused::Store(error) => Self::Engine(Error::Store(error)),
            Refused::Stale(_) | Refused::Unreadable { .. } => {
                let (workflow, why) = (arn.to_owned(), refused.to_string());
                Self::Engine(Error::InvalidDefinition { workflow, why })
            }
        }
    }
}

impl From<Error> for Exception {
    fn from(error: Error) -> Self {
        match error {
            Error::UnknownExecution(arn) => Self::ExecutionDoesNotExist(arn),
            Error::TooMany(why) => Self::ExecutionLimitExceeded(why),
            Error::InvalidName { name, .. } => Self::InvalidName(name),
            Error::InvalidInput { mismatch, .. } => {
                Self::InvalidExecutionInput(mismatch.to_string())
            }
            Error::InputTooLong { .. } => Self::InvalidExecutionInput(error.to_string()),
            other => Self::Engine(other),
        }
    }
}

impl From<store::Error> for Exception {
    fn from(error: store::Error) -> Self {
        Self::Engine(Error::Store(error))
    }
}
