//! What AWS answers: the recorded and measured texts, and what it takes although we do not.

use super::{Code, Definition, MachineType, Severity, mistakes};
use crate::asl::{answer, refusal};

/// What AWS lists about a text, one a line.
fn listed(text: &str, kind: MachineType) -> String {
    let (_, found) = Definition::check_as(text, kind);
    let lines = answer(text, &found).into_iter().map(|it| {
        let location = it.location.map_or_else(String::new, |location| format!(" @ {location}"));
        format!("{} {}{location}", it.code, it.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(listed(text, MachineType::Standard), expected, "{text}");
}

#[track_caller]
fn check_express(text: &str, expected: &str) {
    assert_eq!(listed(text, MachineType::Express), expected, "{text}");
}

#[test]
fn recorded_texts_of_what_is_no_definition() {
    check("{}", "SCHEMA_VALIDATION_FAILED These fields are required: [States, StartAt] @ /");
    check(" ", "SCHEMA_VALIDATION_FAILED Definition must be a valid JSON object");
    check(
        "not a definition",
        "INVALID_JSON_DESCRIPTION Unrecognized token 'not': was expecting (JSON String, Number, \
         Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"not a \
         definition\"; line: 1, column: 4] @ [Source: (String)\"not a definition\"; line: 1, \
         column: 4]",
    );
    check(
        r#"{"States": {"StartState": {"Type": "Pass", "End": true}}}"#,
        "SCHEMA_VALIDATION_FAILED These fields are required: [StartAt] @ /",
    );
}

#[test]
fn recorded_texts_of_standard_machines() {
    check(
        r#"{"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": true, "QueryLanguage": "JSONPath"}},
            "QueryLanguage": "JSONata"}"#,
        "SCHEMA_VALIDATION_FAILED 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for \
         whole state machine @ /States/Pass",
    );
    check(
        r#"{"StartAt": "WaitUntil", "States": {"WaitUntil": {"Type": "Wait",
            "Timestamp": "2016-12-05T21:29:29", "End": true}}}"#,
        "SCHEMA_VALIDATION_FAILED String does not match RFC3339 timestamp @ /States/WaitUntil/Timestamp",
    );
    check(
        r#"{"StartAt": "IntrinsicEscape", "States": {"IntrinsicEscape": {"Type": "Pass", "End": true,
            "Parameters": {"parsed.$": "States.StringToJson('{\"text\":\"An \\\"escaped double quote\\\" here\"}')"}}}}"#,
        "SCHEMA_VALIDATION_FAILED The value for the field 'parsed.$' must be a valid JSONPath or a \
         valid intrinsic function call @ /States/IntrinsicEscape/Parameters",
    );
    check(
        r#"{"StartAt": "StateName", "States": {"StateName": {"Type": "Parallel", "Branches": [], "End": true}}}"#,
        "SCHEMA_VALIDATION_FAILED Value cannot be empty @ /States/StateName/Branches",
    );
}

#[test]
fn recorded_texts_of_express_machines() {
    check_express(
        r#"{"StartAt": "ActivityTask", "States": {"ActivityTask": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:us-east-1:123456789012:activity:a"}}}"#,
        "SCHEMA_VALIDATION_FAILED Express state machine does not support Activity ARN @ \
         /States/ActivityTask/Resource",
    );
    check_express(
        r#"{"StartAt": "SendMessageWithWait", "States": {"SendMessageWithWait": {"Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl.$": "$.QueueUrl",
                "MessageBody": {"Message.$": "$.Message", "TaskToken.$": "$$.Task.Token"}}, "End": true}}}"#,
        "SCHEMA_VALIDATION_FAILED Express state machine does not support '.waitForTaskToken' \
         service integration  @ /States/SendMessageWithWait/Resource",
    );
}

#[test]
fn a_machine_without_an_end_is_said_to_have_none_and_nothing_more() {
    check(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}"#,
        "MISSING_END_STATE Workflow has no terminal state",
    );
    check(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "NOPE"}}}"#,
        "MISSING_TRANSITION_TARGET Missing 'Next' target: NOPE @ /States/A/Next\n\
         MISSING_END_STATE Workflow has no terminal state",
    );
    check(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"},
            "C": {"Type": "Succeed"}}}"#,
        "MISSING_TRANSITION_TARGET State \"C\" is not reachable. @ /States/C",
    );
    check(
        r#"{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}"#,
        "MISSING_TRANSITION_TARGET Missing 'Next' target: B @ /StartAt\n\
         MISSING_TRANSITION_TARGET State \"A\" is not reachable. @ /States/A",
    );
}

