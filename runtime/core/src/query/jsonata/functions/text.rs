//! Functions and the operator that make texts, each bounded before it makes one.

use super::{
    Host, argument, given,
    print::{stringify, text_of},
    signature::arguments,
    thrown,
};
use crate::query::jsonata::limits::too_much_memory;
use jsonata_core::{evaluator::HostFnResult, value::JValue};
use std::{fmt::Write as _, rc::Rc};

/// Splits the focus from the arguments.
fn focused(args: &[JValue]) -> (&JValue, &[JValue]) {
    args.split_first().unwrap_or((&JValue::Undefined, &[]))
}

pub(super) fn string(host: &Host, args: &[JValue]) -> HostFnResult {
    let (focus, args) = focused(args);
    let args = arguments(Some("string"), "x-b?", focus, args)?;
    let (value, indented) = (given(&args, 0), given(&args, 1));
    match value {
        JValue::Undefined | JValue::String(_) => Ok(value.clone()),
        _ => host.meter.text(text_of(&host.meter, value, matches!(indented, JValue::Bool(true)))?),
    }
}

/// `left & right`.
pub(super) fn concatenate(host: &Host, args: &[JValue]) -> HostFnResult {
    let mut text = String::new();
    for value in args {
        match value {
            JValue::String(part) => {
                host.meter.room(text.len() + part.len())?;
                text.push_str(part);
            }
            _ => text.push_str(&text_of(&host.meter, value, false)?),
        }
    }
    host.meter.text(text)
}

pub(super) fn join(host: &Host, args: &[JValue]) -> HostFnResult {
    let args = arguments(Some("join"), "a<s>s?", &JValue::Undefined, args)?;
    let separator = given(&args, 1).as_str().unwrap_or("");
    let list = given(&args, 0);
    let JValue::Array(items) = list else { return Ok(list.clone()) };
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        let JValue::String(part) = item else { continue };
        let between = if index == 0 { "" } else { separator };
        host.meter.room(text.len() + between.len() + part.len())?;
        text.push_str(between);
        text.push_str(part);
    }
    host.meter.text(text)
}

pub(super) fn pad(host: &Host, args: &[JValue]) -> HostFnResult {
    let (focus, args) = focused(args);
    let args = arguments(Some("pad"), "s-ns?", focus, args)?;
    let JValue::String(text) = given(&args, 0) else { return Ok(JValue::Undefined) };
    let JValue::Number(width) = *given(&args, 1) else {
        return Ok(JValue::String(Rc::clone(text)));
    };
    let with = given(&args, 2).as_str().filter(|with| !with.is_empty()).unwrap_or(" ");
    let length = text.chars().count();
    #[expect(clippy::cast_precision_loss, reason = "a text has far fewer than 2^53 characters")]
    let missing = width.abs() - length as f64;
    if missing.is_nan() || missing <= 0.0 {
        return Ok(JValue::String(Rc::clone(text)));
    }
    #[expect(clippy::cast_precision_loss, reason = "a limit far below 2^53")]
    let most = host.meter.limits.bytes() as f64;
    if missing > most {
        return Err(too_much_memory());
    }
    if missing.fract() != 0.0 {
        return Err(thrown("Invalid array length"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, whole and limited above"
    )]
    let missing = missing as usize;
    host.meter.room(missing.saturating_mul(with.len().div_ceil(with.chars().count())))?;
    let padding: String = with.chars().cycle().take(missing).collect();
    host.meter.text(if width < 0.0 { padding + text } else { format!("{text}{padding}") })
}

pub(super) fn encode_url(host: &Host, args: &[JValue]) -> HostFnResult {
    encode(host, args, "encodeUrl", "-_.!~*'();/?:@&=+$,#")
}

pub(super) fn encode_url_component(host: &Host, args: &[JValue]) -> HostFnResult {
    encode(host, args, "encodeUrlComponent", "-_.!~*'()")
}

/// Percent-encodes everything but letters, digits and the characters to `keep`.
fn encode(host: &Host, args: &[JValue], function: &str, keep: &str) -> HostFnResult {
    let (focus, args) = focused(args);
    let args = arguments(Some(function), "s-", focus, args)?;
    let JValue::String(text) = given(&args, 0) else { return Ok(JValue::Undefined) };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || keep.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    host.meter.text(encoded)
}

pub(super) fn decode_url(host: &Host, args: &[JValue]) -> HostFnResult {
    decode(host, args, "decodeUrl", ";/?:@&=+$,#")
}

pub(super) fn decode_url_component(host: &Host, args: &[JValue]) -> HostFnResult {
    decode(host, args, "decodeUrlComponent", "")
}

/// Undoes percent-encoding, of everything but the characters to `keep`.
fn decode(host: &Host, args: &[JValue], function: &str, keep: &str) -> HostFnResult {
    let (focus, args) = focused(args);
    let args = arguments(Some(function), "s-", focus, args)?;
    let JValue::String(text) = given(&args, 0) else { return Ok(JValue::Undefined) };
    let decoded = decoded(text, keep.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok());
    match decoded {
        Some(decoded) => host.meter.text(decoded),
        None => Err(thrown(format!(
            "D3140: Malformed URL passed to ${function}(): {}",
            stringify(&JValue::String(Rc::clone(text)))
        ))),
    }
}

fn decoded(text: &str, keep: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let (high, low) = (bytes.next()?, bytes.next()?);
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let value = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
        if keep.contains(&value) {
            decoded.extend([b'%', high, low]);
        } else {
            decoded.push(value);
        }
    }
    Some(decoded)
}

/// Gives back the third argument of `$replace` if what comes out cannot be too long.
pub(super) fn replaceable(host: &Host, args: &[JValue]) -> HostFnResult {
    let replacement = argument(args, 2);
    if let (JValue::String(text), JValue::String(with)) = (argument(args, 0), replacement) {
        let found = match argument(args, 1) {
            JValue::String(pattern) if !pattern.is_empty() => text.matches(&**pattern).count(),
            _ => text.len() + 1,
        };
        // A pattern may match less often than everywhere, so more than a text may have is allowed.
        let most = host.meter.limits.total.saturating_mul(2);
        if found.saturating_mul(with.len()) > most {
            return Err(too_much_memory());
        }
    }
    Ok(replacement.clone())
}
