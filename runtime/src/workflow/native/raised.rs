//! `?` and `into()` of errors in exported workflows: name and cause stay those of the inner error,
//! which only conversions to a variant with `#[from]` promise.

use super::{
    super::{FromError, jsonata::witness::One},
    Slot, Val,
};
use std::{fmt, marker::PhantomData};

/// An error on its way into another. Method lookup takes the first of [`KeepsName`], [`LosesName`]
/// and [`NoConversion`]: a conversion that is missing is reported where it is written.
pub struct Raised<E, F>(PhantomData<fn() -> (E, F)>);

impl<E, F> fmt::Debug for Raised<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Raised")
    }
}

/// Of a step that is followed by `?`.
pub const fn raised<A, B, E, F>(
    _: &Slot<Val, Result<A, E>>,
    _: &Slot<Val, Result<B, F>>,
) -> Raised<E, F> {
    Raised(PhantomData)
}

/// Of an error that is converted where it is returned.
pub const fn converted<B, E, F>(_: &One<E>, _: &Slot<Val, Result<B, F>>) -> Raised<E, F> {
    Raised(PhantomData)
}

/// The conversion keeps name and cause.
pub trait KeepsName {
    /// Nothing is wrong.
    fn check(&self) {}
}

impl<E, F: FromError<E>> KeepsName for &&Raised<E, F> {}

/// A conversion of another kind.
pub trait LosesName<E, F> {
    /// Asks for one that keeps the name.
    fn check(&self)
    where
        F: FromError<E>,
    {
    }
}

impl<E, F: From<E>> LosesName<E, F> for &Raised<E, F> {}

/// There is none.
pub trait NoConversion {
    /// It is reported elsewhere.
    fn check(&self) {}
}

impl<E, F> NoConversion for Raised<E, F> {}
