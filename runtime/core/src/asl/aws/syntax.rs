//! A text that is not JSON, in the words of the JSON reader that AWS uses.

use super::super::{SyntaxError, json::Wanted};
use super::AwsDiagnostic;

/// How much of the text is shown, in characters.
const SHOWN: usize = 500;

/// What AWS says about the text.
pub(super) fn unreadable(text: &str, error: &SyntaxError) -> AwsDiagnostic {
    let start = error.span.start;
    let rest = text.get(start..).unwrap_or_default();
    let (problem, at) = match rest.chars().next() {
        _ if error.wanted == Wanted::Quote => {
            let problem = "Unexpected end-of-input: was expecting closing quote for a string value";
            (problem.to_owned(), text.len())
        }
        None => (end_of_input(text), text.len()),
        Some(first) => match error.wanted {
            Wanted::Value if first.is_alphanumeric() => {
                let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                let token = rest.get(..length).unwrap_or_default();
                let problem = format!("Unrecognized token '{token}': was expecting ({VALUES})");
                (problem, start + length)
            }
            Wanted::Other => (error.message.clone(), start),
            wanted => {
                let code = u32::from(first);
                let problem = format!(
                    "Unexpected character ('{first}' (code {code})): {}",
                    expecting(wanted)
                );
                (problem, start + first.len_utf8())
            }
        },
    };
    let place = place(text, at);
    let message = format!("{problem}\n at {place}");
    AwsDiagnostic::error("INVALID_JSON_DESCRIPTION", message, Some(place))
}

const VALUES: &str = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'";

fn expecting(wanted: Wanted) -> String {
    match wanted {
        Wanted::Key => "was expecting double-quote to start field name".to_owned(),
        Wanted::Colon => "was expecting a colon to separate field name and value".to_owned(),
        Wanted::Member => "was expecting comma to separate Object entries".to_owned(),
        Wanted::Item => "was expecting comma to separate Array entries".to_owned(),
        Wanted::Value | Wanted::Quote | Wanted::Other => {
            format!("expected a valid value ({VALUES})")
        }
    }
}

fn end_of_input(text: &str) -> String {
    match innermost(text) {
        Some((open, kind)) => {
            let start = place(text, open);
            format!(
                "Unexpected end-of-input: expected close marker for {kind} (start marker at {start})"
            )
        }
        None => "Unexpected end-of-input".to_owned(),
    }
}

/// The last bracket that is not closed, and what it opens.
fn innermost(text: &str) -> Option<(usize, &'static str)> {
    let mut open = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' => open.push((at, "Object")),
            '[' => open.push((at, "Array")),
            '}' | ']' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}

/// A place in the text, with the text.
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let shown: String = text.chars().take(SHOWN).collect();
    let left = text.chars().count().saturating_sub(SHOWN);
    let cut = if left > 0 { format!("[truncated {left} chars]") } else { String::new() };
    format!("[Source: (String)\"{shown}\"{cut}; line: {line}, column: {column}]")
}
