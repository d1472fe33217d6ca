//! Operators on numbers, checked as native code checks them.
//!
//! Every step of a computation with integers stays within its type and within ±(2^53-1), where
//! doubles are exact; with floats it stays finite.

use super::{
    term::{MAX_SAFE, Operator, Term},
    witness::{One, Pair},
};
use serde_json::Value;

/// A type of numbers.
pub trait Number {
    /// The bounds of an integer; `None` for floats.
    const BOUNDS: Option<(i128, i128)>;
}

macro_rules! integers {
    ($($ty:ty)*) => {
        $(impl Number for $ty {
            const BOUNDS: Option<(i128, i128)> = {
                let (low, high) = (<$ty>::MIN as i128, <$ty>::MAX as i128);
                Some((
                    if low < -MAX_SAFE { -MAX_SAFE } else { low },
                    if high > MAX_SAFE { MAX_SAFE } else { high },
                ))
            };
        })*
    };
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl Number for f64 {
    const BOUNDS: Option<(i128, i128)> = None;
}

/// Two sides of `+` that an export can add: numbers of one type, or a `String` and a `&str`.
#[diagnostic::on_unimplemented(
    message = "`{Self} + {R}` has no exported form",
    label = "this `+` can't be exported",
    note = "compute it in a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Add<R: ?Sized> {
    /// The text.
    fn add(left: &Term, right: &Term) -> Term;
}

/// Two sides of `-`, `*`, `/` and `%`: numbers of one type.
#[diagnostic::on_unimplemented(
    message = "arithmetic between `{Self}` and `{R}` has no exported form",
    label = "this operator can't be exported",
    note = "compute it in a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Arithmetic<R: ?Sized> {
    /// The type of the result.
    type Number: Number;
}

/// Two sides of `<` and its kind: numbers. JSONata orders strings otherwise than Rust.
#[diagnostic::on_unimplemented(
    message = "ordering `{Self}` and `{R}` has no exported form",
    label = "this comparison can't be exported",
    note = "only numbers are ordered alike in Rust and in JSONata; compare in a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Ordered<R: ?Sized> {}

/// Stands for a bare number, which has the type of the other side.
#[derive(Debug)]
pub struct Literal;

macro_rules! operators {
    ($($ty:ty)*) => {
        $(
            operators!(@sides $ty, $ty, $ty);
            operators!(@sides $ty, $ty, &$ty);
            operators!(@sides $ty, &$ty, $ty);
            operators!(@sides $ty, &$ty, &$ty);
            impl Ordered<Literal> for $ty {}
            impl Ordered<Literal> for &$ty {}
            impl Ordered<$ty> for $ty {}
            impl Ordered<&$ty> for &$ty {}
            impl Ordered<&&$ty> for &&$ty {}
        )*
    };
    (@sides $ty:ty, $left:ty, $right:ty) => {
        impl Add<$right> for $left {
            fn add(left: &Term, right: &Term) -> Term { sum::<$ty>(left, right) }
        }
        impl Arithmetic<$right> for $left { type Number = $ty; }
    };
}

operators!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f64);

impl Add<&str> for String {
    fn add(left: &Term, right: &Term) -> Term {
        Term::binary(Operator::Concat, left, right)
    }
}

impl Add<&Self> for String {
    fn add(left: &Term, right: &Term) -> Term {
        Term::binary(Operator::Concat, left, right)
    }
}

/// The bounds of a term of type `N`: its own, or its type's.
fn bounds<N: Number>(term: &Term) -> Option<(i128, i128)> {
    let (low, high) = N::BOUNDS?;
    let (from, to) = term.range().unwrap_or((low, high));
    Some((from.max(low), to.min(high)))
}

/// The result of an operator, with the bounds it may have, checked against its type's.
fn checked<N: Number>(term: Term, reach: &[i128], verb: &str) -> Term {
    let Some((low, high)) = N::BOUNDS else { return term };
    let from = reach.iter().copied().min().unwrap_or(low);
    let to = reach.iter().copied().max().unwrap_or(high);
    term.within(from, to).checked(low, high, &format!("attempt to {verb} with overflow"))
}

