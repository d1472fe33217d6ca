//! Slots: the types of a workflow's locals, found by inference from one segment of it to another.
//!
//! A slot has no value. It ties the place that stores a local to the places that load it, in one
//! function, so that rustc infers one type for all. `M` says how the local is held: by value
//! ([`Val`]), as a shared borrow that is stored by value and lent again ([`Ref`]), or as a pair of a
//! value and a borrow ([`Pair`]). The mode is found at the first store by [`Probe`].

use super::{
    super::{Callee, Def, DurableCall, Numbers, Op, Refused, ops::Violation},
    Action, Run,
};
use std::{fmt, marker::PhantomData};

/// Held by value.
#[derive(Debug)]
pub struct Val;

/// Held as a shared borrow.
#[derive(Debug)]
pub struct Ref;

/// Held as a value and a shared borrow: what `enumerate` gives.
#[derive(Debug)]
pub struct Pair;

/// Ties types without owning values of them.
type Tie<M, T> = fn() -> (M, Box<T>);

/// The type of a local.
pub struct Slot<M, T: ?Sized>(PhantomData<Tie<M, T>>);

/// A slot whose type is still to be inferred.
pub const fn slot<M, T: ?Sized>() -> Slot<M, T> {
    Slot(PhantomData)
}

impl<M, T: ?Sized> fmt::Debug for Slot<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot")
    }
}

/// What a held local is while a segment runs.
///
/// No bound on durability here: what can't be kept is reported once, by `keep`.
pub trait Held<T: ?Sized> {
    /// The local.
    type Out<'a>;
}

impl<T> Held<T> for Val {
    type Out<'a> = T;
}

impl<T: ?Sized + 'static> Held<T> for Ref {
    type Out<'a> = &'a T;
}

impl<A, B: 'static> Held<(A, PhantomData<B>)> for Pair {
    type Out<'a> = (A, &'a B);
}

#[expect(clippy::unused_self, reason = "a slot only ties types")]
impl<T> Slot<Val, T> {
    /// Starts the call whose value this slot holds.
    pub fn start<C, D>(&self, run: &Run<'_>, call: C, _: &Callee<D>) -> Action
    where
        C: DurableCall<Output = T, Def = D>,
        D: Def,
    {
        start(run, call)
    }

    /// The same where the value's type is written and has been checked elsewhere.
    pub fn start_typed<C, D>(&self, run: &Run<'_>, call: C, _: &Callee<D>) -> Action
    where
        C: DurableCall<Def = D>,
        D: Def,
    {
        start(run, call)
    }

    /// A pause has no value.
    pub fn pause(&self, run: &Run<'_>, call: impl DurableCall<Output = T>) -> Action {
        start(run, call)
    }

    /// Ties a local that is declared here and assigned elsewhere to its slot. Never called.
    pub fn any(&self) -> T {
        Violation::new("a local was read before it was assigned").unwind()
    }
}

fn start(run: &Run<'_>, call: impl DurableCall) -> Action {
    match call.into_op(run.numbers()) {
        Ok(op) => Action::Start(op),
        Err(refused) => Violation::new(refused.to_string()).unwind(),
    }
}

/// A call on its way to be started. Method lookup takes [`ViaFuture`] for what can be awaited at
/// all, else [`ViaNoFuture`]: rustc reports that in the body.
#[derive(Debug)]
pub struct Calling<C>(pub C);

/// Something that can be awaited.
pub trait ViaFuture<C> {
    /// The call itself, which must be durable.
    fn call(self) -> C;
}

impl<C: IntoFuture> ViaFuture<C> for Calling<C> {
    fn call(self) -> C {
        self.0
    }
}

/// Something that can't be awaited anywhere.
pub trait ViaNoFuture: Sized {
    /// Stands in for the call.
    fn call<T, D: Def>(self) -> NoCall<T, D> {
        NoCall(PhantomData)
    }
}

impl<C> ViaNoFuture for &Calling<C> {}

/// A call that no program which compiles makes.
pub struct NoCall<T, D>(PhantomData<fn() -> (T, D)>);

impl<T, D> fmt::Debug for NoCall<T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoCall")
    }
}

#[diagnostic::do_not_recommend]
impl<T, D: Def> DurableCall for NoCall<T, D> {
    type Output = T;
    type Def = D;

    fn into_op(self, _: Numbers) -> Result<Op, Refused> {
        Err(Refused::new("is no call"))
    }
}

/// Branches of a `try_join!` fail with one type.
pub fn same_error<A, B, E>(_: &Slot<Val, Result<A, E>>, _: &Slot<Val, Result<B, E>>) {}

/// The awaited value of a step. Its field's name is short because it stands for an `await`.
#[derive(Debug)]
pub struct Awaited<T> {
    /// The value.
    pub v: T,
}

/// A value that is used as `name.v`: the name's and the field's tokens give the use a span.
#[inline]
pub const fn held<T>(v: T) -> Awaited<T> {
    Awaited { v }
}

/// Finds out how a local is held: method lookup takes [`AsBorrow`] for a shared borrow and for a
/// pair with one, else [`AsValue`].
#[derive(Debug)]
pub struct Probe<'p, T>(pub &'p T);

/// A shared borrow, or a pair with one.
pub trait AsBorrow {
    /// How it is held.
    type Mode;
    /// What is stored.
    type Stored: ?Sized;

    /// Ties it to its slot.
    fn tie(&self, _: &Slot<Self::Mode, Self::Stored>) {}
}

impl<T: ?Sized> AsBorrow for Probe<'_, &T> {
    type Mode = Ref;
    type Stored = T;
}

impl<A, B> AsBorrow for Probe<'_, (A, &B)> {
    type Mode = Pair;
    type Stored = (A, PhantomData<B>);
}

/// Any other value.
pub trait AsValue<T> {
    /// Ties it to its slot.
    fn tie(&self, _: &Slot<Val, T>) {}
}

impl<T> AsValue<T> for &Probe<'_, T> {}
