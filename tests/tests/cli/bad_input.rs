//! Wrong commands and wrong inputs: one clear error, exit code 2, nothing changed.

use super::Shop;
use std::fs;

#[track_caller]
fn check(arguments: &[&str], expected: &str) {
    let shop = Shop::new();
    let output = shop.output(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    assert_eq!(String::from_utf8(output.stderr).unwrap().trim_end(), expected, "{arguments:?}");
    assert!(!shop.database().exists(), "{arguments:?} made a database");
}

#[test]
fn names_that_do_not_exist() {
    check(
        &["run", "buyy", "--input", "{}"],
        "error: there is no workflow `buyy`\nhelp: did you mean `buy`?",
    );
    check(&["graph", "reticulate"], "error: there is no workflow `reticulate`\nhelp: there is buy");
    check(
        &["history", "nobody"],
        "error: there is no database stepwright.db\nhelp: `run` makes one; --db names another",
    );
}

#[test]
fn inputs_that_are_no_json_or_do_not_fit() {
    check(
        &["run", "buy"],
        "error: `buy` needs an input: the value of `order`\nhelp: give it with --input FILE, --input - or --input '{..}'",
    );
    check(
        &["run", "buy", "--input", "missing.json"],
        "error: cannot read the input from missing.json: No such file or directory (os error 2)",
    );
    check(
        &["run", "buy", "--input", "{\"id\": \"ä\", total: 1}"],
        "error: the input is not JSON: key must be a string, at --input line 1 column 13\n  |\n1 | {\"id\": \"ä\", total: 1}\n  |             ^",
    );
    check(
        &["run", "buy", "--input", r#"{"id": "o-1", "total": "much"}"#],
        "error: the input does not fit `buy`: total: invalid type: string \"much\", expected f64",
    );
    check(
        &["run", "buy", "--input", r#"{"id": "o-1"}"#],
        "error: the input does not fit `buy`: missing field `total`",
    );
}

#[test]
fn an_input_over_256_kib() {
    let shop = Shop::new();
    let input = format!(r#"{{"id": "{}", "total": 1}}"#, "x".repeat(262_144));
    fs::write(shop.path("big.json"), input).unwrap();
    let shown = shop.shown(&["run", "buy", "--input", "big.json"]);
    insta::assert_snapshot!(shown, @r#"
    --- stderr
    database FOLDER/stepwright.db
    error: the input of `buy` has 262163 bytes of JSON, and at most 262144 are allowed
    --- exit 2
    "#);
    assert_eq!(shop.json(&["list", "--json"]), serde_json::json!([]));
}

#[test]
fn a_name_that_is_taken() {
    let shop = Shop::new();
    let run = |id: &str| {
        let input = format!(r#"{{"id": "{id}", "total": 13}}"#);
        shop.shown(&["run", "buy", "--name", "one", "-q", "--input", &input])
    };
    assert!(run("o-1").contains("CardDeclined"));
    insta::assert_snapshot!(run("o-2"), @r#"
    --- stderr
    error: an execution of `buy` named `one` exists already, and has ended
    help: choose another name, or none with --new
    --- exit 2
    "#);
}
