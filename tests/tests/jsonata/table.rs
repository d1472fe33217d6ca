//! Our own table: an expression on one line, what comes of it on the next.

use super::show;
use serde_json::{Map, Value, json};
use std::{env, fs::OpenOptions, io::Write as _};
use stepwright::query::jsonata::Limits;

const TABLE: &str = include_str!("table.txt");

/// Names the file that the reference reads afterwards: see `docs/architecture.md`, "Other judges".
const DUMP: &str = "STEPWRIGHT_JSONATA_DUMP";

/// Sections that the reference knows nothing of.
const OURS: [&str; 2] =
    ["what Step Functions adds, as seen there", "time, which is 2025-11-22T12:34:56.789Z"];

#[test]
fn every_line_gives_what_stands_below_it() {
    // no line may end as a slow machine ends it
    let limits = Limits { millis: u64::MAX, ..Limits::STEP_FUNCTIONS };
    let mut bindings = Map::new();
    let mut section = "";
    let (mut wrong, mut dump, mut count) = (Vec::new(), String::new(), 0);
    let mut lines = TABLE.lines().filter(|line| !line.is_empty());
    while let Some(line) = lines.next() {
        if let Some(variables) = line.strip_prefix("variables ") {
            bindings = serde_json::from_str(variables).unwrap();
        } else if let Some(title) = line.strip_prefix("# ") {
            section = title;
        } else {
            let expected = lines.next().and_then(|next| next.strip_prefix("    = ")).unwrap();
            let shown = show(line, None, &bindings, limits);
            if shown != expected {
                wrong.push(format!("{line}\n    = {shown}\n    expected {expected}"));
            }
            if !OURS.contains(&section) {
                dump.push_str(&format!("{}\n", record(line, &bindings, expected)));
            }
            count += 1;
        }
    }
    if let Some(file) = env::var_os(DUMP) {
        let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
        file.write_all(dump.as_bytes()).unwrap();
    }
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 500, "the table has only {count} lines");
}

/// A line as the reference reads it.
fn record(text: &str, bindings: &Map<String, Value>, expected: &str) -> Value {
    let (key, value) = if expected == "undefined" {
        ("undefined", json!(true))
    } else if expected.starts_with('!') {
        ("error", json!(true))
    } else {
        ("expected", serde_json::from_str(expected).unwrap())
    };
    json!({"expr": text, "bindings": bindings, key: value})
}
