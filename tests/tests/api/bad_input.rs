//! Requests that are none: each gets an answer that says why, and the server goes on.

use super::{Api, MACHINE, ROLE, answer};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

async fn check(api: &Api, request: Request<Body>, status: u16, name: &str, message: &str) {
    let expected = json!({ "__type": name, "message": message });
    assert_eq!(answer(api.send(request).await).await, (status, expected));
}

#[tokio::test]
async fn what_names_no_operation_is_refused() {
    let api = Api::new().await;
    let no_target = "the X-Amz-Target header names no operation of AWSStepFunctions";
    let post = || Request::post("/").header("host", "sync-states.us-east-1.example");
    let unknown = "UnknownOperationException";
    let body = || Body::from("{}");
    check(&api, post().body(body()).unwrap(), 404, unknown, no_target).await;
    let other = post().header("x-amz-target", "DynamoDB_20120810.GetItem").body(body()).unwrap();
    check(&api, other, 404, unknown, no_target).await;
    let binary = post().header("x-amz-target", &b"\xff"[..]).body(body()).unwrap();
    check(&api, binary, 404, unknown, no_target).await;
    let target = |operation: &str| {
        post().header("x-amz-target", format!("AWSStepFunctions.{operation}")).body(body()).unwrap()
    };
    let text = "Step Functions has no operation Dance";
    check(&api, target("Dance"), 404, unknown, text).await;
    let text = "CreateActivity is not answered by this version of stepwright";
    check(&api, target("CreateActivity"), 404, unknown, text).await;
    let get = Request::get("/").body(Body::empty()).unwrap();
    check(&api, get, 404, unknown, "only POST is answered here").await;
}