fn sum<N: Number>(left: &Term, right: &Term) -> Term {
    let term = Term::binary(Operator::Add, left, right);
    match (bounds::<N>(left), bounds::<N>(right)) {
        (Some((a, b)), Some((c, d))) => checked::<N>(term, &[a + c, b + d], "add"),
        _ => float_sum(term, left, right),
    }
}

/// What is added to the largest float without a change: less than half of its last digit.
const SLIGHT: f64 = 1e291;

/// The greatest integer that a float is made of.
const INTEGER: f64 = 9_007_199_254_740_991.0;

/// The greatest absolute value that a float may have.
fn size(term: &Term) -> f64 {
    let constant = term.as_constant().and_then(Value::as_f64).map(f64::abs);
    constant.or_else(|| term.range().map(|_| INTEGER)).unwrap_or(f64::MAX)
}

/// A sum or a difference of floats.
fn float_sum(term: Term, left: &Term, right: &Term) -> Term {
    if size(left).min(size(right)) < SLIGHT { term } else { term.finite() }
}

/// `left + right`.
pub fn add<L: Add<R> + ?Sized, R: ?Sized>(_: &Pair<L, R>, left: &Term, right: &Term) -> Term {
    L::add(left, right)
}

/// `left - right`.
pub fn subtract<L: Arithmetic<R>, R>(_: &Pair<L, R>, left: &Term, right: &Term) -> Term {
    let term = Term::binary(Operator::Subtract, left, right);
    match (bounds::<L::Number>(left), bounds::<L::Number>(right)) {
        (Some((a, b)), Some((c, d))) => checked::<L::Number>(term, &[a - d, b - c], "subtract"),
        _ => float_sum(term, left, right),
    }
}

/// `left * right`.
pub fn multiply<L: Arithmetic<R>, R>(_: &Pair<L, R>, left: &Term, right: &Term) -> Term {
    let term = Term::binary(Operator::Multiply, left, right);
    match (bounds::<L::Number>(left), bounds::<L::Number>(right)) {
        (Some((a, b)), Some((c, d))) => {
            checked::<L::Number>(term, &[a * c, a * d, b * c, b * d], "multiply")
        }
        _ if (size(left) * size(right)).is_finite() => term,
        _ => term.finite(),
    }
}

/// Fails where the divisor is zero.
fn divisor(term: &Term, range: (i128, i128), text: &str) -> Option<Term> {
    if range.0 > 0 || range.1 < 0 {
        return None;
    }
    let zero = Term::binary(Operator::Equal, term, &Term::literal(0));
    Some(Term::condition(&zero, &Term::error(text), &Term::literal(false)))
}

/// Binds both sides to names where they are long, and guards against a divisor of zero.
fn division(left: &Term, right: &Term, text: &str, body: impl Fn(&Term, &Term) -> Term) -> Term {
    let (left, right) = (left.shared("a"), right.shared("b"));
    let lets = vec![left.clone(), right.clone()];
    let range = right.range().unwrap_or((i128::MIN, i128::MAX));
    let value = body(&left, &right);
    let value = match divisor(&right, range, text) {
        None => value,
        Some(_) => {
            let zero = Term::binary(Operator::NotEqual, &right, &Term::literal(0));
            let (low, high) = value.range().unwrap_or((i128::MIN, i128::MAX));
            Term::condition(&zero, &value, &Term::error(text)).within(low, high)
        }
    };
    Term::scope(lets, &value)
}

