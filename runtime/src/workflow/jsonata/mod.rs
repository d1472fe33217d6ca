//! Exported expressions: generated code builds [`Term`]s, and traits over the types that rustc
//! inferred choose their text.
//!
//! A form stands here only where native code, our interpreter and the reference implementation of
//! JSONata give the same value. What is absent has no exported form.

mod api_text;
pub mod canonical;
pub mod compare;
pub mod data;
pub mod failure;
mod levels;
pub mod list;
pub mod look;
pub mod number;
pub mod option;
pub mod print;
mod recursion;
pub mod template;
mod term;
pub mod textual;
mod unfit;
pub mod witness;
mod written;

pub use api_text::text_of_json;
pub use term::Term;

use super::{Numbers, json};
use look::Json;
use witness::One;

/// A constant of the source.
pub fn constant<T: serde::Serialize + ?Sized>(value: &T) -> Term {
    match json::to_value(value, Numbers::Wide) {
        Ok(value) => Term::literal(value),
        Err(refused) => Term::error(&refused.to_string()),
    }
}

/// `Vec::new()`.
pub fn empty() -> Term {
    Term::literal(serde_json::Value::Array(Vec::new()))
}

/// Types whose standard conversions into each other keep the JSON.
#[diagnostic::on_unimplemented(
    message = "this conversion from `{Self}` has no exported form",
    label = "it can't be exported",
    note = "move it into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Same {}

macro_rules! same {
    ($($ty:ty)*) => { $(impl Same for $ty {})* };
}

same!(str String i8 i16 i32 i64 isize u8 u16 u32 u64 usize f64 bool);

impl<T: Same + ?Sized> Same for &T {}
impl<T: Json> Same for Vec<T> {}
impl<T: Json> Same for [T] {}
impl<T: Json, const N: usize> Same for [T; N] {}

/// `value.into()` and `Target::from(value)`.
pub fn same<T: Same + ?Sized>(_: &One<T>, value: &Term) -> Term {
    value.clone()
}
