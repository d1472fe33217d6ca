//! Tasks without a mock: what is to be called, and where the answer leads.

use super::{ROLE, moment, request};
use crate::{
    program::Failure,
    service::test_state::{Answer, Begun, Call, Exchange, begin},
};
use serde_json::{Value, json};

fn call(level: &str) -> Box<Call> {
    let asked = request(json!({
        "definition": {
            "Type": "Task",
            "Resource": "arn:aws:states:::http:invoke",
            "Parameters": { "ApiEndpoint.$": "$.url", "Method": "GET",
                "Authentication": { "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1" } },
            "ResultPath": "$.got",
            "TimeoutSeconds": 5,
            "Retry": [{ "ErrorEquals": ["States.Http.Socket"] }],
            "End": true,
        },
        "input": { "url": "https://example.com" },
        "roleArn": ROLE,
        "revealSecrets": true,
        "inspectionLevel": level,
    }));
    match begin(&asked, moment()) {
        Ok(Begun::Call(call)) => call,
        other => panic!("{other:?}"),
    }
}

fn ok(result: Value) -> Answer {
    let request = json!({ "method": "GET", "url": "https://example.com" });
    let response = json!({ "statusCode": "200" });
    let object = |value: Value| value.as_object().unwrap().clone();
    let exchange = Exchange { request: object(request), response: object(response) };
    Answer { result: Ok(result.into()), exchange: Some(exchange) }
}

#[test]
fn a_call_says_what_to_call_and_as_whom() {
    let call = call("INFO");
    assert_eq!(call.task.resource, "arn:aws:states:::http:invoke");
    assert_eq!(call.task.arguments["ApiEndpoint"], "https://example.com");
    assert_eq!(call.task.timeout, Some(std::time::Duration::from_secs(5)));
    assert_eq!((call.role_arn.as_str(), call.reveal_secrets), (ROLE, true));
}

#[test]
fn the_result_of_a_call_goes_through_the_fields_of_the_state() {
    let answer = call("INFO").answered(ok(json!({ "a": 1 }))).to_json();
    let output = r#"{"url": "https://example.com", "got": {"a": 1}}"#;
    assert_eq!(answer, json!({ "output": output, "status": "SUCCEEDED" }));
}

#[test]
fn what_went_over_the_wire_is_shown_at_trace_alone() {
    let data = |level| call(level).answered(ok(json!(1))).to_json()["inspectionData"].clone();
    assert_eq!(data("DEBUG")["result"], "1");
    assert_eq!(data("DEBUG")["request"], Value::Null);
    let traced = data("TRACE");
    assert_eq!(traced["request"], json!({ "method": "GET", "url": "https://example.com" }));
    assert_eq!(traced["response"], json!({ "statusCode": "200" }));
}

#[test]
fn a_call_that_fails_is_handled_as_a_mocked_error() {
    let failure = Failure::new("States.Http.Socket", "refused");
    let answer = call("INFO").answered(Answer { result: Err(failure), exchange: None }).to_json();
    let expected =
        json!({ "error": "States.Http.Socket", "cause": "refused", "status": "RETRIABLE" });
    assert_eq!(answer, expected);
}

#[test]
fn a_result_over_the_limit_fails_the_state() {
    let long = "x".repeat(262_144);
    let answer = call("INFO").answered(ok(json!(long))).to_json();
    let cause = "The state/task 'StateName' returned a result with a size exceeding the maximum \
                 number of bytes service limit.";
    let expected =
        json!({ "error": "States.DataLimitExceeded", "cause": cause, "status": "FAILED" });
    assert_eq!(answer, expected);
}

#[test]
fn a_real_task_needs_a_role() {
    let asked = request(json!({ "definition": { "Type": "Task", "End": true,
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f" } }));
    let refused = begin(&asked, moment()).unwrap_err();
    assert_eq!(refused.exception, "ValidationException");
    assert_eq!(refused.message, "RoleArn must be specified when testing a Task state");
}
