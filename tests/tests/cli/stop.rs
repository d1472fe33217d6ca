//! `stop`: ends an execution with its children, whoever owns the database.

use super::{Shop, wait_for};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
};
use stepwright::store::{SqliteStore, Store as _};

/// Starts a run of the fair and waits for the line of a state.
fn started(shop: &Shop, workflow: &str, state: &str) -> Child {
    let mut run = shop.fair(&["run", workflow, "--name", "one"]);
    let mut run = run.stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&mut BufReader::new(run.stderr.as_mut().unwrap()).lines(), state);
    run
}

/// Waits until an execution of a workflow has recorded an event of this type.
fn wait_for_event(shop: &Shop, workflow: &str, kind: &str) {
    for _look in 0..1_000 {
        let history = shop.fair(&["history", workflow, "--json"]).output().unwrap();
        let history: Value = serde_json::from_slice(&history.stdout).unwrap_or_default();
        if history["events"].as_array().is_some_and(|all| all.iter().any(|it| it["type"] == kind)) {
            return;
        }
    }
    panic!("`{workflow}` has no {kind}");
}

/// Workflow, status and parent of every execution, newest first.
fn executions(shop: &Shop) -> Value {
    let list = shop.fair(&["list", "--json"]).output().unwrap();
    let list: Value = serde_json::from_slice(&list.stdout).unwrap();
    let all = list.as_array().unwrap().iter();
    all.map(|each| json!([each["workflow"], each["status"], each["parent"]])).collect()
}

fn stopped(parent: &str, child: &str) -> Value {
    let arn = format!("arn:aws:states:us-east-1:123456789012:execution:{parent}:one");
    json!([[child, "ABORTED", arn], [parent, "ABORTED", null]])
}

const STOPPED: &str = "stopped outing/one\n--- stderr\n--- exit 0";

#[test]
fn a_run_stops_the_children_too_before_it_ends() {
    let shop = Shop::new();
    for (parent, child, state) in
        [("outing", "ride", "TaskStarted"), ("rest", "nap", "WaitStateEntered")]
    {
        let mut run = started(&shop, parent, parent);
        wait_for_event(&shop, child, state);
        let stop = shop.fair(&["stop", &format!("{parent}/one")]).output().unwrap();
        assert_eq!(shop.filtered(&stop), format!("stopped {parent}/one\n--- stderr\n--- exit 0"));
        assert_eq!(run.wait().unwrap().code(), Some(1));
        let both = executions(&shop).as_array().unwrap()[..2].to_vec();
        assert_eq!(Value::from(both), stopped(parent, child));
    }
}

#[test]
fn what_nobody_runs_is_stopped_with_its_children_at_once() {
    let shop = Shop::new();
    let mut run = started(&shop, "outing", "outing");
    wait_for_event(&shop, "ride", "TaskStarted");
    run.kill().unwrap();
    run.wait().unwrap();
    let list = shop.fair(&["list"]).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("child of outing/one"), "{list}");
    let stop = shop.fair(&["stop", "outing", "--error", "Rain"]).output().unwrap();
    let told =
        "stopped outing/one\n--- stderr\nthe newest running execution of `outing`: one\n--- exit 0";
    assert_eq!(shop.filtered(&stop), told);
    assert_eq!(executions(&shop), stopped("outing", "ride"));
    let last = |workflow: &str| {
        let history = shop.fair(&["history", workflow]).output().unwrap();
        let shown = shop.filtered(&history);
        shown.lines().filter(|line| !line.starts_with("---")).map(str::to_owned).collect::<Vec<_>>()
    };
    let child = last("ride");
    assert!(child.iter().any(|line| line.ends_with("ExecutionAborted")), "{child:?}");
    assert!(child.iter().any(|line| line == "child of outing/one"), "{child:?}");
    let parent = last("outing/one");
    let aborted: Vec<_> = parent.last().unwrap().split_whitespace().skip(2).collect();
    assert_eq!(aborted, ["ExecutionAborted", "Rain"], "{parent:?}");
}

#[test]
fn an_owner_that_does_not_answer_is_waited_for_and_told_of() {
    let shop = Shop::new();
    let mut run = started(&shop, "outing", "outing");
    run.kill().unwrap();
    run.wait().unwrap();
    let owner = SqliteStore::open(shop.database()).unwrap();
    owner.own("nobody who reads").unwrap();
    let stop = shop.fair(&["stop", "outing/one", "--wait", "0"]).output().unwrap();
    insta::assert_snapshot!(shop.filtered(&stop), @r#"
    --- stderr
    error: `outing/one` was asked to stop, and the process that owns the database has not yet stopped it
    help: it stops as soon as that process, or the next one, reads the request
    --- exit 3
    "#);
    drop(owner);
    let again = shop.fair(&["stop", "outing/one"]).output().unwrap();
    assert_eq!(shop.filtered(&again), STOPPED);
}
