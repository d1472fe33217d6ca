//! The functions of texts and of JSON in texts.

use base64::{
    Engine as _,
    alphabet::STANDARD as ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::{collections::BTreeSet, fmt::Write as _};

/// Longest text to encode, decode or hash, in UTF-16 units.
const MAX_LENGTH: usize = 10_000;

/// Takes what is left of a text when everything that is not Base64 is taken out.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A text, if it is one and not too long.
fn limited(text: &str) -> Option<&str> {
    (text.encode_utf16().count() <= MAX_LENGTH).then_some(text)
}

/// Parses JSON; an empty text is null.
pub(super) fn parse(text: &Value) -> Option<Value> {
    let text = text.as_str()?;
    if text.trim().is_empty() { Some(Value::Null) } else { serde_json::from_str(text).ok() }
}

/// The members of two objects, the second one's where both have them.
pub(super) fn merge(left: &Value, right: &Value, is_deep: &Value) -> Option<Value> {
    let (mut merged, right) = (left.as_object()?.clone(), right.as_object()?);
    if *is_deep == Value::Bool(true) {
        return None;
    }
    merged.extend(right.iter().map(|(key, value)| (key.clone(), value.clone())));
    Some(Value::Object(merged))
}

/// The pieces of a text between any of the characters of `delimiters`, without empty ones.
pub(super) fn split(text: &Value, delimiters: &Value) -> Option<Value> {
    let delimiters: BTreeSet<char> = delimiters.as_str()?.chars().collect();
    let pieces = text.as_str()?.split(|c| delimiters.contains(&c));
    Some(Value::Array(pieces.filter(|piece| !piece.is_empty()).map(Value::from).collect()))
}

/// Base64 of a text.
pub(super) fn encode(text: &Value) -> Option<Value> {
    Some(Value::from(STANDARD.encode(limited(text.as_str()?)?)))
}

/// The text of Base64. Other characters are read over, the first `=` ends it, and bytes that are no
/// text are replaced.
pub(super) fn decode(text: &Value) -> Option<Value> {
    let text = limited(text.as_str()?)?;
    let digits = text.chars().take_while(|c| *c != '=').filter_map(|c| match c {
        '-' => Some('+'),
        '_' => Some('/'),
        c => (c.is_ascii_alphanumeric() || matches!(c, '+' | '/')).then_some(c),
    });
    let mut digits: String = digits.collect();
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    let bytes = FORGIVING.decode(digits).ok()?;
    Some(Value::from(String::from_utf8_lossy(&bytes)))
}

/// The hash of a text, or of the JSON of something else, in hexadecimal digits.
pub(super) fn hash(data: &Value, algorithm: &Value) -> Option<Value> {
    let json;
    let data = match data {
        Value::String(text) => text,
        other => {
            json = other.to_string();
            &json
        }
    };
    let data = limited(data)?;
    Some(Value::from(match algorithm.as_str()? {
        "MD5" => hex(&md5::Md5::digest(data)),
        "SHA-1" => hex(&sha1::Sha1::digest(data)),
        "SHA-256" => hex(&Sha256::digest(data)),
        "SHA-384" => hex(&Sha384::digest(data)),
        "SHA-512" => hex(&Sha512::digest(data)),
        _ => return None,
    }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
