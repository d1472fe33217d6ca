//! `States.Format`.

use super::function::Values;
use crate::query::java;
use serde_json::Value;

/// A part of a template.
enum Part {
    Char(char),
    Place,
}

/// Puts arguments into the places `{}` of a template.
///
/// # Errors
/// The template is no text, a bracket stands alone, or there are more or fewer arguments than places.
pub(super) fn format(template: &Value, arguments: &Values<'_>) -> Result<Value, String> {
    let Value::String(template) = template else {
        return Err("Invalid arguments in States.Format".to_owned());
    };
    let mut text = String::with_capacity(template.len());
    let mut arguments = arguments.iter();
    let miscounted = || {
        "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}"
            .to_owned()
    };
    for part in parts(template)? {
        match part {
            Part::Char(c) => text.push(c),
            Part::Place => text.push_str(&java::text(arguments.next().ok_or_else(miscounted)?)),
        }
    }
    if arguments.next().is_some() { Err(miscounted()) } else { Ok(Value::String(text)) }
}

fn parts(template: &str) -> Result<Vec<Part>, String> {
    let invalid = |missing: char, lonely: char| {
        Err(format!(
            "Invalid template in States.Format: matching '{missing}' not found for '{lonely}'."
        ))
    };
    let mut parts = Vec::with_capacity(template.len());
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let escaped = chars.next_if(|c| matches!(c, '\'' | '{' | '}' | '\\'));
                parts.push(Part::Char(escaped.unwrap_or('\\')));
            }
            '{' if chars.next_if_eq(&'}').is_some() => parts.push(Part::Place),
            '{' => return invalid('}', '{'),
            '}' => return invalid('{', '}'),
            c => parts.push(Part::Char(c)),
        }
    }
    Ok(parts)
}
