//! `==`, `!=` and logic.

use super::{
    canonical,
    look::Json,
    term::{Operator, Term},
    witness::{One, Pair},
};
use serde_json::Value;

/// `left == right`: deep, as derived `PartialEq` is.
pub fn equal<L: Json + ?Sized, R: Json + ?Sized>(
    _: &Pair<L, R>,
    left: &Term,
    right: &Term,
) -> Term {
    let left = canonical::exact(&L::LOOK, left);
    let right = canonical::exact(&R::LOOK, right);
    // A missing key equals nothing, not even null.
    Term::binary(Operator::Equal, &present(&left), &present(&right))
}

/// `left != right`.
pub fn differ<L: Json + ?Sized, R: Json + ?Sized>(
    types: &Pair<L, R>,
    left: &Term,
    right: &Term,
) -> Term {
    not(&equal(types, left, right))
}

/// A value that may be missing in what the caller wrote: null then.
pub(super) fn present(term: &Term) -> Term {
    if !term.is_missing() {
        return term.clone();
    }
    let exists = Term::call("exists", vec![term.clone()]);
    Term::condition(&exists, term, &Term::literal(Value::Null))
}

/// `!value` of a bool.
pub fn negation<T: Logic + ?Sized>(_: &One<T>, value: &Term) -> Term {
    not(value)
}

/// What `!` negates.
#[diagnostic::on_unimplemented(
    message = "`!` of `{Self}` has no exported form",
    label = "this `!` can't be exported"
)]
pub trait Logic {}

impl Logic for bool {}
impl Logic for &bool {}

/// The opposite of a condition.
pub fn not(term: &Term) -> Term {
    use super::term::Kind;
    match term.kind() {
        Kind::Literal(Value::Bool(known)) => Term::literal(!known),
        Kind::Binary(Operator::Equal, left, right) => Term::binary(Operator::NotEqual, left, right),
        Kind::Call("not", arguments) => match arguments.as_slice() {
            [inner] => inner.clone(),
            _ => Term::call("not", vec![term.clone()]),
        },
        _ => Term::call("not", vec![term.clone()]),
    }
}

/// `left && right`. The right side is not evaluated where the left is false.
pub fn and(left: &Term, right: &Term) -> Term {
    use super::term::Kind;
    match (left.kind(), right.kind()) {
        (Kind::Literal(Value::Bool(true)), _) => right.clone(),
        (_, Kind::Literal(Value::Bool(true))) => left.clone(),
        _ if right.may_fail() => Term::condition(left, right, &Term::literal(false)),
        _ => Term::binary(Operator::And, left, right),
    }
}

/// `left || right`. The right side is not evaluated where the left is true.
pub fn or(left: &Term, right: &Term) -> Term {
    use super::term::Kind;
    match (left.kind(), right.kind()) {
        (Kind::Literal(Value::Bool(false)), _) => right.clone(),
        (_, Kind::Literal(Value::Bool(false))) => left.clone(),
        _ if right.may_fail() => Term::condition(left, &Term::literal(true), right),
        _ => Term::binary(Operator::Or, left, right),
    }
}

/// `left == right`, for patterns: the right side is a constant.
pub fn is(left: &Term, constant: &Term) -> Term {
    Term::binary(Operator::Equal, left, constant)
}

/// `low <= value && value <= high`, for patterns of ranges.
pub fn between(value: &Term, low: Option<&Term>, high: Option<(&Term, bool)>) -> Term {
    let low = low.map(|low| Term::binary(Operator::GreaterEqual, value, low));
    let high = high.map(|(high, inclusive)| {
        let operator = if inclusive { Operator::LessEqual } else { Operator::Less };
        Term::binary(operator, value, high)
    });
    match (low, high) {
        (Some(low), Some(high)) => and(&low, &high),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Term::literal(true),
    }
}
