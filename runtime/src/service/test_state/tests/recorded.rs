//! Answers that were recorded on AWS, where the environment names a folder with them.

use super::answer;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, fs, path::Path};

/// Names the folder: one JSON file per case, with `steps` and `expected`.
const FOLDER: &str = "STEPWRIGHT_RECORDINGS";

const ACCOUNT: &str = "123456789012";

#[test]
fn recorded_calls_are_answered_as_aws_did() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        println!("skipped: {FOLDER} names no folder of recorded calls of TestState");
        return;
    };
    let mut paths: Vec<_> = fs::read_dir(Path::new(&folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} has no cases", folder.display());
    let (mut played, mut wrong) = (0, Vec::new());
    for path in paths {
        let case: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        if case["needs"] == json!([]) {
            played += 1;
            wrong.extend(play(&case));
        }
    }
    println!("{played} cases were played");
    assert!(wrong.is_empty(), "{} of {played} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Makes the calls of a case, and says what differs.
fn play(case: &Value) -> Option<String> {
    let mut answers = BTreeMap::new();
    let mut seen = Map::new();
    for step in case["steps"].as_array().unwrap() {
        match step["do"].as_str().unwrap() {
            "call" => {
                let args = resolved(&step["args"]);
                answers.insert(step["as"].as_str().unwrap().to_owned(), shown(answer(args)));
            }
            "record" => {
                let value = with_answers(&step["value"], &answers);
                seen.insert(step["key"].as_str().unwrap().to_owned(), value);
            }
            "rule" => {}
            other => panic!("a step of {other}"),
        }
    }
    let difference = differs("", &case["expected"], &seen.into())?;
    Some(format!("{}\n    {difference}", case["id"]))
}

/// Names that a case makes up.
fn resolved(args: &Value) -> Value {
    let mut text = args.to_string().replace("@{account}", ACCOUNT);
    for number in 1..4 {
        text = text.replace(&format!("@{{uid:{number}}}"), &format!("u{number}"));
        text = text.replace(&format!("@{{uuid:{number}}}"), &format!("id{number}"));
    }
    serde_json::from_str(&text).unwrap()
}

/// An answer as the player of the recordings shows it.
fn shown(answer: Value) -> Value {
    let Some(exception) = answer.get("__type") else {
        let mut shown = answer;
        shown["ResponseMetadata"] = json!({ "HTTPHeaders": {}, "HTTPStatusCode": 200 });
        return shown;
    };
    let (exception, message) = (exception.as_str().unwrap(), answer["message"].as_str().unwrap());
    json!({
        "response": {
            "Error": { "Code": exception, "Message": message },
            "message": message,
            "ResponseMetadata": { "HTTPHeaders": {}, "HTTPStatusCode": 400 },
        },
        "typename": exception,
        "value": format!(
            "An error occurred ({exception}) when calling the TestState operation: {message}"
        ),
    })
}

fn with_answers(value: &Value, answers: &BTreeMap<String, Value>) -> Value {
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), with_answers(value, answers))).collect()
        }
        Value::String(text) => {
            let path = text.strip_prefix("@{").unwrap().strip_suffix('}').unwrap();
            let (name, field) = path.split_once('/').unwrap_or((path, ""));
            let answer = &answers[name];
            if field.is_empty() { answer.clone() } else { answer[field].clone() }
        }
        other => panic!("recorded {other}"),
    }
}

/// The first difference, if there is one. A text with an object in it is compared as that object;
/// `<..>` and `date` stand for what varies.
fn differs(path: &str, expected: &Value, got: &Value) -> Option<String> {
    let parsed = got.as_str().filter(|text| text.starts_with('{'));
    let parsed = parsed.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let got = parsed.as_ref().unwrap_or(got);
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            let keys = expected.keys().chain(got.keys());
            keys.into_iter().find_map(|key| {
                let path = format!("{path}/{key}");
                match (expected.get(key), got.get(key)) {
                    (Some(expected), Some(got)) => differs(&path, expected, got),
                    (expected, got) => Some(format!("{path}: {expected:?}, not {got:?}")),
                }
            })
        }
        (Value::Array(expected), Value::Array(got)) if expected.len() == got.len() => {
            let pairs = expected.iter().zip(got).enumerate();
            pairs.into_iter().find_map(|(i, (e, g))| differs(&format!("{path}/{i}"), e, g))
        }
        (Value::String(pattern), Value::String(text)) if fits(pattern, text) => None,
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        (expected, got) if expected == got => None,
        (expected, got) => Some(format!("{path}: {expected}, not {got}")),
    }
}

fn fits(pattern: &str, text: &str) -> bool {
    if pattern == "date" {
        return text.parse::<jiff::Timestamp>().is_ok();
    }
    let pattern = pattern.replace("111111111111", ACCOUNT);
    let mut rest = text;
    let mut parts = pattern.split('<');
    let Some(found) = rest.strip_prefix(parts.next().unwrap()) else { return false };
    rest = found;
    for part in parts {
        let literal = part.split_once('>').unwrap().1;
        let at = if literal.is_empty() { Some(rest.len()) } else { rest.find(literal) };
        match at {
            Some(at) if at > 0 => rest = &rest[at + literal.len()..],
            _ => return false,
        }
    }
    rest.is_empty()
}
