//! `$distinct`, in as many steps as the list has parts: comparing each with each takes forever.

use super::{Host, given, signature::arguments};
use crate::query::jsonata::limits::too_much_memory;
use jsonata_core::{
    evaluator::{EvaluatorError, HostFnResult},
    value::{JValue, with_stack},
};
use std::{collections::BTreeSet, fmt::Write as _};

pub(super) fn distinct(host: &Host, args: &[JValue]) -> HostFnResult {
    let args = arguments(Some("distinct"), "x", &JValue::Undefined, args)?;
    let list = given(&args, 0);
    let JValue::Array(items) = list else { return Ok(list.clone()) };
    if items.len() <= 1 {
        return Ok(list.clone());
    }
    let mut left = host.meter.limits.items;
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for item in items {
        let mut key = String::new();
        write(item, &mut key, &mut left)?;
        // What equals nothing, not even itself, has no key.
        if key.contains(NONE) || seen.insert(key) {
            kept.push(item.clone());
        }
    }
    Ok(if items.sequence { JValue::sequence(kept) } else { JValue::array(kept) })
}

/// Stands for what has no equal. Texts are written with their length before them.
const NONE: char = '\u{0}';

/// Writes a text that is the same for equal values only: the order of an object's keys does not
/// count.
fn write(value: &JValue, key: &mut String, left: &mut usize) -> Result<(), EvaluatorError> {
    *left = left.checked_sub(1).ok_or_else(too_much_memory)?;
    match value {
        JValue::Undefined => key.push('u'),
        JValue::Null => key.push('l'),
        JValue::Bool(value) => key.push(if *value { 't' } else { 'f' }),
        JValue::Number(n) if n.is_nan() => key.push(NONE),
        // Zero has two signs and one value.
        JValue::Number(n) => {
            let bits = if *n == 0.0 { 0 } else { n.to_bits() };
            let _ = write!(key, "n{bits:x}");
        }
        JValue::String(text) => text_key(text, key),
        JValue::Array(items) => {
            key.push('[');
            for item in items {
                with_stack(|| write(item, key, left))?;
                key.push(',');
            }
            key.push(']');
        }
        JValue::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(name, _)| *name);
            key.push('{');
            for (name, value) in entries {
                text_key(name, key);
                with_stack(|| write(value, key, left))?;
                key.push(',');
            }
            key.push('}');
        }
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => key.push(NONE),
    }
    Ok(())
}

fn text_key(text: &str, key: &mut String) {
    let _ = write!(key, "s{}:", text.len());
    key.extend(text.chars().map(|c| if c == NONE { '\u{1}' } else { c }));
    // A text with the one character and one with the other are told apart.
    if text.contains(NONE) {
        let _ =
            write!(key, "/{:?}", text.match_indices(NONE).map(|(at, _)| at).collect::<Vec<_>>());
    }
}
