//! Map.

use serde_json::{Value, json};
use stepwright::engine::{Event, Limits};
use stepwright_tests::bench::{Bench, activity, machine};

fn map(item: Value, more: Value) -> String {
    let mut state = json!({ "Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": { "Mode": "INLINE" }, "StartAt": "item", "States": { "item": item } } });
    state.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    machine(&json!({ "each": state, "caught": { "Type": "Pass", "End": true } }))
}

fn pass() -> Value {
    json!({ "Type": "Pass", "End": true })
}

fn call() -> Value {
    json!({ "Type": "Task", "Resource": activity("work"), "End": true })
}

#[test]
fn one_at_a_time_each_iteration_follows_the_one_before() {
    let bench = Bench::started(&map(pass(), json!({ "MaxConcurrency": 1 })), json!([1, 2]));
    insta::assert_snapshot!(bench.shown(), @"
    1 < 0 ExecutionStarted input=[1,2]
    2 < 0 MapStateEntered input=[1,2] name=each
    3 < 2 MapStateStarted length=2
    4 < 3 MapIterationStarted name=each index=0
    5 < 4 PassStateEntered input=1 name=item
    6 < 5 PassStateExited name=item output=1
    7 < 6 MapIterationSucceeded name=each index=0
    8 < 6 MapIterationStarted name=each index=1
    9 < 8 PassStateEntered input=2 name=item
    10 < 9 PassStateExited name=item output=2
    11 < 10 MapIterationSucceeded name=each index=1
    12 < 11 MapStateSucceeded
    13 < 11 MapStateExited name=each output=[1,2]
    14 < 13 ExecutionSucceeded output=[1,2]
    ");
}

#[test]
fn no_items_succeed_at_once() {
    let bench = Bench::started(&map(pass(), json!({ "Items": "{% [] %}" })), json!({}));
    insta::assert_snapshot!(bench.lines(1), @"
    2 < 0 MapStateEntered input={} name=each
    3 < 2 MapStateStarted length=0
    4 < 3 MapStateSucceeded
    5 < 3 MapStateExited name=each output=[]
    6 < 5 ExecutionSucceeded output=[]
    ");
}

#[test]
fn items_must_be_an_array() {
    let bench = Bench::started(&map(pass(), json!({ "Items": "{% null %}" })), json!({}));
    insta::assert_snapshot!(bench.lines(1), @"
    2 < 0 MapStateEntered input={} name=each
    3 < 0 EvaluationFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression 'null' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'null' for value: null location=Items state=each
    4 < 3 MapStateFailed
    5 < 4 ExecutionFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression 'null' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'null' for value: null
    ");
    let bench = Bench::started(&map(pass(), json!({})), json!("string"));
    insta::assert_snapshot!(bench.ended(), @r#"FAILED States.QueryEvaluationError An error occurred while executing the state 'each' (entered at the event id #2). Map state input must be an array but was: "string""#);
}

#[test]
fn an_item_selector_sees_index_value_and_input() {
    let selector = json!({ "i": "{% $states.context.Map.Item.Index %}", "v": "{% $states.context.Map.Item.Value %}", "all": "{% $count($states.input) %}" });
    let bench =
        Bench::started(&map(pass(), json!({ "ItemSelector": selector })), json!(["a", "b"]));
    insta::assert_snapshot!(bench.ended(), @r#"SUCCEEDED [{"i":0,"v":"a","all":2},{"i":1,"v":"b","all":2}]"#);
}

#[test]
fn at_most_so_many_run_at_a_time() {
    let mut bench =
        Bench::started(&map(call(), json!({ "MaxConcurrency": 2 })), json!([1, 2, 3, 4]));
    assert_eq!(bench.open.len(), 2);
    bench.succeed("item", json!("a"));
    assert_eq!(bench.open.len(), 2);
    for result in ["b", "c", "d"] {
        bench.succeed("item", json!(result));
    }
    assert_eq!(bench.ended(), r#"SUCCEEDED ["a","b","c","d"]"#);
}

#[test]
fn a_failing_iteration_takes_the_others_down() {
    let mut bench = Bench::started(&map(call(), json!({})), json!([1, 2]));
    bench.fail("item", "Broken", "why");
    insta::assert_snapshot!(bench.lines(11), @"
    12 < 8 TaskFailed resourceType=task resource=work error=Broken cause=why
    13 < 12 MapIterationFailed name=each index=0
    14 < 11 TaskStateAborted
    15 < 14 MapIterationAborted name=each index=1
    16 < 12 MapStateFailed
    17 < 16 ExecutionFailed error=Broken cause=why
    ");
    assert!(bench.open.is_empty());
}

#[test]
fn a_retry_begins_all_iterations_again_after_the_failed_event() {
    let fail = json!({ "Type": "Fail", "Error": "HandleItemFailError", "Cause": "c" });
    let retry = json!({ "MaxConcurrency": 1, "Retry": [{ "ErrorEquals": ["HandleItemFailError"], "MaxAttempts": 1 }] });
    let mut bench = Bench::started(&map(fail, retry), json!([1]));
    bench.advance(1.0);
    insta::assert_snapshot!(bench.lines(2), @"
    3 < 2 MapStateStarted length=1
    4 < 3 MapIterationStarted name=each index=0
    5 < 4 FailStateEntered input=1 name=item
    6 < 5 MapIterationFailed name=each index=0
    7 < 5 MapStateStarted length=1
    8 < 7 MapIterationStarted name=each index=0
    9 < 8 FailStateEntered input=1 name=item
    10 < 9 MapIterationFailed name=each index=0
    11 < 9 MapStateFailed
    12 < 11 ExecutionFailed error=HandleItemFailError cause=c
    ");
}

#[test]
fn tolerated_failures_leave_their_error_output_in_the_result() {
    let item = json!({ "Type": "Choice", "Choices": [{ "Condition": "{% $states.input > 1 %}", "Next": "bad" }], "Default": "good" });
    let asl = map(item, json!({ "ToleratedFailureCount": 1 }));
    let mut asl: Value = serde_json::from_str(&asl).unwrap();
    let states = &mut asl["States"]["each"]["ItemProcessor"]["States"];
    states["bad"] = json!({ "Type": "Fail", "Error": "Bad" });
    states["good"] = json!({ "Type": "Succeed" });
    let asl = asl.to_string();
    assert_eq!(Bench::started(&asl, json!([1, 2])).ended(), r#"SUCCEEDED [1,{"Error":"Bad"}]"#);
    assert_eq!(
        Bench::started(&asl, json!([2, 3])).ended(),
        "FAILED States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded"
    );
}

#[test]
fn maps_nest_and_inner_iterations_read_outer_variables() {
    let inner = json!({ "Type": "Map", "Items": "{% $states.input %}", "End": true, "ItemProcessor": {
        "StartAt": "leaf", "States": { "leaf": { "Type": "Pass", "Output": "{% $states.input * $factor %}", "End": true } } } });
    let asl = machine(&json!({
        "set": { "Type": "Pass", "Assign": { "factor": 10 }, "Next": "outer" },
        "outer": { "Type": "Map", "End": true, "ItemProcessor": { "StartAt": "inner", "States": { "inner": inner } } },
    }));
    assert_eq!(
        Bench::started(&asl, json!([[1, 2], [], [3]])).ended(),
        "SUCCEEDED [[10,20],[],[30]]"
    );
}

#[test]
fn a_thousand_iterations_are_begun_in_small_commits() {
    let items: Vec<u32> = (0..1000).collect();
    let mut bench = Bench::new(&map(pass(), json!({ "MaxConcurrency": 10 })), json!(items));
    assert!(bench.step(Event::Started).history.len() < 400);
    bench.give(Event::Continue);
    assert_eq!(bench.ended(), format!("SUCCEEDED {}", json!(items)));
    assert!(bench.execution.results.is_empty());
}

#[test]
fn what_an_iteration_gets_is_made_when_it_begins() {
    let selector = json!({ "ItemSelector": "{% 6 / $states.context.Map.Item.Value %}", "MaxConcurrency": 1,
        "Catch": [{ "ErrorEquals": ["States.QueryEvaluationError"], "Output": "c", "Next": "caught" }] });
    let bench = Bench::started(&map(pass(), selector), json!([2, "three"]));
    insta::assert_snapshot!(bench.lines(2), @r#"
    3 < 2 MapStateStarted length=2
    4 < 3 MapIterationStarted name=each index=0
    5 < 4 PassStateEntered input=3 name=item
    6 < 5 PassStateExited name=item output=3
    7 < 6 MapIterationSucceeded name=each index=0
    8 < 6 MapIterationStarted name=each index=1
    9 < 8 EvaluationFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression '6 / $states.context.Map.Item.Value' specified for the field 'ItemSelector' threw an error during evaluation. T2002: The right side of the "/" operator must evaluate to a number location=ItemSelector state=each
    10 < 9 MapIterationFailed name=each index=1
    11 < 9 MapStateFailed
    12 < 11 MapStateExited name=each output="c"
    13 < 12 PassStateEntered input="c" name=caught
    14 < 13 PassStateExited name=caught output="c"
    15 < 14 ExecutionSucceeded output="c"
    "#);
}

#[test]
fn an_iteration_that_gets_nothing_takes_the_others_down() {
    let selector = json!({ "ItemSelector": "{% 6 / $states.context.Map.Item.Value %}" });
    let bench = Bench::started(&map(call(), selector), json!([1, "two", 3]));
    insta::assert_snapshot!(bench.lines(2), @r#"
    3 < 2 MapStateStarted length=3
    4 < 3 MapIterationStarted name=each index=0
    5 < 3 MapIterationStarted name=each index=1
    6 < 5 EvaluationFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression '6 / $states.context.Map.Item.Value' specified for the field 'ItemSelector' threw an error during evaluation. T2002: The right side of the "/" operator must evaluate to a number location=ItemSelector state=each
    7 < 6 MapIterationFailed name=each index=1
    8 < 4 MapIterationAborted name=each index=0
    9 < 6 MapStateFailed
    10 < 9 ExecutionFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression '6 / $states.context.Map.Item.Value' specified for the field 'ItemSelector' threw an error during evaluation. T2002: The right side of the "/" operator must evaluate to a number
    "#);
    assert!(bench.open.is_empty());
}

#[test]
fn iterations_that_get_nothing_are_tolerated() {
    let more = json!({ "ItemSelector": "{% $states.context.Map.Item.Value.n %}",
        "ToleratedFailurePercentage": 100 });
    let bench = Bench::started(&map(pass(), more), json!([{}, { "n": 1 }, 5]));
    insta::assert_snapshot!(bench.ended(), @r#"SUCCEEDED [{"Error":"States.QueryEvaluationError","Cause":"An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression '$states.context.Map.Item.Value.n' specified for the field 'ItemSelector' returned nothing (undefined)."},1,{"Error":"States.QueryEvaluationError","Cause":"An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression '$states.context.Map.Item.Value.n' specified for the field 'ItemSelector' returned nothing (undefined)."}]"#);
}

#[test]
fn what_jsonpath_can_not_select_ends_the_execution_at_once() {
    let asl = json!({ "StartAt": "each", "States": { "each": { "Type": "Map", "End": true,
        "ItemSelector": { "n.$": "$$.Map.Item.Value.n" }, "ToleratedFailureCount": 1,
        "ItemProcessor": { "StartAt": "item", "States": { "item": pass() } } } } });
    let bench = Bench::started(&asl.to_string(), json!([{}, { "n": 1 }]));
    insta::assert_snapshot!(bench.lines(2), @r#"
    3 < 2 MapStateStarted length=2
    4 < 3 MapIterationStarted name=each index=0
    5 < 4 ExecutionFailed error=States.Runtime cause=An error occurred while executing the state 'each' (entered at the event id #2). The JSONPath '$.Map.Item.Value.n' specified for the field 'n.$' could not be found in the input '{"Execution":{"Id":"arn:aws:states:us-east-1:123456789012:execution:m:e","Name":"e","RoleArn":"role","StartTime":"2026-11-22T12:00:00.000Z","RedriveCount":0,"Input":[{},{"n":1}]},"StateMachine":{"Id":"arn:aws:states:us-east-1:123456789012:stateMachine:m","Name":"m"},"State":{"Name":"each","EnteredTime":"2026-11-22T12:00:00.000Z","RetryCount":0},"Map":{"Item":{"Index":0,"Value":{}}}}'
    "#);
}

#[test]
fn iterations_with_large_inputs_begin_as_others_end() {
    let more = json!({ "ItemSelector": "{% $states.input.large %}", "Items": [1, 2, 3] });
    let input = json!({ "large": "x".repeat(6_000_000) });
    let mut bench = Bench::with_limits(&map(call(), more), input, Limits::NONE);
    bench.give(Event::Started);
    assert_eq!(bench.open.len(), 2, "two of six megabytes are more than forty of 256 KiB");
    for left in [2, 1, 0] {
        bench.succeed("item", json!(left));
        assert_eq!(bench.open.len(), left);
    }
    assert_eq!(bench.ended(), "SUCCEEDED [2,1,0]");
}
