//! `--json`: one JSON document on standard output, whatever happens.

use super::Shop;
use serde_json::{Value, json};
use std::process::Output;

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_command_gives_one_document() {
    let shop = Shop::new();
    let run = shop.output(&["run", "buy", "--json", "-i", r#"{"id": "o-1", "total": 1}"#]);
    assert_eq!(document(&run)["status"], "SUCCEEDED");
    assert_eq!(String::from_utf8(run.stderr).unwrap(), "", "nobody follows a pipe");
    for command in [
        &["list"][..],
        &["history", "buy"],
        &["result", "buy"],
        &["check"],
        &["graph", "buy"],
        &["export", "buy"],
        &["export", "buy", "--format", "mermaid"],
    ] {
        let output = shop.output(&[command, &["--json"]].concat());
        assert!(output.status.success(), "{command:?}");
        assert!(document(&output).is_object() || document(&output).is_array(), "{command:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{command:?}");
    }
    let graph = shop.json(&["graph", "buy", "--json"]);
    let text = String::from_utf8(shop.output(&["graph", "buy"]).stdout).unwrap();
    assert_eq!(graph, json!({"format": "mermaid", "text": text}));
}

#[test]
fn an_error_is_a_document_too() {
    #[track_caller]
    fn check(arguments: &[&str], exit: i32, message: &str, help: Option<&str>) {
        let shop = Shop::new();
        let output = shop.output(arguments);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}");
        let expected = json!({"exit": exit, "message": message, "help": help});
        assert_eq!(document(&output), expected, "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with(&format!("error: {message}\n")), "{error}");
    }
    check(
        &["run", "buyy", "--json"],
        2,
        "there is no workflow `buyy`",
        Some("did you mean `buy`?"),
    );
    check(
        &["list", "--json"],
        2,
        "there is no database stepwright.db",
        Some("`run` makes one; --db names another"),
    );
    check(
        &["--json", "list", "--db", "."],
        3,
        ". is not a stepwright database: it is a folder",
        Some("name another file with --db"),
    );
    check(
        &["frobnicate", "--json"],
        2,
        "unrecognized subcommand 'frobnicate'\n\nUsage: shop [OPTIONS] <COMMAND>\n\n\
         For more information, try '--help'.",
        None,
    );
}
