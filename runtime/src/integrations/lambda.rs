//! Lambda functions: by their ARN, which gives the payload alone, or by `lambda:invoke`.

use super::http::{Answer, Endpoint};
use crate::{
    asl::{Pattern, TaskResource},
    driver::NoAnswer,
    engine::Refusal,
    program::{Data, Failure},
};
use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

/// Headers in Lambda's own spelling.
const HEADERS: &[&str] = &[
    "Connection",
    "Content-Length",
    "Content-Type",
    "Date",
    "X-Amz-Executed-Version",
    "X-Amz-Function-Error",
    "X-Amz-Log-Result",
    "x-amzn-Remapped-Content-Length",
    "x-amzn-RequestId",
    "X-Amzn-Trace-Id",
];

/// Arguments of `lambda:invoke` that are headers of the request.
const ARGUMENTS: &[(&str, &str)] = &[
    ("ClientContext", "x-amz-client-context"),
    ("InvocationType", "x-amz-invocation-type"),
    ("LogType", "x-amz-log-type"),
];

/// Invokes functions at an endpoint.
#[derive(Debug)]
pub(super) struct Lambda {
    endpoint: Arc<Endpoint>,
}

/// Whether a Resource is a function, or the call of one.
pub(super) fn is_called_by(resource: &str) -> bool {
    match TaskResource::of(resource) {
        TaskResource::Function => true,
        TaskResource::Integration { service: "lambda", action: "invoke", pattern } => {
            matches!(pattern, Pattern::Request | Pattern::Token)
        }
        _ => false,
    }
}

impl Lambda {
    pub(super) fn at(endpoint: Endpoint) -> Self {
        Self { endpoint: Arc::new(endpoint) }
    }

    pub(super) fn call(
        &self,
        resource: &str,
        arguments: &Value,
    ) -> BoxFuture<'static, Result<Data, NoAnswer>> {
        let (endpoint, by_arn) =
            (Arc::clone(&self.endpoint), TaskResource::of(resource) == TaskResource::Function);
        let invocation = if by_arn {
            Ok(Invocation::of_function(resource, arguments))
        } else {
            Invocation::of_call(arguments)
        };
        Box::pin(async move {
            let invocation = invocation.map_err(NoAnswer::Refused)?;
            let Invocation { path, headers, payload } = invocation;
            let answer = endpoint.post(&path, &headers, payload).await;
            let answer = answer
                .map_err(|why| NoAnswer::Failed(Failure::new("Lambda.SdkClientException", why)))?;
            let payload = payload_of(&answer).map_err(|error| match error {
                // What `lambda:invoke` fails with is printed anew (recorded).
                NoAnswer::Failed(failure) if !by_arn => NoAnswer::Failed(reprinted(failure)),
                other => other,
            })?;
            Ok(if by_arn { payload.into() } else { result(&answer, payload).into() })
        })
    }
}

/// A request to invoke a function.
#[derive(Debug, PartialEq, Eq)]
struct Invocation {
    path: String,
    headers: Vec<(&'static str, String)>,
    payload: Vec<u8>,
}

impl Invocation {
    fn new(function: &str, payload: String) -> Self {
        let mut path = "/2015-03-31/functions/".to_owned();
        push_encoded(&mut path, function);
        path.push_str("/invocations");
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { path, headers, payload: payload.into_bytes() }
    }

    fn of_function(arn: &str, input: &Value) -> Self {
        Self::new(arn, input.to_string())
    }

    fn of_call(arguments: &Value) -> Result<Self, Refusal> {
        let text = |name: &str| arguments.get(name).and_then(Value::as_str);
        let function = text("FunctionName").ok_or_else(|| Refusal::missing("functionName"))?;
        let payload = match arguments.get("Payload") {
            None | Some(Value::Null) => "{}".to_owned(),
            // The API takes bytes: a text is handed on as it is, anything else is written as JSON.
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let mut invocation = Self::new(function, payload);
        if let Some(qualifier) = text("Qualifier") {
            invocation.path.push_str("?Qualifier=");
            push_encoded(&mut invocation.path, qualifier);
        }
        let given = ARGUMENTS.iter().filter_map(|(name, header)| Some((*header, text(name)?)));
        invocation.headers.extend(given.map(|(header, value)| (header, value.to_owned())));
        Ok(invocation)
    }
}

fn push_encoded(path: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:$".contains(&byte) {
            path.push(char::from(byte));
        } else {
            let _infallible = write!(path, "%{byte:02X}");
        }
    }
}

