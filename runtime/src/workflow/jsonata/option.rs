//! `Option`: `null` or the value; and `Result` kept as data.

use super::{
    look::{Json, Present, Told},
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
    if value.is_missing() {
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

/// An `Option` or a `Result`: what has `unwrap_or` and its kind.
#[diagnostic::on_unimplemented(
    message = "this method of `{Self}` has no exported form",
    label = "it can't be exported",
    note = "move it into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Holder {
    /// What it holds.
    type Inner;

    /// Whether it holds it.
    fn holds(value: &Term) -> Term;

    /// What it holds, where it does.
    fn held(value: &Term) -> Term;

    /// The same with another value in it.
    fn with(inner: &Term) -> Term;

    /// What it is where it holds nothing.
    fn without(value: &Term) -> Term;
}

impl<T> Holder for Option<T> {
    type Inner = T;

    fn holds(value: &Term) -> Term {
        some(value)
    }

    fn held(value: &Term) -> Term {
        value.clone()
    }

    fn with(inner: &Term) -> Term {
        inner.clone()
    }

    fn without(_: &Term) -> Term {
        null()
    }
}

impl<T, E> Holder for Result<T, E> {
    type Inner = T;

    fn holds(value: &Term) -> Term {
        super::data::is_outcome(value, true)
    }

    fn held(value: &Term) -> Term {
        super::data::outcome(value, true)
    }

    fn with(inner: &Term) -> Term {
        super::data::success(inner)
    }

    fn without(value: &Term) -> Term {
        value.clone()
    }
}

impl<H: Holder> Holder for &H {
    type Inner = H::Inner;

    fn holds(value: &Term) -> Term {
        H::holds(value)
    }

    fn held(value: &Term) -> Term {
        H::held(value)
    }

    fn with(inner: &Term) -> Term {
        H::with(inner)
    }

    fn without(value: &Term) -> Term {
        H::without(value)
    }
}

fn otherwise<H: Holder>(value: &Term, other: &Term) -> Term {
    let value = value.shared("value");
    let result = Term::condition(&H::holds(&value), &H::held(&value), other);
    Term::scope(vec![value], &result.missing_where(other))
}

/// `value.unwrap_or(other)`, and `unwrap_or_else` with what its closure gives.
pub fn unwrap_or<H: Holder>(_: &One<H>, value: &Term, other: &Term) -> Term {
    otherwise::<H>(value, other)
}

/// A `Result` kept as data.
#[diagnostic::on_unimplemented(
    message = "this method of `{Self}` has no exported form",
    label = "it can't be exported"
)]
pub trait Outcome {
    /// What it holds where it is `Ok`.
    type Ok;

    /// What it holds where it is `Err`.
    type Err;
}

impl<T, E> Outcome for Result<T, E> {
    type Ok = T;
    type Err = E;
}

impl<O: Outcome> Outcome for &O {
    type Ok = O::Ok;
    type Err = O::Err;
}

/// `result.is_ok()`.
pub fn is_ok<O: Outcome>(_: &One<O>, value: &Term) -> Term {
    super::data::is_outcome(value, true)
}

/// `result.is_err()`.
pub fn is_err<O: Outcome>(_: &One<O>, value: &Term) -> Term {
    super::data::is_outcome(value, false)
}

/// `result.ok()`.
pub fn ok<O: Outcome>(_: &One<O>, value: &Term) -> Term
where
    Option<O::Ok>: Told,
{
    side(value, true)
}

/// `result.err()`.
pub fn err<O: Outcome>(_: &One<O>, value: &Term) -> Term
where
    Option<O::Err>: Told,
{
    side(value, false)
}

fn side(value: &Term, ok: bool) -> Term {
    let value = value.shared("value");
    let (is, held) = (super::data::is_outcome(&value, ok), super::data::outcome(&value, ok));
    let result = Term::condition(&is, &held, &null());
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
pub fn unwrap_or_default<H: Holder>(types: &One<H>, value: &Term) -> Term
where
    H::Inner: Default,
{
    unwrap_or(types, value, &Term::literal(H::Inner::json()))
}

/// `option.unwrap()` and `expect`: fails where nothing is there.
pub fn unwrap<H: Holder>(_: &One<H>, value: &Term, text: &str) -> Term {
    otherwise::<H>(value, &Term::error(text))
}

/// What a value holds, where it holds something: for closures.
pub fn held<H: Holder>(_: &One<H>, value: &Term) -> Term {
    H::held(value)
}

/// Asks whether `Some` may hold this.
pub fn may_be_in_some<T>(_: &One<T>)
where
    Option<T>: Told,
{
}

/// What a closure makes of what this type holds: in an `Option` it must never be null.
#[diagnostic::on_unimplemented(
    message = "an `Option` of what may be null itself can't be told apart from nothing in an exported workflow",
    label = "`{B}` may be null in JSON",
    note = "use `match` or `if let` instead of `map`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Holds<B: ?Sized> {}

#[diagnostic::do_not_recommend]
impl<T, B: Present + ?Sized> Holds<B> for Option<T> {}
#[diagnostic::do_not_recommend]
impl<T, E, B: ?Sized> Holds<B> for Result<T, E> {}
#[diagnostic::do_not_recommend]
impl<H: Holds<B>, B: ?Sized> Holds<B> for &H {}

/// Asks whether `map` of the first may give the second.
pub fn may_hold<B: ?Sized, H: Holds<B>>(_: &One<H>, _: &One<B>) {}

/// `value.map(|parameter| body)`; `body` reads what the shared value holds.
pub fn map<H: Holder>(_: &One<H>, value: &Term, body: &Term) -> Term {
    let result = Term::condition(&H::holds(value), &H::with(body), &H::without(value));
    Term::scope(vec![value.clone()], &result)
}

/// `option.is_some_and(|parameter| body)`; `body` reads the shared value.
pub fn is_some_and<O: Optional + ?Sized>(_: &One<O>, value: &Term, body: &Term) -> Term {
    let result = super::compare::and(&some(value), body);
    Term::scope(vec![value.clone()], &result)
}

/// `option.or(other)`.
pub fn or<T>(_: &One<Option<T>>, value: &Term, other: &Term) -> Term {
    otherwise::<Option<T>>(value, other)
}

/// `option.filter(|parameter| body)`; `body` reads the shared value.
pub fn filter<O: Optional + ?Sized>(_: &One<O>, value: &Term, body: &Term) -> Term {
    let keep = super::compare::and(&some(value), body);
    let result = Term::condition(&keep, value, &null());
    Term::scope(vec![value.clone()], &result)
}

/// `option.and_then(|parameter| body)`; `body` reads the shared value.
pub fn and_then<T>(types: &One<Option<T>>, value: &Term, body: &Term) -> Term {
    map(types, value, body)
}
