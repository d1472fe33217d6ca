//! Tasks that invoke Lambda functions at an endpoint.

use super::{Api, MACHINE};
use axum::{Router, body::Bytes, extract::Path, http::HeaderMap, routing::post};
use serde_json::{Value, json};
use stepwright::integrations::{self, Endpoints};
use tokio::net::TcpListener;

const EXECUTION: &str = "arn:aws:states:us-east-1:123456789012:execution:m:e";

/// What a function answers: status, headers, body.
type Answer = (u16, &'static [(&'static str, &'static str)], String);

/// `echo` gives its payload back, `raise` fails; there are no others.
fn invoke(function: &str, payload: &str) -> Answer {
    match function.rsplit(':').next().unwrap() {
        "echo" => (200, &[("x-amz-executed-version", "7")], payload.to_owned()),
        "raise" => {
            let raised = "{\"errorType\": \"Oops\", \"errorMessage\": \"no\"}";
            (200, &[("x-amz-function-error", "Unhandled")], raised.to_owned())
        }
        _ => {
            let headers =
                &[("x-amzn-errortype", "ResourceNotFoundException"), ("x-amzn-requestid", "i")];
            (404, headers, "{\"Type\":\"User\",\"Message\":\"Function not found\"}".to_owned())
        }
    }
}

async fn answer(
    Path(function): Path<String>,
    body: Bytes,
) -> (axum::http::StatusCode, HeaderMap, String) {
    let (status, headers, body) = invoke(&function, std::str::from_utf8(&body).unwrap());
    let headers =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    (status.try_into().unwrap(), headers.collect(), body)
}

/// A server whose tasks invoke functions of another one.
async fn api() -> Api {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", socket.local_addr().unwrap());
    let path = "/2015-03-31/functions/{function}/invocations";
    let functions = Router::new().route(path, post(answer));
    tokio::spawn(async move { axum::serve(socket, functions).await });
    let endpoints = Endpoints { lambda: Some(endpoint.parse().unwrap()) };
    Api::with(|builder| integrations::add(builder, endpoints)).await
}

/// Runs one task to its end; gives its description and the types of its events.
async fn run(resource: &str, arguments: &Value) -> (Value, Vec<String>) {
    let api = api().await;
    let task = json!({ "Type": "Task", "Resource": resource, "Arguments": arguments, "End": true });
    api.create("m", &json!({ "call": task })).await;
    api.start(json!({ "stateMachineArn": MACHINE, "name": "e" })).await;
    api.end(EXECUTION).await;
    let history = api.ok("GetExecutionHistory", json!({ "executionArn": EXECUTION })).await;
    let events = history["events"].as_array().unwrap().iter();
    let types = events.map(|event| event["type"].as_str().unwrap().to_owned()).collect();
    (api.ok("DescribeExecution", json!({ "executionArn": EXECUTION })).await, types)
}

fn function(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:123456789012:function:{name}")
}

#[tokio::test]
async fn a_function_by_its_arn_gives_its_payload() {
    let (described, types) = run(&function("echo"), &json!({ "n": 1 })).await;
    assert_eq!(described["output"], "{\"n\":1}");
    let expected = ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded"];
    assert_eq!(types[2..5], expected);
    let (described, types) = run(&function("raise"), &json!({})).await;
    assert_eq!(described["error"], "Oops");
    assert_eq!(described["cause"], "{\"errorType\": \"Oops\", \"errorMessage\": \"no\"}");
    assert_eq!(types[4], "LambdaFunctionFailed");
}

#[tokio::test]
async fn an_invocation_gives_the_response_around_the_payload() {
    let invoke = "arn:aws:states:::lambda:invoke";
    let (described, types) = run(invoke, &json!({ "FunctionName": "echo", "Payload": [1] })).await;
    let output: Value = serde_json::from_str(described["output"].as_str().unwrap()).unwrap();
    let shown = (&output["ExecutedVersion"], &output["Payload"], &output["StatusCode"]);
    assert_eq!(shown, (&json!("7"), &json!([1]), &json!(200)));
    assert_eq!(output["SdkHttpMetadata"]["HttpHeaders"]["Content-Length"], "3");
    assert_eq!(types[2..5], ["TaskScheduled", "TaskStarted", "TaskSucceeded"]);
    let (described, _) = run(invoke, &json!({ "FunctionName": "raise" })).await;
    assert_eq!(described["error"], "Oops");
    assert_eq!(described["cause"], "{\"errorType\":\"Oops\",\"errorMessage\":\"no\"}");
}

#[tokio::test]
async fn a_function_that_is_not_there_is_named_by_lambda() {
    let cause = "Function not found (Service: AWSLambda; Status Code: 404; \
        Error Code: ResourceNotFoundException; Request ID: i; Proxy: null)";
    let invoke = "arn:aws:states:::lambda:invoke";
    let asked = json!({ "FunctionName": "nobody" });
    for (resource, arguments, failed) in [
        (function("nobody"), json!({}), "LambdaFunctionFailed"),
        (invoke.to_owned(), asked.clone(), "TaskFailed"),
        (format!("{invoke}.waitForTaskToken"), asked, "TaskSubmitFailed"),
    ] {
        let (described, types) = run(&resource, &arguments).await;
        assert_eq!(described["error"], "Lambda.ResourceNotFoundException");
        assert_eq!(described["cause"], cause);
        assert_eq!(types[4], failed);
    }
}

/// What becomes of an execution that invokes a function there.
async fn invoked_at(lambda: Option<&str>) -> Value {
    let endpoints = Endpoints { lambda: lambda.map(|url| url.parse().unwrap()) };
    let api = Api::with(|builder| integrations::add(builder, endpoints)).await;
    let task = json!({ "Type": "Task", "Resource": function("echo"), "End": true });
    api.create("m", &json!({ "call": task })).await;
    api.start(json!({ "stateMachineArn": MACHINE, "name": "e" })).await;
    api.end(EXECUTION).await;
    api.ok("DescribeExecution", json!({ "executionArn": EXECUTION })).await
}

#[tokio::test]
async fn an_endpoint_that_nobody_answers_at_fails_the_task() {
    assert_eq!(invoked_at(Some("http://127.0.0.1:1")).await["error"], "Lambda.SdkClientException");
}

#[tokio::test]
async fn without_an_endpoint_the_cause_names_the_option() {
    let described = invoked_at(None).await;
    assert_eq!(described["error"], "States.Runtime");
    let cause = described["cause"].as_str().unwrap();
    assert!(
        cause.ends_with(
            "nothing here performs the Resource \
             'arn:aws:lambda:us-east-1:123456789012:function:echo': \
             `serve --lambda-endpoint URL` names what invokes Lambda functions"
        ),
        "{cause}"
    );
}
