//! The functions of lists.

use super::number::truncated;
use crate::query::java;
use serde_json::Value;
use std::collections::BTreeSet;

/// Most items that a range may have.
const MAX_RANGE: i64 = 1000;

/// Chunks of a list; the last one may be shorter.
pub(super) fn partition(list: &Value, size: &Value) -> Option<Value> {
    let size = usize::try_from(truncated(size)?).ok().filter(|size| *size > 0)?;
    let chunks = list.as_array()?.chunks(size).map(|chunk| Value::Array(chunk.to_vec()));
    Some(Value::Array(chunks.collect()))
}

/// Whether a list has an item that looks like `wanted` in Java: `true` and `'true'` do, objects with
/// another order of members do not.
pub(super) fn contains(list: &Value, wanted: &Value) -> Option<Value> {
    let wanted = java::text(wanted);
    Some(Value::from(list.as_array()?.iter().any(|item| java::text(item) == wanted)))
}

/// The numbers from `first` to `last`, both included, by steps.
pub(super) fn range(first: &Value, last: &Value, step: &Value) -> Option<Value> {
    let [first, last, step] = [first, last, step].map(|value| truncated(value).map(i64::from));
    let (first, last, step) = (first?, last?, step?);
    let count = (last - first).checked_div(step)? + 1;
    if count > MAX_RANGE {
        return None;
    }
    // Towards the other side the quotient is negative, or rounded to 0 when the step is longer.
    let is_empty = (last - first).signum() * step.signum() < 0;
    let count = if is_empty { 0 } else { count };
    Some(Value::Array((0..count).map(|i| Value::from(first + i * step)).collect()))
}

/// The item at an index. An empty list gives null at any.
pub(super) fn item(list: &Value, index: &Value) -> Option<Value> {
    let (items, index) = (list.as_array()?, truncated(index)?);
    if items.is_empty() {
        return Some(Value::Null);
    }
    items.get(usize::try_from(index).ok()?).cloned()
}

/// The different items of a list, in the order that a set of Java gives them.
pub(super) fn unique(list: &Value) -> Option<Value> {
    let mut seen = BTreeSet::new();
    let items = list.as_array()?.iter().filter(|item| seen.insert(canonical(item)));
    Some(Value::Array(java::set_order(items).into_iter().cloned().collect()))
}

/// A text that only equal values share.
fn canonical(value: &Value) -> String {
    let mut sorted = value.clone();
    sorted.sort_all_objects();
    sorted.to_string()
}