/// A division of floats: by zero it has no finite result, and by less than one it may have none.
fn float_division(operator: Operator, left: &Term, right: &Term, text: &str) -> Term {
    let constant = right.as_constant().and_then(Value::as_f64).map(f64::abs);
    let integer = right.range().is_some_and(|(low, high)| low > 0 || high < 0);
    let shrinks = operator == Operator::Remainder || integer || constant.is_some_and(|n| n >= 1.0);
    let body = |left: &Term, right: &Term| {
        let term = Term::binary(operator, left, right);
        if shrinks { term } else { term.finite() }
    };
    if constant.is_some_and(|divisor| divisor > 0.0) {
        return body(left, right);
    }
    division(left, right, text, body)
}

/// `left / right`: integers truncate toward zero.
pub fn divide<L: Arithmetic<R>, R>(_: &Pair<L, R>, left: &Term, right: &Term) -> Term {
    let (Some((a, b)), Some((c, d))) = (bounds::<L::Number>(left), bounds::<L::Number>(right))
    else {
        return float_division(Operator::Divide, left, right, "attempt to divide by zero");
    };
    let right = right.clone().within(c, d);
    division(left, &right, "attempt to divide by zero", |left, right| {
        let ends = [a.abs().max(b.abs()), -a.abs().max(b.abs())];
        let quotient = if a >= 0 && c >= 0 {
            let exact = Term::binary(Operator::Divide, left, right);
            Term::call("floor", vec![exact]).within(0, b)
        } else {
            let rest = Term::binary(Operator::Remainder, left, right);
            let whole = Term::binary(Operator::Subtract, left, &rest);
            let low = if a >= 0 && c > 0 { 0 } else { ends[1] };
            Term::binary(Operator::Divide, &whole, right).within(low, ends[0])
        };
        match <L::Number as Number>::BOUNDS {
            Some((low, high)) if c < 0 => {
                quotient.checked(low, high, "attempt to divide with overflow")
            }
            Some((low, high)) => quotient.within(low, high),
            None => quotient,
        }
    })
}

/// `left % right`: the sign is the left side's, in both languages.
pub fn remainder<L: Arithmetic<R>, R>(_: &Pair<L, R>, left: &Term, right: &Term) -> Term {
    let term = |left: &Term, right: &Term| Term::binary(Operator::Remainder, left, right);
    let text = "attempt to calculate the remainder with a divisor of zero";
    let (Some((a, b)), Some((c, d))) = (bounds::<L::Number>(left), bounds::<L::Number>(right))
    else {
        return float_division(Operator::Remainder, left, right, text);
    };
    let right = right.clone().within(c, d);
    division(left, &right, text, |left, right| {
        let most = c.abs().max(d.abs()) - 1;
        let (low, high) = (if a < 0 { -most } else { 0 }, if b > 0 { most } else { 0 });
        term(left, right).within(low, high)
    })
}

/// `-value`.
pub fn negate<T: Arithmetic<T>>(_: &One<T>, value: &Term) -> Term {
    let term = Term::negative(value);
    match bounds::<T::Number>(value) {
        Some((a, b)) => checked::<T::Number>(term, &[-b, -a], "negate"),
        None => term,
    }
}

/// `-value` of a bare number.
pub fn negative(value: &Term) -> Term {
    match value.as_constant() {
        Some(Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Term::literal(-whole),
            (None, Some(float)) => Term::literal(-float),
            (None, None) => Term::negative(value),
        },
        _ => Term::negative(value),
    }
}

/// `value / unit`, rounded up.
pub fn whole(value: &Term, unit: i64) -> Term {
    if unit == 1 {
        return value.clone();
    }
    let parts = Term::binary(Operator::Divide, value, &Term::literal(unit));
    Term::call("ceil", vec![parts])
}

/// `value * unit`.
pub fn times(value: &Term, unit: i64) -> Term {
    Term::binary(Operator::Multiply, value, &Term::literal(unit))
}

/// `value.abs()`.
pub fn absolute<T: Arithmetic<T>>(_: &One<T>, value: &Term) -> Term {
    let term = Term::call("abs", vec![value.clone()]);
    match bounds::<T::Number>(value) {
        Some((a, b)) => checked::<T::Number>(term, &[0, a.abs(), b.abs()], "negate"),
        None => term,
    }
}

