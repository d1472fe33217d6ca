//! What a call of the engine may be refused for, by what the caller can do about it.

use crate::{
    catalog::{OpenError, created::Refused},
    driver,
    program::Failure,
    registry::RegistryError,
    store,
    workflow::Mismatch,
};
use std::fmt;

/// A refused call. Failures of an execution are data: see [`Ended`].
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no workflow of that name here.
    #[error("there is no workflow named `{name}`{}", among(.known))]
    UnknownWorkflow {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// There is no execution of that name.
    #[error("there is no execution named `{0}`")]
    UnknownExecution(String),
    /// Executions of several workflows have that name: give the ARN.
    #[error("several executions are named `{name}`: {}", .arns.join(", "))]
    AmbiguousName {
        /// The name asked for.
        name: String,
        /// ARNs of the executions that have it.
        arns: Vec<String>,
    },
    /// The workflow has an execution of that name with another input, or one that has ended.
    #[error("an execution of `{workflow}` named `{name}` exists already, {why}")]
    AlreadyExists {
        /// The workflow.
        workflow: String,
        /// The name.
        name: String,
        /// What differs.
        why: &'static str,
    },
    /// There are as many executions as may be: see [`Limits::open`](crate::service::Limits::open).
    #[error("{0}")]
    TooMany(String),
    /// A name of an execution breaks the rules.
    #[error("`{name}` can't name an execution: {why}")]
    InvalidName {
        /// The name.
        name: String,
        /// The rule.
        why: &'static str,
    },
    /// The input does not fit the workflow's parameters.
    #[error("the input does not fit `{workflow}`: {mismatch}")]
    InvalidInput {
        /// The workflow.
        workflow: String,
        /// Where and why.
        mismatch: Mismatch,
    },
    /// The input has no JSON form.
    #[error("the input of `{workflow}` can't be written as JSON: {why}")]
    UnwritableInput {
        /// The workflow.
        workflow: String,
        /// Why.
        why: String,
    },
    /// The input is too long.
    #[error("the input of `{workflow}` has {bytes} bytes of JSON, and at most {limit} are allowed")]
    InputTooLong {
        /// The workflow.
        workflow: String,
        /// Its length.
        bytes: usize,
        /// The longest allowed.
        limit: usize,
    },
    /// What was registered contradicts itself, or state is missing.
    #[error("{}", lines(.0))]
    Registry(Vec<RegistryError>),
    /// A definition can't be run.
    #[error("the definition of `{workflow}` can't be run: {why}")]
    InvalidDefinition {
        /// The workflow or machine.
        workflow: String,
        /// Why.
        why: String,
    },
    /// The binary aborts on a panic, so that a panicking task would take the engine with it.
    #[error(
        "this binary is built with `panic = \"abort\"`, so a panic in a task would end the whole \
         engine: remove it from the profile in Cargo.toml"
    )]
    PanicAborts,
    /// The engine was built outside a tokio runtime, on which its tasks would run.
    #[error("an engine must be built inside a tokio runtime: its tasks run there")]
    NoRuntime,
    /// This engine only reads: another process runs the executions.
    #[error("this engine only reads the database; start executions in the process that owns it")]
    ReadOnly,
    /// The execution waits for what this binary does not have: a task that was renamed, code or data
    /// that have changed. Nothing of it is lost: it goes on in a binary that has it.
    #[error("{0}")]
    Stranded(String),
    /// The engine has been shut down.
    #[error("the engine has been shut down")]
    ShutDown,
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Why an execution gave no result of its workflow's type.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Ended {
    /// It failed with an error that the workflow's type cannot hold.
    #[error("the execution failed: {}", failure(.0))]
    Failed(Failure),
    /// It ran past the workflow's own timeout.
    #[error("the execution timed out: {}", failure(.0))]
    TimedOut(Failure),
    /// It was stopped.
    #[error("the execution was stopped: {}", failure(.0))]
    Aborted(Failure),
    /// It succeeded with an output that does not fit the workflow's type.
    #[error("the execution's output does not fit the workflow's type: {0}")]
    Output(Mismatch),
    /// The engine can't tell.
    #[error(transparent)]
    Engine(#[from] Error),
}

/// A failure in one line: its error name and its cause.
fn failure(failure: &Failure) -> impl fmt::Display {
    let name = failure.error.as_deref().unwrap_or("no error name");
    match &failure.cause {
        Some(cause) => format!("{name}: {cause}"),
        None => name.to_owned(),
    }
}

fn among(known: &[String]) -> String {
    match known {
        [] => " (there are none)".to_owned(),
        known => format!("; there is {}", known.join(", ")),
    }
}

fn lines(errors: &[RegistryError]) -> String {
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

impl Error {
    /// What the driver says of an execution.
    pub(super) fn of(error: driver::Error, execution: &str) -> Self {
        match error {
            driver::Error::Gone => Self::ShutDown,
            driver::Error::Unknown => Self::UnknownExecution(execution.to_owned()),
            driver::Error::TooMany(why) => Self::TooMany(why),
            driver::Error::Stranded(why) => Self::Stranded(why),
            driver::Error::Store(error) => Self::Store(error),
        }
    }
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Definition(workflow, why) => {
                Self::InvalidDefinition { workflow, why: why.to_string() }
            }
            OpenError::Store(error) | OpenError::Created(Refused::Store(error)) => {
                Self::Store(error)
            }
            OpenError::Created(why) => {
                let workflow = "a machine of the database".to_owned();
                Self::InvalidDefinition { workflow, why: why.to_string() }
            }
        }
    }
}
