//! Puts a [`Term`] into a field of a state: objects and arrays as JSON, the rest as expressions.
//!
//! An array written as JSON never splices its items, and an object keeps every key.

use super::{
    compare::present,
    print::text,
    term::{Kind, Term},
};
use crate::asl::Template;
use serde_json::{Map, Value};

/// The field's JSON.
pub fn template(term: &Term) -> Template {
    if term.is_missing() {
        return expression(&present(term));
    }
    match term.kind() {
        Kind::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.clone(), template(value)));
            Value::Object(entries.collect::<Map<String, Value>>())
        }
        Kind::Array(items) => Value::Array(items.iter().map(|(item, _)| inner(item)).collect()),
        Kind::Literal(Value::String(text)) if text.is_empty() => expression(term),
        Kind::Literal(value) if is_plain(value) => with_whole_numbers(value),
        Kind::Shared(_, value) => template(value),
        Kind::Scope(lets, body) => match body.resolved().kind() {
            Kind::Object(entries) => {
                let inside = |value: &Term| template(&Term::scope(lets.clone(), value));
                let entries = entries.iter().map(|(key, value)| (key.clone(), inside(value)));
                Value::Object(entries.collect::<Map<String, Value>>())
            }
            _ => expression(term),
        },
        _ => expression(term),
    }
}

/// The field's JSON where it is an `Output`: validators in use take objects and expressions only.
pub fn output(term: &Term) -> Template {
    match template(term) {
        object @ Value::Object(_) => object,
        Value::String(text) if text.starts_with("{%") => Value::String(text),
        _ => expression(term),
    }
}

/// The JSON of an item of an array. Validators in use take no list of plain values there.
fn inner(item: &Term) -> Template {
    match template(item) {
        Value::Array(items) if !items.iter().all(Value::is_object) => expression(item),
        other => other,
    }
}

/// The expression between its marks.
pub fn expression(term: &Term) -> Template {
    Value::String(format!("{{% {} %}}", text(term)))
}

/// The value with whole numbers as native code writes them: `1`, not `1.0`.
fn with_whole_numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            let whole = number.to_string().strip_suffix(".0").and_then(|whole| whole.parse().ok());
            whole.map_or_else(|| value.clone(), |whole: i64| whole.into())
        }
        Value::Array(items) => items.iter().map(with_whole_numbers).collect(),
        Value::Object(entries) => {
            let entries = entries.iter();
            entries.map(|(name, value)| (name.clone(), with_whole_numbers(value))).collect()
        }
        other => other.clone(),
    }
}

/// Whether no string of it could be taken for an expression; validators in use take no lines in one
/// either.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            !text.contains("{%") && !text.contains("%}") && !text.contains(char::is_control)
        }
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(entries) => entries.values().all(is_plain),
        _ => true,
    }
}
