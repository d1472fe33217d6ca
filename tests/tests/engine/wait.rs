//! Wait.

use serde_json::{Value, json};
use std::time::Duration;
use stepwright_tests::bench::{Bench, machine};

fn wait(field: &str, value: Value) -> String {
    machine(&json!({ "w": { "Type": "Wait", field: value, "End": true } }))
}

#[test]
fn a_wait_lasts_its_seconds() {
    let mut bench = Bench::started(&wait("Seconds", json!("{% $states.input %}")), json!(90));
    assert_eq!(bench.next_due(), Some(Duration::from_secs(90)));
    bench.advance(89.9);
    assert_eq!(bench.ended(), "RUNNING");
    bench.advance(0.1);
    insta::assert_snapshot!(bench.shown(), @"
    1 < 0 ExecutionStarted input=90
    2 < 0 WaitStateEntered input=90 name=w
    3 < 2 WaitStateExited name=w output=90
    4 < 3 ExecutionSucceeded output=90
    ");
}

#[test]
fn a_time_in_the_past_is_now() {
    let bench = Bench::started(&wait("Timestamp", json!("2020-01-01T00:00:00Z")), json!(1));
    assert_eq!(bench.ended(), "SUCCEEDED 1");
}

#[test]
fn a_loop_over_times_in_the_past_does_not_exhaust_the_stack() {
    let states = json!({
        "w": { "Type": "Wait", "Timestamp": "2020-01-01T00:00:00Z", "Next": "w" } });
    let bench = Bench::started(&machine(&states), json!(1));
    insta::assert_snapshot!(bench.ended(), @"FAILED States.Runtime The execution reached the maximum number of history events (25000).");
}

#[test]
fn a_text_that_is_no_time_fails_after_the_entry() {
    let bench = Bench::started(&wait("Timestamp", json!("2016-13-05T21:29:29Z")), json!(1));
    insta::assert_snapshot!(bench.lines(1), @"
    2 < 0 WaitStateEntered input=1 name=w
    3 < 2 EvaluationFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'w' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-13-05T21:29:29Z location=Timestamp state=w
    4 < 3 ExecutionFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'w' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-13-05T21:29:29Z
    ");
}

#[test]
fn seconds_must_be_whole_and_not_negative() {
    for seconds in
        [json!("{% -1 %}"), json!("{% 1.5 %}"), json!("{% 'soon' %}"), json!("{% 100000000 %}")]
    {
        let bench = Bench::started(&wait("Seconds", seconds), json!(1));
        assert!(
            bench.ended().starts_with("FAILED States.QueryEvaluationError"),
            "{}",
            bench.ended()
        );
    }
}

#[test]
fn the_machines_timeout_ends_it_without_error_or_cause() {
    let mut machine: Value = serde_json::from_str(&wait("Seconds", json!(60))).unwrap();
    machine["TimeoutSeconds"] = json!(5);
    let mut bench = Bench::started(&machine.to_string(), json!({}));
    bench.advance(5.0);
    insta::assert_snapshot!(bench.shown(), @"
    1 < 0 ExecutionStarted input={}
    2 < 0 WaitStateEntered input={} name=w
    3 < 0 ExecutionTimedOut
    ");
    assert_eq!(bench.ended(), "TIMED_OUT");
}
