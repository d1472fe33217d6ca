//! Where a signature asks for what the returned types must have, so that what is missing is reported
//! once: an error type that a called task has, too, is asked there.

use super::{Callee, Returned, TaskError};
use crate::program::Failure;
use std::{fmt, marker::PhantomData};

/// Asks for the type of a returned value to be durable.
pub const fn returned<T: Returned>() {}

/// Asks for the error that a task or workflow returns to have names.
pub const fn returned_error<E: TaskError>(_: &Asked<E>) {}

/// A task or workflow whose signature has this error.
pub trait FailsWith<E> {}

/// An error type that is to be asked.
pub struct Asked<E>(PhantomData<fn() -> E>);

/// An error type that is to be asked.
pub const fn asked<E>() -> Asked<E> {
    Asked(PhantomData)
}

impl<E> fmt::Debug for Asked<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asked")
    }
}

/// A call in a workflow that returns this error. Method lookup takes [`ViaCalled`] where what is
/// called has the same, else [`ViaNotCalled`].
#[derive(Debug)]
pub struct Calling<'c, D, E>(pub &'c Callee<D>, pub &'c Asked<E>);

/// What is called has the same error.
pub trait ViaCalled {
    /// Nothing is left to ask.
    fn left(&self) -> Asked<Failure> {
        asked()
    }
}

impl<D: FailsWith<E>, E> ViaCalled for Calling<'_, D, E> {}

/// What is called has no error, or another.
pub trait ViaNotCalled<E> {
    /// It is to be asked.
    fn left(&self) -> Asked<E> {
        asked()
    }
}

impl<D, E> ViaNotCalled<E> for &Calling<'_, D, E> {}
