//! `TestState`: one state of a definition, run by itself on the engine without a store.
//!
//! Enter at [`begin`]: it checks a request as AWS does and visits the state with the interpreter
//! that executions have. What the state would wait for comes from the request's mock; a Task
//! without one is handed out as a [`Call`], whose answer gives the [`Response`].
//!
//! Pure: the time, ids and randomness come from the caller.

mod calls;
mod context;
mod definition;
mod items;
mod mock;
mod request;
mod response;
mod run;
mod schema;

pub use request::{Configuration, ErrorOutput, Level, Mock, Request, Validation};
pub use response::{ErrorDetails, Exchange, InspectionData, Response, Status};
pub use run::{Answer, Begun, Call};

use jiff::{SignedDuration, Timestamp};

/// How long a test may take.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);

/// Where and when a state is tested.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The wall clock.
    pub now: Timestamp,
    /// Randomness of the test.
    pub seed: u64,
    /// ARN of the machine that the state believes to be part of.
    pub machine_arn: String,
    /// Name of the execution that it believes to be part of.
    pub execution: String,
}

/// A refused request: an exception of AWS, in AWS's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// AWS's name of the exception.
    pub exception: &'static str,
    /// What is wrong.
    pub message: String,
}

impl Refused {
    fn validation(message: impl Into<String>) -> Self {
        Self { exception: "ValidationException", message: message.into() }
    }

    fn definition(message: impl Into<String>) -> Self {
        Self { exception: "InvalidDefinition", message: message.into() }
    }

    fn input(why: &str) -> Self {
        let message = format!("Invalid State Machine Execution Input: '{why}'");
        Self { exception: "InvalidExecutionInput", message }
    }
}

/// Checks a request and visits its state, to the end or to a call of a task.
///
/// # Errors
///
/// AWS refuses such a request.
pub fn begin(request: &Request, moment: Moment) -> Result<Begun, Refused> {
    run::Test::prepare(request, moment).map(run::Test::begin)
}

#[cfg(test)]
mod tests;
