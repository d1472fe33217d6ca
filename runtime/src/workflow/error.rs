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
    note = "an error is an enum of yours with `#[data] #[derive(TaskError)]`: each variant becomes a name that retries and catches match"
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
    /// Its name in JSON; empty for an error that is no enum, whose JSON has no such tag.
    pub json: &'static str,
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
    /// A timeout; a workflow that fails with it has this error name.
    Timeout(&'static str),
    /// Anything else.
    Other,
}

/// A conversion that keeps error name and cause: only `#[from]` variants of a derived
/// [`TaskError`] have it, and every error to itself. Exported workflows need it where an error
/// becomes another, by `?` or `into`.
#[diagnostic::on_unimplemented(
    message = "the `impl From<{E}> for {Self}` has no exported form",
    label = "only a conversion that is derived can be exported",
    note = "delete the `impl` and give `{Self}` a variant `Name(#[from] {E})`, which keeps the error's name and cause",
    note = "or make it another error where it is: `.map_err(|error| ..)`, or `match` on it, or let the task return `{Self}`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait FromError<E>: From<E> {
    /// The variant that holds it, as JSON has it; `None` for the error itself.
    const VARIANT: Option<&'static str> = None;
}

impl<E: TaskError> FromError<E> for E {}

/// The error names that a variant or an error name stands for, flattened; empty if there is none
/// such. Variants of the type itself come before those of the errors it holds.
pub fn errors_named(variants: &[ErrorVariant], name: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for each in variants.iter().filter(|each| each.is(name)) {
        collect(each.kind, &mut found);
    }
    for each in variants {
        if let (true, ErrorKind::From(inner)) = (found.is_empty(), each.kind) {
            found = errors_named(inner, name);
        }
    }
    found
}

fn collect(kind: ErrorKind, into: &mut Vec<&'static str>) {
    match kind {
        ErrorKind::Named(name) => into.push(name),
        ErrorKind::From(inner) => inner.iter().for_each(|variant| collect(variant.kind, into)),
        ErrorKind::Timeout(name) => {
            into.push(name);
            into.extend(TIMEOUTS);
        }
        ErrorKind::Other => into.extend(ANY_FAILURE),
    }
}

impl ErrorVariant {
    /// Whether it is called so, in the source or as an error.
    const fn is(&self, name: &str) -> bool {
        same(self.variant, name)
            || matches!(self.kind, ErrorKind::Named(own) | ErrorKind::Timeout(own) if same(own, name))
    }
}

/// Whether there is a variant or error of this name. For checks at compile time.
pub(super) const fn has_error(variants: &[ErrorVariant], name: &str) -> bool {
    let mut rest = variants;
    while let [first, others @ ..] = rest {
        if first.is(name) || matches!(first.kind, ErrorKind::From(inner) if has_error(inner, name))
        {
            return true;
        }
        rest = others;
    }
    false
}

/// Whether no two errors have one name. For checks at compile time.
pub const fn are_unique(variants: &[ErrorVariant]) -> bool {
    each_is_unique(variants, variants)
}

const fn each_is_unique(all: &[ErrorVariant], part: &[ErrorVariant]) -> bool {
    let mut rest = part;
    while let [first, others @ ..] = rest {
        let fine = match first.kind {
            ErrorKind::Named(name) | ErrorKind::Timeout(name) => count(all, name) == 1,
            ErrorKind::From(inner) => each_is_unique(all, inner),
            ErrorKind::Other => true,
        };
        if !fine {
            return false;
        }
        rest = others;
    }
    true
}

/// How many errors have this name.
const fn count(variants: &[ErrorVariant], name: &str) -> usize {
    let (mut rest, mut found) = (variants, 0);
    while let [first, others @ ..] = rest {
        found += match first.kind {
            ErrorKind::Named(own) | ErrorKind::Timeout(own) => same(own, name) as usize,
            ErrorKind::From(inner) => count(inner, name),
            ErrorKind::Other => 0,
        };
        rest = others;
    }
    found
}

pub(super) const fn same(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([a, rest @ ..], [b, others @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (rest, others);
    }
    one.is_empty() && other.is_empty()
}
