//! Express machines: their executions live in memory and are waited for.

use super::{Api, MACHINE, ROLE, SECONDS, definition, gives};
use serde_json::{Value, json};
use std::time::Duration;
use stepwright::service::{HistoryRequest, ListRequest};

async fn create(api: &Api, states: &Value) {
    let body = json!({
        "name": "m", "definition": definition(states), "roleArn": ROLE, "type": "EXPRESS",
    });
    api.ok("CreateStateMachine", body).await;
}

/// The ARN of an answer, without the id at its end.
fn arn_of(answer: &Value) -> (String, String) {
    let (arn, id) = answer["executionArn"].as_str().unwrap().rsplit_once(':').unwrap();
    assert_eq!(id.len(), 36);
    (arn.to_owned(), format!("{arn}:{id}"))
}

#[tokio::test]
async fn a_synchronous_execution_answers_with_its_outcome() {
    let api = Api::new().await;
    create(&api, &gives(&json!("{% $states.input.n + 1 %}"))).await;
    let body = json!({
        "stateMachineArn": MACHINE, "name": "e", "input": "{\"n\": 1}", "traceHeader": "Root=1",
    });
    let mut answer = api.ok("StartSyncExecution", body).await;
    let (arn, _) = arn_of(&answer);
    assert_eq!(arn, "arn:aws:states:us-east-1:123456789012:express:m:e");
    answer.as_object_mut().unwrap().remove("executionArn");
    let expected = json!({
        "stateMachineArn": MACHINE,
        "name": "e",
        "status": "SUCCEEDED",
        "startDate": SECONDS,
        "stopDate": SECONDS,
        "input": "{\"n\": 1}",
        "inputDetails": { "included": true },
        "output": "2",
        "outputDetails": { "included": true },
        "traceHeader": "Root=1",
        "billingDetails": { "billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100 },
    });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn a_synchronous_failure_is_an_answer_too() {
    let api = Api::new().await;
    create(&api, &json!({ "f": { "Type": "Fail", "Error": "Out", "Cause": "of tea" } })).await;
    let body = json!({ "stateMachineArn": MACHINE, "includedData": "ALL_DATA" });
    let answer = api.ok("StartSyncExecution", body).await;
    assert_eq!(answer["status"], "FAILED");
    assert_eq!((&answer["error"], &answer["cause"]), (&json!("Out"), &json!("of tea")));
    assert_eq!(answer["outputDetails"], json!({ "included": true }));
    assert_eq!(answer.get("output"), None);
}

#[tokio::test]
async fn only_express_machines_are_waited_for() {
    let api = Api::new().await;
    api.create("m", &gives(&json!(1))).await;
    let text = "This operation is not supported by this type of state machine";
    let body = json!({ "stateMachineArn": MACHINE });
    api.refused("StartSyncExecution", body, "StateMachineTypeNotSupported", text).await;
    let body = json!({ "stateMachineArn": format!("{MACHINE}2") });
    let text = format!("State Machine Does Not Exist: '{MACHINE}2'");
    api.refused("StartSyncExecution", body, "StateMachineDoesNotExist", &text).await;
}

#[tokio::test]
async fn an_express_execution_is_seen_by_our_own_api_only() {
    let api = Api::new().await;
    create(&api, &gives(&json!("done"))).await;
    // Names may repeat.
    let mut arns = Vec::new();
    for _ in 0..2 {
        let body = json!({ "stateMachineArn": MACHINE, "name": "e" });
        let started = api.ok("StartExecution", body).await;
        assert_eq!(started["startDate"], SECONDS);
        arns.push(arn_of(&started).1);
    }
    for operation in ["DescribeExecution", "GetExecutionHistory", "StopExecution"] {
        let text = "Invalid Arn: 'Resource type not valid in this context: express'";
        let body = json!({ "executionArn": arns[0] });
        api.refused(operation, body, "InvalidArn", text).await;
    }
    let text = "This operation is not supported by this type of state machine";
    let body = json!({ "stateMachineArn": MACHINE });
    api.refused("ListExecutions", body, "StateMachineTypeNotSupported", text).await;
    let listed = api.engine.express_executions().unwrap();
    let shown: Vec<_> = listed.iter().map(|each| (each.arn.as_str(), each.name.as_str())).collect();
    assert_eq!(shown, [(arns[1].as_str(), "e"), (arns[0].as_str(), "e")]);
    let described = api.engine.describe(&arns[0]).await.unwrap();
    assert_eq!((described.arn.as_str(), described.workflow.as_str()), (arns[0].as_str(), "m"));
    let history = api.engine.history(&arns[0], HistoryRequest::new()).await.unwrap();
    assert_eq!(history.events[0].kind.type_name(), "ExecutionStarted");
    assert!(api.engine.list(ListRequest::default()).await.unwrap().executions.is_empty());
}

#[tokio::test]
async fn an_express_execution_ends_after_five_minutes() {
    let api = Api::new().await;
    create(&api, &super::waits()).await;
    let body = json!({ "stateMachineArn": MACHINE }).to_string();
    let mut answer = Box::pin(api.call("StartSyncExecution", body));
    // The execution waits when the answer does; then the time may move.
    while api.engine.express_executions().unwrap().is_empty() {
        assert!(futures::poll!(&mut answer).is_pending());
        tokio::task::yield_now().await;
    }
    api.clock.advance(Duration::from_secs(299));
    assert!(futures::poll!(&mut answer).is_pending());
    api.clock.advance(Duration::from_secs(1));
    let (status, answer) = answer.await;
    assert_eq!((status, &answer["status"]), (200, &json!("TIMED_OUT")));
    assert_eq!(answer["billingDetails"]["billedDurationInMilliseconds"], 300_000);
}
