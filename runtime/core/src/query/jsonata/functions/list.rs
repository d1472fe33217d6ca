//! Lists: the operator `..`, and bounds on what is reached through shared parts.

use super::{Host, argument, given, print::stringify, signature::arguments, thrown};
use crate::query::jsonata::limits::{TOO_SLOW, too_much_memory};
use indexmap::IndexMap;
use jsonata_core::{
    evaluator::{EvaluatorError, HostFnResult},
    value::{JArray, JValue, with_stack},
};
use std::rc::Rc;

/// Most items of one range in JSONata itself.
const MOST: f64 = 1e7;

/// `left .. right`.
pub(super) fn range(host: &Host, args: &[JValue]) -> HostFnResult {
    let bound = |index, code, side| match argument(args, index) {
        JValue::Undefined => Ok(None),
        JValue::Number(n) if !n.is_nan() && !n.is_finite() => {
            Err(thrown("D1001: Number out of range: null"))
        }
        JValue::Number(n) if n.trunc().to_bits() == n.to_bits() => Ok(Some(*n)),
        _ => Err(thrown(format!(
            "{code}: The {side} side of the range operator (..) must evaluate to an integer"
        ))),
    };
    let (first, last) = (bound(0, "T2003", "left")?, bound(1, "T2004", "right")?);
    let (Some(first), Some(last)) = (first, last) else { return Ok(JValue::Undefined) };
    if first > last {
        return Ok(JValue::Undefined);
    }
    let count = last - first + 1.0;
    if count > MOST {
        return Err(thrown(format!(
            "D2014: The size of the sequence allocated by the range operator (..) must not exceed \
             1e6.  Attempted to allocate {}.",
            stringify(&JValue::Number(count))
        )));
    }
    Ok(JValue::sequence_flat(numbers(host, first, count, 1.0)?, true))
}

/// So many numbers from `first` on.
pub(super) fn numbers(
    host: &Host,
    first: f64,
    count: f64,
    step: f64,
) -> Result<Vec<JValue>, EvaluatorError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 on, and a larger one than usize saturates"
    )]
    let length = count as usize;
    host.meter.list(length)?;
    let mut items = Vec::with_capacity(length);
    let mut index = 0.0;
    while index < count {
        items.push(JValue::Number(step.mul_add(index, first)));
        index += 1.0;
    }
    Ok(items)
}

pub(super) fn singleton(_: &Host, args: &[JValue]) -> HostFnResult {
    Ok(match argument(args, 0) {
        JValue::Null => JValue::array(vec![JValue::Null]),
        other => other.clone(),
    })
}

/// One object for each entry, of the objects in lists too.
pub(super) fn spread(host: &Host, args: &[JValue]) -> HostFnResult {
    let (focus, args) = args.split_first().unwrap_or((&JValue::Undefined, &[]));
    let args = arguments(Some("spread"), "x-", focus, args)?;
    let value = given(&args, 0);
    if !matches!(value, JValue::Array(_) | JValue::Object(_)) {
        return Ok(value.clone());
    }
    let mut spread = Vec::new();
    collect(host, value, &mut spread)?;
    // Of a list comes a list.
    let is_list = matches!(value, JValue::Array(_)) && !spread.is_empty();
    Ok(if is_list { JValue::array(spread) } else { JValue::sequence(spread) })
}

fn collect(host: &Host, value: &JValue, into: &mut Vec<JValue>) -> Result<(), EvaluatorError> {
    match value {
        JValue::Array(items) => {
            with_stack(|| items.iter().try_for_each(|item| collect(host, item, into)))?;
        }
        JValue::Object(map) => {
            host.meter.list(map.len())?;
            into.extend(map.iter().map(|(key, value)| {
                JValue::object(IndexMap::from([(key.clone(), value.clone())]))
            }));
        }
        JValue::Undefined => {}
        other => into.push(other.clone()),
    }
    Ok(())
}

/// Gives back a value that has few enough parts to be compared, or to be looked through.
pub(super) fn bounded(host: &Host, args: &[JValue]) -> HostFnResult {
    let value = argument(args, 0);
    let mut left = host.meter.limits.items;
    count(value, &mut left)?;
    Ok(value.clone())
}

