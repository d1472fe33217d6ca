//! Integers: the range of their type and of exact JSON numbers.

use super::{
    CheckedAdd, CheckedDiv, CheckedMul, CheckedNeg, CheckedRem, CheckedSub, Take, Violation, fail,
};
use crate::workflow::json::LARGEST;
use std::fmt::Display;

/// Whether an integer is an exact JSON number.
pub(super) trait Exact: Copy + Display {
    /// Within ±(2^53-1).
    fn is_exact(self) -> bool;
}

/// The result of an operation, if it is in the range of its type and exact.
fn exact<T: Exact>(result: Option<T>, left: T, symbol: &str, right: T) -> T {
    match result {
        Some(value) if value.is_exact() => value,
        Some(_) => fail(left, symbol, right, "leaves the range of exact numbers, ±(2^53 - 1)"),
        None if matches!(symbol, "/" | "%") && right.to_string() == "0" => {
            fail(left, symbol, right, "divides by zero")
        }
        None => fail(left, symbol, right, "leaves the range of its type"),
    }
}

macro_rules! operator {
    ($type:ty, $trait:ident, $method:ident, $symbol:literal) => {
        impl $trait<Self, Self> for $type {
            #[inline]
            fn $method(self, other: Self) -> Self {
                exact(<$type>::$method(self, other), self, $symbol, other)
            }
        }
        impl $trait<&Self, Self> for $type {
            #[inline]
            fn $method(self, other: &Self) -> Self {
                $trait::$method(self, *other)
            }
        }
        impl $trait<$type, $type> for &$type {
            #[inline]
            fn $method(self, other: $type) -> $type {
                $trait::$method(*self, other)
            }
        }
        impl $trait<Self, $type> for &$type {
            #[inline]
            fn $method(self, other: Self) -> $type {
                $trait::$method(*self, *other)
            }
        }
    };
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Exact for $type {
            #[inline]
            fn is_exact(self) -> bool {
                // comparing as i128 is exact for all but the upper half of u128
                i128::try_from(self).is_ok_and(|value| value.unsigned_abs() <= u128::from(LARGEST.unsigned_abs()))
            }
        }
        impl Take for $type {
            #[inline]
            fn take(&mut self) -> Self {
                *self
            }
        }
        operator!($type, CheckedAdd, checked_add, "+");
        operator!($type, CheckedSub, checked_sub, "-");
        operator!($type, CheckedMul, checked_mul, "*");
        operator!($type, CheckedDiv, checked_div, "/");
        operator!($type, CheckedRem, checked_rem, "%");
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! negatives {
    ($($type:ty)*) => {$(
        impl CheckedNeg<Self> for $type {
            #[inline]
            fn checked_neg(self) -> Self {
                match Self::checked_neg(self) {
                    Some(value) if value.is_exact() => value,
                    _ => Violation::new(format!("-({self}) leaves the range of its type")).unwind(),
                }
            }
        }
        impl CheckedNeg<$type> for &$type {
            #[inline]
            fn checked_neg(self) -> $type {
                CheckedNeg::checked_neg(*self)
            }
        }
    )*};
}

negatives!(i8 i16 i32 i64 i128 isize);
