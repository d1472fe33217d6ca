//! Definitions in, definitions and findings out.

mod aws;
mod jsonpath;
mod mistakes;
mod references;
mod roundtrip;

use super::{Code, Definition, Diagnostic, MachineType, Severity};
use serde_json::{Value, json};

/// Findings about a text, one a line: place, then the finding.
fn findings(text: &str) -> String {
    let (_, diagnostics) = Definition::check(text);
    let lines: Vec<_> =
        diagnostics.iter().map(|found| format!("{}{found}\n", place(text, found))).collect();
    lines.concat()
}

fn place(text: &str, found: &Diagnostic) -> String {
    let Some(span) = &found.span else { return String::new() };
    let before = &text[..span.start];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let shown: String = text[span.clone()].lines().next().unwrap_or("").chars().take(24).collect();
    format!("{line}:{column} {shown:?} ")
}

/// A JSONata machine of these states that begins at the first.
fn machine(states: &Value) -> String {
    let first = states.as_object().and_then(|states| states.keys().next()).cloned();
    let machine = json!({"QueryLanguage": "JSONata", "StartAt": first, "States": states});
    format!("{machine:#}")
}

#[test]
fn a_text_that_is_not_json_is_shown_where_it_breaks() {
    for (text, expected) in [
        ("", "1:1 \"\" error[A0101] expected a value, found the end of the text\n"),
        ("{\"a\": 1,}", "1:9 \"}\" error[A0101] expected a key in double quotes, found `}`\n"),
        ("{\"a\" 1}", "1:6 \"1\" error[A0101] expected `:`, found `1`\n"),
        ("[1 2]", "1:4 \"2\" error[A0101] expected `,` or `]`, found `2`\n"),
        ("{}\n x", "2:2 \"x\" error[A0101] expected the end of the text, found `x`\n"),
        ("{\"a\": \"b", "1:7 \"\\\"b\" error[A0101] the string is not closed\n"),
        ("[\"\\q\"]", "1:2 \"\\\"\\\\q\\\"\" error[A0101] not a string: invalid escape\n"),
        ("[01]", "1:2 \"01\" error[A0101] not a number: invalid number\n"),
    ] {
        assert_eq!(findings(text), expected, "{text}");
    }
    let deep = "[".repeat(200);
    assert!(findings(&deep).contains("nested deeper than 128 levels"));
}

#[test]
fn every_mistake_of_a_text_is_reported_at_its_place() {
    let text = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "Beginn",
  "States": {
    "Begin": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Argument": {"FunctionName": "f"},
      "ResultPath": "$.x",
      "Retry": [{"ErrorEquals": ["States.ALL", "Other"], "MaxAttempts": "3"}],
      "Next": "Gone",
      "Next": "End"
    },
    "End": {"Type": "Succeed", "Output": "{% $missing + %}"},
    "Lost": {"Type": "Fail", "Error": " {% $x %}"}
  }
}"#;
    insta::assert_snapshot!(findings(text), @r#"
    3:14 "\"Beginn\"" error[A0201] /StartAt: there is no state `Beginn` in this scope (help: did you mean `Begin`?)
    8:7 "\"Argument\"" error[A0105] /States/Begin/Argument: a Task state has no field `Argument` (help: did you mean `Arguments`?)
    9:7 "\"ResultPath\"" error[A0106] /States/Begin/ResultPath: `ResultPath` is a field of JSONPath (help: in JSONata there are `Arguments`, `Assign` and `Output`)
    10:33 "[\"States.ALL\", \"Other\"]" error[A0601] /States/Begin/Retry/0/ErrorEquals: `States.ALL` must be the only name of the last entry (help: what follows would never be reached)
    10:73 "\"3\"" error[A0103] /States/Begin/Retry/0/MaxAttempts: `MaxAttempts` is a whole number of at least 0, not a string
    12:7 "\"Next\"" error[A0102] /States/Begin/Next: `Next` stands twice (help: the first one is lost; rename or remove one of them)
    14:42 "\"{% $missing + %}\"" error[A0502] /States/End/Output: the expression does not parse: S0207: Unexpected end of expression
    15:39 "\" {% $x %}\"" error[A0501] /States/Lost/Error: `{%` and `%}` must enclose the whole string (help: join text and values inside of the brackets: `{% 'a ' & $b %}`)
    "#);
}

#[test]
fn a_state_has_the_language_of_the_machine_unless_it_says_otherwise() {
    let mixed = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Pass", "ResultPath": null, "Next": "B"},
        "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 %}", "End": true}}}"#;
    assert_eq!(findings(mixed), "");
    let other_way_round = r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "QueryLanguage": "JSONPath", "ResultPath": null, "End": true}}}"#;
    insta::assert_snapshot!(findings(other_way_round), @r#"2:48 "\"JSONPath\"" error[A0108] /States/A/QueryLanguage: a machine in JSONata has no state in JSONPath (help: write JSONPath at the top and JSONata at the states that use it)"#);
}

#[test]
fn a_definition_over_one_mebibyte_is_refused() {
    let long = "x".repeat(1_048_576);
    let text = machine(&json!({"A": {"Type": "Succeed", "Comment": long}}));
    assert!(findings(&text).contains("[A0111]"));
}
