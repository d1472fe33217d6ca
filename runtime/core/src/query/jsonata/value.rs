//! JSON to the evaluator's values and back.

use super::limits::{Limits, too_much_memory};
use indexmap::IndexMap;
use jsonata_core::{
    evaluator::EvaluatorError,
    value::{JValue, with_stack},
};
use serde_json::{Map, Number, Value};

/// Copies a JSON value into the evaluator's form; all numbers become doubles there.
pub(super) fn from_json(value: &Value) -> JValue {
    match value {
        Value::Null => JValue::Null,
        Value::Bool(b) => JValue::Bool(*b),
        Value::Number(n) => JValue::Number(n.as_f64().unwrap_or(f64::NAN)),
        Value::String(s) => JValue::string(s.as_str()),
        Value::Array(items) => JValue::array(items.iter().map(from_json).collect()),
        Value::Object(map) => {
            let map: IndexMap<String, JValue> =
                map.iter().map(|(k, v)| (k.clone(), from_json(v))).collect();
            JValue::object(map)
        }
    }
}

/// The largest integer that a double holds exactly with all its neighbours.
const EXACT: u64 = (1 << 53) - 1;

/// The first integer in a value that a double cannot hold exactly.
pub(super) fn inexact(value: &Value) -> Option<&Number> {
    match value {
        Value::Number(number) => {
            let magnitude = number.as_i64().map(i64::unsigned_abs).or(number.as_u64());
            magnitude.is_some_and(|magnitude| magnitude > EXACT).then_some(number)
        }
        Value::Array(items) => items.iter().find_map(inexact),
        Value::Object(members) => members.values().find_map(inexact),
        _ => None,
    }
}

/// What is thrown where such an integer would lose digits.
pub(super) fn loses_digits(number: &Number) -> String {
    format!("{number} is beyond ±(2^53 - 1), where numbers lose digits")
}

/// Deepest result: twice what a reader of JSON takes. What handles values recurses into them.
const MAX_DEPTH: usize = 256;

/// Copies a result back into JSON; `None` is undefined. Undefined items and entries are left out,
/// functions become empty strings, and what JSON cannot hold leaves as text, as on AWS.
///
/// # Errors
/// The result is nested too deep or, shared parts written out, too large.
pub(super) fn to_json(value: &JValue, limits: Limits) -> Result<Option<Value>, EvaluatorError> {
    Copy { left: limits.bytes() }.value(value, MAX_DEPTH)
}

/// Bytes that a number counts, and anything else that has no text.
const BYTES_PER_VALUE: usize = 8;

struct Copy {
    /// Bytes that the result may still have.
    left: usize,
}

impl Copy {
    fn value(&mut self, value: &JValue, depth: usize) -> Result<Option<Value>, EvaluatorError> {
        let below = || depth.checked_sub(1).ok_or_else(too_deep);
        self.count(BYTES_PER_VALUE)?;
        Ok(Some(match value {
            JValue::Undefined => return Ok(None),
            JValue::Null => Value::Null,
            JValue::Bool(b) => Value::Bool(*b),
            JValue::Number(n) => number(*n),
            JValue::String(s) => {
                self.count(s.len())?;
                Value::String(s.as_ref().to_owned())
            }
            JValue::Array(items) => {
                let below = below()?;
                let items = items
                    .iter()
                    .filter_map(|item| with_stack(|| self.value(item, below)).transpose());
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            JValue::Object(map) => {
                let below = below()?;
                let mut copy = Map::new();
                for (key, value) in map.iter() {
                    self.count(key.len())?;
                    if let Some(value) = with_stack(|| self.value(value, below))? {
                        copy.insert(key.clone(), value);
                    }
                }
                Value::Object(copy)
            }
            JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => {
                Value::String(String::new())
            }
        }))
    }

    fn count(&mut self, bytes: usize) -> Result<(), EvaluatorError> {
        self.left = self.left.checked_sub(bytes).ok_or_else(too_much_memory)?;
        Ok(())
    }
}

fn too_deep() -> EvaluatorError {
    EvaluatorError::EvaluationError("The result is nested too deep".to_owned())
}

/// [`EXACT`] as a double.
const EXACT_DOUBLE: f64 = 9_007_199_254_740_991.0;

/// Whole numbers become JSON integers, as JavaScript prints them, where they are exact.
fn number(n: f64) -> Value {
    if n.trunc().to_bits() == n.to_bits() && n.abs() <= EXACT_DOUBLE {
        #[expect(clippy::cast_possible_truncation, reason = "whole and in range, checked above")]
        return Value::from(n as i64);
    }
    match Number::from_f64(n) {
        Some(number) => Value::Number(number),
        None if n.is_nan() => Value::from("NaN"),
        None if n > 0.0 => Value::from("Infinity"),
        None => Value::from("-Infinity"),
    }
}
