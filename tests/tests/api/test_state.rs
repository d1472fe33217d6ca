//! `TestState`: a state is tested without a machine, against a mock or what this process can call.

use super::{Api, ROLE};
use serde_json::{Value, json};
use stepwright::{Failure, TaskContext, program::Data};

fn task(resource: &str) -> String {
    let catch =
        json!([{ "ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "B" }]);
    json!({ "Type": "Task", "Resource": resource, "Catch": catch, "End": true }).to_string()
}

#[tokio::test]
async fn a_state_is_tested_with_a_mock() {
    let api = Api::new().await;
    let body = json!({
        "definition": task("arn:aws:states:us-east-1:123456789012:activity:a"),
        "input": "{\"a\":1}",
        "mock": { "errorOutput": { "error": "Mine", "cause": "why" } },
        "stateConfiguration": { "retrierRetryCount": 0 },
        "inspectionLevel": "DEBUG",
    });
    let expected = json!({
        "status": "CAUGHT_ERROR",
        "error": "Mine",
        "cause": "why",
        "nextState": "B",
        "output": "{\"a\": 1, \"error\": {\"Error\": \"Mine\", \"Cause\": \"why\"}}",
        "inspectionData": {
            "input": "{\"a\":1}",
            "afterInputPath": "{\"a\": 1}",
            "afterParameters": "{\"a\": 1}",
            "errorDetails": { "catchIndex": 0 },
        },
    });
    api.check("TestState", body, expected).await;
}

#[tokio::test]
async fn a_task_of_this_process_is_called() {
    let double = |input: Data, _: TaskContext| async move {
        let doubled = input["n"].as_i64().map(|n| json!(2 * n).into());
        doubled.ok_or_else(|| Failure::new("NotANumber", "n"))
    };
    let api = Api::with(|builder| builder.task("double", double)).await;
    let test = |input: Value| {
        json!({
            "definition": task("arn:aws:lambda:us-east-1:123456789012:function:double"),
            "input": input.to_string(),
            "roleArn": ROLE,
        })
    };
    let doubled = json!({ "status": "SUCCEEDED", "output": "42" });
    api.check("TestState", test(json!({ "n": 21 })), doubled).await;
    let caught = json!({
        "status": "CAUGHT_ERROR",
        "error": "NotANumber",
        "cause": "n",
        "nextState": "B",
        "output": "{\"error\": {\"Error\": \"NotANumber\", \"Cause\": \"n\"}}",
    });
    api.check("TestState", test(json!({})), caught).await;
}

#[tokio::test]
async fn a_task_that_nothing_answers_fails_at_once() {
    let api = Api::new().await;
    let body = json!({ "definition": task("arn:aws:lambda:us-east-1:123456789012:function:other"), "roleArn": ROLE });
    let answer = api.ok("TestState", body).await;
    assert_eq!(
        (&answer["status"], &answer["error"]),
        (&json!("CAUGHT_ERROR"), &json!("States.TaskFailed"))
    );
    let cause = "nothing here answers calls of arn:aws:lambda:us-east-1:123456789012:function:other: test the state with a mock";
    assert_eq!(answer["cause"], cause);
}

#[tokio::test]
async fn requests_are_refused_as_the_model_and_the_service_say() {
    let api = Api::new().await;
    let missing = "1 validation error detected: Value null at 'definition' failed to satisfy \
                   constraint: Member must not be null";
    api.refused("TestState", json!({}), "ValidationException", missing).await;
    let level = "1 validation error detected: Value 'ALL' at 'inspectionLevel' failed to satisfy \
                 constraint: Member must satisfy enum value set: [INFO, DEBUG, TRACE]";
    let body = json!({ "definition": "{}", "inspectionLevel": "ALL" });
    api.refused("TestState", body, "ValidationException", level).await;
    let count = "1 validation error detected: Value '-1' at \
                 'stateConfiguration.retrierRetryCount' failed to satisfy constraint: Member must \
                 have value greater than or equal to 0";
    let body = json!({ "definition": "{}", "stateConfiguration": { "retrierRetryCount": -1 } });
    api.refused("TestState", body, "ValidationException", count).await;
    let parallel = json!({ "Type": "Parallel", "Branches": [], "End": true }).to_string();
    let empty = "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be \
                 empty at /States/StateName/Branches'";
    api.refused("TestState", json!({ "definition": parallel }), "InvalidDefinition", empty).await;
}
