//! Where a value is needed and a `Result` or `Option` is given that nobody has looked into, or a
//! call that nobody awaits, rustc says so. These impls keep ours from saying it once more: no
//! program that compiles uses them, for no one may implement the operators of std for these types.

use super::{
    compare::Logic,
    list::{Contains, Indexed, Length},
    number::{Add, Arithmetic, Cast, Literal, Number, Ordered},
    term::Term,
    textual::{Display, Text},
};
use crate::workflow::{Call, Sleep, SleepUntil};

/// The term that no definition has.
fn unfit() -> Term {
    Term::error("no value is here")
}

macro_rules! operators {
    ($(($($generics:tt)*) $ty:ty;)*) => {$(
        impl<$($generics)*> Add<Self> for $ty {
            fn add(_: &Term, _: &Term) -> Term { unfit() }
        }
        impl<$($generics)*> Arithmetic<Self> for $ty { type Number = f64; }
        impl<$($generics)*> Ordered<Literal> for $ty {}
        impl<$($generics)*> Logic for $ty {}
        impl<$($generics)*> Indexed for $ty {}
        impl<$($generics)*> Cast for $ty {
            fn cast<Z: Number>(_: &Term) -> Term { unfit() }
        }
        impl<$($generics)*> Display for $ty {
            fn display(_: &Term) -> Term { unfit() }
        }
        operators!(@beside ($($generics)*) $ty:
            i8 i16 i32 i64 isize u8 u16 u32 u64 usize f64);
    )*};
    (@beside $generics:tt $ty:ty: $($number:ty)*) => {
        $(operators!(@one $generics $ty, $number);)*
    };
    (@one ($($generics:tt)*) $ty:ty, $number:ty) => {
        impl<$($generics)*> Add<$number> for $ty {
            fn add(_: &Term, _: &Term) -> Term { unfit() }
        }
        impl<$($generics)*> Add<$ty> for $number {
            fn add(_: &Term, _: &Term) -> Term { unfit() }
        }
        impl<$($generics)*> Arithmetic<$number> for $ty { type Number = f64; }
        impl<$($generics)*> Arithmetic<$ty> for $number { type Number = f64; }
    };
}

operators! {
    (T, E) Result<T, E>;
    (T) Option<T>;
    (D, F) Call<D, F>;
    () Sleep;
    () SleepUntil;
}

macro_rules! methods {
    ($(($($generics:tt)*) $ty:ty;)*) => {$(
        impl<$($generics)*> Length for $ty {
            fn length(_: &Term) -> Term { unfit() }
        }
        impl<$($generics)*> Text for $ty {}
        impl<$($generics)*> Contains for $ty {
            fn contains(_: &Term, _: &Term) -> Term { unfit() }
        }
    )*};
}

methods! {
    (T, E) Result<T, E>;
    (D, F) Call<D, F>;
}
