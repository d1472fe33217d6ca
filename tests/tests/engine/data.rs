//! Pass, Succeed, Fail: data moves, and scopes end.

use serde_json::{Value, json};
use stepwright_tests::bench::{Bench, machine};

#[track_caller]
fn check(states: Value, input: Value, expected: &str) {
    let bench = Bench::started(&machine(&states), input);
    assert_eq!(
        bench.shown().lines().collect::<Vec<_>>(),
        expected.trim().lines().map(str::trim).collect::<Vec<_>>()
    );
}

#[test]
fn a_pass_without_fields_hands_its_input_on() {
    check(
        json!({ "a": { "Type": "Pass", "End": true } }),
        json!({ "n": 1 }),
        r#"
        1 < 0 ExecutionStarted input={"n":1}
        2 < 0 PassStateEntered input={"n":1} name=a
        3 < 2 PassStateExited name=a output={"n":1}
        4 < 3 ExecutionSucceeded output={"n":1}
        "#,
    );
}

#[test]
fn assign_and_output_both_see_the_variables_of_the_entry() {
    check(
        json!({
            "set": { "Type": "Pass", "Assign": { "x": 1, "y": 2 }, "Next": "swap" },
            "swap": { "Type": "Pass", "Assign": { "x": "{% $y %}", "y": "{% $x %}" },
                      "Output": ["{% $x %}", "{% $y %}"], "Next": "show" },
            "show": { "Type": "Succeed", "Output": { "x": "{% $x %}", "y": "{% $y %}" } },
        }),
        json!(null),
        r#"
        1 < 0 ExecutionStarted input=null
        2 < 0 PassStateEntered input=null name=set
        3 < 2 PassStateExited name=set output=null assignedVariables={"x":"1","y":"2"}
        4 < 3 PassStateEntered input=null name=swap
        5 < 4 PassStateExited name=swap output=[1,2] assignedVariables={"x":"2","y":"1"}
        6 < 5 SucceedStateEntered input=[1,2] name=show
        7 < 6 SucceedStateExited name=show output={"x":2,"y":1}
        8 < 7 ExecutionSucceeded output={"x":2,"y":1}
        "#,
    );
}

#[test]
fn an_undefined_output_fails_and_follows_what_the_entry_followed() {
    check(
        json!({
            "a": { "Type": "Pass", "Next": "b" },
            "b": { "Type": "Pass", "Output": { "result": "{% $missing %}" }, "End": true },
        }),
        json!({}),
        "
        1 < 0 ExecutionStarted input={}
        2 < 0 PassStateEntered input={} name=a
        3 < 2 PassStateExited name=a output={}
        4 < 3 PassStateEntered input={} name=b
        5 < 3 EvaluationFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'b' (entered at the event id #4). The JSONata expression '$missing' specified for the field 'Output/result' returned nothing (undefined). location=Output/result state=b
        6 < 5 ExecutionFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'b' (entered at the event id #4). The JSONata expression '$missing' specified for the field 'Output/result' returned nothing (undefined).
        ",
    );
}

#[test]
fn a_fail_ends_with_the_error_that_its_expressions_give() {
    check(
        json!({ "f": { "Type": "Fail", "Error": "{% $states.input.error %}" } }),
        json!({ "error": "Broken" }),
        r#"
        1 < 0 ExecutionStarted input={"error":"Broken"}
        2 < 0 FailStateEntered input={"error":"Broken"} name=f
        3 < 2 ExecutionFailed error=Broken
        "#,
    );
}

#[test]
fn the_context_tells_of_the_execution_and_the_state() {
    let states = json!({ "a": { "Type": "Pass", "End": true, "Output": {
        "id": "{% $states.context.Execution.Id %}", "name": "{% $states.context.Execution.Name %}",
        "start": "{% $states.context.Execution.StartTime %}", "input": "{% $states.context.Execution.Input.n %}",
        "machine": "{% $states.context.StateMachine.Name %}", "state": "{% $states.context.State.Name %}",
        "retried": "{% $exists($states.context.State.RetryCount) %}" } } });
    let bench = Bench::started(&machine(&states), json!({ "n": 4 }));
    insta::assert_snapshot!(bench.ended(), @r#"SUCCEEDED {"id":"arn:aws:states:us-east-1:123456789012:execution:m:e","name":"e","start":"2026-11-22T12:00:00.000Z","input":4,"machine":"m","state":"a","retried":false}"#);
}

#[test]
fn an_error_has_at_most_256_characters_and_a_cause_32768() {
    let states =
        json!({ "f": { "Type": "Fail", "Error": "e".repeat(300), "Cause": "ä".repeat(40_000) } });
    let bench = Bench::started(&machine(&states), json!({}));
    let failure = bench.execution.head.status.failure().cloned().unwrap();
    assert_eq!(failure.error.unwrap().chars().count(), 256);
    assert_eq!(failure.cause.unwrap().chars().count(), 32_768);
}

#[test]
fn stopping_ends_it_at_once_and_nothing_counts_afterwards() {
    use stepwright::{
        engine::{Event, Taken},
        program::Failure,
    };
    let states = json!({ "w": { "Type": "Wait", "Seconds": 60, "End": true } });
    let mut bench = Bench::started(&machine(&states), json!({}));
    bench.give(Event::Stop(Failure::new("Operator", "enough")));
    insta::assert_snapshot!(bench.shown(), @"
    1 < 0 ExecutionStarted input={}
    2 < 0 WaitStateEntered input={} name=w
    3 < 0 ExecutionAborted error=Operator cause=enough
    ");
    assert_eq!(bench.give(Event::TimersDue), Taken::Stale);
    assert_eq!(bench.give(Event::Started), Taken::Stale);
    assert_eq!(bench.execution.next_due(), None);
}
