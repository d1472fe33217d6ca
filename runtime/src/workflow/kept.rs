//! The standard types that may be kept.

use super::{
    Durable, ErrorVariant, Look, Mismatch, NotNull, Numbers, Refused, TaskError, Timestamp,
    jsonata::look::Json,
};
use crate::program::{Data, Failure};
use indexmap::IndexMap;
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

macro_rules! plain {
    ($($type:ty)*) => {$(
        impl Durable for $type {
            const LOOK: Look = <Self as Json>::LOOK;
        }
        impl NotNull for $type {}
    )*};
}

plain!(bool char String f32 f64 i8 i16 i32 i64 isize u8 u16 u32 u64 usize Duration Timestamp);

impl Durable for i128 {}
impl NotNull for i128 {}
impl Durable for u128 {}
impl NotNull for u128 {}

impl Durable for () {
    const LOOK: Look = Look::Unit;
}
impl Durable for Value {}

#[diagnostic::do_not_recommend]
impl<T: NotNull> Durable for Option<T> {
    const LOOK: Look = Look::Optional(&T::LOOK);
}

macro_rules! containers {
    ($($type:ty, $look:ident);*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Durable> Durable for $type {
            const LOOK: Look = Look::$look(&T::LOOK);
        }
        #[diagnostic::do_not_recommend]
        impl<T: Durable> NotNull for $type {}
    )*};
}

containers!(Vec<T>, List; BTreeMap<String, T>, Map; IndexMap<String, T>, Map);

#[diagnostic::do_not_recommend]
impl<T: Durable> Durable for Box<T> {
    const LOOK: Look = T::LOOK;
}
#[diagnostic::do_not_recommend]
impl<T: NotNull> NotNull for Box<T> {}

macro_rules! tuples {
    ($(($($item:ident)+))*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($item: Durable),+> Durable for ($($item,)+) {
            const LOOK: Look = Look::Tuple(&[$($item::LOOK),+]);
        }
        #[diagnostic::do_not_recommend]
        impl<$($item: Durable),+> NotNull for ($($item,)+) {}
    )*};
}

tuples!((A)(A B)(A B C)(A B C D)(A B C D E)(A B C D E F)(A B C D E F G)(A B C D E F G H));

macro_rules! arrays {
    ($($length:literal)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Durable> Durable for [T; $length] {
            const LOOK: Look = Look::List(&T::LOOK);
        }
        #[diagnostic::do_not_recommend]
        impl<T: Durable> NotNull for [T; $length] {}
    )*};
}

// serde has arrays up to 32
arrays!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32);

#[diagnostic::do_not_recommend]
impl<T: Durable, E: TaskError> Durable for Result<T, E> {
    const LOOK: Look = Look::Outcome(&T::LOOK, &E::LOOK);
    const ERRORS: &'static [ErrorVariant] = E::VARIANTS;

    fn to_outcome(&self, numbers: Numbers) -> Result<Result<Data, Failure>, Refused> {
        match self {
            Ok(value) => value.to_json(numbers).map(|value| Ok(value.into())),
            Err(error) => error.to_failure().map(Err),
        }
    }

    fn from_success(value: &Value) -> Result<Self, Mismatch> {
        T::from_json(value).map(Ok)
    }

    fn from_failed(failure: &Failure) -> Option<Self> {
        E::from_failure(failure).map(Err)
    }

    fn success_schema() -> Value {
        super::durable::schema::<T>()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Durable, E: TaskError> NotNull for Result<T, E> {}
