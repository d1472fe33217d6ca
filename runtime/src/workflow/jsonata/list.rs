//! Lists: length, indexing, and the iterator chains that have a JSONata function.
//!
//! JSONata's higher-order functions give a bare item for one and nothing for none; every list here
//! is made an array again.

use super::{
    compare::{and, or, present},
    look::{Json, Look, Told},
    term::{MAX_SAFE, Operator, Term},
    textual::bytes,
    witness::One,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What has `len()` and `is_empty()`.
#[diagnostic::on_unimplemented(
    message = "`len()` and `is_empty()` of `{Self}` have no exported form",
    label = "this can't be exported",
    note = "compute it in a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Length {
    /// Its `len()`.
    fn length(value: &Term) -> Term;

    /// Its `is_empty()`.
    fn empty(value: &Term) -> Term {
        Term::binary(Operator::Equal, &Self::length(value), &Term::literal(0))
    }
}

fn count(value: &Term) -> Term {
    Term::call("count", vec![value.clone()]).within(0, MAX_SAFE)
}

impl Length for str {
    fn length(value: &Term) -> Term {
        bytes(value)
    }

    fn empty(value: &Term) -> Term {
        Term::binary(Operator::Equal, value, &Term::literal(""))
    }
}

impl Length for String {
    fn length(value: &Term) -> Term {
        bytes(value)
    }

    fn empty(value: &Term) -> Term {
        str::empty(value)
    }
}

impl<T: Length + ?Sized> Length for &T {
    fn length(value: &Term) -> Term {
        T::length(value)
    }

    fn empty(value: &Term) -> Term {
        T::empty(value)
    }
}

impl<K, V> Length for BTreeMap<K, V> {
    fn length(value: &Term) -> Term {
        count(&Term::call("keys", vec![value.clone()]))
    }
}

/// Lists: what is an array in JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list that an export can walk or index",
    label = "this can't be exported",
    note = "move it into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait List {
    /// Its items.
    type Item: Json;
}

impl<T: Json> List for Vec<T> {
    type Item = T;
}

impl<T: Json> List for [T] {
    type Item = T;
}

impl<T: Json, const N: usize> List for [T; N] {
    type Item = T;
}

impl<T: Json> List for BTreeSet<T> {
    type Item = T;
}

impl<L: List + ?Sized> List for &L {
    type Item = L::Item;
}

macro_rules! lengths {
    ($(($($generics:tt)*) $ty:ty;)*) => {
        $(impl<$($generics)*> Length for $ty {
            fn length(value: &Term) -> Term { count(value) }
        })*
    };
}

lengths! {
    (T) Vec<T>;
    (T) [T];
    (T, const N: usize) [T; N];
    (T) BTreeSet<T>;
}

/// `value.len()`.
pub fn len<T: Length + ?Sized>(_: &One<T>, value: &Term) -> Term {
    T::length(value)
}

/// `value.is_empty()`.
pub fn is_empty<T: Length + ?Sized>(_: &One<T>, value: &Term) -> Term {
    T::empty(value)
}

/// Lists, where they are indexed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list that an export can walk or index",
    label = "this can't be exported",
    note = "move it into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Indexed {}

#[diagnostic::do_not_recommend]
impl<L: List + ?Sized> Indexed for L {}

/// `list[index]`.
pub fn index<L: Indexed + ?Sized>(_: &One<L>, list: &Term, index: &Term) -> Term {
    let (list, index) = (list.shared("list"), index.shared("index"));
    let inside = Term::binary(Operator::Less, &index, &count(&list));
    let item = list.at(&index);
    let value = Term::condition(&inside, &item, &Term::error("index out of bounds"));
    Term::scope(vec![list, index], &value)
}

/// `list.get(index)`.
pub fn get<L: List + ?Sized>(_: &One<L>, list: &Term, index: &Term) -> Term
where
    Option<L::Item>: Told,
{
    let (list, index) = (list.shared("list"), index.shared("index"));
    let inside = Term::binary(Operator::Less, &index, &count(&list));
    let value = Term::condition(&inside, &list.at(&index), &Term::literal(Value::Null));
    Term::scope(vec![list, index], &value)
}

/// `list.first()`.
pub fn first<L: List + ?Sized>(types: &One<L>, list: &Term) -> Term
where
    Option<L::Item>: Told,
{
    get(types, list, &Term::literal(0))
}

/// `list.last()`.
pub fn last<L: List + ?Sized>(_: &One<L>, list: &Term) -> Term
where
    Option<L::Item>: Told,
{
    let list = list.shared("list");
    let some = Term::binary(Operator::Greater, &count(&list), &Term::literal(0));
    let value = Term::condition(&some, &list.at(&Term::literal(-1)), &Term::literal(Value::Null));
    Term::scope(vec![list], &value)
}

