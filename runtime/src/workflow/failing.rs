//! What the code generated for an error type does: failures from errors and back; and the errors
//! that need no type of their own.

use super::{
    Durable, ErrorKind, ErrorVariant, Look, NotNull, Numbers, Refused, TaskError, error::TIMEOUTS,
    jsonata::look::Json,
};
use crate::program::{Failure, names};
use serde_json::Value;
use std::fmt;

/// No cause is longer, in characters.
const LONGEST_CAUSE: usize = 32_768;

/// Failures that no error type holds: the workflow itself is broken.
pub(super) const NEVER_CAUGHT: &[&str] =
    &[names::QUERY_EVALUATION_ERROR, names::RUNTIME, names::DATA_LIMIT_EXCEEDED];

/// The failure with this name whose cause is the error's JSON as text.
pub fn named_failure(json: Result<Value, Refused>, name: &str) -> Result<Failure, Refused> {
    let cause = json?.to_string();
    if cause.chars().count() > LONGEST_CAUSE {
        return Err(Refused::new(format!(
            "the error `{name}` has over {LONGEST_CAUSE} characters of JSON"
        )));
    }
    Ok(Failure::new(name, cause))
}

/// The error whose JSON a cause is.
pub(super) fn parse_cause<E: Durable>(failure: &Failure) -> Option<E> {
    let value = serde_json::from_str(failure.cause.as_deref()?).ok()?;
    E::from_json(&value).ok()
}

/// Whether the failure has one of these names.
pub fn declares(variants: &[ErrorVariant], failure: &Failure) -> bool {
    failure.error.as_deref().is_some_and(|name| {
        variants.iter().any(|variant| match variant.kind {
            ErrorKind::Named(own) | ErrorKind::Timeout(own) => own == name,
            ErrorKind::From(inner) => declares(inner, failure),
            ErrorKind::Other => false,
        })
    })
}

/// Whether the failure is a timeout and one of these variants takes it.
pub fn takes_timeout(variants: &[ErrorVariant], failure: &Failure) -> bool {
    is_timeout(failure)
        && variants.iter().any(|variant| match variant.kind {
            ErrorKind::Timeout(_) => true,
            ErrorKind::From(inner) => takes_timeout(inner, failure),
            ErrorKind::Named(_) | ErrorKind::Other => false,
        })
}

/// Whether one of these variants takes any failure, and this is one that can be caught.
pub fn takes_other(variants: &[ErrorVariant], failure: &Failure) -> bool {
    is_catchable(failure)
        && variants.iter().any(|variant| match variant.kind {
            ErrorKind::Other => true,
            ErrorKind::From(inner) => takes_other(inner, failure),
            ErrorKind::Named(_) | ErrorKind::Timeout(_) => false,
        })
}

/// Whether a task or its heartbeat timed out.
pub fn is_timeout(failure: &Failure) -> bool {
    failure.error.as_deref().is_some_and(|name| TIMEOUTS.contains(&name))
}

/// Whether an error type may hold it: everything but a broken workflow.
pub fn is_catchable(failure: &Failure) -> bool {
    !failure.error.as_deref().is_some_and(|name| NEVER_CAUGHT.contains(&name))
}

/// Shows an error as its name and cause.
pub fn fmt_error<E: TaskError>(error: &E, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error.to_failure() {
        Ok(failure) => {
            f.write_str(failure.error.as_deref().unwrap_or("failed"))?;
            match failure.cause.as_deref() {
                // a variant without data says no more than its name
                Some(cause) if cause.starts_with(['{', '[']) => write!(f, ": {cause}"),
                _ => Ok(()),
            }
        }
        Err(refused) => write!(f, "{refused}"),
    }
}

/// A task that fails with text has the error name `Error`; the cause is the text.
impl TaskError for String {
    const VARIANTS: &'static [ErrorVariant] =
        &[ErrorVariant { variant: "Error", json: "", kind: ErrorKind::Named("Error") }];

    fn to_failure(&self) -> Result<Failure, Refused> {
        named_failure(self.to_json(Numbers::Wide), "Error")
    }

    fn from_failure(failure: &Failure) -> Option<Self> {
        (failure.error.as_deref() == Some("Error")).then(|| parse_cause(failure)).flatten()
    }
}

impl Durable for Failure {
    const LOOK: Look = <Self as Json>::LOOK;
}
impl NotNull for Failure {}

/// Holds every failure that can be caught.
impl TaskError for Failure {
    const VARIANTS: &'static [ErrorVariant] =
        &[ErrorVariant { variant: "Failure", json: "", kind: ErrorKind::Other }];

    fn to_failure(&self) -> Result<Failure, Refused> {
        Ok(self.clone())
    }

    fn from_failure(failure: &Failure) -> Option<Self> {
        is_catchable(failure).then(|| failure.clone())
    }
}
