//! Functions that AWS adds, and those of `jsonata-core` that are missing or differ.

use super::{
    environment::Environment,
    rewrite::{ROUND, SINGLETON},
    value::{from_json, inexact, loses_digits, to_json},
    walk::Names,
};
use jiff::Timestamp;
use jsonata_core::{
    evaluator::{Evaluator, EvaluatorError, HostFnResult},
    value::JValue,
};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::{cell::Cell, fmt::Write as _, rc::Rc};

/// Longest text that `$pad` makes: more than any payload may have.
const MAX_PADDING: f64 = 1_000_000.0;
/// Most items that `$range` gives: far more than any payload may have.
const MAX_RANGE: f64 = 1_000_000.0;

/// Gives the evaluator the functions that the expression names.
pub(super) fn register(
    evaluator: &mut Evaluator,
    names: &Names,
    environment: &Environment<'_>,
) -> Result<(), EvaluatorError> {
    evaluator.register_fn_override(ROUND, |args: &[JValue]| Ok(rounded(argument(args, 0))))?;
    evaluator.register_fn_override(SINGLETON, |args: &[JValue]| {
        Ok(match argument(args, 0) {
            JValue::Null => JValue::array(vec![JValue::Null]),
            other => other.clone(),
        })
    })?;
    for name in names.functions.iter().chain(&names.variables) {
        register_one(evaluator, name, environment)?;
    }
    // A rewritten `$now(picture)` reads `$millis`.
    if names.functions.contains("now") {
        register_one(evaluator, "millis", environment)?;
    }
    Ok(())
}

fn register_one(
    evaluator: &mut Evaluator,
    name: &str,
    environment: &Environment<'_>,
) -> Result<(), EvaluatorError> {
    let millis = environment.millis;
    let random = Rc::clone(&environment.random);
    match name {
        "now" => evaluator.register_fn_override(name, move |_: &[JValue]| now(millis)),
        "millis" => {
            evaluator.register_fn_override(name, move |_: &[JValue]| Ok(JValue::from(millis)))
        }
        "random" => {
            evaluator.register_fn_override(name, move |args: &[JValue]| match argument(args, 0) {
                JValue::Number(seed) => Ok(unit(&Cell::new(seed.to_bits()))),
                JValue::Undefined => Ok(unit(&random)),
                _ => Err(signature("random", 1)),
            })
        }
        "uuid" => evaluator.register_fn_override(name, move |_: &[JValue]| Ok(uuid(&random))),
        "shuffle" => {
            evaluator.register_fn_override(name, move |args: &[JValue]| Ok(shuffle(args, &random)))
        }
        "pad" => evaluator.register_fn_override(name, pad),
        "encodeUrl" => evaluator.register_fn_override(name, |args: &[JValue]| {
            encode(args, "encodeUrl", "-_.!~*'();/?:@&=+$,#")
        }),
        "encodeUrlComponent" => evaluator.register_fn_override(name, |args: &[JValue]| {
            encode(args, "encodeUrlComponent", "-_.!~*'()")
        }),
        "clone" => {
            evaluator.register_fn_override(name, |args: &[JValue]| Ok(argument(args, 0).clone()))
        }
        "parse" => evaluator.register_fn_override(name, parse),
        "partition" => evaluator.register_fn_override(name, partition),
        "range" => evaluator.register_fn_override(name, range),
        "hash" => evaluator.register_fn_override(name, hash),
        _ => Ok(()),
    }
}

fn argument(args: &[JValue], index: usize) -> &JValue {
    args.get(index).unwrap_or(&JValue::Undefined)
}

fn signature(function: &str, position: usize) -> EvaluatorError {
    EvaluatorError::TypeError(format!(
        "T0410: Argument {position} of function \"{function}\" does not match function signature"
    ))
}

fn refused(message: impl Into<String>) -> EvaluatorError {
    EvaluatorError::EvaluationError(message.into())
}

/// Rounds integers to 15 digits wherever they are, as 2.0.6 does before it prints.
fn rounded(value: &JValue) -> JValue {
    match value {
        JValue::Number(n) => JValue::Number(round_to_15_digits(*n)),
        JValue::Array(items) if items.iter().any(has_long_integer) => {
            let items_rounded = items.iter().map(rounded).collect();
            JValue::Array(items.with_items(items_rounded))
        }
        JValue::Object(map) if map.iter().any(|(_, v)| has_long_integer(v)) => {
            JValue::object(map.iter().map(|(k, v)| (k.clone(), rounded(v))).collect())
        }
        other => other.clone(),
    }
}

fn has_long_integer(value: &JValue) -> bool {
    match value {
        JValue::Number(n) => n.abs() >= 1e15,
        JValue::Array(items) => items.iter().any(has_long_integer),
        JValue::Object(map) => map.iter().any(|(_, v)| has_long_integer(v)),
        _ => false,
    }
}