#[tokio::test]
async fn a_web_page_runs_nothing_here() {
    let api = Api::new().await;
    let request = Request::post("/")
        .header("x-amz-target", "AWSStepFunctions.ListStateMachines")
        .header("origin", "https://elsewhere.example")
        .body(Body::from("{}"))
        .unwrap();
    let text = "Requests of web pages are refused: they have an Origin header";
    check(&api, request, 403, "AccessDeniedException", text).await;
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_long_one() {
    let api = Api::new().await;
    let chunks = [Ok("{"), Err(std::io::Error::other("no chunk"))];
    let broken = Request::post("/")
        .header("x-amz-target", "AWSStepFunctions.ListStateMachines")
        .body(Body::from_stream(futures::stream::iter(chunks)))
        .unwrap();
    let text = "The body of the request breaks off";
    check(&api, broken, 400, "SerializationException", text).await;
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let api = Api::new().await;
    let refused = async |body: &[u8], start: &str| {
        let (status, answer) = api.call("ListStateMachines", Body::from(body.to_vec())).await;
        let message = answer["message"].as_str().unwrap();
        assert_eq!((status, &answer["__type"]), (400, &json!("SerializationException")));
        assert!(message.starts_with(start), "{message}");
    };
    refused(b"nonsense", "The body is not JSON").await;
    refused(b"{\"maxResults\": 1", "The body is not JSON").await;
    refused(b"\xff\xfe\x00", "The body is not JSON").await;
    refused("[".repeat(100_000).as_bytes(), "The body is not JSON").await;
    refused(b"[]", "Start of structure expected").await;
    refused(b"null", "Start of structure expected").await;
    // Nothing at all is an empty object.
    assert_eq!(api.call("ListStateMachines", Body::empty()).await.0, 200);
}

#[tokio::test]
async fn a_huge_body_is_refused() {
    let api = Api::new().await;
    let (status, answer) = api.call("CreateStateMachine", vec![b' '; 4 * 1024 * 1024 + 1]).await;
    assert_eq!((status, &answer["__type"]), (413, &json!("RequestEntityTooLargeException")));
    let definition = "x".repeat(1_048_577);
    let body = json!({ "name": "m", "definition": definition, "roleArn": ROLE });
    let text = "1 validation error detected: Value at 'definition' failed to satisfy constraint: \
                Member must have length less than or equal to 1048576";
    api.refused("CreateStateMachine", body, "ValidationException", text).await;
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_refused() {
    let api = Api::new().await;
    let refused = async |operation: &str, body: Value, message: &str| {
        api.refused(operation, body, "SerializationException", message).await;
    };
    let text = "NUMBER_VALUE can not be converted to a String";
    refused("DescribeStateMachine", json!({ "stateMachineArn": 7 }), text).await;
    let text = "STRING_VALUE can not be converted to an Integer";
    refused("ListStateMachines", json!({ "maxResults": "7" }), text).await;
    let text = "NUMBER_VALUE can not be converted to an Integer";
    refused("ListStateMachines", json!({ "maxResults": 1.5 }), text).await;
    let text = "STRING_VALUE can not be converted to a Boolean";
    let body = json!({ "executionArn": "a", "reverseOrder": "true" });
    refused("GetExecutionHistory", body, text).await;
    let text = "Start of structure or map found where not expected.";
    refused("StartExecution", json!({ "stateMachineArn": MACHINE, "input": {} }), text).await;
    let text = "Start of list found where not expected";
    refused("StartExecution", json!({ "stateMachineArn": MACHINE, "name": [] }), text).await;
    let text = "TRUE_VALUE can not be converted to a List";
    refused("CreateStateMachine", json!({ "tags": true }), text).await;
    let text = "FALSE_VALUE can not be converted to a Structure";
    refused("CreateStateMachine", json!({ "tags": [false] }), text).await;
    let text = "STRING_VALUE can not be converted to a Structure";
    refused("CreateStateMachine", json!({ "loggingConfiguration": "ALL" }), text).await;
}

#[tokio::test]
async fn broken_constraints_are_told_all_at_once() {
    let api = Api::new().await;
    let check = async |operation: &str, body: Value, broken: &[&str]| {
        let what = if broken.len() == 1 { "error" } else { "errors" };
        let text = format!("{} validation {what} detected: {}", broken.len(), broken.join("; "));
        api.refused(operation, body, "ValidationException", &text).await;
    };
    let null = |name: &str| {
        format!("Value null at '{name}' failed to satisfy constraint: Member must not be null")
    };
    let body = json!({ "name": null });
    check("CreateStateMachine", body, &[&null("name"), &null("definition"), &null("roleArn")])
        .await;
    check("StartExecution", json!({}), &[&null("stateMachineArn")]).await;
    let too_long = format!(
        "Value '{}' at 'stateMachineArn' failed to satisfy constraint: Member must have length \
         less than or equal to 256",
        "a".repeat(257)
    );
    let body = json!({ "stateMachineArn": "a".repeat(257) });
    check("DescribeStateMachine", body, &[&too_long]).await;
    for (size, bound) in [(1001, "less than or equal to 1000"), (-1, "greater than or equal to 0")]
    {
        let text = format!(
            "Value '{size}' at 'maxResults' failed to satisfy constraint: Member must have value {bound}"
        );
        check("ListStateMachines", json!({ "maxResults": size }), &[&text]).await;
    }
    let text = "Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must \
                satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, \
                RUNNING]";
    let body = json!({ "stateMachineArn": MACHINE, "statusFilter": "succeeded" });
    check("ListExecutions", body, &[text]).await;
    let text = "Value '' at 'nextToken' failed to satisfy constraint: Member must have length \
                greater than or equal to 1";
    check("ListStateMachines", json!({ "nextToken": "" }), &[text]).await;
    let text = "Value 'LOUD' at 'loggingConfiguration.level' failed to satisfy constraint: Member \
                must satisfy enum value set: [ALL, ERROR, FATAL, OFF]";
    let key = "Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have \
               length greater than or equal to 1";
    let body = json!({
        "name": "m", "definition": "{}", "roleArn": ROLE,
        "loggingConfiguration": { "level": "LOUD" },
        "tags": [{ "key": "a", "value": "" }, { "key": "", "value": "" }],
    });
    check("CreateStateMachine", body, &[text, key]).await;
    let text = "Value 'é' at 'traceHeader' failed to satisfy constraint: Member must satisfy \
                regular expression pattern: \\p{ASCII}*";
    let body = json!({ "stateMachineArn": MACHINE, "traceHeader": "é" });
    check("StartExecution", body, &[text]).await;
}
