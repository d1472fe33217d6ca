//! Text: `String + &str`.

use super::{CheckedAdd, Take};

impl Take for String {
    #[inline]
    fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}

impl<R: AsRef<str> + ?Sized> CheckedAdd<&R, Self> for String {
    #[inline]
    fn checked_add(mut self, other: &R) -> Self {
        self.push_str(other.as_ref());
        self
    }
}
