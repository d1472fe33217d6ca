//! Numbers where `jsonata-core` is more lenient than 2.0.6, or rounds otherwise.

use super::{
    Host, argument, given,
    print::{self, stringify},
    signature::arguments,
    thrown,
};
use crate::query::jsonata::limits::too_much_memory;
use jsonata_core::{evaluator::HostFnResult, value::JValue};

pub(super) fn number(_: &Host, args: &[JValue]) -> HostFnResult {
    let (focus, args) = args.split_first().unwrap_or((&JValue::Undefined, &[]));
    let args = arguments(Some("number"), "(nsb)-", focus, args)?;
    let value = given(&args, 0);
    let number = match value {
        JValue::Bool(true) => Some(1.0),
        JValue::Bool(false) => Some(0.0),
        JValue::String(text) => read(text),
        _ => return Ok(value.clone()),
    };
    number.map(JValue::Number).ok_or_else(|| {
        thrown(format!("D3030: Unable to cast value to a number: {}", stringify(value)))
    })
}

/// Reads a decimal number without blanks, or a whole one after `0x`, `0o` or `0b`.
fn read(text: &str) -> Option<f64> {
    let based = |prefixes: [&str; 2], radix| {
        let digits = prefixes.into_iter().find_map(|prefix| text.strip_prefix(prefix))?;
        let digits = digits.chars().map(|digit| digit.to_digit(radix).map(f64::from));
        let value = |value: f64, digit: Option<f64>| Some(value.mul_add(f64::from(radix), digit?));
        digits.clone().next()?;
        let mut digits = digits;
        digits.try_fold(0.0, value)
    };
    if let Some(value) = based(["0x", "0X"], 16)
        .or_else(|| based(["0o", "0O"], 8))
        .or_else(|| based(["0b", "0B"], 2))
    {
        return Some(value);
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let fits = digits(whole.strip_prefix('-').unwrap_or(whole))
        && digits(fraction)
        && digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    text.parse().ok().filter(|value: &f64| fits && value.is_finite())
}

/// Integers below this are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) fn format_base(host: &Host, args: &[JValue]) -> HostFnResult {
    let (focus, args) = args.split_first().unwrap_or((&JValue::Undefined, &[]));
    let args = arguments(Some("formatBase"), "n-n?", focus, args)?;
    let JValue::Number(n) = *given(&args, 0) else { return Ok(JValue::Undefined) };
    let n = n.round_ties_even();
    let radix = match *given(&args, 1) {
        JValue::Number(radix) => radix.round_ties_even(),
        _ => 10.0,
    };
    if !(2.0..=36.0).contains(&radix) {
        return Err(thrown(format!(
            "D3100: The radix of the formatBase function must be between 2 and 36.  It was given {}",
            stringify(&JValue::Number(radix))
        )));
    }
    #[expect(clippy::float_cmp, reason = "both are whole")]
    if radix == 10.0 || !n.is_finite() {
        return host.meter.text(leaving(n));
    }
    // Digits below the precision of a double are zeros, as in ECMAScript.
    let mut rest = n.abs();
    let mut digits = Vec::new();
    while rest >= EXACT {
        rest /= radix;
        digits.push('0');
    }
    loop {
        let remainder = rest % radix;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole numbers below 37"
        )]
        let (digit, base) = (remainder as u32, radix as u32);
        digits.extend(char::from_digit(digit, base));
        rest = (rest - remainder) / radix;
        if rest <= 0.0 {
            break;
        }
    }
    if n < 0.0 {
        digits.push('-');
    }
    host.meter.text(digits.into_iter().rev().collect())
}

/// `$round` with a precision, which the reference moves the point by in the number's text.
pub(super) fn round(_: &Host, args: &[JValue]) -> HostFnResult {
    let (focus, args) = args.split_first().unwrap_or((&JValue::Undefined, &[]));
    let args = arguments(Some("round"), "n-n?", focus, args)?;
    let JValue::Number(n) = *given(&args, 0) else { return Ok(JValue::Undefined) };
    let precision = match *given(&args, 1) {
        JValue::Number(precision) => precision,
        _ => 0.0,
    };
    let moved = moved(n, precision).round_ties_even();
    let rounded = self::moved(moved, -precision);
    Ok(JValue::Number(if rounded == 0.0 { 0.0 } else { rounded }))
}

/// `n` times ten to the power of `places`.
fn moved(n: f64, places: f64) -> f64 {
    if places == 0.0 {
        return n;
    }
    if !n.is_finite() || places.fract() != 0.0 {
        return f64::NAN;
    }
    let text = print::number(n);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent = exponent.parse().unwrap_or(0.0) + places;
    format!("{mantissa}e{exponent}").parse().unwrap_or(f64::NAN)
}

/// A number as text, also where it is not finite.
fn leaving(n: f64) -> String {
    if n.is_nan() {
        "NaN".to_owned()
    } else if n.is_infinite() {
        if n > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        print::number(n)
    }
}

