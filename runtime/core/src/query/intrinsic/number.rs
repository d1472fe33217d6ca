//! The functions of numbers.

use crate::query::random::Random;
use serde_json::Value;

/// A number with its fraction cut off; list functions and random bounds take numbers so.
pub(super) fn truncated(value: &Value) -> Option<i32> {
    in_range(value.as_f64()?.trunc())
}

/// A number rounded as Java does: halves go up.
fn rounded(value: &Value) -> Option<i32> {
    in_range((value.as_f64()? + 0.5).floor())
}

fn in_range(whole: f64) -> Option<i32> {
    let fits = whole >= f64::from(i32::MIN) && whole <= f64::from(i32::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range, checked above")]
    let number = whole as i32;
    fits.then_some(number)
}

/// The sum of two numbers.
pub(super) fn add(left: &Value, right: &Value) -> Option<Value> {
    rounded(left)?.checked_add(rounded(right)?).map(Value::from)
}

/// A random number from `start` to before `end`.
pub(super) fn random(start: &Value, end: &Value, random: &Random) -> Option<Value> {
    let (start, end) = (i64::from(truncated(start)?), i64::from(truncated(end)?));
    let count = u64::try_from(end - start).ok().filter(|count| *count > 0)?;
    Some(Value::from(start.checked_add_unsigned(random.below(count))?))
}

/// The random number that belongs to a seed.
pub(super) fn seeded(start: &Value, end: &Value, seed: &Value) -> Option<Value> {
    random(start, end, &Random::new(seed.as_f64()?.to_bits()))
}
