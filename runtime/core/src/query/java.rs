//! How Java shows a value. AWS's interpreter of JSONPath states runs on Java, and what `toString`
//! writes and the order of its sets can be seen in outputs and causes.

use serde_json::Value;
use std::borrow::Cow;

/// What `String.valueOf` gives: strings bare, objects as `{a=1, b=[x, y]}`.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(string) => Cow::Borrowed(string),
        other => {
            let mut text = String::new();
            write(&mut text, other);
            Cow::Owned(text)
        }
    }
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::String(string) => text.push_str(string),
        Value::Array(items) => {
            text.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    text.push_str(", ");
                }
                write(text, item);
            }
            text.push(']');
        }
        Value::Object(map) => {
            text.push('{');
            for (i, (key, item)) in map.iter().enumerate() {
                if i > 0 {
                    text.push_str(", ");
                }
                text.push_str(key);
                text.push('=');
                write(text, item);
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
}

/// The name of the class that a JSON value is read into.
pub(super) fn class(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(number) => match number.as_i64() {
            Some(n) if i32::try_from(n).is_ok() => "java.lang.Integer",
            Some(_) => "java.lang.Long",
            None if number.is_u64() => "java.math.BigInteger",
            None => "java.lang.Double",
        },
        Value::String(_) => "java.lang.String",
        Value::Array(_) => "net.minidev.json.JSONArray",
        Value::Object(_) => "java.util.LinkedHashMap",
    }
}

/// Smallest table of a hash set; it doubles when more than three quarters are taken.
const MIN_TABLE: usize = 16;

/// Different values in the order in which a `HashSet` that they are added to gives them back.
pub(crate) fn set_order<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<&'a Value> {
    let mut values: Vec<_> = values.collect();
    let mut table = MIN_TABLE;
    while values.len() > table / 4 * 3 {
        table *= 2;
    }
    values.sort_by_cached_key(|value| {
        let hash = hash(value);
        (hash ^ (hash >> 16)) as usize & (table - 1)
    });
    values
}

/// What `hashCode` gives, as unsigned.
fn hash(value: &Value) -> u32 {
    match value {
        Value::Null => 0,
        Value::Bool(true) => 1231,
        Value::Bool(false) => 1237,
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(n), _) if i32::try_from(n).is_ok() => low(n.cast_unsigned()),
            (Some(n), _) => folded(n.cast_unsigned()),
            // An integer above a `long` is hashed as the digits of base 2^32 that it has.
            (None, Some(n)) => high(n).wrapping_mul(31).wrapping_add(low(n)),
            (None, None) => folded(number.as_f64().unwrap_or(f64::NAN).to_bits()),
        },
        Value::String(text) => hash_text(text),
        Value::Array(items) => {
            items.iter().fold(1, |all, item| all.wrapping_mul(31).wrapping_add(hash(item)))
        }
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| hash_text(key) ^ hash(value));
            entries.fold(0, u32::wrapping_add)
        }
    }
}

fn hash_text(text: &str) -> u32 {
    let units = text.encode_utf16().map(u32::from);
    units.fold(0, |all, unit| all.wrapping_mul(31).wrapping_add(unit))
}

fn low(n: u64) -> u32 {
    u32::try_from(n & 0xFFFF_FFFF).unwrap_or(0)
}

fn high(n: u64) -> u32 {
    u32::try_from(n >> 32).unwrap_or(0)
}

fn folded(n: u64) -> u32 {
    low(n) ^ high(n)
}

#[cfg(test)]
mod tests {
    use super::{hash, set_order, text};
    use serde_json::json;

    #[test]
    fn objects_and_lists_look_like_java_collections() {
        let value = json!({"Id": "arn:x", "Tags": [1, 1.5, null, true], "Empty": {}});
        assert_eq!(text(&value), "{Id=arn:x, Tags=[1, 1.5, null, true], Empty={}}");
        assert_eq!(text(&json!("bare")), "bare");
    }

    #[test]
    fn hashes_are_those_of_java() {
        for (value, expected) in [
            (json!(null), 0),
            (json!(-1), -1),
            (json!(4_294_967_296_i64), 1),
            (json!(1.5), 1_073_217_536),
            (json!(true), 1231),
            (json!("hello"), 99_162_322),
            (json!([1, 2]), 994),
            (json!([]), 1),
            (json!({"a": 1}), 96),
            (json!({"b": 2, "a": 1}), 192),
        ] {
            assert_eq!(hash(&value).cast_signed(), expected, "{value}");
        }
    }

    #[test]
    fn a_set_gives_its_values_by_their_places_in_the_table() {
        let order = |values: &[serde_json::Value]| json!(set_order(values.iter()));
        assert_eq!(order(&[json!(true), json!(false)]), json!([false, true]));
        assert_eq!(order(&[json!([1, 2]), json!([2, 1])]), json!([[2, 1], [1, 2]]));
        assert_eq!(order(&[json!(17), json!(1), json!("1"), json!(0)]), json!([0, 17, 1, "1"]));
        let many: Vec<_> = (0..13).rev().map(|n| json!(n * 2)).collect();
        assert_eq!(order(&many), json!([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]));
    }
}
