//! Parallel.

use serde_json::{Value, json};
use stepwright_tests::bench::{Bench, activity, machine};

fn branch(name: &str, state: Value) -> Value {
    json!({ "StartAt": name, "States": { name: state } })
}

fn call(name: &str) -> Value {
    branch(name, json!({ "Type": "Task", "Resource": activity(name), "End": true }))
}

fn parallel(branches: Value, more: Value) -> String {
    let mut state = json!({ "Type": "Parallel", "Branches": branches, "End": true });
    state.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    machine(&json!({ "both": state, "caught": { "Type": "Pass", "End": true } }))
}

#[test]
fn results_stand_in_the_order_of_the_branches() {
    let asl = parallel(
        json!([call("a"), call("b"), branch("c", json!({ "Type": "Pass", "End": true }))]),
        json!({}),
    );
    let mut bench = Bench::started(&asl, json!(0));
    bench.succeed("b", json!("B"));
    bench.succeed("a", json!("A"));
    insta::assert_snapshot!(bench.shown(), @r#"
    1 < 0 ExecutionStarted input=0
    2 < 0 ParallelStateEntered input=0 name=both
    3 < 2 ParallelStateStarted
    4 < 3 TaskStateEntered input=0 name=a
    5 < 4 TaskScheduled resourceType=task resource=a parameters=0
    6 < 5 TaskStarted resourceType=task resource=a
    7 < 3 TaskStateEntered input=0 name=b
    8 < 7 TaskScheduled resourceType=task resource=b parameters=0
    9 < 8 TaskStarted resourceType=task resource=b
    10 < 3 PassStateEntered input=0 name=c
    11 < 10 PassStateExited name=c output=0
    12 < 9 TaskSucceeded resourceType=task resource=b output="B"
    13 < 12 TaskStateExited name=b output="B"
    14 < 6 TaskSucceeded resourceType=task resource=a output="A"
    15 < 14 TaskStateExited name=a output="A"
    16 < 15 ParallelStateSucceeded
    17 < 15 ParallelStateExited name=both output=["A","B",0]
    18 < 17 ExecutionSucceeded output=["A","B",0]
    "#);
}

#[test]
fn the_first_failure_takes_the_others_down() {
    let wait = branch("w", json!({ "Type": "Wait", "Seconds": 60, "End": true }));
    let mut bench =
        Bench::started(&parallel(json!([call("a"), call("b"), wait]), json!({})), json!({}));
    bench.fail("b", "Broken", "why");
    insta::assert_snapshot!(bench.lines(10), @"
    11 < 9 TaskFailed resourceType=task resource=b error=Broken cause=why
    12 < 11 TaskStateAborted
    13 < 6 TaskStateAborted
    14 < 10 WaitStateAborted
    15 < 11 ParallelStateFailed
    16 < 15 ExecutionFailed error=Broken cause=why
    ");
    assert!(bench.open.is_empty(), "the other task was cancelled");
}

#[test]
fn a_failing_branch_is_caught_by_the_parallel() {
    let catch = json!({ "Catch": [{ "ErrorEquals": ["Broken"], "Next": "caught" }] });
    let fail = branch("f", json!({ "Type": "Fail", "Error": "Broken" }));
    let bench = Bench::started(&parallel(json!([fail]), catch), json!({}));
    insta::assert_snapshot!(bench.lines(2), @r#"
    3 < 2 ParallelStateStarted
    4 < 3 FailStateEntered input={} name=f
    5 < 4 ParallelStateFailed
    6 < 5 ParallelStateExited name=both output={"Error":"Broken","Cause":""}
    7 < 6 PassStateEntered input={"Error":"Broken","Cause":""} name=caught
    8 < 7 PassStateExited name=caught output={"Error":"Broken","Cause":""}
    9 < 8 ExecutionSucceeded output={"Error":"Broken","Cause":""}
    "#);
}

#[test]
fn a_retry_runs_all_branches_again() {
    let retry = json!({ "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 1 }] });
    let mut bench = Bench::started(&parallel(json!([call("a")]), retry), json!({}));
    bench.fail("a", "Broken", "");
    bench.advance(1.0);
    bench.fail("a", "Broken", "");
    insta::assert_snapshot!(bench.lines(2), @"
    3 < 2 ParallelStateStarted
    4 < 3 TaskStateEntered input={} name=a
    5 < 4 TaskScheduled resourceType=task resource=a parameters={}
    6 < 5 TaskStarted resourceType=task resource=a
    7 < 6 TaskFailed resourceType=task resource=a error=Broken cause=
    8 < 7 TaskStateAborted
    9 < 7 ParallelStateStarted
    10 < 9 TaskStateEntered input={} name=a
    11 < 10 TaskScheduled resourceType=task resource=a parameters={}
    12 < 11 TaskStarted resourceType=task resource=a
    13 < 12 TaskFailed resourceType=task resource=a error=Broken cause=
    14 < 13 TaskStateAborted
    15 < 13 ParallelStateFailed
    16 < 15 ExecutionFailed error=Broken cause=
    ");
}

#[test]
fn of_two_that_fail_together_the_lower_branch_counts() {
    let fails = |name: &str, error: &str| {
        let wait = json!({ "Type": "Wait", "Seconds": 5, "Next": format!("{name}_fails") });
        json!({ "StartAt": name, "States": { name: wait, format!("{name}_fails"): { "Type": "Fail", "Error": error } } })
    };
    let mut bench = Bench::started(
        &parallel(json!([fails("a", "First"), fails("b", "Second")]), json!({})),
        json!({}),
    );
    bench.advance(5.0);
    assert_eq!(bench.ended(), "FAILED First");
}

#[test]
fn branches_read_outer_variables_and_assign_only_their_own() {
    let inner = branch(
        "in",
        json!({ "Type": "Pass", "Assign": { "mine": "{% $outer + 1 %}" }, "Next": "out" }),
    );
    let mut inner = inner;
    inner["States"]["out"] =
        json!({ "Type": "Pass", "Output": "{% [$outer, $mine] %}", "End": true });
    let asl = machine(&json!({
        "set": { "Type": "Pass", "Assign": { "outer": 1 }, "Next": "both" },
        "both": { "Type": "Parallel", "Branches": [inner], "Next": "after" },
        "after": { "Type": "Pass", "Output": { "inner": "{% $states.input %}", "visible": "{% $exists($mine) %}" }, "End": true },
    }));
    assert_eq!(
        Bench::started(&asl, json!({})).ended(),
        r#"SUCCEEDED {"inner":[[1,2]],"visible":false}"#
    );
}

#[test]
fn a_nested_failure_goes_up_through_every_join() {
    let inner = json!({ "Type": "Parallel", "Branches": [branch("f", json!({ "Type": "Fail", "Error": "Deep" }))], "End": true });
    let bench =
        Bench::started(&parallel(json!([branch("inner", inner), call("a")]), json!({})), json!({}));
    insta::assert_snapshot!(bench.lines(2), @"
    3 < 2 ParallelStateStarted
    4 < 3 ParallelStateEntered input={} name=inner
    5 < 4 ParallelStateStarted
    6 < 3 TaskStateEntered input={} name=a
    7 < 6 TaskScheduled resourceType=task resource=a parameters={}
    8 < 7 TaskStarted resourceType=task resource=a
    9 < 5 FailStateEntered input={} name=f
    10 < 9 ParallelStateFailed
    11 < 8 TaskStateAborted
    12 < 10 ParallelStateFailed
    13 < 12 ExecutionFailed error=Deep
    ");
}

#[test]
fn what_a_state_in_a_branch_can_not_do_ends_the_execution_at_once() {
    let asl = json!({ "StartAt": "both", "States": {
        "both": { "Type": "Parallel", "End": true, "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "caught" }], "Branches": [
            { "StartAt": "slow", "States": { "slow": { "Type": "Task", "Resource": activity("slow"), "End": true } } },
            { "StartAt": "fast", "States": { "fast": { "Type": "Pass", "InputPath": "$.nope", "End": true } } },
        ] },
        "caught": { "Type": "Succeed" },
    } });
    let bench = Bench::started(&asl.to_string(), json!({ "x": "a" }));
    insta::assert_snapshot!(bench.lines(3), @r#"
    4 < 3 TaskStateEntered input={"x":"a"} name=slow
    5 < 4 TaskScheduled resourceType=task resource=slow parameters={"x":"a"}
    6 < 5 TaskStarted resourceType=task resource=slow
    7 < 3 PassStateEntered input={"x":"a"} name=fast
    8 < 7 ExecutionFailed error=States.Runtime cause=An error occurred while executing the state 'fast' (entered at the event id #7). Invalid path '$.nope' : No results for path: $['nope']
    "#);
    assert!(bench.open.is_empty(), "the other branch is called off");
}