/// What the function returned, or how it or its invocation failed.
fn payload_of(answer: &Answer) -> Result<Value, NoAnswer> {
    let body = &*String::from_utf8_lossy(&answer.body);
    if !answer.status.is_success() {
        return Err(NoAnswer::Refused(refusal(answer, body)));
    }
    let read = || serde_json::from_slice::<Value>(&answer.body);
    if answer.header("x-amz-function-error").is_some() {
        let raised = read().ok();
        let error = raised.as_ref().and_then(|raised| raised.get("errorType")?.as_str());
        let error = error.unwrap_or("Lambda.Unknown").to_owned();
        return Err(NoAnswer::Failed(Failure::new(error, body)));
    }
    if body.is_empty() {
        // It was invoked as an event: nobody has waited for it.
        return Ok(Value::Null);
    }
    read().map_err(|error| NoAnswer::Failed(Failure::new("Lambda.Unknown", unreadable(&error))))
}

/// Why the payload of a function can't be read.
fn unreadable(error: &serde_json::Error) -> String {
    // The parser has no other way to say it.
    if error.to_string().starts_with("recursion limit") {
        return "The payload of the function is nested deeper than 127 levels".to_owned();
    }
    format!("The payload of the function is not JSON: {error}")
}

fn reprinted(failure: Failure) -> Failure {
    let cause = failure.cause.map(|cause| match serde_json::from_str::<Value>(&cause) {
        Ok(raised) => raised.to_string(),
        Err(_) => cause,
    });
    Failure { cause, ..failure }
}

fn refusal(answer: &Answer, body: &str) -> Refusal {
    let said: Value = serde_json::from_str(body).unwrap_or_default();
    let message = said.get("Message").or_else(|| said.get("message")).and_then(Value::as_str);
    let code = answer.header("x-amzn-errortype").and_then(|code| code.split(':').next());
    let unnamed = if answer.status.is_server_error() { "ServiceException" } else { "Unknown" };
    let code = code.unwrap_or(unnamed);
    Refusal {
        status: answer.status.as_u16(),
        request_id: answer.header("x-amzn-requestid").map(str::to_owned),
        ..Refusal::new(code, message.unwrap_or(body))
    }
}

