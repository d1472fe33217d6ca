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
