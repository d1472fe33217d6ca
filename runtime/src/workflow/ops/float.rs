//! Floats and durations: as std has them, but for what is not finite or would panic.

use super::{
    CheckedAdd, CheckedDiv, CheckedMul, CheckedNeg, CheckedRem, CheckedSub, Take, Violation, fail,
};
use std::time::Duration;

macro_rules! operator {
    ($type:ty, $trait:ident, $method:ident, $symbol:tt) => {
        impl $trait<Self, Self> for $type {
            #[inline]
            fn $method(self, other: Self) -> Self {
                let result = self $symbol other;
                // JSON has no infinity, and JSONata computes with none
                if !result.is_finite() {
                    fail(self, stringify!($symbol), other, "is no finite number");
                }
                result
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

macro_rules! floats {
    ($($type:ty)*) => {$(
        operator!($type, CheckedAdd, checked_add, +);
        operator!($type, CheckedSub, checked_sub, -);
        operator!($type, CheckedMul, checked_mul, *);
        operator!($type, CheckedDiv, checked_div, /);
        operator!($type, CheckedRem, checked_rem, %);
        impl CheckedNeg<Self> for $type {
            #[inline]
            fn checked_neg(self) -> Self {
                -self
            }
        }
        impl CheckedNeg<$type> for &$type {
            #[inline]
            fn checked_neg(self) -> $type {
                -*self
            }
        }
        impl Take for $type {
            #[inline]
            fn take(&mut self) -> Self {
                *self
            }
        }
    )*};
}

floats!(f32 f64);

impl Take for Duration {
    #[inline]
    fn take(&mut self) -> Self {
        *self
    }
}

fn duration(result: Option<Duration>, what: impl FnOnce() -> String) -> Duration {
    result.unwrap_or_else(|| Violation::new(what()).unwind())
}

impl CheckedAdd<Self, Self> for Duration {
    fn checked_add(self, other: Self) -> Self {
        duration(Self::checked_add(self, other), || format!("{self:?} + {other:?} overflows"))
    }
}

impl CheckedSub<Self, Self> for Duration {
    fn checked_sub(self, other: Self) -> Self {
        duration(Self::checked_sub(self, other), || format!("{self:?} - {other:?} is negative"))
    }
}

impl CheckedMul<u32, Self> for Duration {
    fn checked_mul(self, other: u32) -> Self {
        duration(Self::checked_mul(self, other), || format!("{self:?} * {other} overflows"))
    }
}

impl CheckedMul<Duration, Duration> for u32 {
    fn checked_mul(self, other: Duration) -> Duration {
        CheckedMul::checked_mul(other, self)
    }
}

impl CheckedDiv<u32, Self> for Duration {
    fn checked_div(self, other: u32) -> Self {
        duration(Self::checked_div(self, other), || format!("{self:?} / 0 divides by zero"))
    }
}