/// `Number(n.toPrecision(15))` of a long integer; other numbers are returned as they are.
fn round_to_15_digits(n: f64) -> f64 {
    if n.abs() < 1e15 || !n.is_finite() {
        return n;
    }
    if n.abs() >= 1e18 {
        return format!("{n:.14e}").parse().unwrap_or(n);
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 1e18, checked above")]
    let whole = n.abs() as i64;
    let mut unit = 1;
    while whole / unit >= 1_000_000_000_000_000 {
        unit *= 10;
    }
    // Halves go up, as ECMAScript says.
    let nearest = (whole + unit / 2) / unit * unit;
    #[expect(clippy::cast_precision_loss, reason = "15 digits are exact")]
    let nearest = nearest as f64;
    nearest.copysign(n)
}

fn now(millis: i64) -> HostFnResult {
    let time = Timestamp::from_millisecond(millis)
        .map_err(|_| refused("D3136: The time is out of range"))?;
    Ok(JValue::string(time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()))
}

/// The next number of a splitmix64 generator.
fn next(state: &Cell<u64>) -> u64 {
    let seed = state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
    state.set(seed);
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A number from 0 to below 1.
fn unit(state: &Cell<u64>) -> JValue {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let bits = (next(state) >> 11) as f64;
    JValue::Number(bits / 9_007_199_254_740_992.0)
}

fn uuid(state: &Cell<u64>) -> JValue {
    let uuid = uuid::Builder::from_random_bytes(
        (u128::from(next(state)) << 64 | u128::from(next(state))).to_be_bytes(),
    );
    JValue::string(uuid.into_uuid().to_string())
}

fn shuffle(args: &[JValue], state: &Cell<u64>) -> JValue {
    let JValue::Array(items) = argument(args, 0) else {
        return argument(args, 0).clone();
    };
    let mut items = items.clone().into_vec();
    for i in (1..items.len()).rev() {
        let j = usize::try_from(next(state) % (i as u64 + 1)).unwrap_or(0);
        items.swap(i, j);
    }
    JValue::array(items)
}

fn pad(args: &[JValue]) -> HostFnResult {
    let text = match argument(args, 0) {
        JValue::String(text) => text,
        JValue::Undefined => return Ok(JValue::Undefined),
        _ => return Err(signature("pad", 1)),
    };
    let width = match argument(args, 1) {
        JValue::Number(width) => width.trunc(),
        JValue::Undefined => return Ok(JValue::String(Rc::clone(text))),
        _ => return Err(signature("pad", 2)),
    };
    let with = match argument(args, 2) {
        JValue::String(with) if !with.is_empty() => with.as_ref(),
        JValue::String(_) | JValue::Undefined => " ",
        _ => return Err(signature("pad", 3)),
    };
    if width.abs() > MAX_PADDING {
        return Err(refused(format!("The width of $pad is limited to {MAX_PADDING}")));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative and limited above"
    )]
    let missing = (width.abs() as usize).saturating_sub(text.chars().count());
    let padding: String = with.chars().cycle().take(missing).collect();
    Ok(JValue::string(if width < 0.0 {
        format!("{padding}{text}")
    } else {
        format!("{text}{padding}")
    }))
}

/// Percent-encodes everything but letters, digits and the characters to `keep`.
fn encode(args: &[JValue], function: &str, keep: &str) -> HostFnResult {
    let text = match argument(args, 0) {
        JValue::String(text) => text,
        JValue::Undefined => return Ok(JValue::Undefined),
        _ => return Err(signature(function, 1)),
    };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || keep.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    Ok(JValue::string(encoded))
}

fn parse(args: &[JValue]) -> HostFnResult {
    match argument(args, 0) {
        JValue::Undefined => Ok(JValue::Undefined),
        JValue::String(text) => serde_json::from_str(text)
            .map_err(|error| refused(format!("The argument of $parse is not JSON: {error}")))
            .and_then(|value| match inexact(&value) {
                Some(number) => Err(refused(loses_digits(number))),
                None => Ok(from_json(&value)),
            }),
        _ => Err(signature("parse", 1)),
    }
}

fn partition(args: &[JValue]) -> HostFnResult {
    let items = match argument(args, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Array(items) => items.iter().cloned().collect(),
        single => vec![single.clone()],
    };
    let size = match argument(args, 1) {
        JValue::Number(size) if *size >= 1.0 => size.floor(),
        _ => return Err(signature("partition", 2)),
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 1, and a larger one than usize saturates"
    )]
    let chunks = items.chunks(size as usize);
    Ok(JValue::array(chunks.map(|chunk| JValue::array(chunk.to_vec())).collect()))
}

fn range(args: &[JValue]) -> HostFnResult {
    let mut bounds = [0.0; 3];
    for (position, bound) in bounds.iter_mut().enumerate() {
        match argument(args, position) {
            JValue::Number(n) => *bound = *n,
            JValue::Undefined => return Ok(JValue::Undefined),
            _ => return Err(signature("range", position + 1)),
        }
    }
    let [first, last, step] = bounds;
    let count = ((last - first) / step).floor() + 1.0;
    if !count.is_finite() || count > MAX_RANGE {
        return Err(refused(format!("$range is limited to {MAX_RANGE} items")));
    }
    let mut items = Vec::new();
    let mut index = 0.0;
    while index < count {
        items.push(JValue::Number(step.mul_add(index, first)));
        index += 1.0;
    }
    Ok(JValue::array(items))
}

fn hash(args: &[JValue]) -> HostFnResult {
    let text = match argument(args, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::String(text) => text.as_ref().to_owned(),
        other => to_json(other).ok().flatten().unwrap_or_default().to_string(),
    };
    let JValue::String(algorithm) = argument(args, 1) else { return Err(signature("hash", 2)) };
    let hash = match algorithm.as_ref() {
        "MD5" => hex(&md5::Md5::digest(&text)),
        "SHA-1" => hex(&sha1::Sha1::digest(&text)),
        "SHA-256" => hex(&Sha256::digest(&text)),
        "SHA-384" => hex(&Sha384::digest(&text)),
        "SHA-512" => hex(&Sha512::digest(&text)),
        other => return Err(refused(format!("$hash has no algorithm named {other}"))),
    };
    Ok(JValue::string(hash))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
