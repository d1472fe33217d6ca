//! Conversions of errors, by `?` and by `into`: whether they keep the error's name and cause, found
//! by method lookup.
//!
//! A failure of a step goes up by itself: no state could run the code of an `impl From` of the
//! user's own. Where there is no `From` at all, rustc says so in the body, and nothing is added.

use super::{
    FromError, TaskError,
    jsonata::{
        Term,
        failure::{self, Failing},
        look::Json,
        witness::One,
    },
    native::{Slot, Val},
};
use std::{fmt, marker::PhantomData};

/// From the value that fails to the value of the frame.
pub struct Conversion<X, Y>(Types<X, Y>);

/// Carries types and owns nothing of them.
type Types<X, Y> = PhantomData<fn(X) -> Y>;

impl<X, Y> fmt::Debug for Conversion<X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Conversion")
    }
}

/// By `?`.
pub const fn tried<X, Y>(_: &Slot<Val, X>, _: &Slot<Val, Y>) -> Conversion<X, Y> {
    Conversion(PhantomData)
}

/// By `into` or as it is, of an error that the frame fails with.
pub const fn thrown<E, Y>(_: &One<E>, _: &Slot<Val, Y>) -> Conversion<Result<(), E>, Y> {
    Conversion(PhantomData)
}

/// An error that is the frame's own. Method lookup takes it where that is so, else [`ThrowsOther`]:
/// then rustc reports the type in the body, or the signature was reported.
pub trait Throws {
    /// Name and cause of the error.
    fn failed(&self, error: &Term) -> Failing;
}

impl<T, U, E: TaskError + Json> Throws for Conversion<Result<T, E>, Result<U, E>> {
    fn failed(&self, error: &Term) -> Failing {
        failure::of::<E>(error)
    }
}

/// An error of another type.
pub trait ThrowsOther {
    /// Nothing that is run.
    fn failed(&self, _error: &Term) -> Failing {
        failure::native()
    }
}

impl<X, Y> ThrowsOther for &Conversion<X, Y> {}

/// Name and cause are kept.
pub trait Keeps<E> {
    /// Does nothing; compiling it is the check.
    fn check(&self) {}

    /// Whether they are.
    fn keeps(&self) -> bool {
        true
    }

    /// The converted error as data.
    fn data(&self, error: Term) -> Term;

    /// Name and cause of the converted error.
    fn failing(&self, error: &Term) -> Failing
    where
        E: TaskError + Json;
}

impl<T, U, A, B: FromError<A>> Keeps<A> for &&Conversion<Result<T, A>, Result<U, B>> {
    fn data(&self, error: Term) -> Term {
        match B::VARIANT {
            Some(variant) => Term::object(vec![(variant.to_owned(), error)]),
            None => error,
        }
    }

    fn failing(&self, error: &Term) -> Failing
    where
        A: TaskError + Json,
    {
        failure::of::<A>(error)
    }
}

/// An `impl From` of the user's own, which may do anything.
pub trait Changes<A, B> {
    /// Asks for the one that is derived.
    fn check(&self)
    where
        B: FromError<A>,
    {
    }

    /// Whether name and cause are kept: nobody knows.
    fn keeps(&self) -> bool {
        false
    }

    /// Never called: `check` does not compile.
    fn data(&self, error: Term) -> Term {
        error
    }

    /// Asks for the one that is derived.
    fn failing(&self, _error: &Term) -> Failing
    where
        B: FromError<A>,
    {
        failure::native()
    }
}

impl<T, U, A, B: From<A> + TaskError> Changes<A, B> for &Conversion<Result<T, A>, Result<U, B>> {}

/// No conversion of errors, or none that compiles.
pub trait Nothing {
    /// Does nothing: rustc reports what is wrong.
    fn check(&self) {}

    /// There is nothing to change.
    fn keeps(&self) -> bool {
        true
    }

    /// The error itself.
    fn data(&self, error: Term) -> Term {
        error
    }

    /// What only another `into` or `from` than that of std comes to.
    fn failing(&self, _error: &Term) -> Failing {
        let unknown = Term::error("this conversion of an error has no exported form");
        Failing { error: unknown.clone(), cause: unknown }
    }
}

impl<X, Y> Nothing for Conversion<X, Y> {}
