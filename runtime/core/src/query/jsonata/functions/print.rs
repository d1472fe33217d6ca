//! Values as text, as 2.0.6 prints them: numbers with at most 15 digits, written as ECMAScript does.

use super::thrown;
use crate::query::jsonata::limits::{Meter, too_much_memory};
use jsonata_core::{
    evaluator::EvaluatorError,
    value::{JValue, with_stack},
};
use std::fmt::Write as _;

/// Digits that are printed of a number.
const DIGITS: usize = 15;

/// The text of a value, as `$string` and `&` make it. `indented` is for people.
pub(super) fn text_of(
    meter: &Meter,
    value: &JValue,
    indented: bool,
) -> Result<String, EvaluatorError> {
    match value {
        JValue::String(text) => Ok(text.as_ref().to_owned()),
        JValue::Undefined | JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => {
            Ok(String::new())
        }
        JValue::Number(n) if !n.is_finite() => {
            Err(thrown("D3001: Attempting to invoke string function on Infinity or NaN"))
        }
        _ => {
            let most = meter.limits.bytes();
            let mut printer = Printer { text: String::new(), most, indented, depth: 0 };
            printer.value(value)?;
            Ok(printer.text)
        }
    }
}

/// A value as JSON on one line, for messages: `undefined` and functions as the reference shows them.
pub(crate) fn stringify(value: &JValue) -> String {
    match value {
        JValue::Undefined => "undefined".to_owned(),
        JValue::Number(n) if !n.is_finite() => "null".to_owned(),
        JValue::Number(n) => number(*n),
        JValue::String(text) => quoted(text),
        _ => {
            let mut printer = Printer {
                text: String::new(),
                most: LONGEST_IN_MESSAGE,
                indented: false,
                depth: 0,
            };
            let whole = printer.value(value).is_ok();
            let mut text = printer.text;
            if !whole {
                text.push('…');
            }
            text
        }
    }
}

/// Longest value in a message.
const LONGEST_IN_MESSAGE: usize = 8_192;

struct Printer {
    text: String,
    most: usize,
    indented: bool,
    depth: usize,
}

impl Printer {
    fn value(&mut self, value: &JValue) -> Result<(), EvaluatorError> {
        if self.text.len() > self.most {
            return Err(too_much_memory());
        }
        match value {
            JValue::Undefined | JValue::Null => self.text.push_str("null"),
            JValue::Bool(true) => self.text.push_str("true"),
            JValue::Bool(false) => self.text.push_str("false"),
            JValue::Number(n) if n.is_nan() => self.text.push_str("null"),
            JValue::Number(n) if !n.is_finite() => {
                return Err(thrown("D1001: Number out of range: null"));
            }
            JValue::Number(n) => self.text.push_str(&number(to_15_digits(*n))),
            JValue::String(text) => quote(text, &mut self.text),
            JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => {
                self.text.push_str("\"\"");
            }
            JValue::Array(items) => {
                let items = items.iter().map(|item| (None, item));
                return self.members('[', ']', items);
            }
            JValue::Object(map) => {
                let entries = map.iter().filter(|(_, value)| !value.is_undefined());
                return self.members('{', '}', entries.map(|(key, value)| (Some(key), value)));
            }
        }
        Ok(())
    }

    fn members<'v>(
        &mut self,
        open: char,
        close: char,
        members: impl Iterator<Item = (Option<&'v String>, &'v JValue)>,
    ) -> Result<(), EvaluatorError> {
        self.text.push(open);
        self.depth += 1;
        let mut is_first = true;
        for (key, value) in members {
            if !is_first {
                self.text.push(',');
            }
            is_first = false;
            self.line();
            if let Some(key) = key {
                quote(key, &mut self.text);
                self.text.push_str(if self.indented { ": " } else { ":" });
            }
            with_stack(|| self.value(value))?;
        }
        self.depth -= 1;
        if !is_first {
            self.line();
        }
        self.text.push(close);
        Ok(())
    }

    fn line(&mut self) {
        if self.indented {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("  ", self.depth));
        }
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    quote(text, &mut quoted);
    quoted
}

