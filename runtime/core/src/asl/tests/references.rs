//! Which variables states read.

use crate::asl::Definition;
use serde_json::{Value, json};

#[track_caller]
fn check(language: &str, states: &Value, expected: &Value) {
    let first = states.as_object().and_then(|states| states.keys().next()).cloned();
    let machine = json!({ "QueryLanguage": language, "StartAt": first, "States": states });
    let (definition, findings) = Definition::parse(&machine.to_string());
    let definition = definition.unwrap_or_else(|| panic!("{findings:?}"));
    assert_eq!(json!(definition.variable_references()), *expected);
}

#[test]
fn expressions_read_variables_and_neither_states_nor_what_they_bind_nor_functions() {
    check(
        "JSONata",
        &json!({
            "a": { "Type": "Pass", "Output": "{% ($x := $states.input; $x + $y) %}", "Next": "b" },
            "b": { "Type": "Pass", "Output": { "n": ["{% $sum($zs) %}", "$no"] }, "End": true },
        }),
        &json!({ "a": ["y"], "b": ["zs"] }),
    );
}

#[test]
fn paths_and_intrinsic_functions_read_variables() {
    check(
        "JSONPath",
        &json!({
            "a": {
                "Type": "Pass", "InputPath": "$answer", "OutputPath": "$.answer",
                "Parameters": {
                    "one.$": "States.Format('{} costs $five', $name, $$.Execution.Name)",
                    "two": "$literal", "Path": "$literal",
                },
                "Next": "b",
            },
            "b": { "Type": "Pass", "Result": { "InputPath": "$literal" }, "End": true },
        }),
        &json!({ "a": ["answer", "name"] }),
    );
}

#[test]
fn choices_waits_and_failures_read_variables() {
    check(
        "JSONPath",
        &json!({
            "a": {
                "Type": "Choice",
                "Choices": [{
                    "And": [
                        { "Variable": "$guess", "StringEqualsPath": "$answer.text" },
                        { "Variable": "$.x", "IsPresent": true },
                    ],
                    "Next": "b",
                }],
                "Default": "c",
            },
            "b": { "Type": "Wait", "SecondsPath": "$seconds", "Next": "c" },
            "c": { "Type": "Fail", "CausePath": "$cause", "ErrorPath": "$error" },
        }),
        &json!({ "a": ["answer", "guess"], "b": ["seconds"], "c": ["cause", "error"] }),
    );
}

#[test]
fn inner_states_are_told_by_their_own_names() {
    check(
        "JSONPath",
        &json!({
            "all": {
                "Type": "Map", "ItemsPath": "$items", "End": true,
                "ItemProcessor": {
                    "StartAt": "one",
                    "States": {
                        "one": { "Type": "Pass", "Parameters": { "q.$": "$question" }, "End": true },
                    },
                },
            },
        }),
        &json!({ "all": ["items"], "one": ["question"] }),
    );
}
