//! `run --name` and `result`: a name means one execution, once, and its result stays reachable.

use super::{Shop, wait_for};
use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

const INPUT: &str = r#"{"id": "o-1", "total": 1}"#;
const DECLINED: &str = r#"{"id": "o-1", "total": 13}"#;

fn run(shop: &Shop, name: &str, input: &str) -> String {
    shop.shown(&["run", "buy", "--name", name, "-q", "--input", input])
}

#[test]
fn the_same_name_and_input_after_the_end_point_to_the_result() {
    let shop = Shop::new();
    assert!(run(&shop, "one", INPUT).contains("receipt of o-1"));
    insta::assert_snapshot!(run(&shop, "one", INPUT), @r#"
    --- stderr
    error: `buy/one` has ended already, with this input, and succeeded
    help: `result buy/one` or --once shows it again; to run again, choose another --name
    --- exit 2
    "#);
    assert!(run(&shop, "two", DECLINED).contains("CardDeclined"));
    insta::assert_snapshot!(run(&shop, "two", DECLINED), @r#"
    --- stderr
    error: `buy/two` has ended already, with this input, and failed
    help: `result buy/two` or --once shows it again; to run again, choose another --name
    --- exit 2
    "#);
    // Nothing has been run a second time.
    assert_eq!(shop.json(&["list", "--json"]).as_array().unwrap().len(), 2);
}

#[test]
fn once_runs_once_and_gives_the_recorded_result_ever_after() {
    let shop = Shop::new();
    let once =
        |input: &str| shop.shown(&["run", "buy", "--name", "one", "--once", "--input", input]);
    assert!(once(INPUT).starts_with("\"receipt of o-1\"\n--- stderr\ndatabase FOLDER"));
    insta::assert_snapshot!(once(INPUT), @r#"
    "receipt of o-1"
    --- stderr
    database FOLDER/stepwright.db
    `buy/one` has ended already; this is its recorded result
    succeeded in ELAPSED
    --- exit 0
    "#);
    assert!(once(DECLINED).contains("exists already, with another input"));
    assert_eq!(shop.json(&["list", "--json"]).as_array().unwrap().len(), 1);
    assert_eq!(shop.output(&["run", "buy", "--once", "-i", INPUT]).status.code(), Some(2));
}

#[test]
fn the_same_name_with_another_input_is_told_apart() {
    let shop = Shop::new();
    run(&shop, "one", INPUT);
    insta::assert_snapshot!(run(&shop, "one", DECLINED), @r#"
    --- stderr
    error: `buy/one` exists already, with another input, and succeeded
    help: choose another --name; `history buy/one` shows that one
    --- exit 2
    "#);
}

#[test]
fn what_has_not_ended_has_no_result() {
    let shop = Shop::new();
    let mut child = shop.fair(&["run", "ride", "--name", "one"]);
    let mut child = child.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    wait_for(&mut lines, "turn");
    insta::assert_snapshot!(shop.filtered(&shop.fair(&["result", "one"]).output().unwrap()), @r#"
    --- stderr
    error: `ride/one` has not ended
    help: `history ride/one` shows how far it has come
    --- exit 2
    "#);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_result_of_what_has_ended_is_printed_as_run_prints_it() {
    let shop = Shop::new();
    run(&shop, "good", INPUT);
    run(&shop, "bad", DECLINED);
    insta::assert_snapshot!(shop.shown(&["result", "good"]), @r#"
    "receipt of o-1"
    --- stderr
    succeeded in ELAPSED
    --- exit 0
    "#);
    insta::assert_snapshot!(shop.shown(&["result", "buy/bad", "-q"]), @r#"
    --- stderr
    error: the execution failed in `charge` after ELAPSED: CardDeclined
    cause: {"code":51}
    --- exit 1
    "#);
    let good = shop.json(&["result", "good", "--json"]);
    assert_eq!(good["status"], "SUCCEEDED");
    assert_eq!(good["output"], "receipt of o-1");
    let bad = shop.output(&["result", "buy", "--json"]);
    assert_eq!(bad.status.code(), Some(1));
    let bad: serde_json::Value = serde_json::from_slice(&bad.stdout).unwrap();
    assert_eq!(bad["name"], "bad", "a workflow's name means its newest execution");
    assert_eq!(bad["cause"], r#"{"CardDeclined":{"code":51}}"#);
    insta::assert_snapshot!(shop.shown(&["result", "nobody"]), @r#"
    --- stderr
    error: there is no execution named `nobody`
    help: `list` shows all executions
    --- exit 2
    "#);
}
