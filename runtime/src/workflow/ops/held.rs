//! `unwrap()` and `expect(..)` of an exported workflow: what holds nothing fails the workflow, and
//! says where and what was there instead.

use super::Violation;
use std::fmt::Debug;

/// A value that must hold something before it is unwrapped.
pub trait Hold {
    /// Unwinds with a [`Violation`] where it holds nothing. `place` says what asks for it, and where.
    fn must_hold(&self, place: &str);
}

impl<T> Hold for Option<T> {
    #[track_caller]
    fn must_hold(&self, place: &str) {
        if self.is_none() {
            Violation::new(format!("{place} found `None`")).unwind()
        }
    }
}

impl<T, E: Debug> Hold for Result<T, E> {
    #[track_caller]
    fn must_hold(&self, place: &str) {
        if let Err(error) = self {
            Violation::new(format!("{place} found `Err({error:?})`")).unwind()
        }
    }
}

impl<H: Hold> Hold for &H {
    #[track_caller]
    fn must_hold(&self, place: &str) {
        (**self).must_hold(place);
    }
}

impl<H: Hold> Hold for &mut H {
    #[track_caller]
    fn must_hold(&self, place: &str) {
        (**self).must_hold(place);
    }
}

impl<H: Hold> Hold for Box<H> {
    #[track_caller]
    fn must_hold(&self, place: &str) {
        (**self).must_hold(place);
    }
}

/// What is about to be unwrapped. Method lookup takes [`ViaHold`] where that is known to be possible,
/// else [`ViaNoHold`]: rustc reports what has no such method.
#[derive(Debug)]
pub struct Unwrapped<'v, V>(pub &'v V);

/// A value that may hold something.
pub trait ViaHold {
    /// Unwinds where it holds nothing.
    fn must_hold(&self, place: &str);
}

impl<V: Hold> ViaHold for Unwrapped<'_, V> {
    #[track_caller]
    fn must_hold(&self, place: &str) {
        self.0.must_hold(place);
    }
}

/// Any other value.
pub trait ViaNoHold {
    /// Asks for nothing.
    fn must_hold(&self, _place: &str) {}
}

impl<V> ViaNoHold for &Unwrapped<'_, V> {}
