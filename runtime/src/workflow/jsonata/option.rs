//! `Option`: `null` or the value; and `Result` kept as data.

use super::{
    compare::present,
    look::Json,
    term::{Operator, Term},
    witness::One,
};
use serde_json::Value;

/// An `Option`, by value or by reference.
#[diagnostic::on_unimplemented(
    message = "this method of `{Self}` has no exported form",
    label = "it can't be exported",
    note = "move it into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Optional {
    /// What it holds.
    type Inner: ?Sized;
}

impl<T> Optional for Option<T> {
    type Inner = T;
}

impl<O: Optional + ?Sized> Optional for &O {
    type Inner = O::Inner;
}

fn null() -> Term {
    Term::literal(Value::Null)
}

/// Whether the value is there, for patterns: false for null and for what is missing.
pub fn some(value: &Term) -> Term {
    Term::binary(Operator::NotEqual, value, &null())
}

/// Whether the value is not there, for patterns.
pub fn none(value: &Term) -> Term {
    if value.is_raw() {
        return Term::call("not", vec![some(value)]);
    }
    Term::binary(Operator::Equal, value, &null())
}

/// `option.is_some()`.
pub fn is_some<O: Optional + ?Sized>(_: &One<O>, value: &Term) -> Term {
    some(value)
}

/// `option.is_none()`.
pub fn is_none<O: Optional + ?Sized>(_: &One<O>, value: &Term) -> Term {
    none(value)
}

/// `option.unwrap_or(otherwise)` and `unwrap_or_else`, which is lazy: `eager` for the first.
pub fn unwrap_or<O: Optional + ?Sized>(_: &One<O>, value: &Term, otherwise: &Term) -> Term {
    let (value, otherwise) = (value.shared("value"), otherwise.clone());
    let result = Term::condition(&some(&value), &value, &otherwise);
    Term::scope(vec![value], &result)
}

/// What `unwrap_or_default` gives for nothing.
pub trait Default: std::default::Default + Json {
    /// Its JSON.
    fn json() -> Value;
}

macro_rules! defaults {
    ($($json:expr => $($ty:ty)*;)*) => {
        $($(impl Default for $ty { fn json() -> Value { $json } })*)*
    };
}

defaults! {
    Value::from(0) => i8 i16 i32 i64 isize u8 u16 u32 u64 usize f64;
    Value::from("") => String;
    Value::from(false) => bool;
}

impl<T: Json> Default for Vec<T> {
    fn json() -> Value {
        Value::Array(Vec::new())
    }
}

/// `option.unwrap_or_default()`.
pub fn unwrap_or_default<O: Optional>(types: &One<O>, value: &Term) -> Term
where
    O::Inner: Default,
{
    unwrap_or(types, value, &Term::literal(O::Inner::json()))
}

/// `option.unwrap()` and `expect`: fails where nothing is there.
pub fn unwrap<O: Optional + ?Sized>(_: &One<O>, value: &Term, text: &str) -> Term {
    let value = value.shared("value");
    let result = Term::condition(&some(&value), &value, &Term::error(text));
    Term::scope(vec![value], &result)
}

/// `option.map(|parameter| body)`; `body` reads the shared value.
pub fn map<O: Optional + ?Sized>(_: &One<O>, value: &Term, body: &Term) -> Term {
    let result = Term::condition(&some(value), body, &null());
    Term::scope(vec![value.clone()], &result)
}

/// `option.is_some_and(|parameter| body)`; `body` reads the shared value.
pub fn is_some_and<O: Optional + ?Sized>(_: &One<O>, value: &Term, body: &Term) -> Term {
    let result = super::compare::and(&some(value), body);
    Term::scope(vec![value.clone()], &result)
}

/// `option.or(other)`.
pub fn or<O: Optional + ?Sized>(types: &One<O>, value: &Term, other: &Term) -> Term {
    unwrap_or(types, value, other)
}

/// A value that goes into a field or variable: what the caller left out is null.
pub fn whole<T: Json + ?Sized>(_: &One<T>, value: &Term) -> Term {
    match T::LOOK {
        super::look::Look::Optional(_) => present(value),
        _ => value.clone(),
    }
}
