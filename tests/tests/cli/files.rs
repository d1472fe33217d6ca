//! The plain `stepwright` binary: machines in files, run on doubles.

use super::{Shop, shown, wait_for};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Command, Output, Stdio},
};

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:charge";

/// A folder with files and the plain binary.
struct Files(Shop);

impl Files {
    fn new() -> Self {
        Self(Shop::new())
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.0.path(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.0.program(env!("CARGO_BIN_EXE_files"), arguments)
    }

    fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn shown(&self, arguments: &[&str]) -> String {
        self.0.filtered(&self.output(arguments))
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_slice(&self.output(arguments).stdout).unwrap()
    }

    /// What is printed by a command that is refused before it changes anything.
    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", shown(&output));
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!self.0.database().exists(), "{arguments:?} made a database");
        String::from_utf8(output.stderr).unwrap().trim_end().to_owned()
    }
}

/// Charges, packs every item, rests for a second if it is to, and charges again.
fn order(rests: bool) -> Value {
    let pack = json!({ "StartAt": "Pack", "States": { "Pack": { "Type": "Task", "End": true,
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": { "QueueUrl": "q", "MessageBody": "{% $states.input %}" } } } });
    let mut order = json!({ "QueryLanguage": "JSONata", "StartAt": "Charge", "States": {
        "Charge": { "Type": "Task", "Resource": CHARGE, "Assign": { "receipt": "{% $states.result %}" },
            "Retry": [{ "ErrorEquals": ["GatewayDown"], "IntervalSeconds": 1 }], "Next": "PackAll",
            "Output": "{% $states.input %}" },
        "PackAll": { "Type": "Map", "MaxConcurrency": 1, "Items": "{% $states.input.items %}", "ItemProcessor": pack,
            "Next": if rests { "Rest" } else { "Tip" } },
        "Rest": { "Type": "Wait", "Seconds": 1, "Next": "Tip" },
        "Tip": { "Type": "Task", "Resource": CHARGE, "End": true,
            "Output": { "receipt": "{% $receipt %}", "tip": "{% $states.result %}" } } } });
    if !rests {
        order["States"].as_object_mut().unwrap().remove("Rest");
    }
    order
}

fn doubles() -> Value {
    json!({
        CHARGE: [{ "result": "r-1" }, { "result": "r-2" }, { "result": "r-3" }],
        "Pack": { "result": { "MessageId": "m" } },
    })
}

fn with_order(rests: bool) -> Files {
    let files = Files::new();
    files.write("order.asl.json", format!("{:#}", order(rests)));
    files.write("doubles.json", doubles().to_string());
    files.write("input.json", r#"{"items": ["a", "b"]}"#);
    files
}

const RUN: [&str; 6] =
    ["run", "order.asl.json", "--input", "input.json", "--doubles", "doubles.json"];

#[test]
fn a_machine_in_a_file_runs_as_a_workflow_does() {
    let files = with_order(false);
    let mut named = RUN.to_vec();
    named.extend(["--name", "o-1"]);
    insta::assert_snapshot!(files.shown(&named), @r#"
    {
      "receipt": "r-1",
      "tip": "r-2"
    }
    --- stderr
    database FOLDER/stepwright.db
    started order/o-1
    ELAPSED  Charge
    ELAPSED  PackAll
    ELAPSED  Pack [0]
    ELAPSED  Pack [1]
    ELAPSED  Tip
    succeeded in ELAPSED
    --- exit 0
    "#);
    insta::assert_snapshot!(files.shown(&["list"]), @r#"
    WORKFLOW  NAME  STATUS     STARTED               TOOK
    order     o-1   SUCCEEDED  TIME ELAPSED
    --- stderr
    --- exit 0
    "#);
    insta::assert_snapshot!(files.shown(&["result", "order/o-1"]), @r#"
    {
      "receipt": "r-1",
      "tip": "r-2"
    }
    --- stderr
    succeeded in ELAPSED
    --- exit 0
    "#);
    insta::assert_snapshot!(files.shown(&["stop", "order.asl.json"]), @r#"
    --- stderr
    the newest execution of `order`: o-1
    error: `order/o-1` has ended already, and succeeded
    help: `list --status running` shows what can be stopped
    --- exit 2
    "#);
    insta::assert_snapshot!(files.shown(&named), @r#"
    --- stderr
    database FOLDER/stepwright.db
    error: `order/o-1` has ended already, with this input, and succeeded
    help: `result order/o-1` or --once shows it again; to run again, choose another --name
    --- exit 2
    "#);
    let other = files.output(&["list", "--store", "other.db"]);
    assert_eq!(other.status.code(), Some(2), "{}", shown(&other));
}

#[test]
fn a_history_tells_the_state_of_every_event() {
    let files = with_order(false);
    let mut named = RUN.to_vec();
    named.extend(["--name", "o-1"]);
    assert_eq!(files.output(&named).status.code(), Some(0));
    insta::assert_snapshot!(files.shown(&["history", "order.asl.json"]), @r#"
       ID       TIME  EVENT                    STATE     DETAIL
        1 ELAPSED  ExecutionStarted                   {"items":["a","b"]}
        2 ELAPSED  TaskStateEntered         Charge
        3 ELAPSED  LambdaFunctionScheduled  Charge    charge  {"items":["a","b"]}
        4 ELAPSED  LambdaFunctionStarted    Charge
        5 ELAPSED  LambdaFunctionSucceeded  Charge    "r-1"
        6 ELAPSED  TaskStateExited          Charge    {"items":["a","b"]}
        7 ELAPSED  MapStateEntered          PackAll
        8 ELAPSED  MapStateStarted                    2 items
        9 ELAPSED  MapIterationStarted      PackAll   item 0
       10 ELAPSED  TaskStateEntered         Pack [0]
       11 ELAPSED  TaskScheduled            Pack [0]  sendMessage  {"QueueUrl":"q","MessageBody":"a"}
       12 ELAPSED  TaskStarted              Pack [0]  sendMessage
       13 ELAPSED  TaskSucceeded            Pack [0]  sendMessage  {"MessageId":"m"}
       14 ELAPSED  TaskStateExited          Pack [0]  {"MessageId":"m"}
       15 ELAPSED  MapIterationSucceeded    PackAll   item 0
       16 ELAPSED  MapIterationStarted      PackAll   item 1
       17 ELAPSED  TaskStateEntered         Pack [1]
       18 ELAPSED  TaskScheduled            Pack [1]  sendMessage  {"QueueUrl":"q","MessageBody":"b"}
       19 ELAPSED  TaskStarted              Pack [1]  sendMessage
       20 ELAPSED  TaskSucceeded            Pack [1]  sendMessage  {"MessageId":"m"}
       21 ELAPSED  TaskStateExited          Pack [1]  {"MessageId":"m"}
       22 ELAPSED  MapIterationSucceeded    PackAll   item 1
       23 ELAPSED  MapStateSucceeded
       24 ELAPSED  MapStateExited           PackAll   [{"MessageId":"m"},{"MessageId":"m"}]
       25 ELAPSED  TaskStateEntered         Tip
       26 ELAPSED  LambdaFunctionScheduled  Tip       charge  [{"MessageId":"m"},{"MessageId":"m"}]
       27 ELAPSED  LambdaFunctionStarted    Tip
       28 ELAPSED  LambdaFunctionSucceeded  Tip       "r-2"
       29 ELAPSED  TaskStateExited          Tip       {"receipt":"r-1","tip":"r-2"}
       30 ELAPSED  ExecutionSucceeded                 {"receipt":"r-1","tip":"r-2"}
    --- stderr
    the newest execution of `order`: o-1
    --- exit 0
    "#);
    let history = files.json(&["history", "o-1", "--json"]);
    let mut events = history["events"].as_array().unwrap().iter();
    let scheduled =
        events.rfind(|event| event["taskScheduledEventDetails"]["resource"] == "sendMessage");
    assert_eq!(
        scheduled.unwrap()["taskScheduledEventDetails"],
        json!({ "resourceType": "sqs", "resource": "sendMessage", "region": "us-east-1",
            "parameters": r#"{"QueueUrl":"q","MessageBody":"b"}"# })
    );
}

#[test]
fn failures_are_retried_and_told() {
    let files = with_order(false);
    let failing = json!({ CHARGE: [{ "error": "GatewayDown" }, { "error": "Declined", "cause": "51" }],
        "Pack": { "result": {} } });
    files.write("doubles.json", failing.to_string());
    insta::assert_snapshot!(files.shown(&RUN), @r#"
    --- stderr
    database FOLDER/stepwright.db
    started order/UUID
    ELAPSED  Charge
    ELAPSED  Charge: failed, GatewayDown
    ELAPSED  Charge: attempt 2
    ELAPSED  Charge: failed, Declined: 51
    error: the execution failed in `Charge` after ELAPSED: Declined
    cause: 51
    --- exit 1
    "#);
    let failed = files.json(&["result", "order", "--json"]);
    assert_eq!(failed["status"], "FAILED");
    assert_eq!(failed["error"], "Declined");
}

#[test]
fn what_was_killed_goes_on_with_the_definition_that_it_began_with() {
    let files = with_order(true);
    let mut run = files.command(&RUN).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(run.stderr.take().unwrap()).lines();
    wait_for(&mut lines, "Rest");
    run.kill().unwrap();
    run.wait().unwrap();
    let mut changed = order(true);
    changed["States"]["Tip"]["Output"] = json!("changed");
    files.write("order.asl.json", changed.to_string());
    let again = files.output(&RUN);
    let told = shown(&again);
    assert!(told.contains("order.asl.json has changed since; the execution goes on with the definition that it began with"), "{told}");
    assert!(told.contains("resumes order/"), "{told}");
    // The second answer to a charge: the first was given before the kill.
    let result: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(result, json!({ "receipt": "r-1", "tip": "r-2" }));
    let new = files.output(&RUN);
    assert_eq!(serde_json::from_slice::<Value>(&new.stdout).unwrap(), json!("changed"));
}

#[test]
fn a_task_without_a_double_holds_an_execution_up_until_there_is_one() {
    let files = with_order(false);
    files.write("doubles.json", json!({ CHARGE: { "result": "r" } }).to_string());
    let mut named = RUN.to_vec();
    named.extend(["--name", "o-1"]);
    let held = files.output(&named);
    assert_eq!(held.status.code(), Some(4), "{}", shown(&held));
    let told = String::from_utf8(held.stderr).unwrap();
    let shows = |state: &str| told.lines().any(|line| line.ends_with(&format!("  {state}")));
    assert!(shows("Charge"), "what led there is shown: {told}");
    assert_eq!(
        told.lines().last(),
        Some(
            "error: nothing answers the task of `Pack`, which asks for \
             `arn:aws:states:::sqs:sendMessage`: add \"Pack\": {\"result\": ..} to the doubles, \
             and it goes on"
        )
    );
    files.write("doubles.json", doubles().to_string());
    let result: Value = serde_json::from_slice(&files.output(&named).stdout).unwrap();
    assert_eq!(result, json!({ "receipt": "r", "tip": "r-2" }));
}

#[test]
fn a_task_without_a_double_that_nothing_leads_past_is_told_before_anything_begins() {
    let files = with_order(false);
    insta::assert_snapshot!(files.refused(&["run", "order.asl.json"]), @r#"
    error: nothing answers a task that `order` can't do without:
      `Charge` asks for arn:aws:lambda:us-east-1:123456789012:function:charge
    help: nothing is called on AWS from here: give --doubles FILE with {"Charge": {"result": ..}}, by state or by Resource
    "#);
    files.write("doubles.json", json!({ "Charge": { "result": 1 } }).to_string());
    insta::assert_snapshot!(files.refused(&RUN), @r#"
    error: nothing answers a task that `order` can't do without:
      `Tip` asks for arn:aws:lambda:us-east-1:123456789012:function:charge
    help: nothing is called on AWS from here: write {"Tip": {"result": ..}} into doubles.json
    "#);
}

#[test]
fn a_mock_configuration_of_step_functions_local_answers_by_test_case() {
    let files = with_order(false);
    let case = json!({ "Charge": "Charged", "Pack": "Sent", "Tip": "Tipped" });
    let config = json!({
        "StateMachines": { "order": { "TestCases": { "Happy": case, "Other": {} } } },
        "MockedResponses": {
            "Charged": { "0": { "Throw": { "Error": "GatewayDown", "Cause": "503" } },
                "1-2": { "Return": "r-1" } },
            "Sent": { "0": { "Return": {} } },
            "Tipped": { "0": { "Return": "r-2" } },
        },
    });
    files.write("mock.json", config.to_string());
    let run = |case: &[&str]| {
        let mut arguments =
            vec!["run", "order.asl.json", "-i", "input.json", "--doubles", "mock.json", "-q"];
        arguments.extend(case);
        files.shown(&arguments)
    };
    insta::assert_snapshot!(run(&["--test-case", "Happy"]), @r#"
    {
      "receipt": "r-1",
      "tip": "r-2"
    }
    --- stderr
    --- exit 0
    "#);
    insta::assert_snapshot!(run(&[]), @r#"
    --- stderr
    error: mock.json has 1 error

    error: one of the test cases must be named: there is `Happy`, `Other`
     --> mock.json:1:40
      |
    1 | {"StateMachines":{"order":{"TestCases":{"Happy":{"Charge":"Charged","Pack":"Sent","Tip":"Tipped"},"Other":{}}}},"MockedResponses":{"C...
      |                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    --- exit 2
    "#);
}

#[test]
fn files_that_are_no_definition_are_told_and_change_nothing() {
    let files = Files::new();
    files.write("bytes.asl.json", b"{\"\xff\": 1}");
    files.write("text.asl.json", "StartAt: Charge");
    files.write("a b.asl.json", order(false).to_string());
    let mut long = order(false);
    long["Comment"] = "x".repeat(1_048_576).into();
    files.write("long.asl.json", long.to_string());
    fs::create_dir(files.0.path("folder.asl.json")).unwrap();
    let run = |file: &str| files.refused(&["run", file]);
    insta::assert_snapshot!(run("nowhere.asl.json"), @r#"error: cannot read nowhere.asl.json: No such file or directory (os error 2)"#);
    insta::assert_snapshot!(run("folder.asl.json"), @r#"error: cannot read folder.asl.json: Is a directory (os error 21)"#);
    insta::assert_snapshot!(run("bytes.asl.json"), @r#"error: bytes.asl.json is not UTF-8 text: it has something else after 2 bytes"#);
    insta::assert_snapshot!(run("text.asl.json"), @r#"
    error: text.asl.json has 1 error: it can't be run

    error[A0101]: expected a value, found `S`
     --> text.asl.json:1:1
      |
    1 | StartAt: Charge
      | ^
    "#);
    insta::assert_snapshot!(run("a b.asl.json"), @r#"
    error: `a b` can't name a machine: it has white space or control characters
    help: --machine gives it another name
    "#);
    insta::assert_snapshot!(run("long.asl.json"), @r#"
    error: long.asl.json has 1 error: it can't be run

    error[A0111]: the definition has 1049343 bytes, at most 1048576
     --> long.asl.json:1:1
      |
    1 | {"QueryLanguage":"JSONata","StartAt":"Charge","States":{"Charge":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:fun...
      | ^
    "#);
    let told = files.json(&["run", "nowhere.asl.json", "--json"]);
    assert_eq!(told["exit"], 2);
}

#[test]
fn all_findings_of_a_definition_are_told_at_once() {
    let files = Files::new();
    let text = r#"{
  "StartAt": "A",
  "States": {
    "A": {"Type": "Pass", "Nxt": "B"},
    "B": {"Type": "Wait", "Seconds": -1, "Next": "D"}
  }
}
"#;
    files.write("two.asl.json", text);
    let run = |file: &str| files.refused(&["run", file]);
    insta::assert_snapshot!(run("two.asl.json"), @r#"
    error: two.asl.json has 3 errors: it can't be run

    error[A0105]: a Pass state has no field `Nxt`
     --> two.asl.json:4:27
      |
    4 |     "A": {"Type": "Pass", "Nxt": "B"},
      |                           ^^^^^
      |
      = help: did you mean `Next`?

    error[A0403]: `Seconds` is a whole number from 0 to 99999999
     --> two.asl.json:5:38
      |
    5 |     "B": {"Type": "Wait", "Seconds": -1, "Next": "D"}
      |                                      ^^

    error[A0201]: there is no state `D` in this scope
     --> two.asl.json:5:50
      |
    5 |     "B": {"Type": "Wait", "Seconds": -1, "Next": "D"}
      |                                                  ^^^
      |
      = help: did you mean `A`?
    "#);
    let found = files.json(&["check", "two.asl.json", "--json"]);
    let places = found[0]["findings"].as_array().unwrap().iter();
    let places: Vec<_> = places.map(|it| json!([it["code"], it["line"], it["column"]])).collect();
    let expected = [json!(["A0105", 4, 27]), json!(["A0403", 5, 38]), json!(["A0201", 5, 50])];
    assert_eq!(places, expected);
    let refused = files.json(&["run", "two.asl.json", "--json"]);
    assert_eq!(refused["message"], "two.asl.json has 3 errors: it can't be run");
    assert_eq!(refused["findings"], found[0]["findings"]);
    insta::assert_snapshot!(files.shown(&["graph", "two.asl.json"]), @r#"
    flowchart TD
        begin0(( ))
        s0_0[/"A"/]
        s0_1(["B: -1 s"])
        done0((( )))
        begin0 --> s0_0
        s0_0 --> done0
    --- stderr
    warning: two.asl.json has 3 errors
    help: `check` shows what is wrong
    --- exit 0
    "#);
}

#[test]
fn options_and_inputs_that_are_wrong_are_told_and_change_nothing() {
    let files = with_order(false);
    files.write("long.json", json!("x".repeat(262_143)).to_string());
    let run = |option: &str, value: &str| files.refused(&["run", "order.asl.json", option, value]);
    insta::assert_snapshot!(run("-i", "long.json"), @r#"error: the input of `order` has 262145 bytes of JSON, and at most 262144 are allowed"#);
    insta::assert_snapshot!(run("-i", "{1}"), @r#"
    error: the input is not JSON: key must be a string, at --input line 1 column 2
      |
    1 | {1}
      |  ^
    "#);
    insta::assert_snapshot!(run("--frobnicate", "1"), @r#"
    error: unexpected argument '--frobnicate' found

      tip: to pass '--frobnicate' as a value, use '-- --frobnicate'

    Usage: files run <FILE>

    For more information, try '--help'.
    "#);
    insta::assert_snapshot!(run("--doubles", "nowhere.json"), @r#"error: cannot read nowhere.json: No such file or directory (os error 2)"#);
}

#[test]
fn all_mistakes_in_doubles_are_told_at_once() {
    let files = with_order(false);
    files.write(
        "doubles.json",
        "{\"Chrge\": {\"result\": 1},\n \"Pack\": [{\"ok\": 1}, 2],\n \"Tip\": []}",
    );
    insta::assert_snapshot!(files.refused(&RUN), @r#"
    error: doubles.json has 4 errors

    error: no state of the definition with a task is called `Chrge`, and none has that Resource
     --> doubles.json:1:2
      |
    1 | {"Chrge": {"result": 1},
      |  ^^^^^^^
      |
      = help: did you mean `Charge`?

    error: an outcome has no field `ok`
     --> doubles.json:2:12
      |
    2 |  "Pack": [{"ok": 1}, 2],
      |            ^^^^
      |
      = help: it is {"result": ..} or {"error": "Name", "cause": ".."}

    error: an outcome must be an object
     --> doubles.json:2:22
      |
    2 |  "Pack": [{"ok": 1}, 2],
      |                      ^

    error: `Tip` needs at least one outcome
     --> doubles.json:3:9
      |
    3 |  "Tip": []}
      |         ^^
    "#);
    let told = files.json(&[&RUN[..], &["--json"]].concat());
    assert_eq!(told["message"], "doubles.json has 4 errors");
    let mistake = json!({"message": "an outcome has no field `ok`", "line": 2, "column": 12,
        "help": "it is {\"result\": ..} or {\"error\": \"Name\", \"cause\": \"..\"}"});
    assert_eq!(told["findings"][1], mistake);
}