/// `-operand`.
pub(super) fn negate(_: &Host, args: &[JValue]) -> HostFnResult {
    match argument(args, 0) {
        JValue::Undefined => Ok(JValue::Undefined),
        JValue::Number(n) if n.is_infinite() => Err(thrown("D1001: Number out of range: null")),
        JValue::Number(n) if !n.is_nan() => Ok(JValue::Number(-n)),
        other => {
            Err(thrown(format!("D1002: Cannot negate a non-numeric value: {}", stringify(other))))
        }
    }
}

/// An operand, given code, side and operator: what is not a number is refused.
pub(super) fn operand(_: &Host, args: &[JValue]) -> HostFnResult {
    match args {
        [value @ JValue::Number(n), JValue::String(said)] if n.is_nan() => {
            let _ = value;
            Err(thrown(said.as_ref()))
        }
        _ => Ok(argument(args, 0).clone()),
    }
}

/// A picture of numbers whose grouping separators, if they are evenly spaced, are reduced to the last
/// one: that says the same.
pub(super) fn picture(_: &Host, args: &[JValue]) -> HostFnResult {
    let picture = argument(args, 0);
    let JValue::String(text) = picture else { return Ok(picture.clone()) };
    let parts: Vec<String> = text.split(';').map(evenly_grouped).collect();
    Ok(JValue::string(parts.join(";")))
}

fn evenly_grouped(picture: &str) -> String {
    let end = picture.find('.').unwrap_or(picture.len());
    let (whole, fraction) = picture.split_at_checked(end).unwrap_or((picture, ""));
    let mut groups = whole
        .split(',')
        .rev()
        .map(|group| group.chars().filter(|c| *c == '#' || c.is_ascii_digit()).count());
    let last = groups.next().unwrap_or(0);
    let groups: Vec<usize> = groups.collect();
    let Some((_, inner)) = groups.split_last() else { return picture.to_owned() };
    if inner.is_empty() || inner.iter().any(|group| *group != last) {
        return picture.to_owned();
    }
    let (before, after) = whole.rsplit_once(',').unwrap_or(("", whole));
    format!("{},{after}{fraction}", before.replace(',', ""))
}

/// Greatest number in Roman numerals: it has ten thousand letters.
const MOST_ROMAN: f64 = 1e7;

/// A number that its picture, the second argument, can write.
pub(super) fn writable(_: &Host, args: &[JValue]) -> HostFnResult {
    let number = argument(args, 0);
    let is_roman = argument(args, 1).as_str().is_some_and(|picture| {
        picture.split(';').next().is_some_and(|picture| picture == "I" || picture == "i")
    });
    match number {
        JValue::Number(n) if is_roman && n.abs() > MOST_ROMAN => Err(too_much_memory()),
        _ => Ok(number.clone()),
    }
}

/// Whether a text can be what a picture of integers wants: `$parseInteger` gives NaN otherwise.
pub(super) fn readable(_: &Host, args: &[JValue]) -> HostFnResult {
    let (Some(text), Some(picture)) = (argument(args, 0).as_str(), argument(args, 1).as_str())
    else {
        return Ok(JValue::Bool(true));
    };
    let picture = picture.split(';').next().unwrap_or(picture);
    let fits = match picture {
        "I" | "i" => text.chars().all(|c| "IVXLCDM".contains(c.to_ascii_uppercase())),
        "W" | "w" | "Ww" => {
            let text = text.to_lowercase();
            let words = text.split([' ', '-', ',']).filter(|word| !word.is_empty());
            !text.is_empty() && words.into_iter().all(|word| word == "and" || WORDS.contains(&word))
        }
        _ => true,
    };
    Ok(JValue::Bool(fits))
}

/// Words of numbers.
const WORDS: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "million",
    "billion",
    "trillion",
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "thirtieth",
    "fortieth",
    "fiftieth",
    "sixtieth",
    "seventieth",
    "eightieth",
    "ninetieth",
    "hundredth",
    "thousandth",
    "millionth",
    "billionth",
    "trillionth",
];

#[cfg(test)]
mod tests {
    use super::{evenly_grouped, read};

    #[test]
    fn texts_are_read_as_numbers_where_2_0_6_does() {
        for (text, expected) in [
            ("12", Some(12.0)),
            ("-0.5", Some(-0.5)),
            ("1e3", Some(1000.0)),
            ("007", Some(7.0)),
            ("0x1F", Some(31.0)),
            ("0b101", Some(5.0)),
            ("0o17", Some(15.0)),
            (" 1", None),
            ("1.", None),
            (".5", None),
            ("+1", None),
            ("1e999", None),
            ("0x", None),
            ("inf", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn only_even_grouping_is_reduced() {
        for (picture, expected) in [
            ("#,###,##0", "####,##0"),
            ("#,##0.00", "#,##0.00"),
            ("#,##,##,##0", "#,##,##,##0"),
            ("0", "0"),
        ] {
            assert_eq!(evenly_grouped(picture), expected);
        }
    }
}
