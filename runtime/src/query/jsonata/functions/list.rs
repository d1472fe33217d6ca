//! Lists: the operator `..`, and bounds on what is reached through shared parts.

use super::{Host, argument, print::stringify, thrown};
use crate::query::jsonata::limits::too_much_memory;
use jsonata_core::{
    evaluator::{EvaluatorError, HostFnResult},
    value::{JValue, with_stack},
};

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

/// Gives back a value that has few enough parts to be compared, or to be looked through.
pub(super) fn bounded(host: &Host, args: &[JValue]) -> HostFnResult {
    let value = argument(args, 0);
    let mut left = host.meter.limits.items;
    count(value, &mut left)?;
    Ok(value.clone())
}

fn count(value: &JValue, left: &mut usize) -> Result<(), EvaluatorError> {
    *left = left.checked_sub(1).ok_or_else(too_much_memory)?;
    match value {
        JValue::Array(items) => with_stack(|| items.iter().try_for_each(|item| count(item, left))),
        JValue::Object(map) => with_stack(|| map.values().try_for_each(|item| count(item, left))),
        _ => Ok(()),
    }
}