/// What `lambda:invoke` gives.
fn result(answer: &Answer, payload: Value) -> Value {
    let mut headers = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in &answer.headers {
        let name = HEADERS.iter().find(|known| known.eq_ignore_ascii_case(name.as_str()));
        let (Some(name), Ok(value)) = (name, value.to_str()) else { continue };
        headers.entry((*name).to_owned()).or_default().push(value.to_owned());
    }
    let firsts: Map<String, Value> = headers
        .iter()
        .filter_map(|(name, values)| Some((name.clone(), values.first()?.clone().into())))
        .collect();
    let status = answer.status.as_u16();
    let mut result = Map::new();
    if let Some(version) = answer.header("x-amz-executed-version") {
        result.insert("ExecutedVersion".to_owned(), version.into());
    }
    if let Some(log) = answer.header("x-amz-log-result") {
        result.insert("LogResult".to_owned(), log.into());
    }
    if !answer.body.is_empty() {
        result.insert("Payload".to_owned(), payload);
    }
    let http =
        json!({ "AllHttpHeaders": headers, "HttpHeaders": firsts, "HttpStatusCode": status });
    result.insert("SdkHttpMetadata".to_owned(), http);
    let id = answer.header("x-amzn-requestid").unwrap_or_default();
    result.insert("SdkResponseMetadata".to_owned(), json!({ "RequestId": id }));
    result.insert("StatusCode".to_owned(), status.into());
    Value::Object(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        body::Bytes,
        http::{HeaderMap, HeaderName, StatusCode},
    };

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.collect::<HeaderMap>(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    #[test]
    fn a_call_says_function_payload_and_how_to_invoke() {
        let call = json!({ "FunctionName": "arn:aws:lambda:r:1:function:f g", "Qualifier": "1",
            "Payload": { "n": 1 }, "InvocationType": "Event" });
        let invocation = Invocation::of_call(&call).unwrap();
        let path =
            "/2015-03-31/functions/arn:aws:lambda:r:1:function:f%20g/invocations?Qualifier=1";
        assert_eq!(invocation.path, path);
        assert_eq!(invocation.payload, b"{\"n\":1}");
        assert!(invocation.headers.contains(&("x-amz-invocation-type", "Event".to_owned())));
    }

    #[test]
    fn a_text_is_the_payload_itself_and_none_is_an_empty_object() {
        let payload = |payload: Value| {
            let call = json!({ "FunctionName": "f", "Payload": payload });
            String::from_utf8(Invocation::of_call(&call).unwrap().payload).unwrap()
        };
        assert_eq!(payload(json!("0.0")), "0.0");
        assert_eq!(payload(Value::Null), "{}");
        assert_eq!(payload(json!([1])), "[1]");
        assert_eq!(Invocation::of_function("f", &json!("x")).payload, b"\"x\"");
        assert!(Invocation::of_call(&json!({})).is_err());
    }

    #[test]
    fn what_a_function_raised_is_the_failure() {
        let body = r#"{"errorMessage": "no", "errorType": "Custom"}"#;
        let raised = answer(200, &[("x-amz-function-error", "Unhandled")], body);
        let Err(NoAnswer::Failed(failure)) = payload_of(&raised) else { panic!("no failure") };
        assert_eq!(failure, Failure::new("Custom", body));
        let printed = r#"{"errorMessage":"no","errorType":"Custom"}"#;
        assert_eq!(reprinted(failure), Failure::new("Custom", printed));
    }

    #[test]
    fn a_payload_that_is_not_read_says_why() {
        let check = |body: &str, why: &str| {
            let Err(NoAnswer::Failed(failure)) = payload_of(&answer(200, &[], body)) else {
                panic!("{body} is read")
            };
            assert_eq!(failure, Failure::new("Lambda.Unknown", why));
        };
        let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        check("no", "The payload of the function is not JSON: expected ident at line 1 column 2");
        check(&nested(128), "The payload of the function is nested deeper than 127 levels");
        assert!(payload_of(&answer(200, &[], &nested(127))).is_ok());
    }

    #[test]
    fn what_lambda_refuses_has_its_code_and_message() {
        let headers =
            [("x-amzn-errortype", "ResourceNotFoundException:http"), ("x-amzn-requestid", "i")];
        let absent = answer(404, &headers, r#"{"Type":"User","Message":"Function not found: f"}"#);
        let Err(NoAnswer::Refused(refusal)) = payload_of(&absent) else { panic!("no refusal") };
        let expected = Refusal {
            status: 404,
            request_id: Some("i".to_owned()),
            ..Refusal::new("ResourceNotFoundException", "Function not found: f")
        };
        assert_eq!(refusal, expected);
    }

    #[test]
    fn a_call_gives_the_payload_with_the_response_around_it() {
        let headers =
            [("x-amz-executed-version", "$LATEST"), ("x-amzn-requestid", "i"), ("server", "x")];
        let given = answer(200, &headers, "[1]");
        let shown = json!({ "X-Amz-Executed-Version": "$LATEST", "x-amzn-RequestId": "i" });
        let all = json!({ "X-Amz-Executed-Version": ["$LATEST"], "x-amzn-RequestId": ["i"] });
        let expected = json!({
            "ExecutedVersion": "$LATEST",
            "Payload": [1],
            "SdkHttpMetadata": { "AllHttpHeaders": all, "HttpHeaders": shown, "HttpStatusCode": 200 },
            "SdkResponseMetadata": { "RequestId": "i" },
            "StatusCode": 200,
        });
        assert_eq!(result(&given, payload_of(&given).unwrap()), expected);
    }
}
