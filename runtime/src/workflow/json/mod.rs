//! Rust values to JSON and back, exactly or not at all.

mod write;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Number, Value};
use std::borrow::Cow;

/// Which numbers are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Integers within ±(2^53-1): what JSON means everywhere, and all that exported workflows have.
    Portable,
    /// All integers of 64 bits.
    Wide,
}

/// The largest integer that every reader of JSON has exactly.
pub const LARGEST: i64 = (1 << 53) - 1;

/// A value without an exact JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", prefix(.path))]
pub struct Refused {
    /// Where in the value; empty for the value itself.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
}

/// JSON that does not fit a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", prefix(.path))]
pub struct Mismatch {
    /// Where in the JSON; empty for the value itself.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
}

macro_rules! paths {
    ($($type:ident)*) => {$(
        impl $type {
            /// A problem with the value itself.
            pub fn new(problem: impl Into<String>) -> Self {
                Self { path: String::new(), problem: problem.into() }
            }

            /// The same problem, seen from the value that holds this one under `name`, or under
            /// `[index]`.
            #[must_use]
            pub fn within(mut self, name: &str) -> Self {
                let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
                self.path = format!("{name}{dot}{}", self.path);
                self
            }
        }
    )*};
}

paths!(Refused Mismatch);

fn prefix(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

/// The JSON of a value. Fails for NaN, infinities and integers out of range, with their path.
pub fn to_value<T: Serialize + ?Sized>(value: &T, numbers: Numbers) -> Result<Value, Refused> {
    value.serialize(write::Writer { numbers })
}

/// Whether JSON has only exact numbers.
pub fn check(value: &Value, numbers: Numbers) -> Result<(), Refused> {
    match value {
        Value::Number(number) if numbers == Numbers::Portable => portable(number),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(at, item)| {
            check(item, numbers).map_err(|refused| refused.within(&format!("[{at}]")))
        }),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            check(member, numbers).map_err(|refused| refused.within(name))
        }),
        _ => Ok(()),
    }
}

/// Whether what was read is what serde writes, but for keys that it fills in or drops.
pub fn alike(given: &Value, written: &Value) -> Result<(), Mismatch> {
    match (given, written) {
        (Value::Array(given), Value::Array(written)) if given.len() == written.len() => {
            given.iter().zip(written).enumerate().try_for_each(|(at, (given, written))| {
                alike(given, written).map_err(|mismatch| mismatch.within(&format!("[{at}]")))
            })
        }
        (Value::Object(given), Value::Object(written)) => {
            written.iter().try_for_each(|(name, written)| match given.get(name) {
                Some(given) => alike(given, written).map_err(|mismatch| mismatch.within(name)),
                None => Ok(()),
            })
        }
        (Value::Null, Value::Null)
        | (Value::Bool(_), Value::Bool(_))
        | (Value::String(_), Value::String(_)) => Ok(()),
        (Value::Number(given), Value::Number(written)) if given.as_f64() == written.as_f64() => {
            Ok(())
        }
        _ => Err(Mismatch::new(format!("must be written as {written}"))),
    }
}

/// Whether every float of a value can be written in 15 digits, as an exported error's cause is.
pub fn check_digits(value: &Value) -> Result<(), Refused> {
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().unwrap_or_default();
            let short: Option<f64> = format!("{float:.14e}").parse().ok();
            if short.is_some_and(|short| short.to_bits() == float.to_bits()) {
                return Ok(());
            }
            Err(Refused::new(format!(
                "{number} has more than 15 digits, which the cause of an error cannot have"
            )))
        }
        Value::Array(items) => items.iter().enumerate().try_for_each(|(at, item)| {
            check_digits(item).map_err(|refused| refused.within(&format!("[{at}]")))
        }),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            check_digits(member).map_err(|refused| refused.within(name))
        }),
        _ => Ok(()),
    }
}

fn portable(number: &Number) -> Result<(), Refused> {
    let inside = match (number.as_i64(), number.as_u64()) {
        (Some(integer), _) => (-LARGEST..=LARGEST).contains(&integer),
        (None, Some(_)) => false,
        (None, None) => true,
    };
    if inside { Ok(()) } else { Err(write::too_large(number)) }
}

/// The value of JSON, with the path of what does not fit.
///
/// `1.0` is the integer 1: other languages have one kind of numbers.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    read(value).or_else(|mismatch| match whole(value) {
        Cow::Owned(value) => read(&value).map_err(|_| mismatch),
        Cow::Borrowed(_) => Err(mismatch),
    })
}

