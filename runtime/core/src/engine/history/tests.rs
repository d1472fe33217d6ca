//! The JSON of events, as `GetExecutionHistory` shows it.

use super::*;
use serde_json::json;

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "the value is made for the call")]
fn check(kind: HistoryKind, expected: serde_json::Value) {
    let timestamp = "2026-11-22T12:00:00.5Z".parse().expect("a timestamp");
    let event = HistoryEvent { id: 7, previous_event_id: 6, timestamp, kind };
    let mut shown = event.to_json();
    let head = ["timestamp", "id", "previousEventId"].map(|key| shown[key].take());
    assert_eq!(head, [json!("2026-11-22T12:00:00.5Z"), json!(7), json!(6)]);
    let fields = shown.as_object_mut().expect("an event is an object");
    fields.retain(|_, value| !value.is_null());
    assert_eq!(shown, expected);

    let text = serde_json::to_string(&event).expect("an event serialises");
    assert_eq!(serde_json::from_str::<HistoryEvent>(&text).expect("and reads back"), event);
}

fn data(value: serde_json::Value) -> Data {
    value.into()
}

#[test]
fn payloads_are_texts_with_a_mark_of_truncation() {
    check(
        HistoryKind::StateEntered {
            state: StateKind::Wait,
            name: "w".to_owned(),
            input: data(json!({ "b": 1, "a": "x" })),
        },
        json!({ "type": "WaitStateEntered", "stateEnteredEventDetails": {
            "input": r#"{"b":1,"a":"x"}"#, "inputDetails": { "truncated": false }, "name": "w" } }),
    );
}

#[test]
fn an_exit_shows_assigned_variables_only_if_there_are_some() {
    let exited = |assigned| HistoryKind::StateExited {
        state: StateKind::Pass,
        name: "p".to_owned(),
        output: data(json!("o")),
        assigned,
    };
    let shown = json!({ "name": "p", "output": "\"o\"", "outputDetails": { "truncated": false } });
    check(
        exited(Vars::new()),
        json!({ "type": "PassStateExited", "stateExitedEventDetails": shown }),
    );
    let mut with_variable = shown;
    with_variable["assignedVariables"] = json!({ "x": "\"v\"" });
    with_variable["assignedVariablesDetails"] = json!({ "truncated": false });
    check(
        exited(Vars::from_iter([("x".to_owned(), data(json!("v")))])),
        json!({ "type": "PassStateExited", "stateExitedEventDetails": with_variable }),
    );
}

#[test]
fn a_task_is_shown_with_its_resource_and_bounds() {
    let resource = Resource {
        kind: "states".to_owned(),
        name: "startExecution.sync:2".to_owned(),
        region: "us-east-1".to_owned(),
    };
    check(
        HistoryKind::TaskScheduled {
            resource,
            parameters: data(json!({})),
            timeout: Some(30),
            heartbeat: None,
        },
        json!({ "type": "TaskScheduled", "taskScheduledEventDetails": {
            "resourceType": "states", "resource": "startExecution.sync:2", "region": "us-east-1",
            "parameters": "{}", "timeoutInSeconds": 30 } }),
    );
}

#[test]
fn a_failure_shows_only_what_it_has() {
    let failure = Failure { error: Some("E".to_owned()), cause: None };
    check(
        HistoryKind::ExecutionFailed(failure),
        json!({ "type": "ExecutionFailed", "executionFailedEventDetails": { "error": "E" } }),
    );
    let none = Failure { error: None, cause: None };
    check(
        HistoryKind::ExecutionAborted(none),
        json!({ "type": "ExecutionAborted", "executionAbortedEventDetails": {} }),
    );
}

#[test]
fn some_events_have_no_details() {
    check(HistoryKind::ParallelStateStarted, json!({ "type": "ParallelStateStarted" }));
    check(
        HistoryKind::StateAborted { state: StateKind::Task },
        json!({ "type": "TaskStateAborted" }),
    );
}