/// Items that `contains` compares: strings, whole numbers, booleans.
#[diagnostic::on_unimplemented(
    message = "`contains` of a list of `{Self}` has no exported form",
    label = "only strings, whole numbers and booleans are found alike"
)]
pub trait Scalar {}

macro_rules! scalars {
    ($($ty:ty)*) => { $(impl Scalar for $ty {})* };
}

scalars!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize bool char String);

impl Scalar for &str {}

/// What has `contains(&item)`: lists of scalars, and strings.
#[diagnostic::on_unimplemented(
    message = "`contains` of `{Self}` has no exported form",
    label = "this can't be exported"
)]
pub trait Contains {
    /// The text.
    fn contains(value: &Term, item: &Term) -> Term;
}

macro_rules! contains {
    ($(($($generics:tt)*) $ty:ty;)*) => {
        $(impl<$($generics)*> Contains for $ty {
            fn contains(value: &Term, item: &Term) -> Term {
                Term::binary(Operator::In, item, value)
            }
        })*
    };
}

contains! {
    (T: Scalar) Vec<T>;
    (T: Scalar) [T];
    (T: Scalar, const N: usize) [T; N];
    (T: Scalar) BTreeSet<T>;
}

impl Contains for str {
    fn contains(value: &Term, item: &Term) -> Term {
        Term::call("contains", vec![value.clone(), item.clone()])
    }
}

impl Contains for String {
    fn contains(value: &Term, item: &Term) -> Term {
        <str as Contains>::contains(value, item)
    }
}

impl<T: Contains + ?Sized> Contains for &T {
    fn contains(value: &Term, item: &Term) -> Term {
        T::contains(value, item)
    }
}

/// `value.contains(item)`.
pub fn contains<T: Contains + ?Sized>(_: &One<T>, value: &Term, item: &Term) -> Term {
    T::contains(value, item)
}

/// Makes an array of what a higher-order function gave: items that are arrays are kept whole.
pub(super) fn array(item: &Look, sequence: &Term) -> Term {
    if item.is_array() {
        let kept = Term::keep_array(sequence);
        Term::call("append", vec![Term::literal(Value::Array(Vec::new())), kept])
    } else {
        Term::gathered(sequence)
    }
}

/// The list itself, whose items it knows: the start of an iterator chain.
pub fn iter<L: List + ?Sized>(_: &One<L>, list: &Term) -> Term {
    list.clone()
}

/// `list.iter().map(|parameter| body).collect()`; the witness is the body's.
pub fn map<B: Json + ?Sized>(_: &One<B>, list: &Term, parameter: &Term, body: &Term) -> Term {
    let lambda = Term::lambda(vec![parameter.clone()], &present(body));
    array(&B::LOOK, &Term::call("map", vec![list.clone(), lambda]))
}

/// `list.iter().filter(|parameter| body).collect()`; the witness is an item's.
pub fn filter<I: Json + ?Sized>(_: &One<I>, list: &Term, parameter: &Term, body: &Term) -> Term {
    let lambda = Term::lambda(vec![parameter.clone()], body);
    array(&I::LOOK, &Term::call("filter", vec![list.clone(), lambda]))
}

/// `list.iter().any(|parameter| body)`: stops asking after the first, as Rust does.
pub fn any(list: &Term, parameter: &Term, body: &Term) -> Term {
    let found = Term::parameter("found");
    let step = Term::lambda(vec![found.clone(), parameter.clone()], &or(&found, body));
    reduce(list, step, &Term::literal(false), body.may_fail())
}

/// `list.iter().all(|parameter| body)`: stops asking after the first that is not.
pub fn all(list: &Term, parameter: &Term, body: &Term) -> Term {
    let every = Term::parameter("every");
    let step = Term::lambda(vec![every.clone(), parameter.clone()], &and(&every, body));
    reduce(list, step, &Term::literal(true), body.may_fail())
}

/// The value at a position among so many that a loop carries from item to item.
pub fn part(all: &Term, position: usize, count: usize) -> Term {
    if count == 1 { all.clone() } else { all.member(&part_name(position)) }
}

fn part_name(position: usize) -> String {
    format!("v{position}")
}

fn carried(mut values: Vec<Term>) -> Term {
    if values.len() == 1 {
        return values.remove(0);
    }
    let named = values.into_iter().enumerate();
    Term::object(named.map(|(position, value)| (part_name(position), value)).collect())
}

/// What a loop over `list` makes of the values before it; `after` reads what it is given, and `item`.
pub fn fold(
    list: &Term,
    item: &Term,
    before: Vec<Term>,
    after: impl Fn(&Term) -> Vec<Term>,
) -> Term {
    let before = carried(before);
    let all = Term::item("all", &before);
    let once = carried(after(&all));
    // the second time around the values hold what the first one has put there
    let all = Term::item("all", &before).made_of(&once);
    let after = carried(after(&all));
    let fails = after.may_fail();
    reduce(list, Term::lambda(vec![all, item.clone()], &after), &before, fails)
}

