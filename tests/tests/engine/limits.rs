//! Limits: events of a history, bytes of a payload.

use serde_json::json;
use stepwright::engine::{Effect, Event, Limits, Status};
use stepwright_tests::bench::{Bench, activity, machine};

#[test]
fn event_25000_is_the_failure() {
    let states = json!({ "a": { "Type": "Pass", "Next": "a" } });
    let bench = Bench::started(&machine(&states), json!({}));
    assert_eq!(bench.history.len(), 25_000);
    insta::assert_snapshot!(bench.lines(24_998), @"
    24999 < 24998 PassStateExited name=a output={}
    25000 < 24999 ExecutionFailed error=States.Runtime cause=The execution reached the maximum number of history events (25000).
    ");
}

#[test]
fn the_limit_of_events_can_be_lifted() {
    let states = json!({
        "set": { "Type": "Pass", "Assign": { "i": 0 }, "Next": "a" },
        "a": { "Type": "Choice", "Default": "end", "Choices": [
            { "Condition": "{% $i < 13000 %}", "Assign": { "i": "{% $i + 1 %}" }, "Next": "a" }] },
        "end": { "Type": "Succeed", "Output": "{% $i %}" },
    });
    let mut bench = Bench::with_limits(&machine(&states), json!({}), Limits::NONE);
    bench.give(Event::Started);
    assert_eq!(bench.ended(), "SUCCEEDED 13000");
    assert!(bench.history.len() > 25_000);
}

#[test]
fn an_output_over_the_limit_fails_the_execution_and_nothing_catches_it() {
    let states = json!({ "a": { "Type": "Pass", "Output": "x".repeat(300_000), "End": true } });
    let bench = Bench::started(&machine(&states), json!({}));
    insta::assert_snapshot!(bench.lines(1), @"
    2 < 0 PassStateEntered input={} name=a
    3 < 2 ExecutionFailed error=States.DataLimitExceeded cause=The state/task 'a' returned a result with a size exceeding the maximum number of bytes service limit.
    ");
}

#[test]
fn arguments_over_the_limit_are_called_so_and_nothing_catches_it() {
    let states = json!({
        "call": { "Type": "Task", "Resource": activity("remote"), "Arguments": "x".repeat(300_000),
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "end" }], "End": true },
        "end": { "Type": "Succeed" },
    });
    let bench = Bench::started(&machine(&states), json!({}));
    insta::assert_snapshot!(bench.lines(2), @"3 < 2 ExecutionFailed error=States.DataLimitExceeded cause=The arguments of the task in the state 'call' exceed the maximum number of bytes service limit.");
}

#[test]
fn a_result_over_the_limit_is_the_tasks_failure_and_can_be_caught() {
    let states = json!({
        "call": { "Type": "Task", "Resource": activity("remote"), "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "end" }], "End": true },
        "end": { "Type": "Succeed" },
    });
    let mut bench = Bench::started(&machine(&states), json!({}));
    bench.succeed("call", json!("é".repeat(140_000)));
    insta::assert_snapshot!(bench.lines(3), @r#"
    4 < 3 ActivityFailed error=States.DataLimitExceeded cause=The state/task 'arn:aws:states:us-east-1:123456789012:activity:remote' returned a result with a size exceeding the maximum number of bytes service limit.
    5 < 4 TaskStateExited name=call output={"Error":"States.DataLimitExceeded","Cause":"The state/task 'arn:aws:states:us-east-1:123456789012:activity:remote' returned a result with a size exceeding the maximum number of bytes service limit."}
    6 < 5 SucceedStateEntered input={"Error":"States.DataLimitExceeded","Cause":"The state/task 'arn:aws:states:us-east-1:123456789012:activity:remote' returned a result with a size exceeding the maximum number of bytes service limit."} name=end
    7 < 6 SucceedStateExited name=end output={"Error":"States.DataLimitExceeded","Cause":"The state/task 'arn:aws:states:us-east-1:123456789012:activity:remote' returned a result with a size exceeding the maximum number of bytes service limit."}
    8 < 7 ExecutionSucceeded output={"Error":"States.DataLimitExceeded","Cause":"The state/task 'arn:aws:states:us-east-1:123456789012:activity:remote' returned a result with a size exceeding the maximum number of bytes service limit."}
    "#);
}

#[test]
fn joined_results_over_the_limit_fail_the_join() {
    let branch = |name: &str| json!({ "StartAt": name, "States": { name: { "Type": "Pass", "Output": "x".repeat(200_000), "End": true } } });
    let states = json!({ "both": { "Type": "Parallel", "Branches": [branch("a"), branch("b")], "End": true } });
    let bench = Bench::started(&machine(&states), json!({}));
    assert!(bench.ended().starts_with("FAILED States.DataLimitExceeded"), "{}", bench.ended());
}

#[test]
fn variables_of_one_assign_over_the_limit_fail_the_execution() {
    let half = "x".repeat(150_000);
    let states =
        json!({ "a": { "Type": "Pass", "Assign": { "x": half, "y": half }, "End": true } });
    let bench = Bench::started(&machine(&states), json!({}));
    assert!(bench.ended().starts_with("FAILED States.DataLimitExceeded"), "{}", bench.ended());
}

#[test]
fn a_task_whose_answer_has_no_place_in_the_history_is_not_called_off() {
    let states = json!({ "call": { "Type": "Task", "Resource": activity("charge"), "End": true } });
    let limits = Limits { events: Some(5), payload: None };
    let mut bench = Bench::with_limits(&machine(&states), json!({}), limits);
    bench.give(Event::Started);
    bench.succeed("call", json!(1));
    insta::assert_snapshot!(bench.lines(3), @"
    4 < 3 TaskStarted resourceType=task resource=charge
    5 < 4 ExecutionFailed error=States.Runtime cause=The execution reached the maximum number of history events (5).
    ");
    let [Effect::RunTask(_), Effect::Ended(_)] = &bench.effects[..] else {
        panic!("{:?}", bench.effects)
    };
}

#[test]
fn a_child_whose_end_has_no_place_in_the_history_is_not_stopped() {
    let states = json!({ "call": { "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": { "StateMachineArn": "arn:child" }, "End": true } });
    let limits = Limits { events: Some(5), payload: None };
    let mut bench = Bench::with_limits(&machine(&states), json!({}), limits);
    bench.give(Event::Started);
    let [Effect::StartChild(asked)] = &bench.effects[..] else { panic!("{:?}", bench.effects) };
    let (token, child) = (asked.token, bench.child(Status::Succeeded(json!(1).into())));
    bench.give(Event::ChildEnded { token, child });
    let [Effect::StartChild(_), Effect::Ended(_)] = &bench.effects[..] else {
        panic!("{:?}", bench.effects)
    };
}

#[test]
fn a_task_is_called_off_once_wherever_the_history_is_full() {
    let states = json!({ "each": { "Type": "Map", "Items": [1, 2], "End": true, "ItemProcessor": { "StartAt": "call",
        "States": { "call": { "Type": "Task", "Resource": activity("charge"), "End": true } } } } });
    for events in 12..=16 {
        let limits = Limits { events: Some(events), payload: None };
        let mut bench = Bench::with_limits(&machine(&states), json!({}), limits);
        bench.give(Event::Started);
        bench.fail("call", "Broken", "");
        let called_off = |effect: &&Effect| matches!(effect, Effect::CancelTask { .. });
        assert_eq!(bench.effects.iter().filter(called_off).count(), 1, "{events}");
    }
}