/// Shorter lists are not counted.
const COUNTED: usize = 1_000;
/// What has more parts the evaluator always takes apart without recursion.
const SHORT: usize = 8;

/// Gives back what has been put together, if it has few enough items.
pub(super) fn held(host: &Host, args: &[JValue]) -> HostFnResult {
    let value = argument(args, 0);
    if let JValue::Array(items) = value
        && items.len() > COUNTED
    {
        host.meter.list(items.len())?;
    }
    Ok(parted(value, 2))
}

/// A value in which no short list or object holds the same part twice. The evaluator takes a deep
/// value apart without recursion, but not where it meets the same part again right beside itself.
fn parted(value: &JValue, depth: usize) -> JValue {
    match value {
        JValue::Array(items) if items.len() <= SHORT && holds_parts(items.iter()) => {
            JValue::Array(items.with_items(all_parted(items.iter(), depth)))
        }
        JValue::Object(map) if map.len() <= SHORT && holds_parts(map.values()) => {
            let parts = all_parted(map.values(), depth);
            JValue::object(map.keys().cloned().zip(parts).collect())
        }
        other => other.clone(),
    }
}

fn holds_parts<'v>(mut values: impl Iterator<Item = &'v JValue>) -> bool {
    values.any(|value| matches!(value, JValue::Array(_) | JValue::Object(_)))
}

fn all_parted<'v>(values: impl Iterator<Item = &'v JValue>, depth: usize) -> Vec<JValue> {
    let mut parts = Vec::<JValue>::new();
    for value in values {
        let part = if depth > 1 { parted(value, depth - 1) } else { value.clone() };
        let is_there = parts.iter().any(|other| is_same(other, &part));
        parts.push(if is_there { copied(&part) } else { part });
    }
    parts
}

fn is_same(a: &JValue, b: &JValue) -> bool {
    match (a, b) {
        (JValue::Array(a), JValue::Array(b)) => JArray::ptr_eq(a, b),
        (JValue::Object(a), JValue::Object(b)) => Rc::ptr_eq(a, b),
        _ => false,
    }
}

/// The same parts in a list or object of its own.
fn copied(value: &JValue) -> JValue {
    match value {
        JValue::Array(items) => JValue::Array(items.with_items(items.to_vec())),
        JValue::Object(map) => JValue::object(IndexMap::clone(map)),
        other => other.clone(),
    }
}

/// Objects that one transform may change: the evaluator looks for each among all.
const MOST_CHANGED: usize = 20_000;

/// Of what a transform found, the objects: nothing else can be changed.
pub(super) fn objects(_: &Host, args: &[JValue]) -> HostFnResult {
    let found = argument(args, 0);
    let JValue::Array(items) = found else { return Ok(found.clone()) };
    if items.iter().filter(|item| item.is_object()).count() > MOST_CHANGED {
        return Err(thrown(TOO_SLOW));
    }
    if items.iter().all(JValue::is_object) {
        return Ok(found.clone());
    }
    let objects = items.iter().filter(|item| item.is_object()).cloned().collect();
    Ok(JValue::Array(items.with_items(objects)))
}

/// How many times more an item takes that carries variables with it.
const CARRYING: usize = 16;

/// A list whose items are about to carry variables.
pub(super) fn carried(host: &Host, args: &[JValue]) -> HostFnResult {
    let list = argument(args, 0);
    if let JValue::Array(items) = list {
        host.meter.list(items.len().saturating_mul(CARRYING))?;
    }
    Ok(list.clone())
}

fn count(value: &JValue, left: &mut usize) -> Result<(), EvaluatorError> {
    *left = left.checked_sub(1).ok_or_else(too_much_memory)?;
    match value {
        JValue::Array(items) => with_stack(|| items.iter().try_for_each(|item| count(item, left))),
        JValue::Object(map) => with_stack(|| map.values().try_for_each(|item| count(item, left))),
        _ => Ok(()),
    }
}
