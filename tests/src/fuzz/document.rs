//! Random documents, with names and values that paths and expressions ask for.

use crate::random::Random;
use serde::Deserialize as _;
use serde_json::{Value, json};

/// The deepest value that a query makes: twice what a reader of JSON takes.
pub(super) const DEEPEST: usize = 256;

/// Names of members.
pub(super) const NAMES: &[&str] =
    &["a", "b", "c", "n", "t", "items", "x", "d e", "é😀", "it's", "a.b", "length", "", "$", "\\"];

const TEXTS: &[&str] = &[
    "",
    "a",
    "b",
    "x",
    "text",
    "é😀",
    "it's",
    "1",
    "0.5",
    "true",
    "null",
    "$.a",
    "{}",
    "[1, 2]",
    "{\"a\": 1}",
    "a,b;c",
    "2026-01-31T12:00:00Z",
    "\\'{}\\\\",
    "aGVsbG8=",
    "\u{0}",
];

/// A document nested so deep at most; now and then one that is much deeper, or very long.
pub(super) fn document(random: &mut Random, depth: usize) -> Value {
    if random.one_in(60) {
        let depth = random.below(400);
        let is_list = random.one_in(2);
        let around = |inner| if is_list { json!([inner]) } else { json!({"a": inner}) };
        return (0..depth).fold(json!(1), |inner, _| around(inner));
    }
    if random.one_in(60) {
        let item = node(random, depth.min(1));
        return (0..random.below(2_000))
            .map(|i| if i % 7 == 0 { i.into() } else { item.clone() })
            .collect();
    }
    node(random, depth)
}

fn node(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 4 } else { 12 }) {
        0..=3 => scalar(random),
        4..=7 => (0..random.below(5)).map(|_| node(random, depth - 1)).collect(),
        _ => {
            let members = (0..random.below(6))
                .map(|_| (random.pick(NAMES).to_owned(), node(random, depth - 1)));
            Value::Object(members.collect())
        }
    }
}

pub(super) fn scalar(random: &mut Random) -> Value {
    match random.below(8) {
        0 => Value::Null,
        1 => random.one_in(2).into(),
        2 => json!(random.below(20)),
        3 => number(random),
        4 if random.one_in(10) => "x".repeat(random.below(5_000)).into(),
        _ => random.pick(TEXTS).into(),
    }
}

/// A number at the edge of what something can hold.
fn number(random: &mut Random) -> Value {
    let numbers = [
        json!(-1),
        json!(0.5),
        json!(-0.0),
        json!(1e300),
        json!(-1e-300),
        json!(i32::MAX),
        json!(i32::MIN),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(9_007_199_254_740_993_u64),
        json!(1.5e9),
    ];
    random.one_of(&numbers).cloned().unwrap_or_default()
}

/// Reads JSON of any depth.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    Value::deserialize(&mut deserializer).ok()
}

/// How many brackets stand around each other.
pub(super) fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
