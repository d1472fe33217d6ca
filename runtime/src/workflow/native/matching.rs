//! Values that have the type of a slot: those of branches, and the one that a workflow returns.
//!
//! Where they have another type, rustc reports it in the body. Method lookup then takes [`ViaOther`],
//! which asks for nothing more.

use super::{
    super::ops::Violation,
    Action, Run,
    keep::Io,
    slot::{Pair, Ref, Slot, Val},
};
use std::{fmt, marker::PhantomData};

/// A value beside what says its type, a [`Slot`] or an [`Io`].
pub struct Matching<'v, S, V>(pub &'v S, pub &'v V);

impl<S, V> fmt::Debug for Matching<'_, S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Matching")
    }
}

/// A shared borrow, or a pair with one, of the slot's type.
pub trait TiesBorrow {
    /// Says that the slot has the type of the value.
    fn tie(&self) {}
}

impl<T: ?Sized> TiesBorrow for &Matching<'_, Slot<Ref, T>, &T> {}
impl<A, B> TiesBorrow for &Matching<'_, Slot<Pair, (A, PhantomData<B>)>, (A, &B)> {}

/// Any other value of the slot's type.
pub trait TiesValue {
    /// Says that the slot has the type of the value.
    fn tie(&self) {}
}

impl<T> TiesValue for &&Matching<'_, Slot<Val, T>, T> {}

/// A value of any type.
pub trait TiesNothing {
    /// Says nothing.
    fn tie(&self) {}
}

impl<S, V> TiesNothing for Matching<'_, S, V> {}

/// A value of the type that is stored.
pub trait ViaSame {
    /// Writes the variable `key`.
    fn store(&self, run: &mut Run<'_>, key: &str);
}

impl<T> ViaSame for Matching<'_, Io<Val, T>, T> {
    fn store(&self, run: &mut Run<'_>, key: &str) {
        self.0.store(run, key, self.1);
    }
}

impl<T: ?Sized + 'static> ViaSame for Matching<'_, Io<Ref, T>, &T> {
    fn store(&self, run: &mut Run<'_>, key: &str) {
        self.0.store(run, key, self.1);
    }
}

impl<A, B: 'static> ViaSame for Matching<'_, Io<Pair, (A, PhantomData<B>)>, (A, &B)> {
    fn store(&self, run: &mut Run<'_>, key: &str) {
        self.0.store(run, key, self.1);
    }
}

/// A value of the type that ends a frame.
pub trait EndsSame {
    /// The end of a frame that fails by an `Err`.
    fn end(&self, run: &Run<'_>) -> Action;
}

impl<T> EndsSame for Matching<'_, Io<Val, T>, T> {
    fn end(&self, run: &Run<'_>) -> Action {
        self.0.end(run, self.1)
    }
}

/// A value of another type, in a workflow that does not compile for it.
pub trait ViaOther {
    /// Never called.
    fn store(&self, _run: &mut Run<'_>, _key: &str) {
        differs::<()>();
    }

    /// Never called.
    fn end(&self, _run: &Run<'_>) -> Action {
        differs()
    }
}

impl<S, V> ViaOther for &Matching<'_, S, V> {}

fn differs<T>() -> T {
    Violation::new("a value has another type than its slot").unwind()
}
