//! The tests of the reference implementation, which are not part of this project: 1,686 lines of
//! JSON with `expr`, `bindings`, `data`, `expect`, made from the folder `test-suite` of jsonata-js
//! 2.2.2. The file is looked for where the environment names it, then in `shared/oracle` beside the
//! project or above.

use super::show;
use crate::tidy::root;
use serde_json::{Map, Value};
use std::{env, fs, path::PathBuf};
use stepwright::query::jsonata::Limits;

const SUITE: &str = "STEPWRIGHT_JSONATA_SUITE";

/// Cases that differ, by folder, file and number, and why.
const DIFFERENT: &[(&str, &str, u64, &str)] = &[
    ("function-encodeUrl", "case002.json", 0, "half a surrogate pair is no text here"),
    ("function-encodeUrlComponent", "case002.json", 0, "half a surrogate pair is no text here"),
    ("function-pad", "case011.json", 0, "2.0.6 refuses a width that is not whole"),
    ("function-pad", "case012.json", 0, "2.0.6 refuses a width that is not whole"),
    ("function-string", "case030.json", 0, "2.0.6 prints 15 digits"),
];

fn file() -> Option<PathBuf> {
    let named = env::var_os(SUITE).map(PathBuf::from);
    let root = root();
    let above = root.ancestors().map(|folder| folder.join("shared/oracle/jsonata-suite.jsonl"));
    named.into_iter().chain(above).find(|path| path.is_file())
}

#[test]
fn the_reference_s_own_tests_pass() {
    let Some(file) = file() else {
        println!("the reference's tests are not here: name their file in {SUITE}");
        return;
    };
    let text = fs::read_to_string(file).unwrap();
    let (mut passed, mut wrong) = (0, Vec::new());
    for line in text.lines() {
        match check(line) {
            Ok(()) => passed += 1,
            Err(what) => wrong.extend(what),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(passed >= 1_680, "only {passed} passed");
}

/// Checks one case; the error is what went wrong, or nothing where that is known.
fn check(line: &str) -> Result<(), Option<String>> {
    let known = |line: &str| {
        DIFFERENT.iter().any(|(group, file, index, _)| {
            line.contains(&format!(r#""group":"{group}","file":"{file}","i":{index},"#))
        })
    };
    // Two lines are no JSON here, for half a surrogate pair: they are among the known.
    let case: Value = match serde_json::from_str(line) {
        Ok(case) => case,
        Err(error) => return Err((!known(line)).then(|| format!("{error}: {line}"))),
    };
    let text = case["expr"].as_str().unwrap();
    let empty = Map::new();
    let bindings = case["bindings"].as_object().unwrap_or(&empty);
    let focus = case["hasData"].as_bool().unwrap().then(|| &case["data"]);
    let limits = Limits {
        depth: case["depth"].as_u64().map_or(500, |depth| usize::try_from(depth).unwrap()),
        items: 10_000_000,
        total: usize::MAX,
        millis: u64::MAX,
    };
    // One expression never ends: it is given as long as its case says.
    let millis = case["timelimit"].as_u64().filter(|_| case["expect"]["code"] == "U1001");
    let limits = Limits { millis: millis.unwrap_or(limits.millis), ..limits };
    let shown = show(text, focus, bindings, limits);
    if agrees(&case, &shown) {
        return Ok(());
    }
    Err((!known(line)).then(|| format!("{text}\n    = {shown}\n    expected {}", case["expect"])))
}

fn agrees(case: &Value, shown: &str) -> bool {
    let expect = &case["expect"];
    if expect.get("undef").is_some() {
        return shown == "undefined";
    }
    if let Some(code) = expect["code"].as_str() {
        // The reference's test bench stops what nests too deep or takes too long with one code.
        let stopped = ["! Stack overflow error", "! Expression evaluation timeout"];
        return shown.strip_prefix("! ").is_some_and(|said| said.starts_with(code))
            || code == "U1001" && stopped.iter().any(|said| shown.starts_with(said));
    }
    let Some(expected) = expect.get("result") else { return shown.starts_with('!') };
    let Ok(mut got) = serde_json::from_str::<Value>(shown) else { return false };
    let mut expected = expected.clone();
    if case["unordered"] == true {
        for list in [&mut got, &mut expected] {
            list.as_array_mut().unwrap().sort_by_key(Value::to_string);
        }
    }
    equal(&got, &expected)
}

/// Equality in which 1 is 1.0.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}
