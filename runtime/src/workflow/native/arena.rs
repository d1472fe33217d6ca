//! Values that borrows loaded from a frame point to, for as long as a segment runs.

use std::{any::Any, fmt};

/// Owns values of any type until it goes.
#[derive(Default)]
pub struct Arena(typed_arena::Arena<Box<dyn Any>>);

impl Arena {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a value and lends it.
    pub(super) fn keep<T: 'static>(&self, value: T) -> &T {
        let kept: &Box<dyn Any> = self.0.alloc(Box::new(value));
        kept.downcast_ref().expect("the box holds what was put in the line above")
    }
}

impl fmt::Debug for Arena {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arena").field("values", &self.0.len()).finish()
    }
}
