//! Mocked results of AWS APIs, in each mode.

use super::answer;
use serde_json::{Value, json};

/// Mocks the result of a call of `integration`.
fn mocked(integration: &str, mode: &str, result: &Value) -> Value {
    let resource = format!("arn:aws:states:::{integration}");
    answer(json!({
        "definition": { "QueryLanguage": "JSONata", "Type": "Task", "Resource": resource,
            "Arguments": "{% $states.input %}", "End": true },
        "mock": { "result": result, "fieldValidationMode": mode },
    }))
}

/// Asserts that a result is taken, or refused with that text.
#[track_caller]
fn check(integration: &str, result: &Value, strict: Option<&str>, present: Option<&str>) {
    for (mode, expected) in [("STRICT", strict), ("PRESENT", present), ("NONE", None)] {
        let answer = mocked(integration, mode, result);
        let expected = match expected {
            Some(why) => json!({
                "__type": "ValidationException",
                "message": format!("Mock result schema validation error: {why}"),
            }),
            None => json!({ "output": answer["output"], "status": "SUCCEEDED" }),
        };
        assert_eq!(answer, expected, "{integration} {mode} {result}");
    }
}

#[track_caller]
fn refused(integration: &str, result: &Value, why: &str) {
    check(integration, result, Some(why), Some(why));
}

#[track_caller]
fn taken(integration: &str, result: &Value) {
    check(integration, result, None, None);
}

#[test]
fn required_fields_are_asked_for_only_in_strict_mode() {
    let missing = Some("Required field 'ExecutionArn' is missing");
    check("states:startExecution", &json!({ "StartDate": "s" }), missing, None);
    check("aws-sdk:sfn:startExecution", &json!({ "StartDate": "s" }), missing, None);
    let within = Some("Required field 'Name' is missing");
    check("aws-sdk:glue:getTable", &json!({ "Table": { "Owner": "o" } }), within, None);
}

#[test]
fn a_field_has_the_type_that_the_api_gives() {
    refused("aws-sdk:lambda:getFunction", &json!({ "Tags": [] }), "Field 'Tags' must be an object");
    refused(
        "aws-sdk:lambda:getFunction",
        &json!({ "Tags": { "a": 1 } }),
        "Field 'Tags' must be a string",
    );
    refused(
        "aws-sdk:s3:getObject",
        &json!({ "DeleteMarker": "no" }),
        "Field 'DeleteMarker' must be a boolean",
    );
    refused(
        "aws-sdk:s3:getObject",
        &json!({ "LastModified": 5 }),
        "Field 'LastModified' must be a string",
    );
    refused(
        "aws-sdk:s3:listObjectsV2",
        &json!({ "Contents": {} }),
        "Field 'Contents' must be an array",
    );
    refused(
        "aws-sdk:s3:listObjectsV2",
        &json!({ "Contents": [1] }),
        "Field 'Contents' must be an object",
    );
    refused("sns:publish", &json!([1]), "Result must be an object");
}

#[test]
fn a_field_is_within_the_limits_of_the_api() {
    refused(
        "aws-sdk:lambda:getFunctionConfiguration",
        &json!({ "Timeout": 0 }),
        "Field 'Timeout' is less than the minimum value",
    );
    refused(
        "aws-sdk:kms:encrypt",
        &json!({ "KeyId": "k".repeat(2049) }),
        "Field 'KeyId' exceeds the maximum length",
    );
    taken("aws-sdk:kms:encrypt", &json!({ "KeyId": "k".repeat(2048), "CiphertextBlob": "b" }));
}

#[test]
fn null_and_fields_that_the_api_does_not_have_are_taken() {
    taken("sqs:sendMessage", &json!({ "MessageId": null, "Mine": 1 }));
    taken("dynamodb:putItem", &Value::Null);
}

#[test]
fn names_are_spelt_as_the_integration_does() {
    refused(
        "sqs:sendMessage",
        &json!({ "MD5OfMessageBody": 1 }),
        "Field 'MD5OfMessageBody' must be a string",
    );
    refused(
        "aws-sdk:sqs:sendMessage",
        &json!({ "Md5OfMessageBody": 1 }),
        "Field 'Md5OfMessageBody' must be a string",
    );
    taken("aws-sdk:sqs:sendMessage", &json!({ "MD5OfMessageBody": 1 }));
}

#[test]
fn a_function_gives_json_where_the_api_gives_a_text() {
    taken("lambda:invoke", &json!({ "StatusCode": 200, "Payload": { "any": [1] } }));
    refused("aws-sdk:lambda:invoke", &json!({ "Payload": {} }), "Field 'Payload' must be a string");
}

#[test]
fn a_job_gives_what_is_polled_for() {
    let done = |output: Value| json!({ "ExecutionArn": "e", "StateMachineArn": "m", "Status": "SUCCEEDED", "StartDate": "s", "Output": output });
    taken("states:startExecution.sync:2", &done(json!({ "a": 1 })));
    refused(
        "states:startExecution.sync",
        &done(json!({ "a": 1 })),
        "Field 'Output' must be a string",
    );
    refused(
        "states:startExecution.sync",
        &json!({ "ExecutionArn": "e", "StateMachineArn": "m", "StartDate": "s", "Status": "GONE" }),
        "Field 'Status' is not an expected value",
    );
    refused("ecs:runTask.sync", &json!({ "Tasks": 1 }), "Field 'Tasks' must be an array");
}

#[test]
fn what_is_no_known_api_is_taken_as_it_is() {
    for integration in [
        "sqs:sendMessage.waitForTaskToken",
        "http:invoke",
        "apigateway:invoke",
        "aws-sdk:mediaconvert:getJob",
        "aws-sdk:sqs:noSuchAction",
    ] {
        taken(integration, &json!({ "MessageId": 1, "Job": 1 }));
        taken(integration, &json!([5]));
    }
}
