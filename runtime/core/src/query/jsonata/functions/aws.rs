//! Functions that Step Functions adds to JSONata, and `$clone`.
//!
//! What they do with odd arguments is not documented; it was seen on AWS: fractions are cut off,
//! missing arguments mostly give undefined, `$range` gives a sequence and `$partition` a list.

use super::{
    Host, argument, given, list::numbers, print::to_15_digits, signature::arguments, thrown,
};
use crate::query::jsonata::{
    limits::too_much_memory,
    value::{from_json, inexact, loses_digits},
};
use jsonata_core::{
    evaluator::HostFnResult,
    value::{JValue, with_stack},
};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::fmt::Write as _;

/// Most items of one `$range`: Step Functions refuses the next.
const MOST_IN_RANGE: f64 = 360_145.0;

pub(super) fn clone(_: &Host, args: &[JValue]) -> HostFnResult {
    let (focus, args) = args.split_first().unwrap_or((&JValue::Undefined, &[]));
    let args = arguments(Some("clone"), "(oa)-", focus, args)?;
    Ok(rounded(given(&args, 0)))
}

pub(super) fn copy(_: &Host, args: &[JValue]) -> HostFnResult {
    Ok(rounded(argument(args, 0)))
}

/// The reference copies through JSON text, which has 15 digits.
fn rounded(value: &JValue) -> JValue {
    match value {
        JValue::Number(n) => JValue::Number(to_15_digits(*n)),
        JValue::Array(items) if items.iter().any(is_long) => {
            JValue::Array(items.with_items(items.iter().map(rounded).collect()))
        }
        JValue::Object(map) if map.values().any(is_long) => {
            JValue::object(map.iter().map(|(key, value)| (key.clone(), rounded(value))).collect())
        }
        other => other.clone(),
    }
}

fn is_long(value: &JValue) -> bool {
    match value {
        JValue::Number(n) => to_15_digits(*n).to_bits() != n.to_bits(),
        JValue::Array(items) => with_stack(|| items.iter().any(is_long)),
        JValue::Object(map) => with_stack(|| map.values().any(is_long)),
        _ => false,
    }
}

pub(super) fn parse(_: &Host, args: &[JValue]) -> HostFnResult {
    let args = arguments(Some("parse"), "s?", &JValue::Undefined, args)?;
    let JValue::String(text) = given(&args, 0) else { return Ok(JValue::Undefined) };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    let value = value.map_err(|_error| thrown("D3137: Invalid JSON"))?;
    match inexact(&value) {
        Some(number) => Err(thrown(loses_digits(number))),
        None => Ok(from_json(&value)),
    }
}

pub(super) fn partition(_: &Host, args: &[JValue]) -> HostFnResult {
    let args = arguments(Some("partition"), "an?", &JValue::Undefined, args)?;
    let items = match given(&args, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Array(items) => items,
        _ => {
            return Err(thrown(
                "T0412: Argument 1 of function \"partition\" must be an array of undefined",
            ));
        }
    };
    let JValue::Number(size) = *given(&args, 1) else {
        return Ok(JValue::array(vec![JValue::array(items.to_vec())]));
    };
    let size = size.trunc();
    if size < 0.0 {
        return Err(thrown("D3137: Second argument must be zero or greater"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 on, and a larger one than usize saturates"
    )]
    let size = size as usize;
    if size == 0 || items.is_empty() {
        return Ok(JValue::Undefined);
    }
    Ok(JValue::array(items.chunks(size).map(|chunk| JValue::array(chunk.to_vec())).collect()))
}

pub(super) fn range(host: &Host, args: &[JValue]) -> HostFnResult {
    let bounds = arguments(Some("range"), "nnn?", &JValue::Undefined, args)?;
    let [JValue::Number(first), JValue::Number(last), JValue::Number(step)] = bounds[..] else {
        return Ok(JValue::Undefined);
    };
    let (first, last, step) = (first.trunc(), last.trunc(), step.trunc());
    let count = ((last - first) / step).floor() + 1.0;
    if step == 0.0 || count < 1.0 || count.is_nan() {
        return Ok(JValue::Undefined);
    }
    if count > MOST_IN_RANGE {
        return Err(too_much_memory());
    }
    Ok(JValue::sequence_flat(numbers(host, first, count, step)?, true))
}

pub(super) fn hash(_: &Host, args: &[JValue]) -> HostFnResult {
    let values = arguments(Some("hash"), "ss?", &JValue::Undefined, args)?;
    let JValue::String(text) = given(&values, 0) else { return Ok(JValue::Undefined) };
    let text = text.as_bytes();
    let algorithm = match given(&values, 1) {
        JValue::String(algorithm) => algorithm.as_ref(),
        _ if args.len() < 2 => return Ok(JValue::Undefined),
        _ => "null",
    };
    let hash = match algorithm {
        "MD5" => hex(&md5::Md5::digest(text)),
        "SHA-1" => hex(&sha1::Sha1::digest(text)),
        "SHA-256" => hex(&Sha256::digest(text)),
        "SHA-384" => hex(&Sha384::digest(text)),
        "SHA-512" => hex(&Sha512::digest(text)),
        other => {
            return Err(thrown(format!(
                "D3137: Hash algorithm '{other}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, \
                 MD5"
            )));
        }
    };
    Ok(JValue::string(hash))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads JSON in which no object has a key twice.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("too large"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Self)?;
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(map))
    }
}
