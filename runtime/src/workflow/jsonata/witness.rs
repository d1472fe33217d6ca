//! Carriers of types: dead code in a workflow binds them, so that rustc's inference picks the text.

use super::number::Literal;
use std::{fmt, marker::PhantomData};

/// The type of one expression.
pub struct One<T: ?Sized>(PhantomData<Asked<T>>);

/// The types of an operator's two sides.
pub struct Pair<L: ?Sized, R: ?Sized>(PhantomData<(Asked<L>, Asked<R>)>);

/// Carries a type and owns nothing of it.
type Asked<T> = fn() -> Box<T>;

impl<T: ?Sized> One<T> {
    pub(in crate::workflow) const fn new() -> Self {
        Self(PhantomData)
    }

    /// The type of this.
    pub const fn of(_: &T) -> Self {
        Self(PhantomData)
    }

    /// The types of this beside a bare number.
    #[expect(clippy::unused_self, reason = "only the types matter")]
    pub const fn beside_literal(&self) -> Pair<T, Literal> {
        Pair(PhantomData)
    }
}

/// The receiver of a method. Where the method does not exist, what it gives is an error, and so is
/// this: rustc has said it, and nothing more is asked of the receiver.
pub trait GivenBy<T: ?Sized> {
    /// The receiver.
    type Receiver: ?Sized;
}

impl<T: ?Sized, U: ?Sized> GivenBy<T> for U {
    type Receiver = T;
}

impl<T: ?Sized> One<T> {
    /// The same, for a receiver whose method gives this.
    #[expect(clippy::unused_self, reason = "only the types matter")]
    pub const fn giving<U: ?Sized>(&self, _: &One<U>) -> One<<U as GivenBy<T>>::Receiver> {
        one()
    }
}

/// A witness still to be bound.
pub const fn one<T: ?Sized>() -> One<T> {
    One(PhantomData)
}

/// A witness still to be bound.
pub const fn pair<L: ?Sized, R: ?Sized>() -> Pair<L, R> {
    Pair(PhantomData)
}

impl<T: ?Sized> One<T> {
    /// Says that this is the type.
    #[expect(clippy::unused_self, reason = "only the types matter")]
    pub fn bind(&self, _value: &T) {}
}

impl<L: ?Sized, R: ?Sized> Pair<L, R> {
    /// Says that these are the types.
    #[expect(clippy::unused_self, reason = "only the types matter")]
    pub fn bind(&self, _left: &L, _right: &R) {}
}

impl<T: ?Sized> Pair<T, T> {
    /// Says that this is the type of both sides.
    #[expect(clippy::unused_self, reason = "only the types matter")]
    pub fn both(&self, _value: &T) {}
}

impl<T: ?Sized> fmt::Debug for One<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("One")
    }
}

impl<L: ?Sized, R: ?Sized> fmt::Debug for Pair<L, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pair")
    }
}
