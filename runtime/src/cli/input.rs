//! The input of a run: from a file, standard input, or the command line.

use super::{error::Error, shape::shape, text::decode};
use crate::workflow::WorkflowDef;
use serde_json::Value;
use std::{
    ffi::OsStr,
    fmt::Write as _,
    fs::File,
    io::{ErrorKind, Read as _},
    path::Path,
};

/// Reads and parses the input of a workflow.
pub(super) fn read(argument: Option<&OsStr>, workflow: &WorkflowDef) -> Result<Value, Error> {
    let Some(argument) = argument else {
        let needs = match workflow.params {
            [] => return Ok(Value::Object(serde_json::Map::new())),
            [one] => format!("the value of `{one}`"),
            many => format!("an object with {}", many.join(", ")),
        };
        let looks = shape(&(workflow.input_schema)());
        return Err(Error::usage(format!("`{}` needs an input: {needs}, {looks}", workflow.name))
            .help("give it with --input FILE, --input - or --input '{..}'"));
    };
    parse(argument)
}

/// Parses an input that is given.
pub(super) fn parse(argument: &OsStr) -> Result<Value, Error> {
    let (place, text) = text(argument)?;
    if text.trim().is_empty() {
        return Err(Error::usage(format!("the input is empty: nothing is in {place}")));
    }
    serde_json::from_str(&text).map_err(|error| not_json(&place, &text, &error))
}

/// The text of an input, and what to call the place it came from.
fn text(argument: &OsStr) -> Result<(String, String), Error> {
    if let Some(inline) = argument.to_str().filter(|argument| is_inline(argument)) {
        return Ok(("--input".to_owned(), inline.to_owned()));
    }
    if argument.to_str().is_some_and(|argument| argument.trim().is_empty()) {
        return Err(Error::usage("the input is empty: nothing is in --input"));
    }
    let mut bytes = Vec::new();
    let (place, read) = if argument == "-" {
        ("standard input".to_owned(), std::io::stdin().read_to_end(&mut bytes))
    } else {
        let read = File::open(argument).and_then(|mut file| file.read_to_end(&mut bytes));
        (Path::new(argument).display().to_string(), read)
    };
    if let Err(error) = read {
        let missing = error.kind() == ErrorKind::NotFound;
        let error = Error::usage(format!("cannot read the input from {place}: {error}"));
        // Whoever meant JSON may have lost its quotes to the shell.
        return Err(if missing {
            error.help("JSON itself begins with { or [ or \"")
        } else {
            error
        });
    }
    let text = decode(&bytes, &place)?;
    Ok((place, text))
}

/// Whether an argument is JSON itself: no file is meant by what begins like JSON.
fn is_inline(argument: &str) -> bool {
    let argument = argument.trim();
    argument.starts_with(['{', '[', '"'])
        || matches!(argument, "true" | "false" | "null")
        // Rust takes `nan` and `inf` for numbers, too.
        || argument.starts_with(|first: char| first.is_ascii_digit() || first == '-')
            && argument.ends_with(|last: char| last.is_ascii_digit())
            && argument.parse::<f64>().is_ok()
}

/// Shows where the text is not JSON.
fn not_json(place: &str, text: &str, error: &serde_json::Error) -> Error {
    let line = error.line();
    let shown = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    // The parser counts bytes, people count characters.
    let before = shown.get(..error.column().saturating_sub(1)).unwrap_or(shown);
    let column = before.chars().count() + 1;
    let reason = error.to_string();
    let reason = match reason.split(" at line").next().unwrap_or_default() {
        "recursion limit exceeded" => "more than 127 values within each other",
        reason => reason,
    };
    let mut message =
        format!("the input is not JSON: {reason}, at {place} line {line} column {column}");
    if shown.chars().count() <= 120 {
        let number = line.to_string();
        let indent = " ".repeat(number.len());
        let at = " ".repeat(column.saturating_sub(1));
        let _ = write!(message, "\n{indent} |\n{number} | {shown}\n{indent} | {at}^");
    }
    Error::usage(message)
}

#[cfg(test)]
mod tests {
    use super::{is_inline, parse};

    #[test]
    fn json_on_the_command_line_is_told_from_files() {
        for inline in ["{}", " [1]", "\"a\"", "12.5", "-1", "true", "null"] {
            assert!(is_inline(inline), "{inline}");
        }
        for file in ["input.json", "./true", "../x", "trueish", "nan", "-inf", "1.json", "-"] {
            assert!(!is_inline(file), "{file}");
        }
    }

    #[test]
    fn of_two_members_of_one_name_the_last_one_counts() {
        let input = parse(r#"{"a": 1, "b": 2, "a": 3}"#.as_ref()).unwrap();
        assert_eq!(input, serde_json::json!({"a": 3, "b": 2}));
    }

    #[test]
    fn text_that_is_not_json_is_shown_with_its_place() {
        let error = parse("{\n  \"a\": 1,\n}".as_ref()).unwrap_err();
        insta::assert_snapshot!(error.message, @r#"
        the input is not JSON: trailing comma, at --input line 3 column 1
          |
        3 | }
          | ^
        "#);
    }
}