/// `$reduce(list, function, start)`.
pub(super) fn reduce(list: &Term, step: Term, start: &Term, fails: bool) -> Term {
    let mut term = Term::call("reduce", vec![list.clone(), step, start.clone()]);
    if fails {
        term.mark_failing();
    }
    term
}

/// `list.iter().count()`.
pub fn counted(list: &Term) -> Term {
    count(list)
}

/// What has `push` or `push_str`.
#[diagnostic::on_unimplemented(
    message = "`push` on `{Self}` has no exported form",
    label = "this can't be exported"
)]
pub trait Push {
    /// Itself afterwards.
    fn push(value: &Term, item: &Term) -> Term;
}

impl<T: Json> Push for Vec<T> {
    fn push(value: &Term, item: &Term) -> Term {
        let item = Term::array(vec![(present(item), T::LOOK.is_array())]);
        Term::call("append", vec![value.clone(), item])
    }
}

impl Push for String {
    fn push(value: &Term, item: &Term) -> Term {
        Term::binary(Operator::Concat, value, item)
    }
}

impl<P: Push> Push for &mut P {
    fn push(value: &Term, item: &Term) -> Term {
        P::push(value, item)
    }
}

/// `value.push(item)`: the value afterwards.
pub fn push<P: Push>(_: &One<P>, value: &Term, item: &Term) -> Term {
    P::push(value, item)
}

/// `list.extend(items)`: the list afterwards.
pub fn extend<T: Json>(_: &One<Vec<T>>, list: &Term, items: &Term) -> Term {
    Term::call("append", vec![list.clone(), items.clone()])
}

/// What `clear` leaves.
pub trait Cleared {
    /// Nothing, as JSON.
    fn nothing() -> Value;
}

impl<T> Cleared for Vec<T> {
    fn nothing() -> Value {
        Value::Array(Vec::new())
    }
}

impl Cleared for String {
    fn nothing() -> Value {
        Value::from("")
    }
}

/// `value.clear()`: the value afterwards.
pub fn cleared<C: Cleared>(_: &One<C>) -> Term {
    Term::literal(C::nothing())
}

/// `items.rev()`.
pub fn reversed(items: &Term) -> Term {
    Term::call("reverse", vec![items.clone()])
}

/// `items.enumerate()`: pairs of index and item.
pub fn enumerated<L: List + ?Sized>(_: &One<L>, items: &Term) -> Term {
    let (item, index) = (Term::item("item", items), Term::parameter("index"));
    let is_array = <L::Item as Json>::LOOK.is_array();
    let pair = Term::array(vec![(index.clone(), false), (item.clone(), is_array)]);
    let lambda = Term::lambda(vec![item, index], &pair);
    let pairs = Term::keep_array(&Term::call("map", vec![items.clone(), lambda]));
    Term::call("append", vec![Term::literal(Value::Array(Vec::new())), pairs])
}

/// `low..high` or `low..=high`, as a list.
pub fn range(low: &Term, high: &Term, inclusive: bool) -> Term {
    let last = match (inclusive, high.as_constant().and_then(Value::as_i64)) {
        (true, _) => high.clone(),
        (false, Some(end)) => Term::literal(end.saturating_sub(1)),
        (false, None) => Term::binary(Operator::Subtract, high, &Term::literal(1)),
    };
    let span = match (low.range(), high.range()) {
        (Some((low, _)), Some((_, high))) => (low, high),
        _ => (-MAX_SAFE, MAX_SAFE),
    };
    Term::sequence(low, &last).within(span.0, span.1)
}

/// Whether `value` is a list with exactly, or at least, so many items: for slice patterns.
pub fn has_length(value: &Term, length: u64, exact: bool) -> Term {
    let operator = if exact { Operator::Equal } else { Operator::GreaterEqual };
    Term::binary(operator, &count(value), &Term::literal(length))
}

/// The item at a position that is known to be there, from the end if negative.
pub fn item(value: &Term, position: i64) -> Term {
    value.at(&Term::literal(position))
}

/// An array of these items, each with its type.
pub fn array_of(items: Vec<(Term, Look)>) -> Term {
    Term::array(items.into_iter().map(|(item, look)| (present(&item), look.is_array())).collect())
}

/// What the type of a witness looks like.
pub fn look<T: Json + ?Sized>(_: &One<T>) -> Look {
    T::LOOK
}

/// Whether the next item of a `for` is there.
pub fn more(list: &Term, index: &Term) -> Term {
    Term::binary(Operator::Less, index, &count(list))
}

/// The next item of a `for`, whose head has seen that it is there.
pub fn next(list: &Term, index: &Term) -> Term {
    list.at(index)
}

/// The index after this one. A list's length keeps it small.
pub fn after(index: &Term) -> Term {
    Term::binary(Operator::Add, index, &Term::literal(1))
}
