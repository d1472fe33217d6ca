//! Ctrl-C and `kill`: the run ends, the execution does not, and the way on is said.

#![cfg(unix)]

use super::{Shop, wait_for};
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

/// Starts a run and interrupts it once its task runs, and again when it waits for the task.
fn interrupted(shop: &Shop, arguments: &[&str], signal: &str) -> (Option<i32>, String) {
    let mut child = shop.fair(arguments).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    wait_for(&mut lines, "turn");
    send(&child, signal);
    wait_for(&mut lines, "waits for the tasks that run; Ctrl-C again ends at once");
    send(&child, signal);
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    (child.wait().unwrap().code(), rest.join("\n"))
}

fn send(child: &Child, signal: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
}

#[test]
fn ctrl_c_says_how_to_go_on() {
    let shop = Shop::new();
    let run = ["run", "ride", "--name", "one"];
    let expected = "error: interrupted: `ride/one` is unfinished\n\
                    help: the same command resumes it; `stop ride/one` ends it";
    assert_eq!(interrupted(&shop, &run, "-INT"), (Some(130), expected.to_owned()));
    assert_eq!(interrupted(&shop, &run, "-TERM"), (Some(143), expected.to_owned()));
    let list = shop.fair(&["list", "--json"]).output().unwrap();
    let list: serde_json::Value = serde_json::from_slice(&list.stdout).unwrap();
    assert_eq!(list[0]["status"], "RUNNING");
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[test]
fn what_new_has_started_is_resumed_by_its_name() {
    let shop = Shop::new();
    let (code, error) = interrupted(&shop, &["run", "ride", "--new"], "-INT");
    assert_eq!(code, Some(130));
    let list = shop.fair(&["list", "--json"]).output().unwrap();
    let list: serde_json::Value = serde_json::from_slice(&list.stdout).unwrap();
    let name = list[0]["name"].as_str().unwrap();
    assert_eq!(
        error,
        format!(
            "error: interrupted: `ride/{name}` is unfinished\nhelp: `run ride --name {name}` \
             with the same input resumes it; `stop ride/{name}` ends it"
        )
    );
}

#[test]
fn an_execution_that_ends_while_its_last_task_is_waited_for_has_its_result_printed() {
    let shop = Shop::new();
    let mut run = shop.fair(&["run", "queue", "-i", r#""open""#]);
    let mut child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    wait_for(&mut lines, "admit");
    send(&child, "-INT");
    wait_for(&mut lines, "waits for the tasks that run");
    std::fs::write(shop.path("open"), "").unwrap();
    wait_for(&mut lines, "succeeded in");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "the same command would run it again");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "\"open\"\n");
}

#[test]
fn a_result_that_is_recorded_nowhere_is_printed_and_no_success() {
    let shop = Shop::new();
    let mut run = shop.fair(&["run", "queue", "-i", r#""open""#]);
    let mut child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    wait_for(&mut lines, "admit");
    std::fs::remove_file(shop.database()).unwrap();
    std::fs::write(shop.path("open"), "").unwrap();
    wait_for(&mut lines, "was deleted or replaced during the run");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "\"open\"\n");
}

#[test]
fn stop_ends_a_run_that_somebody_watches() {
    let shop = Shop::new();
    let run = ["run", "ride", "--name", "one"];
    let mut child = shop.fair(&run).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    wait_for(&mut lines, "turn");
    let stop = shop.fair(&["stop", "ride", "--cause", "closing time"]).output().unwrap();
    insta::assert_snapshot!(shop.filtered(&stop), @r#"
    stopped ride/one
    --- stderr
    the newest running execution of `ride`: one
    --- exit 0
    "#);
    wait_for(&mut lines, "error: the execution was stopped in `turn` after");
    assert_eq!(lines.next().unwrap().unwrap(), "cause: closing time");
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_database_that_is_deleted_during_a_run_is_told() {
    let shop = Shop::new();
    let mut child = shop.fair(&["run", "ride"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    wait_for(&mut lines, "turn");
    std::fs::remove_file(shop.database()).unwrap();
    send(&child, "-INT");
    wait_for(&mut lines, "waits for");
    send(&child, "-INT");
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let (loss, error) = rest.split_at(2);
    assert_eq!(
        loss,
        [
            "error: the database stepwright.db was deleted or replaced during the run",
            "help: what was recorded since is gone"
        ]
    );
    assert!(error[0].starts_with("error: interrupted: `ride/"), "{error:?}");
    assert_eq!(error.len(), 1, "nothing is left to resume");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