#[test]
fn a_branch_may_lack_an_end_and_its_places_are_in_brackets() {
    check(
        r#"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}},
            {"StartAt": "B", "States": {"B": {"Type": "Choice", "Choices": [
                {"Variable": "$.x", "IsNull": true, "Next": "C"}]}, "D": {"Type": "Succeed"}}}]}}}"#,
        "MISSING_TRANSITION_TARGET Missing 'Next' target: C @ \
         /States/P/Branches[1]/States/B/Choices[0]/Next\n\
         MISSING_TRANSITION_TARGET State \"D\" is not reachable. @ /States/P/Branches[1]/States/D",
    );
}

#[test]
fn expressions_are_refused_at_their_places() {
    for (expression, expected) in [
        (
            "phone",
            "UNSUPPORTED_JSONATA_EXPRESSION Reference to 'phone' at the top level is not supported.",
        ),
        ("$$", "UNSUPPORTED_JSONATA_EXPRESSION Reference to '$$' is not supported."),
        (
            "$states.errorOutput",
            "UNSUPPORTED_JSONATA_EXPRESSION Field '$states.errorOutput' does not exist.",
        ),
        ("1 +", "INVALID_JSONATA_EXPRESSION Unexpected end of expression"),
    ] {
        let text = format!(
            r#"{{"QueryLanguage": "JSONata", "StartAt": "E", "States": {{"E": {{"Type": "Pass",
                "Output": {{"v": "{{% {expression} %}}"}}, "End": true}}}}}}"#
        );
        check(&text, &format!("{expected} @ /States/E/Output/v"));
    }
}

#[test]
fn a_text_that_breaks_off_says_what_it_broke_off_in() {
    check(
        "{\"a\": [1,\n 2",
        "INVALID_JSON_DESCRIPTION Unexpected end-of-input: expected close marker for Array (start \
         marker at [Source: (String)\"{\"a\": [1,\n 2\"; line: 1, column: 7])\n at [Source: \
         (String)\"{\"a\": [1,\n 2\"; line: 2, column: 3] @ [Source: (String)\"{\"a\": [1,\n 2\"; \
         line: 2, column: 3]",
    );
    check(
        "{\"a\": 1,}",
        "INVALID_JSON_DESCRIPTION Unexpected character ('}' (code 125)): was expecting double-quote \
         to start field name\n at [Source: (String)\"{\"a\": 1,}\"; line: 1, column: 10] @ [Source: \
         (String)\"{\"a\": 1,}\"; line: 1, column: 10]",
    );
}

#[test]
fn the_message_of_a_refusal_lists_all_errors() {
    let text = r#"{"StartAt": "pass1", "States": {"pass1": {"Type": "Pass", "Next": "pass3"},
        "pass2": {"Type": "Pass", "End": true}}}"#;
    let (_, found) = Definition::check(text);
    assert_eq!(
        refusal(&answer(text, &found)).as_deref(),
        Some(
            "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: \
             pass3 at /States/pass1/Next, MISSING_TRANSITION_TARGET: State \"pass2\" is not \
             reachable. at /States/pass2'"
        )
    );
    let endless = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}"#;
    let (_, found) = Definition::check(endless);
    assert_eq!(
        refusal(&answer(endless, &found)).as_deref(),
        Some(
            "Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at null'"
        )
    );
}

#[test]
fn a_warning_refuses_nothing() {
    let text =
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "$.a", "End": true}}}"#;
    let (_, found) = Definition::check(text);
    let listed = answer(text, &found);
    assert_eq!(listed.iter().map(|it| it.code).collect::<Vec<_>>(), ["PASS_RESULT_IS_STATIC"]);
    assert_eq!(refusal(&listed), None);
}

/// Errors to us that AWS takes, or finds only when the machine runs.
const TAKEN: &[Code] = &[
    Code::DuplicateKey,
    Code::NoTerminal,
    Code::VariableBeyondChild,
    Code::ContextMisplaced,
    Code::IntrinsicArguments,
];

#[test]
fn aws_refuses_what_is_an_error_to_us_but_for_what_it_is_known_to_take() {
    let mut wrong = Vec::new();
    for case in mistakes::cases() {
        let (_, found) = Definition::check_as(&case.text, case.kind());
        let is_error =
            found.iter().any(|it| it.severity == Severity::Error && !TAKEN.contains(&it.code));
        let refused = refusal(&answer(&case.text, &found));
        if is_error != refused.is_some() {
            wrong.push(format!("{}: {refused:?}", case.title));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
