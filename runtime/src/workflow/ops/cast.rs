//! `as` between numbers: what does not fit fails instead of being cut off.

use super::{Violation, integer::Exact as _};
use std::fmt::Display;

/// Types that an exported workflow may turn into `T` with `as`.
#[diagnostic::on_unimplemented(
    message = "`{Self} as {T}` has no exported form",
    label = "this `as` can't be exported",
    note = "move the conversion into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait CheckedCast<T> {
    /// The same number as a `T`, or a [`Violation`]; a float is cut to its integer part.
    fn checked_cast(self) -> T;
}

/// `value as T`, checked.
#[inline]
pub fn cast<T, F: CheckedCast<T>>(value: F) -> T {
    value.checked_cast()
}

#[cold]
fn misfit(value: impl Display, into: &str) -> ! {
    Violation::new(format!("{value} does not fit into {into}")).unwind()
}

macro_rules! integers {
    ($($from:ty)*) => {$(
        integers!($from => i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
        impl CheckedCast<f64> for $from {
            #[inline]
            fn checked_cast(self) -> f64 {
                match i64::try_from(self) {
                    // exact integers are within 53 bits
                    #[expect(clippy::cast_precision_loss, reason = "exact by the check")]
                    Ok(value) if value.is_exact() => value as f64,
                    _ => misfit(self, "f64 exactly"),
                }
            }
        }
        impl CheckedCast<$from> for f64 {
            #[inline]
            fn checked_cast(self) -> $from {
                let whole = self.trunc();
                // beyond 2^53 no float is an exact integer; NaN fails the comparison too
                #[expect(clippy::cast_possible_truncation, reason = "in the range of exact integers")]
                let exact = (whole.abs() <= 9_007_199_254_740_991.0).then_some(whole as i64);
                match exact.and_then(|value| <$from>::try_from(value).ok()) {
                    Some(value) => value,
                    None => misfit(self, stringify!($from)),
                }
            }
        }
        impl CheckedCast<$from> for f32 {
            #[inline]
            fn checked_cast(self) -> $from {
                f64::from(self).checked_cast()
            }
        }
        impl CheckedCast<f32> for $from {
            #[inline]
            fn checked_cast(self) -> f32 {
                CheckedCast::<f64>::checked_cast(self).checked_cast()
            }
        }
        impl CheckedCast<$from> for bool {
            #[inline]
            fn checked_cast(self) -> $from {
                <$from>::from(self)
            }
        }
    )*};
    ($from:ty => $($to:ty)*) => {$(
        impl CheckedCast<$to> for $from {
            #[inline]
            fn checked_cast(self) -> $to {
                <$to>::try_from(self).unwrap_or_else(|_| misfit(self, stringify!($to)))
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl CheckedCast<Self> for f64 {
    #[inline]
    fn checked_cast(self) -> Self {
        self
    }
}

impl CheckedCast<f32> for f64 {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "as the source says")]
    fn checked_cast(self) -> f32 {
        self as f32
    }
}

impl CheckedCast<Self> for f32 {
    #[inline]
    fn checked_cast(self) -> Self {
        self
    }
}

impl CheckedCast<f64> for f32 {
    #[inline]
    fn checked_cast(self) -> f64 {
        f64::from(self)
    }
}
