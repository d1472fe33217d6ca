//! Strings: building them, and the few questions that both languages answer alike.

use super::{
    number::Number,
    term::{Kind, MAX_SAFE, Operator, Term},
    witness::One,
};

/// What `{}` and `to_string` can write: strings, integers, booleans. Floats are written otherwise
/// in JSONata.
#[diagnostic::on_unimplemented(
    message = "writing `{Self}` as text has no exported form",
    label = "this can't be written alike in Rust and in JSONata",
    note = "format it in a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Display {
    /// The text.
    fn display(value: &Term) -> Term;
}

macro_rules! displays {
    ($($ty:ty)*) => {
        $(impl Display for $ty {
            fn display(value: &Term) -> Term {
                match value.kind() {
                    Kind::Literal(number) => Term::literal(number.to_string()),
                    _ => Term::call("formatBase", vec![value.clone(), Term::literal(10)]),
                }
            }
        })*
    };
}

displays!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

macro_rules! already {
    ($($ty:ty)*) => {
        $(impl Display for $ty { fn display(value: &Term) -> Term { value.clone() } })*
    };
}

already!(str String char);

impl Display for bool {
    fn display(value: &Term) -> Term {
        Term::call("string", vec![value.clone()])
    }
}

impl<T: Display + ?Sized> Display for &T {
    fn display(value: &Term) -> Term {
        T::display(value)
    }
}

/// `value.to_string()` and the `{}` of a `format!`.
pub fn display<T: Display + ?Sized>(_: &One<T>, value: &Term) -> Term {
    T::display(value)
}

/// The parts one after another.
pub fn concat(parts: &[Term]) -> Term {
    let mut parts = parts.iter();
    let Some(first) = parts.next() else { return Term::literal("") };
    parts.fold(first.clone(), |text, part| Term::binary(Operator::Concat, &text, part))
}

/// `String` and `&str`.
#[diagnostic::on_unimplemented(
    message = "this method of `{Self}` has no exported form",
    label = "only on strings can it be exported",
    note = "move it into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Text {}

impl Text for str {}
impl Text for String {}
impl<T: Text + ?Sized> Text for &T {}

/// `text.contains("literal")`.
pub fn includes<T: Text + ?Sized>(_: &One<T>, value: &Term, part: &Term) -> Term {
    Term::call("contains", vec![value.clone(), part.clone()])
}

/// `text.starts_with("literal")`, for a literal of ASCII.
pub fn starts_with<T: Text + ?Sized>(_: &One<T>, value: &Term, start: &str) -> Term {
    let head = vec![value.clone(), Term::literal(0), Term::literal(start.len() as u64)];
    Term::binary(Operator::Equal, &Term::call("substring", head), &Term::literal(start))
}

/// `text.ends_with("literal")`, for a literal of ASCII that is not empty.
pub fn ends_with<T: Text + ?Sized>(_: &One<T>, value: &Term, end: &str) -> Term {
    let length = i64::try_from(end.len()).unwrap_or(i64::MAX);
    let tail = vec![value.clone(), Term::literal(-length)];
    Term::binary(Operator::Equal, &Term::call("substring", tail), &Term::literal(end))
}

/// `text.to_uppercase()`.
pub fn uppercase<T: Text + ?Sized>(_: &One<T>, value: &Term) -> Term {
    Term::call("uppercase", vec![value.clone()])
}

/// `text.to_lowercase()`.
pub fn lowercase<T: Text + ?Sized>(_: &One<T>, value: &Term) -> Term {
    Term::call("lowercase", vec![value.clone()])
}

/// What Rust takes for white space, in a class of a regular expression.
const BLANKS: &str = r"[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+";

fn without(value: &Term, pattern: &str) -> Term {
    let arguments = vec![value.clone(), Term::regex(pattern), Term::literal("")];
    Term::call("replace", arguments)
}

/// `text.trim()`. `$trim` changes the blanks inside, too.
pub fn trimmed<T: Text + ?Sized>(_: &One<T>, value: &Term) -> Term {
    without(value, &format!("/^{BLANKS}|{BLANKS}$/"))
}

/// `text.trim_start()`.
pub fn trimmed_start<T: Text + ?Sized>(_: &One<T>, value: &Term) -> Term {
    without(value, &format!("/^{BLANKS}/"))
}

/// `text.trim_end()`.
pub fn trimmed_end<T: Text + ?Sized>(_: &One<T>, value: &Term) -> Term {
    without(value, &format!("/{BLANKS}$/"))
}

/// `text.replace("literal", with)`, for a literal that is not empty.
pub fn replace<T: Text + ?Sized>(_: &One<T>, value: &Term, from: &Term, with: &Term) -> Term {
    Term::call("replace", vec![value.clone(), from.clone(), with.clone()])
}

/// `text.chars().count()`.
pub fn characters<T: Text + ?Sized>(_: &One<T>, value: &Term) -> Term {
    Term::call("length", vec![value.clone()]).within(0, MAX_SAFE)
}

/// `text.len()`: the bytes of its UTF-8, which JSONata counts by way of a URL's escapes.
pub(super) fn bytes(value: &Term) -> Term {
    let escaped = Term::call("encodeUrlComponent", vec![value.clone()]);
    let pattern = Term::regex("/%[0-9A-F]{2}/");
    let single = Term::call("replace", vec![escaped, pattern, Term::literal("x")]);
    Term::call("length", vec![single]).within(0, MAX_SAFE)
}

/// `items.iter().sum::<N>()`.
pub fn total<N: Number>(items: &Term) -> Term {
    let whole = Term::call("sum", vec![items.clone()]);
    let Some((low, high)) = N::BOUNDS else { return whole.finite() };
    if low >= 0 {
        return whole.within(0, i128::MAX).checked(low, high, "attempt to add with overflow");
    }
    let (sum, item) = (Term::parameter("sum"), Term::parameter("item"));
    let next = Term::binary(Operator::Add, &sum, &item).within(2 * low, 2 * high);
    let next = next.checked(low, high, "attempt to add with overflow");
    let add = Term::lambda(vec![sum, item], &next);
    super::list::reduce(items, add, &Term::literal(0), true).within(low, high)
}
