//! Calls that are made and never awaited: found by their type, through method lookup.

use super::{DurableCall, jsonata::witness::One, ops::Violation};
use futures_util::future::{JoinAll, TryFuture, TryJoinAll};

/// What does nothing until it is awaited: a call of a task or workflow, a pause.
pub trait Lazy {}

#[diagnostic::do_not_recommend]
impl<C: DurableCall> Lazy for C {}
impl Lazy for tokio::time::Sleep {}
impl<F: Future> Lazy for JoinAll<F> {}
impl<F: TryFuture> Lazy for TryJoinAll<F> {}

/// What has happened where it stands. Nothing [`Lazy`] has it.
#[diagnostic::on_unimplemented(
    message = "this does nothing until it is awaited",
    label = "write `.await` after it",
    note = "a call of a task or workflow, and a `sleep`, only become a step where they are awaited"
)]
pub trait Awaited {}

/// Stands for a type that has been reported.
#[derive(Debug)]
pub struct Reported;

/// The value is lazy.
pub trait ViaLazy<T> {
    /// Asks for it to be awaited.
    fn awaited(&self)
    where
        T: Awaited,
    {
    }

    /// Asks for it to be awaited, before anything else is asked for.
    fn called(&self) -> One<Reported>
    where
        T: Awaited,
    {
        One::new()
    }
}

impl<T: Lazy> ViaLazy<T> for &One<T> {}

/// The value is any other.
pub trait ViaValue<T> {
    /// Nothing is missing.
    fn awaited(&self) {}

    /// The type as it is.
    fn called(&self) -> One<T> {
        One::new()
    }

    /// rustc reports what is no `Result`.
    fn returned(&self) -> One<Reported> {
        One::new()
    }
}

impl<T> ViaValue<T> for One<T> {}

/// The value is a `Result`.
pub trait ViaResult<T, E> {
    /// The type as it is.
    fn returned(&self) -> One<Result<T, E>> {
        One::new()
    }
}

impl<T, E> ViaResult<T, E> for &One<Result<T, E>> {}

/// A call that was refused, in a workflow that does not compile for it. What it would give stands
/// for it, so that nothing that reads it seems wrong, too: method lookup takes [`GivesOutput`] for
/// what can be awaited, else [`GivesItself`].
#[derive(Debug)]
pub struct Given<C>(pub C);

/// A call that should have been awaited.
pub trait GivesOutput<T> {
    /// Its output.
    fn given(self) -> T;
}

impl<C: Lazy + IntoFuture> GivesOutput<C::Output> for Given<C> {
    fn given(self) -> C::Output {
        Violation::new("a call was not awaited").unwind()
    }
}

/// What `?` is refused on, in such a workflow: a `Result`.
pub trait GivesOk<T> {
    /// What the `?` would give.
    fn tried(self) -> T;
}

impl<T, E> GivesOk<T> for Given<Result<T, E>> {
    fn tried(self) -> T {
        Violation::new("a `?` was refused").unwind()
    }
}

/// An `Option`.
pub trait GivesHeld<T> {
    /// What the `?` would give.
    fn tried(self) -> T;
}

impl<T> GivesHeld<T> for Given<Option<T>> {
    fn tried(self) -> T {
        Violation::new("a `?` was refused").unwind()
    }
}

/// Any other value.
pub trait GivesItself<T> {
    /// The value.
    fn given(self) -> T;

    /// The value.
    fn tried(self) -> T;
}

impl<T> GivesItself<T> for &Given<T> {
    fn given(self) -> T {
        Violation::new("a call was refused").unwind()
    }

    fn tried(self) -> T {
        Violation::new("a `?` was refused").unwind()
    }
}
