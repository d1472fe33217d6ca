//! Tests of states: requests as AWS's clients send them, and what is answered.

mod calls;
mod cases;
mod recorded;
mod schemas;

use super::{Begun, Moment, Refused, Request, Response, begin};
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::123456789012:role/r";

fn moment() -> Moment {
    Moment {
        now: "2026-01-02T03:04:05.678Z".parse().unwrap(),
        seed: 7,
        machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:m".to_owned(),
        execution: "e".to_owned(),
    }
}

/// Reads a request whose JSON texts may be written as JSON.
fn request(mut request: Value) -> Request {
    let texts = [
        "/definition",
        "/input",
        "/variables",
        "/context",
        "/mock/result",
        "/stateConfiguration/mapItemReaderData",
    ];
    for pointer in texts {
        if let Some(text) = request.pointer_mut(pointer).filter(|text| !text.is_string()) {
            *text = text.to_string().into();
        }
    }
    serde_json::from_value(request).unwrap()
}

fn over(begun: Result<Begun, Refused>) -> Result<Response, Refused> {
    begun.map(|begun| match begun {
        Begun::Over(response) => *response,
        Begun::Call(call) => panic!("a call of {}", call.task.resource),
    })
}

/// The answer to a request, or the exception.
fn answer(asked: Value) -> Value {
    match over(begin(&request(asked), moment())) {
        Ok(response) => response.to_json(),
        Err(Refused { exception, message }) => json!({ "__type": exception, "message": message }),
    }
}

#[test]
fn texts_of_json_have_spaces_where_aws_writes_some() {
    let definition = json!({ "Type": "Pass", "End": true });
    let answer = answer(json!({ "definition": definition, "input": { "a": [1, { "b": "é" }] } }));
    assert_eq!(answer["output"], r#"{"a": [1, {"b": "é"}]}"#);
}

#[test]
fn the_input_is_shown_as_it_was_given() {
    let definition = json!({ "Type": "Pass", "End": true });
    let answer =
        answer(json!({ "definition": definition, "input": " [1,2 ]", "inspectionLevel": "DEBUG" }));
    assert_eq!(answer["inspectionData"]["input"], " [1,2 ]");
    assert_eq!(answer["inspectionData"]["afterInputPath"], "[1, 2]");
}