fn extreme<T: Arithmetic<T>>(operator: Operator, left: &Term, right: &Term) -> Term {
    let (left, right) = (left.shared("a"), right.shared("b"));
    let first = Term::binary(operator, &left, &right);
    let chosen = Term::condition(&first, &left, &right);
    let chosen = match (bounds::<T::Number>(&left), bounds::<T::Number>(&right)) {
        (Some((a, b)), Some((c, d))) if operator == Operator::LessEqual => {
            chosen.within(a.min(c), b.min(d))
        }
        (Some((a, b)), Some((c, d))) => chosen.within(a.max(c), b.max(d)),
        _ => chosen,
    };
    Term::scope(vec![left, right], &chosen)
}

/// `value.min(other)`.
pub fn least<T: Arithmetic<T> + Ordered<T>>(_: &One<T>, value: &Term, other: &Term) -> Term {
    extreme::<T>(Operator::LessEqual, value, other)
}

/// `value.max(other)`.
pub fn greatest<T: Arithmetic<T> + Ordered<T>>(_: &One<T>, value: &Term, other: &Term) -> Term {
    extreme::<T>(Operator::GreaterEqual, value, other)
}

/// `value as T`: checked, for numbers that must stay what they are.
pub fn cast<F: Cast + ?Sized, T: Number>(_: &One<F>, value: &Term) -> Term {
    F::cast::<T>(value)
}

/// What `as` converts.
#[diagnostic::on_unimplemented(
    message = "`as` from `{Self}` has no exported form",
    label = "this conversion can't be exported",
    note = "convert it in a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Cast {
    /// The text.
    fn cast<T: Number>(value: &Term) -> Term;
}

macro_rules! casts {
    ($($ty:ty)*) => {
        $(impl Cast for $ty {
            fn cast<T: Number>(value: &Term) -> Term {
                let Some((a, b)) = bounds::<$ty>(value) else { return value.clone() };
                let value = value.clone().within(a, b);
                let Some((low, high)) = T::BOUNDS else { return value };
                value.checked(low, high, "number does not fit its new type")
            }
        })*
    };
}

casts!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl Cast for f64 {
    fn cast<T: Number>(value: &Term) -> Term {
        let Some((low, high)) = T::BOUNDS else { return value.clone() };
        let value = value.shared("x");
        let negative = Term::binary(Operator::Less, &value, &Term::literal(0));
        let whole = Term::condition(
            &negative,
            &Term::call("ceil", vec![value.clone()]),
            &Term::call("floor", vec![value.clone()]),
        );
        let whole = whole.checked(low, high, "number does not fit its new type");
        Term::scope(vec![value], &whole)
    }
}

impl Cast for bool {
    fn cast<T: Number>(value: &Term) -> Term {
        Term::condition(value, &Term::literal(1), &Term::literal(0))
    }
}

/// `left < right` and its kind.
pub fn less<L: Ordered<R> + ?Sized, R: ?Sized>(_: &Pair<L, R>, left: &Term, right: &Term) -> Term {
    Term::binary(Operator::Less, left, right)
}

/// `left <= right`.
pub fn at_most<L: Ordered<R> + ?Sized, R: ?Sized>(
    _: &Pair<L, R>,
    left: &Term,
    right: &Term,
) -> Term {
    Term::binary(Operator::LessEqual, left, right)
}

/// `left > right`.
pub fn greater<L: Ordered<R> + ?Sized, R: ?Sized>(
    _: &Pair<L, R>,
    left: &Term,
    right: &Term,
) -> Term {
    Term::binary(Operator::Greater, left, right)
}

/// `left >= right`.
pub fn at_least<L: Ordered<R> + ?Sized, R: ?Sized>(
    _: &Pair<L, R>,
    left: &Term,
    right: &Term,
) -> Term {
    Term::binary(Operator::GreaterEqual, left, right)
}
