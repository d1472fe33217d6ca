//! Requests of every kind of state at every level.

use super::answer;
use serde_json::Value;

const CASES: &str = include_str!("cases.txt");

#[test]
fn requests_are_answered_as_aws_does() {
    let blocks = CASES.split("\n\n").filter(|block| block.contains("\n> "));
    let (mut checked, mut wrong) = (0, Vec::new());
    for block in blocks {
        let (title, rest) = block.split_once('\n').unwrap();
        let (request, expected): (Vec<&str>, Vec<&str>) =
            rest.lines().partition(|line| line.starts_with('>'));
        let request = request.iter().map(|line| &line[1..]).collect::<String>();
        let request = serde_json::from_str(&request).unwrap_or_else(|e| panic!("{title}: {e}"));
        let expected: Value =
            serde_json::from_str(&expected.concat()).unwrap_or_else(|e| panic!("{title}: {e}"));
        let got = answer(request);
        checked += 1;
        if !is_same(&expected, &got) {
            wrong.push(format!("{title}\n  expected {expected}\n  got      {got}"));
        }
    }
    assert!(checked > 50, "{checked} cases were read");
    assert!(wrong.is_empty(), "{} of {checked} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether an answer is the expected one: JSON may be in a text, and a message that ends in `'` or
/// a space goes on as our parser says.
fn is_same(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            expected.len() == got.len()
                && expected
                    .iter()
                    .all(|(key, expected)| got.get(key).is_some_and(|got| is_same(expected, got)))
        }
        (Value::String(expected), Value::String(got)) => {
            let is_beginning = expected.ends_with(": ") || expected.ends_with(": '");
            expected == got
                || is_beginning && got.len() > expected.len() && got.starts_with(expected)
        }
        (expected, Value::String(text)) => {
            serde_json::from_str::<Value>(text).is_ok_and(|got| got == *expected)
        }
        (expected, got) => expected == got,
    }
}
