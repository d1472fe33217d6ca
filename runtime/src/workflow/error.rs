//! Errors that tasks and workflows declare: names that retriers and catchers match, causes that
//! give the value back.

use super::{Durable, Refused};
use crate::program::{Failure, names};

/// What a catch-all catches: every failure of a task and every timeout, and no failing expression.
pub const ANY_FAILURE: &[&str] = &[names::TASK_FAILED, names::TIMEOUT];

/// What a variant marked `timeout` catches.
pub const TIMEOUTS: &[&str] = &[names::TIMEOUT, names::HEARTBEAT_TIMEOUT];

/// An error of a task or workflow, made by `#[derive(TaskError)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the error of a task or workflow",
    label = "has no error names",
    note = "give it `#[data] #[derive(TaskError)]`: each variant becomes an error name that retries and catches match"
)]
pub trait TaskError: Durable {
    /// The variants, in the order written.
    const VARIANTS: &'static [ErrorVariant];

    /// Error name and cause.
    ///
    /// Fails where a field has no exact JSON.
    fn to_failure(&self) -> Result<Failure, Refused>;

    /// The error that this failure is, if a variant can hold it.
    fn from_failure(failure: &Failure) -> Option<Self>;
}

/// A variant of a [`TaskError`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorVariant {
    /// Its name in the source.
    pub variant: &'static str,
    /// What it stands for.
    pub kind: ErrorKind,
}

/// What a variant of an error stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ErrorKind {
    /// An error name of its own.
    Named(&'static str),
    /// Another error, whose names it has: a `#[from]` variant.
    From(&'static [ErrorVariant]),
    /// A timeout.
    Timeout,
    /// Anything else.
    Other,
}

/// A conversion that keeps error name and cause: only `#[from]` variants of a derived
/// [`TaskError`] have it, and every error to itself. `?` in an exported workflow needs it.
#[diagnostic::on_unimplemented(
    message = "`?` can't turn `{E}` into `{Self}` in an exported workflow",
    label = "no variant of `{Self}` holds `{E}` with `#[from]`",
    note = "add a variant `Name(#[from] {E})` to `{Self}`: it keeps the error's name and cause"
)]
pub trait FromError<E>: From<E> {}

impl<E: TaskError> FromError<E> for E {}

/// The error names to catch for a variant, flattened; empty if there is no such variant.
pub fn names_of(variants: &[ErrorVariant], variant: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for each in variants.iter().filter(|each| each.variant == variant) {
        collect(each.kind, &mut found);
    }
    found
}

fn collect(kind: ErrorKind, into: &mut Vec<&'static str>) {
    match kind {
        ErrorKind::Named(name) => into.push(name),
        ErrorKind::From(inner) => inner.iter().for_each(|variant| collect(variant.kind, into)),
        ErrorKind::Timeout => into.extend(TIMEOUTS),
        ErrorKind::Other => into.extend(ANY_FAILURE),
    }
}

/// Whether an error of this name is declared. For checks at compile time.
pub const fn has_name(variants: &[ErrorVariant], name: &str) -> bool {
    let mut rest = variants;
    while let [first, others @ ..] = rest {
        let found = match first.kind {
            ErrorKind::Named(own) => same(own, name),
            ErrorKind::From(inner) => has_name(inner, name),
            ErrorKind::Timeout | ErrorKind::Other => false,
        };
        if found {
            return true;
        }
        rest = others;
    }
    false
}

const fn same(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([a, rest @ ..], [b, others @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (rest, others);
    }
    one.is_empty() && other.is_empty()
}
