//! Retry.

use serde_json::{Value, json};
use std::time::Duration;
use stepwright_tests::bench::{Bench, activity, machine};

fn task(retry: Value) -> String {
    machine(&json!({
        "call": { "Type": "Task", "Resource": activity("charge"), "Arguments": {
                      "at": "{% $millis() %}", "retries": "{% $states.context.State.RetryCount %}" },
                  "Retry": retry, "Next": "again",
                  "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "gave_up" }] },
        "again": { "Type": "Choice", "Default": "end",
                   "Choices": [{ "Condition": "{% $states.input = 'again' %}", "Next": "call" }] },
        "end": { "Type": "Succeed" },
        "gave_up": { "Type": "Succeed" },
    }))
}

/// Fails the call with these errors, one after another, and notes each delay in milliseconds; ends with `None`.
fn delays(retry: Value, errors: &[&str]) -> Vec<Option<u128>> {
    let mut bench = Bench::started(&task(retry), json!({}));
    let mut delays = Vec::new();
    for error in errors {
        bench.fail("call", error, "");
        let due = bench.next_due();
        delays.push(due.map(|due| due.as_millis()));
        bench.advance(due.map_or(0.0, |due| due.as_secs_f64()));
    }
    delays
}

#[test]
fn a_retry_computes_the_arguments_anew_without_entering_again() {
    let mut bench =
        Bench::started(&task(json!([{ "ErrorEquals": ["Down"], "MaxAttempts": 1 }])), json!({}));
    let first = bench.open.values().next().unwrap().clone();
    bench.fail("call", "Down", "");
    bench.advance(1.0);
    let second = bench.open.values().next().unwrap().clone();
    let (at, later) = (1_795_348_800_000_i64, 1_795_348_801_000_i64);
    assert_eq!(*first.arguments, json!({ "at": at, "retries": 0 }));
    assert_eq!(*second.arguments, json!({ "at": later, "retries": 1 }));
    assert_eq!(first.key, second.key);
    assert_eq!((first.token.attempt, second.token.attempt), (0, 1));
    bench.fail("call", "Down", "");
    insta::assert_snapshot!(bench.lines(2), @r#"
    3 < 2 TaskScheduled resourceType=task resource=charge parameters={"at":1795348800000,"retries":0}
    4 < 3 TaskStarted resourceType=task resource=charge
    5 < 4 TaskFailed resourceType=task resource=charge error=Down cause=
    6 < 5 TaskScheduled resourceType=task resource=charge parameters={"at":1795348801000,"retries":1}
    7 < 6 TaskStarted resourceType=task resource=charge
    8 < 7 TaskFailed resourceType=task resource=charge error=Down cause=
    9 < 8 TaskStateExited name=call output={"Error":"Down","Cause":""}
    10 < 9 SucceedStateEntered input={"Error":"Down","Cause":""} name=gave_up
    11 < 10 SucceedStateExited name=gave_up output={"Error":"Down","Cause":""}
    12 < 11 ExecutionSucceeded output={"Error":"Down","Cause":""}
    "#);
}

#[test]
fn delays_grow_by_the_rate_up_to_the_longest() {
    let retry = json!([{ "ErrorEquals": ["Down"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 10, "MaxAttempts": 4 }]);
    let errors = ["Down"; 5];
    assert_eq!(delays(retry, &errors), [Some(2000), Some(6000), Some(10_000), Some(10_000), None]);
}

#[test]
fn by_default_three_attempts_after_one_two_and_four_seconds() {
    let retry = json!([{ "ErrorEquals": ["States.ALL"] }]);
    assert_eq!(delays(retry, &["A", "B", "C", "D"]), [Some(1000), Some(2000), Some(4000), None]);
}

#[test]
fn attempts_are_counted_per_retrier() {
    let retry = json!([
        { "ErrorEquals": ["A"], "MaxAttempts": 1, "IntervalSeconds": 1 },
        { "ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1, "IntervalSeconds": 5 },
    ]);
    assert_eq!(delays(retry, &["A", "B", "A"]), [Some(1000), Some(5000), None]);
}

#[test]
fn no_attempts_means_never() {
    assert_eq!(
        delays(json!([{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 0 }]), &["A"]),
        [None]
    );
}

#[test]
fn attempts_are_counted_anew_when_the_state_is_entered_again() {
    let retry = json!([{ "ErrorEquals": ["A"], "MaxAttempts": 1 }]);
    let mut bench = Bench::started(&task(retry), json!({}));
    for _ in 0..2 {
        bench.fail("call", "A", "");
        assert_eq!(bench.next_due(), Some(Duration::from_secs(1)));
        bench.advance(1.0);
        bench.succeed("call", json!("again"));
    }
    assert_eq!(bench.open.values().next().unwrap().token.entry, 5);
}

#[test]
fn full_jitter_stays_below_the_delay_and_differs() {
    let retry = json!([{ "ErrorEquals": ["A"], "IntervalSeconds": 100, "BackoffRate": 1, "MaxAttempts": 20, "JitterStrategy": "FULL" }]);
    let delays: Vec<u128> = delays(retry, &["A"; 20]).into_iter().flatten().collect();
    assert!(delays.iter().all(|delay| *delay <= 100_000), "{delays:?}");
    assert!(delays.iter().collect::<std::collections::BTreeSet<_>>().len() > 10, "{delays:?}");
}

#[test]
fn a_timeout_is_retried_by_its_name_and_not_as_a_task_failure() {
    for (names, retried) in
        [(json!(["States.TaskFailed"]), false), (json!(["States.Timeout"]), true)]
    {
        let asl = machine(
            &json!({ "call": { "Type": "Task", "Resource": activity("charge"), "TimeoutSeconds": 3,
            "Retry": [{ "ErrorEquals": names }], "End": true } }),
        );
        let mut bench = Bench::started(&asl, json!({}));
        bench.advance(3.0);
        assert_eq!(bench.ended() == "RUNNING", retried);
    }
}

#[test]
fn a_failing_expression_is_retried_only_by_its_name_or_all() {
    for (names, retried) in [
        (json!(["States.TaskFailed", "States.Timeout"]), false),
        (json!(["States.QueryEvaluationError"]), true),
        (json!(["States.ALL"]), true),
    ] {
        let asl = machine(
            &json!({ "call": { "Type": "Task", "Resource": activity("charge"), "Output": "{% $missing %}",
            "Retry": [{ "ErrorEquals": names, "MaxAttempts": 1 }], "End": true } }),
        );
        let mut bench = Bench::started(&asl, json!({}));
        bench.succeed("call", json!(1));
        assert_eq!(bench.ended() == "RUNNING", retried);
        if retried {
            bench.advance(1.0);
            bench.succeed("call", json!(1));
            assert!(
                bench.ended().starts_with("FAILED States.QueryEvaluationError"),
                "the task ran again"
            );
        }
    }
}

#[test]
fn failing_arguments_are_evaluated_again_by_a_retry() {
    let asl = machine(
        &json!({ "call": { "Type": "Task", "Resource": activity("charge"), "Arguments": "{% $missing %}",
        "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 1 }], "End": true } }),
    );
    let mut bench = Bench::started(&asl, json!({}));
    bench.advance(1.0);
    insta::assert_snapshot!(bench.shown().lines().map(|line| line.split_whitespace().take(4).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n"), @"
    1 < 0 ExecutionStarted
    2 < 0 TaskStateEntered
    3 < 0 EvaluationFailed
    4 < 3 EvaluationFailed
    5 < 4 ExecutionFailed
    ");
}
