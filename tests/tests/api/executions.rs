//! Executions: started, described, stopped, listed, their histories.

use super::{Api, MACHINE, ROLE, SECONDS, gives, waits};
use serde_json::{Value, json};
use std::time::Duration;
use stepwright::prelude::*;

const EXECUTION: &str = "arn:aws:states:us-east-1:123456789012:execution:m:e";

fn start(more: &Value) -> Value {
    let mut body = json!({ "stateMachineArn": MACHINE, "name": "e" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn an_execution_is_started_and_described() {
    let api = Api::new().await;
    api.create("m", &gives(&json!("{% $states.input.n + 1 %}"))).await;
    let started = json!({ "executionArn": EXECUTION, "startDate": SECONDS });
    api.check("StartExecution", start(&json!({ "input": "{ \"n\": 1 }" })), started).await;
    api.end(EXECUTION).await;
    let shown = json!({
        "executionArn": EXECUTION,
        "stateMachineArn": MACHINE,
        "name": "e",
        "status": "SUCCEEDED",
        "startDate": SECONDS,
        "stopDate": SECONDS,
        "input": "{ \"n\": 1 }",
        "inputDetails": { "included": true },
        "output": "2",
        "outputDetails": { "included": true },
        "redriveCount": 0,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
    });
    api.check("DescribeExecution", json!({ "executionArn": EXECUTION }), shown).await;
    let asked = json!({ "executionArn": EXECUTION, "includedData": "METADATA_ONLY" });
    let shown = api.ok("DescribeExecution", asked).await;
    assert_eq!(shown.get("input").or_else(|| shown.get("output")), None);
    assert_eq!(shown["inputDetails"], json!({ "included": false }));
    assert_eq!(shown["outputDetails"], json!({ "included": false }));
}

#[tokio::test]
async fn a_failed_execution_shows_its_error_and_cause() {
    let api = Api::new().await;
    let states = json!({ "f": { "Type": "Fail", "Error": "Out", "Cause": "of tea" } });
    api.create("m", &states).await;
    api.start(start(&json!({}))).await;
    api.end(EXECUTION).await;
    let shown = api.ok("DescribeExecution", json!({ "executionArn": EXECUTION })).await;
    let parts = |names: [&str; 4]| names.map(|name| shown.get(name).cloned().unwrap_or_default());
    assert_eq!(
        parts(["status", "error", "cause", "redriveStatus"]),
        [json!("FAILED"), json!("Out"), json!("of tea"), json!("REDRIVABLE")]
    );
    assert_eq!(parts(["input", "output", "outputDetails", "redriveStatusReason"])[0], "{}");
    assert_eq!(shown.get("output").or_else(|| shown.get("outputDetails")), None);
}

#[tokio::test]
async fn starting_again_answers_as_at_first_while_the_same_runs() {
    let api = Api::new().await;
    api.create("m", &waits()).await;
    let first = api.ok("StartExecution", start(&json!({ "input": "{\"a\": 1}" }))).await;
    api.clock.advance(Duration::from_secs(5));
    api.check("StartExecution", start(&json!({ "input": "{\"a\":1}" })), first).await;
    let exists = format!("Execution Already Exists: '{EXECUTION}'");
    let other = start(&json!({ "input": "{}" }));
    api.refused("StartExecution", other, "ExecutionAlreadyExists", &exists).await;
    api.clock.advance(Duration::from_hours(1));
    api.end(EXECUTION).await;
    let same = start(&json!({ "input": "{\"a\": 1}" }));
    api.refused("StartExecution", same, "ExecutionAlreadyExists", &exists).await;
}

#[tokio::test]
async fn names_and_inputs_that_break_the_rules_are_refused() {
    let api = Api::new().await;
    api.create("m", &waits()).await;
    for name in ["a b", "a/b", "a:b", "a\u{7}", "<a>", "a\u{ffff}"] {
        let body = json!({ "stateMachineArn": MACHINE, "name": name });
        api.refused("StartExecution", body, "InvalidName", &format!("Invalid Name: '{name}'"))
            .await;
        let body = json!({ "name": name, "definition": "{}", "roleArn": ROLE });
        let text = format!("Invalid Name: '{name}'");
        api.refused("CreateStateMachine", body, "InvalidName", &text).await;
    }
    for input in ["", "{", "nonsense", "{} {}"] {
        let (status, answer) =
            api.call("StartExecution", start(&json!({ "input": input })).to_string()).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("InvalidExecutionInput")), "{input}");
    }
    let long = format!("\"{}\"", "é".repeat(131_072));
    let (status, answer) =
        api.call("StartExecution", start(&json!({ "input": long })).to_string()).await;
    assert_eq!((status, &answer["__type"]), (400, &json!("InvalidExecutionInput")));
    let longer = format!("\"{}\"", "e".repeat(262_143));
    let text = "1 validation error detected: Value at 'input' failed to satisfy constraint: \
                Member must have length less than or equal to 262144";
    let body = start(&json!({ "input": longer }));
    api.refused("StartExecution", body, "ValidationException", text).await;
}

#[tokio::test]
async fn arns_of_another_kind_are_refused() {
    let api = Api::new().await;
    for (operation, field) in [
        ("DescribeExecution", "executionArn"),
        ("GetExecutionHistory", "executionArn"),
        ("StopExecution", "executionArn"),
        ("DescribeStateMachineForExecution", "executionArn"),
        ("DescribeStateMachine", "stateMachineArn"),
        ("StartExecution", "stateMachineArn"),
        ("StartSyncExecution", "stateMachineArn"),
        ("ListExecutions", "stateMachineArn"),
        ("DeleteStateMachine", "stateMachineArn"),
        ("PublishStateMachineVersion", "stateMachineArn"),
    ] {
        let body = json!({ field: "nonsense" });
        let text = "Invalid Arn: 'Invalid ARN prefix: nonsense'";
        api.refused(operation, body, "InvalidArn", text).await;
        let activity = "arn:aws:states:us-east-1:123456789012:activity:a";
        let text = "Invalid Arn: 'Resource type not valid in this context: activity'";
        api.refused(operation, json!({ field: activity }), "InvalidArn", text).await;
    }
    let text = format!("Execution Does Not Exist: '{EXECUTION}'");
    for operation in ["DescribeExecution", "GetExecutionHistory", "StopExecution"] {
        let body = json!({ "executionArn": EXECUTION });
        api.refused(operation, body, "ExecutionDoesNotExist", &text).await;
    }
}

#[tokio::test]
async fn a_stopped_execution_shows_why() {
    let api = Api::new().await;
    api.create("m", &waits()).await;
    api.start(start(&json!({}))).await;
    api.clock.advance(Duration::from_secs(2));
    let stop = json!({ "executionArn": EXECUTION, "error": "Enough", "cause": "of it" });
    let stopped = json!({ "stopDate": SECONDS + 2.0 });
    api.check("StopExecution", stop.clone(), stopped.clone()).await;
    let shown = api.ok("DescribeExecution", json!({ "executionArn": EXECUTION })).await;
    assert_eq!(shown["status"], "ABORTED");
    assert_eq!((&shown["error"], &shown["cause"]), (&json!("Enough"), &json!("of it")));
    api.clock.advance(Duration::from_secs(2));
    api.check("StopExecution", stop, stopped).await;
}

#[tokio::test]
async fn executions_are_listed_newest_first_page_by_page() {
    let api = Api::new().await;
    api.create("m", &waits()).await;
    for name in ["a", "b", "c"] {
        api.start(json!({ "stateMachineArn": MACHINE, "name": name })).await;
        api.clock.advance(Duration::from_secs(1));
    }
    let arn = |name: &str| format!("{}{name}", EXECUTION.strip_suffix('e').unwrap());
    api.ok("StopExecution", json!({ "executionArn": arn("b") })).await;
    let list = |more: Value| {
        let mut body = json!({ "stateMachineArn": MACHINE });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let line = |name: &str, after: f64| {
        json!({
            "executionArn": arn(name), "stateMachineArn": MACHINE, "name": name,
            "status": "RUNNING", "startDate": SECONDS + after, "redriveCount": 0,
        })
    };
    let mut stopped = line("b", 1.0);
    stopped["status"] = "ABORTED".into();
    stopped["stopDate"] = json!(SECONDS + 3.0);
    let page = api.ok("ListExecutions", list(json!({ "maxResults": 2 }))).await;
    assert_eq!(page["executions"], json!([line("c", 2.0), stopped]));
    let rest = list(json!({ "maxResults": 2, "nextToken": page["nextToken"] }));
    api.check("ListExecutions", rest, json!({ "executions": [line("a", 0.0)] })).await;
    let running = list(json!({ "statusFilter": "RUNNING" }));
    let expected = json!({ "executions": [line("c", 2.0), line("a", 0.0)] });
    api.check("ListExecutions", running, expected).await;
    let none = json!({ "executions": [] });
    api.check("ListExecutions", list(json!({ "statusFilter": "PENDING_REDRIVE" })), none.clone())
        .await;
    api.check("ListExecutions", list(json!({ "redriveFilter": "REDRIVEN" })), none).await;
    let other = list(json!({ "statusFilter": "RUNNING", "nextToken": page["nextToken"] }));
    let text = "Invalid Token: 'Invalid token'";
    api.refused("ListExecutions", other, "InvalidToken", text).await;
    let text = "Must provide a StateMachine ARN or MapRun ARN";
    api.refused("ListExecutions", json!({}), "ValidationException", text).await;
}

fn history() -> Vec<Value> {
    let event = |id: u64, previous: u64, kind: &str| json!({ "timestamp": SECONDS, "type": kind, "id": id, "previousEventId": previous });
    let whole = json!({ "truncated": false });
    let mut events = vec![
        event(1, 0, "ExecutionStarted"),
        event(2, 0, "PassStateEntered"),
        event(3, 2, "PassStateExited"),
        event(4, 3, "ExecutionSucceeded"),
    ];
    events[0]["executionStartedEventDetails"] =
        json!({ "input": "{}", "inputDetails": whole, "roleArn": ROLE });
    events[1]["stateEnteredEventDetails"] =
        json!({ "name": "only", "input": "{}", "inputDetails": whole });
    events[2]["stateExitedEventDetails"] =
        json!({ "name": "only", "output": "[1]", "outputDetails": whole });
    events[3]["executionSucceededEventDetails"] =
        json!({ "output": "[1]", "outputDetails": whole });
    events
}

#[tokio::test]
async fn a_history_is_read_in_both_directions_page_by_page() {
    let api = Api::new().await;
    api.create("m", &gives(&json!([1]))).await;
    api.start(start(&json!({}))).await;
    api.end(EXECUTION).await;
    let expected = history();
    let whole = json!({ "executionArn": EXECUTION });
    api.check("GetExecutionHistory", whole, json!({ "events": expected })).await;
    let mut backwards = Vec::new();
    let mut token = Value::Null;
    loop {
        let body = json!({
            "executionArn": EXECUTION, "reverseOrder": true, "maxResults": 3, "nextToken": token,
        });
        let page = api.ok("GetExecutionHistory", body).await;
        backwards.extend(page["events"].as_array().unwrap().clone());
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    backwards.reverse();
    assert_eq!(backwards, expected);
}

#[tokio::test]
async fn a_history_may_be_read_without_its_data() {
    let api = Api::new().await;
    api.create("m", &gives(&json!([1]))).await;
    api.start(start(&json!({}))).await;
    api.end(EXECUTION).await;
    let body = json!({ "executionArn": EXECUTION, "includeExecutionData": false });
    let events = api.ok("GetExecutionHistory", body).await["events"].clone();
    assert_eq!(events[0]["executionStartedEventDetails"], json!({ "roleArn": ROLE }));
    assert_eq!(events[2]["stateExitedEventDetails"], json!({ "name": "only" }));
    assert_eq!(events[3]["executionSucceededEventDetails"], json!({}));
}

#[workflow]
async fn doubled(number: i64) -> i64 {
    number * 2
}

#[tokio::test]
async fn a_workflow_of_the_program_is_a_machine_too() {
    let api = Api::with(|builder| builder.workflow::<doubled>()).await;
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:doubled";
    let listed = api.ok("ListStateMachines", json!({})).await;
    assert_eq!(listed["stateMachines"][0]["stateMachineArn"], arn);
    let execution = api.start(json!({ "stateMachineArn": arn, "input": "21" })).await;
    api.end(&execution).await;
    let shown = api.ok("DescribeExecution", json!({ "executionArn": execution })).await;
    assert_eq!(shown["output"], "42");
    let described = api.ok("DescribeStateMachine", json!({ "stateMachineArn": arn })).await;
    let definition = described["definition"].as_str().unwrap();
    assert!(definition.contains("\"QueryLanguage\": \"JSONata\""), "{definition}");
    let (status, answer) = api
        .call("StartExecution", json!({ "stateMachineArn": arn, "input": "{}" }).to_string())
        .await;
    assert_eq!((status, &answer["__type"]), (400, &json!("InvalidExecutionInput")));
    for operation in ["UpdateStateMachine", "DeleteStateMachine", "PublishStateMachineVersion"] {
        let body = json!({ "stateMachineArn": arn, "roleArn": ROLE }).to_string();
        let (status, answer) = api.call(operation, body).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("ConflictException")), "{operation}");
    }
    let body =
        json!({ "name": "doubled", "definition": super::definition(&waits()), "roleArn": ROLE });
    let text = format!("State Machine Already Exists: '{arn}'");
    api.refused("CreateStateMachine", body, "StateMachineAlreadyExists", &text).await;
}

#[tokio::test]
async fn an_input_is_shown_as_it_was_written_until_its_first_state_is_left() {
    let long = format!("[ \"{}\" ]", "x".repeat(2_000));
    for text in ["[1,  2]", &long] {
        let api = Api::new().await;
        let pass = |next: Value| {
            let mut pass = json!({ "Type": "Pass" });
            pass.as_object_mut().unwrap().extend(next.as_object().unwrap().clone());
            pass
        };
        let states =
            json!({ "a": pass(json!({ "Next": "b" })), "b": pass(json!({ "End": true })) });
        api.create("m", &states).await;
        api.start(start(&json!({ "input": text }))).await;
        api.end(EXECUTION).await;
        let shown = api.ok("DescribeExecution", json!({ "executionArn": EXECUTION })).await;
        let printed = serde_json::from_str::<Value>(text).unwrap().to_string();
        assert_eq!((&shown["input"], &shown["output"]), (&json!(text), &json!(printed)));
        let history = api.ok("GetExecutionHistory", json!({ "executionArn": EXECUTION })).await;
        let events = history["events"].as_array().unwrap();
        let input = |event: usize, details: &str| events[event][details]["input"].clone();
        assert_eq!(input(0, "executionStartedEventDetails"), text);
        assert_eq!(input(1, "stateEnteredEventDetails"), text);
        assert_eq!(events[2]["stateExitedEventDetails"]["output"], printed);
        assert_eq!(input(3, "stateEnteredEventDetails"), printed);
    }
}