/// Writes a JSON string with the escapes that ECMAScript writes.
fn quote(text: &str, into: &mut String) {
    into.push('"');
    for c in text.chars() {
        match c {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\u{8}' => into.push_str("\\b"),
            '\u{c}' => into.push_str("\\f"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(into, "\\u{:04x}", u32::from(c));
            }
            c => into.push(c),
        }
    }
    into.push('"');
}

/// A finite number as ECMAScript prints it: the fewest digits that give it back.
pub(crate) fn number(n: f64) -> String {
    let (negative, digits, exponent) = decimal(n);
    if digits.is_empty() {
        return "0".to_owned();
    }
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let sign = if negative { "-" } else { "" };
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    // The point stands after so many digits.
    let point = exponent + 1;
    let split = |at: i32| digits.split_at_checked(usize::try_from(at).unwrap_or(0));
    if (length..=21).contains(&point) {
        return format!("{sign}{digits}{}", zeros(point - length));
    }
    if let Some((whole, fraction)) = split(point).filter(|_| (1..=21).contains(&point)) {
        return format!("{sign}{whole}.{fraction}");
    }
    if (-5..=0).contains(&point) {
        return format!("{sign}0.{}{digits}", zeros(-point));
    }
    let (first, rest) = split(1).unwrap_or((&digits, ""));
    let point = if rest.is_empty() { "" } else { "." };
    let plus = if exponent < 0 { "" } else { "+" };
    format!("{sign}{first}{point}{rest}e{plus}{exponent}")
}

/// Sign, shortest digits without zeros at the end, and exponent of the first digit.
fn decimal(n: f64) -> (bool, String, i32) {
    let shown = format!("{n:e}");
    let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    (n < 0.0, digits.trim_matches('0').to_owned(), exponent.parse().unwrap_or(0))
}

/// `Number(n.toPrecision(15))`: halves go away from zero.
pub(super) fn to_15_digits(n: f64) -> f64 {
    if decimal(n).1.len() <= DIGITS {
        return n;
    }
    let exact = format!("{n:.60e}");
    let (mantissa, exponent) = exact.split_once('e').unwrap_or((&exact, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let (kept, rest) = digits.split_at_checked(DIGITS).unwrap_or((&digits, ""));
    let kept: u64 = kept.parse().unwrap_or(0);
    let up = u64::from(rest.as_bytes().first().is_some_and(|first| *first >= b'5'));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if n < 0.0 { "-" } else { "" };
    format!("{sign}{}e{}", kept + up, exponent - 14).parse().unwrap_or(n)
}

#[cfg(test)]
mod tests {
    use super::{number, to_15_digits};

    #[test]
    fn numbers_print_as_ecmascript_prints_them() {
        for (n, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (100.0, "100"),
            (0.000_001, "0.000001"),
            (0.000_000_1, "1e-7"),
            (1.25e-9, "1.25e-9"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (5e-324, "5e-324"),
            (123_456.789, "123456.789"),
            (1_732_255_000_123_456.0, "1732255000123456"),
        ] {
            assert_eq!(number(n), expected);
        }
    }

    #[test]
    fn fifteen_digits_are_kept_and_halves_go_away_from_zero() {
        for (n, expected) in [
            (0.1 + 0.2, 0.3),
            (1.0 / 3.0, 0.333_333_333_333_333),
            (1_732_255_000_123_456.0, 1_732_255_000_123_460.0),
            (-1_234_567_890_123_455.0, -1_234_567_890_123_460.0),
            (100_000_000_000_000.5, 100_000_000_000_001.0),
            (123_456_789_012_345.0, 123_456_789_012_345.0),
            (9.999_999_999_999_999, 10.0),
        ] {
            assert!(to_15_digits(n).to_bits() == f64::to_bits(expected), "{n}");
        }
    }
}