/// The value with its whole floats as integers, where there are some.
fn whole(value: &Value) -> Cow<'_, Value> {
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().unwrap_or_default();
            match to_value(&float, Numbers::Portable) {
                Ok(integer @ Value::Number(_)) if integer.is_i64() => Cow::Owned(integer),
                _ => Cow::Borrowed(value),
            }
        }
        Value::Array(items) => {
            let all: Vec<_> = items.iter().map(whole).collect();
            if all.iter().all(|item| matches!(item, Cow::Borrowed(_))) {
                return Cow::Borrowed(value);
            }
            Cow::Owned(all.into_iter().map(Cow::into_owned).collect())
        }
        Value::Object(members) => {
            let all: Vec<_> = members.iter().map(|(name, member)| (name, whole(member))).collect();
            if all.iter().all(|(_, member)| matches!(member, Cow::Borrowed(_))) {
                return Cow::Borrowed(value);
            }
            let all = all.into_iter().map(|(name, member)| (name.clone(), member.into_owned()));
            Cow::Owned(Value::Object(all.collect()))
        }
        _ => Cow::Borrowed(value),
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        Mismatch { path, problem: error.into_inner().to_string() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::{collections::BTreeMap, time::Duration};

    #[track_caller]
    fn writes(value: impl Serialize, expected: &Value) {
        assert_eq!(to_value(&value, Numbers::Portable).as_ref(), Ok(expected));
        assert_eq!(&serde_json::to_value(&value).unwrap(), expected, "serde_json agrees");
    }

    #[test]
    fn a_whole_float_is_written_as_an_integer() {
        let written = to_value(&[1.0, -0.0, 1e17, 0.5], Numbers::Portable).unwrap();
        assert_eq!(written.to_string(), "[1,0,1e+17,0.5]");
        assert_eq!(from_value::<Vec<f64>>(&written).unwrap(), [1.0, 0.0, 1e17, 0.5]);
    }

    #[track_caller]
    fn refuses(value: impl Serialize, expected: &str) {
        let refused = to_value(&value, Numbers::Portable).unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }

    #[derive(Serialize)]
    enum Kind {
        Unit,
        New(u8),
        Pair(u8, f64),
        Named { a: Option<u8>, b: () },
    }

    #[derive(Serialize)]
    #[serde(tag = "type")]
    enum Tagged {
        One { n: f32 },
    }

    #[derive(Serialize)]
    struct Nothing;

    #[derive(Serialize)]
    struct New(String);

    #[test]
    fn what_serde_json_writes_is_written_alike() {
        writes(Kind::Unit, &json!("Unit"));
        writes(Kind::New(1), &json!({"New": 1}));
        writes(Kind::Pair(1, 2.5), &json!({"Pair": [1, 2.5]}));
        writes(Kind::Named { a: None, b: () }, &json!({"Named": {"a": null, "b": null}}));
        writes(Tagged::One { n: 0.5 }, &json!({"type": "One", "n": 0.5}));
        writes((Nothing, New("x".into()), 'c', true), &json!([null, "x", "c", true]));
        writes(Duration::from_millis(1500), &json!({"secs": 1, "nanos": 500_000_000}));
        writes(BTreeMap::from([(1, "a"), (2, "b")]), &json!({"1": "a", "2": "b"}));
        writes(json!({"z": 1, "a": [null, 1.5]}), &json!({"z": 1, "a": [null, 1.5]}));
        writes([-LARGEST, LARGEST], &json!([-LARGEST, LARGEST]));
    }

    #[test]
    fn a_float_of_32_bits_is_written_in_its_own_digits() {
        let written = to_value(&[0.1_f32, 16_777_216.0, 1e-45, f32::MAX], Numbers::Portable);
        assert_eq!(written.unwrap().to_string(), "[0.1,16777216,1e-45,3.4028235e+38]");
        for bits in (0..f32::INFINITY.to_bits()).step_by(65_521) {
            let value = f32::from_bits(bits);
            let written = to_value(&value, Numbers::Portable).unwrap();
            assert_eq!(from_value::<f32>(&written).map(f32::to_bits), Ok(bits), "{written}");
        }
    }

    #[test]
    fn a_number_that_is_read_as_another_is_not_alike() {
        assert_eq!(alike(&json!([1, 0.5]), &json!([1.0, 0.5])), Ok(()));
        assert_eq!(
            alike(&json!({"n": [0.123_456_789]}), &json!({"n": [0.123_456_79]}))
                .unwrap_err()
                .to_string(),
            "n[0]: must be written as 0.12345679"
        );
    }

    #[test]
    fn numbers_without_exact_json_are_refused_with_their_path() {
        refuses(f64::NAN, "NaN is no JSON number");
        refuses(vec![(1, f32::INFINITY)], "[0][1]: inf is no JSON number");
        refuses(Kind::Pair(1, f64::NEG_INFINITY), "Pair[1]: -inf is no JSON number");
        refuses(
            BTreeMap::from([("total", BTreeMap::from([("of", vec![1.0, f64::NAN])]))]),
            "total.of[1]: NaN is no JSON number",
        );
        refuses(
            LARGEST + 1,
            "9007199254740992 is beyond ±(2^53 - 1), where JSON numbers stop being exact",
        );
        refuses(
            i128::MIN,
            "-170141183460469231731687303715884105728 is beyond ±(2^53 - 1), where JSON numbers stop being exact",
        );
    }

    #[test]
    fn wide_numbers_are_those_of_64_bits() {
        for value in [i128::from(i64::MIN), i128::from(u64::MAX)] {
            let written = to_value(&value, Numbers::Wide).unwrap();
            assert_eq!(written.to_string(), value.to_string());
            assert!(check(&written, Numbers::Wide).is_ok());
            assert!(check(&written, Numbers::Portable).is_err());
        }
        let refused = to_value(&(i128::from(u64::MAX) + 1), Numbers::Wide).unwrap_err();
        assert_eq!(refused.to_string(), "18446744073709551616 does not fit into 64 bits");
        let refused = check(&json!({"a": [1, {"b": u64::MAX}]}), Numbers::Portable).unwrap_err();
        assert_eq!(refused.path, "a[1].b");
    }

    #[test]
    fn what_does_not_fit_is_found_by_its_path() {
        #[derive(serde::Deserialize, Debug)]
        #[expect(dead_code, reason = "read only")]
        struct Order {
            items: Vec<Item>,
        }
        #[derive(serde::Deserialize, Debug)]
        #[expect(dead_code, reason = "read only")]
        struct Item {
            price: f64,
        }
        let wrong = json!({"items": [{"price": 1}, {"price": 2}, {"price": "x"}]});
        assert_eq!(
            from_value::<Order>(&wrong).unwrap_err().to_string(),
            "items[2].price: invalid type: string \"x\", expected f64"
        );
        assert_eq!(
            from_value::<Order>(&json!(3)).unwrap_err().to_string(),
            "invalid type: integer `3`, expected struct Order"
        );
    }
}
