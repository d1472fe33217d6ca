//! Checked operations of exported workflows: what overflows, divides by zero, leaves the range of
//! exact JSON numbers or unwraps nothing fails the workflow, in native form as in exported form.
//!
//! Generated code writes `l + r` so that the plain operator stands beside the checked one, where it
//! is never run: rustc infers types from the operator itself, so inference and its messages are
//! those of the source. That is why the traits have the result as a parameter. See [`Operands`].

mod cast;
mod float;
mod held;
mod integer;
mod operands;
mod text;

pub use cast::{CheckedCast, cast};
pub use held::{Hold, Unwrapped, ViaHold, ViaNoHold};
pub use operands::{Operands, lookup};

use std::{
    any::Any,
    cell::Cell,
    fmt,
    panic::{self, AssertUnwindSafe},
};

/// Why an expression failed. Unwinds to the engine, or to the test that called the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What went wrong, with the values.
    pub message: String,
    /// Whether it is the frame that does not fit the code, and no fault of the workflow.
    pub misfit: bool,
}

impl Violation {
    /// Makes a violation.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), misfit: false }
    }

    /// What a frame keeps is not what the code reads.
    pub fn misfit(message: impl Into<String>) -> Self {
        Self { message: message.into(), misfit: true }
    }

    /// Ends the native segment: the engine makes `States.QueryEvaluationError` of it.
    ///
    /// # Panics
    /// With the message, in a direct call of a workflow: as plain Rust does on an overflow.
    #[track_caller]
    #[expect(clippy::panic, reason = "a direct call has no engine that takes the violation")]
    pub fn unwind(self) -> ! {
        if SEGMENT.get() {
            panic::resume_unwind(Box::new(self))
        }
        panic!("{self}")
    }
}

thread_local! {
    /// Whether a native segment runs here, under [`segment`].
    static SEGMENT: Cell<bool> = const { Cell::new(false) };
}

/// Runs a native segment: a violation in it unwinds without a message, for the caller to catch.
pub fn segment<T>(segment: impl FnOnce() -> T) -> T {
    struct Outer(bool);
    impl Drop for Outer {
        fn drop(&mut self) {
            SEGMENT.set(self.0);
        }
    }
    let _outer = Outer(SEGMENT.replace(true));
    segment()
}

/// Runs a native segment: a violation in it, or a panic, is its result.
pub fn catch<T>(body: impl FnOnce() -> T) -> Result<T, Violation> {
    // a segment that failed is thrown away with all it could have left half changed
    let result = panic::catch_unwind(AssertUnwindSafe(|| segment(body)));
    result.map_err(|payload| match payload.downcast::<Violation>() {
        Ok(violation) => *violation,
        Err(payload) => Violation::new(format!("panicked: {}", panic_text(&*payload))),
    })
}

/// What a panic says.
pub fn panic_text(payload: &(dyn Any + Send)) -> &str {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "no message",
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Violation {}

/// Types that an exported workflow may add.
#[diagnostic::on_unimplemented(
    message = "`{Self} + {R}` has no exported form",
    label = "this `+` can't be exported",
    note = "move the computation into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait CheckedAdd<R, O> {
    /// The result, or a [`Violation`].
    fn checked_add(self, other: R) -> O;
}

/// `left + right`, checked.
#[inline]
pub fn add<L: CheckedAdd<R, O>, R, O>(left: L, right: R) -> O {
    left.checked_add(right)
}

/// `left += right`, checked.
#[inline]
pub fn add_assign<L: CheckedAdd<R, L> + Take, R>(left: &mut L, right: R) {
    *left = left.take().checked_add(right);
}

/// Types that an exported workflow may subtract.
#[diagnostic::on_unimplemented(
    message = "`{Self} - {R}` has no exported form",
    label = "this `-` can't be exported",
    note = "move the computation into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait CheckedSub<R, O> {
    /// The result, or a [`Violation`].
    fn checked_sub(self, other: R) -> O;
}

/// `left - right`, checked.
#[inline]
pub fn sub<L: CheckedSub<R, O>, R, O>(left: L, right: R) -> O {
    left.checked_sub(right)
}

/// `left -= right`, checked.
#[inline]
pub fn sub_assign<L: CheckedSub<R, L> + Take, R>(left: &mut L, right: R) {
    *left = left.take().checked_sub(right);
}

/// Types that an exported workflow may multiply.
#[diagnostic::on_unimplemented(
    message = "`{Self} * {R}` has no exported form",
    label = "this `*` can't be exported",
    note = "move the computation into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait CheckedMul<R, O> {
    /// The result, or a [`Violation`].
    fn checked_mul(self, other: R) -> O;
}

/// `left * right`, checked.
#[inline]
pub fn mul<L: CheckedMul<R, O>, R, O>(left: L, right: R) -> O {
    left.checked_mul(right)
}

/// `left *= right`, checked.
#[inline]
pub fn mul_assign<L: CheckedMul<R, L> + Take, R>(left: &mut L, right: R) {
    *left = left.take().checked_mul(right);
}

/// Types that an exported workflow may divide.
#[diagnostic::on_unimplemented(
    message = "`{Self} / {R}` has no exported form",
    label = "this `/` can't be exported",
    note = "move the computation into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait CheckedDiv<R, O> {
    /// The result, or a [`Violation`].
    fn checked_div(self, other: R) -> O;
}

/// `left / right`, checked.
#[inline]
pub fn div<L: CheckedDiv<R, O>, R, O>(left: L, right: R) -> O {
    left.checked_div(right)
}

/// `left /= right`, checked.
#[inline]
pub fn div_assign<L: CheckedDiv<R, L> + Take, R>(left: &mut L, right: R) {
    *left = left.take().checked_div(right);
}

/// Types that an exported workflow may divide with remainder.
#[diagnostic::on_unimplemented(
    message = "`{Self} % {R}` has no exported form",
    label = "this `%` can't be exported",
    note = "move the computation into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait CheckedRem<R, O> {
    /// The result, or a [`Violation`].
    fn checked_rem(self, other: R) -> O;
}

/// `left % right`, checked.
#[inline]
pub fn rem<L: CheckedRem<R, O>, R, O>(left: L, right: R) -> O {
    left.checked_rem(right)
}

/// `left %= right`, checked.
#[inline]
pub fn rem_assign<L: CheckedRem<R, L> + Take, R>(left: &mut L, right: R) {
    *left = left.take().checked_rem(right);
}

/// Types that an exported workflow may negate.
#[diagnostic::on_unimplemented(
    message = "`-{Self}` has no exported form",
    label = "this `-` can't be exported",
    note = "move the computation into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait CheckedNeg<O> {
    /// The result, or a [`Violation`].
    fn checked_neg(self) -> O;
}

/// `-value`, checked.
#[inline]
pub fn neg<T: CheckedNeg<O>, O>(value: T) -> O {
    value.checked_neg()
}

/// The value of a place that is about to be overwritten.
pub trait Take {
    /// Takes it; what stays behind is of no matter.
    #[must_use]
    fn take(&mut self) -> Self;
}

/// Ends the segment: an operation has no result.
#[cold]
fn fail(left: impl fmt::Display, symbol: &str, right: impl fmt::Display, why: &str) -> ! {
    Violation::new(format!("{left} {symbol} {right} {why}")).unwind()
}

#[cfg(test)]
mod tests;
