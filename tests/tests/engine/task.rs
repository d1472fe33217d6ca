//! Task: in this process, in a worker, as a child execution; timeouts and heartbeats.

use serde_json::{Value, json};
use stepwright::{
    engine::{Effect, Event, StartChild, Status, Taken},
    program::{Failure, TaskToken},
};
use stepwright_tests::bench::{Bench, activity, machine};

fn task(name: &str, more: Value) -> String {
    let mut state = json!({ "Type": "Task", "Resource": activity(name), "End": true });
    state.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    machine(&json!({ "call": state, "caught": { "Type": "Pass", "End": true } }))
}

#[test]
fn a_task_in_this_process_is_scheduled_and_started_at_once() {
    let asl = task(
        "charge",
        json!({ "Arguments": { "n": "{% $states.input + 1 %}" }, "TimeoutSeconds": 30,
        "Assign": { "r": "{% $states.result %}" }, "Output": "{% $states.result * 2 %}" }),
    );
    let mut bench = Bench::started(&asl, json!(1));
    let asked = bench.open.values().next().unwrap().clone();
    assert_eq!(*asked.arguments, json!({ "n": 2 }));
    assert_eq!(asked.key, "arn:aws:states:us-east-1:123456789012:execution:m:e/0/1");
    bench.succeed("call", json!(21));
    insta::assert_snapshot!(bench.shown(), @r#"
    1 < 0 ExecutionStarted input=1
    2 < 0 TaskStateEntered input=1 name=call
    3 < 2 TaskScheduled resourceType=task resource=charge parameters={"n":2} timeoutInSeconds=30
    4 < 3 TaskStarted resourceType=task resource=charge
    5 < 4 TaskSucceeded resourceType=task resource=charge output=21
    6 < 5 TaskStateExited name=call output=42 assignedVariables={"r":"21"}
    7 < 6 ExecutionSucceeded output=42
    "#);
}

#[test]
fn a_worker_takes_an_activity_and_says_so() {
    let asl = task("remote", json!({ "TimeoutSeconds": 60, "HeartbeatSeconds": 10 }));
    let mut bench = Bench::started(&asl, json!({ "v": "hi" }));
    bench.sleep(20);
    let token = bench.token("call");
    assert_eq!(
        bench.give(Event::TaskStarted { token, worker: Some("w1".to_owned()) }),
        Taken::Committing
    );
    assert_eq!(bench.give(Event::TaskStarted { token, worker: None }), Taken::Stale);
    bench.succeed("call", json!({ "v": "hi" }));
    insta::assert_snapshot!(bench.shown(), @r#"
    1 < 0 ExecutionStarted input={"v":"hi"}
    2 < 0 TaskStateEntered input={"v":"hi"} name=call
    3 < 2 ActivityScheduled resource=arn:aws:states:us-east-1:123456789012:activity:remote input={"v":"hi"} timeoutInSeconds=60 heartbeatInSeconds=10
    4 < 3 ActivityStarted workerName=w1
    5 < 4 ActivitySucceeded output={"v":"hi"}
    6 < 5 TaskStateExited name=call output={"v":"hi"}
    7 < 6 ExecutionSucceeded output={"v":"hi"}
    "#);
}

#[test]
fn a_failing_activity_fails_the_execution_with_its_error() {
    let mut bench = Bench::started(&task("remote", json!({})), json!(1));
    let token = bench.token("call");
    bench.give(Event::TaskStarted { token, worker: None });
    bench.fail("call", "Programmatic Error", "because");
    insta::assert_snapshot!(bench.lines(3), @"
    4 < 3 ActivityStarted
    5 < 4 ActivityFailed error=Programmatic Error cause=because
    6 < 5 ExecutionFailed error=Programmatic Error cause=because
    ");
}

#[test]
fn an_answer_with_another_token_is_stale() {
    let mut bench = Bench::started(&task("charge", json!({})), json!(1));
    let mut token = bench.token("call");
    token.random ^= 1;
    let late = Event::TaskSucceeded { token, output: json!(1).into() };
    assert_eq!(bench.give(late), Taken::Stale);
    bench.succeed("call", json!(2));
    assert_eq!(bench.ended(), "SUCCEEDED 2");
}

#[test]
fn a_task_past_its_timeout_is_cancelled_and_fails() {
    let mut bench = Bench::started(&task("charge", json!({ "TimeoutSeconds": 5 })), json!(1));
    let token = bench.token("call");
    bench.advance(5.0);
    insta::assert_snapshot!(bench.lines(2), @"
    3 < 2 TaskScheduled resourceType=task resource=charge parameters=1 timeoutInSeconds=5
    4 < 3 TaskStarted resourceType=task resource=charge
    5 < 4 TaskTimedOut resourceType=task resource=charge error=States.Timeout
    6 < 5 ExecutionFailed error=States.Timeout
    ");
    assert!(
        matches!(bench.effects.get(1), Some(Effect::CancelTask { token: cancelled, .. }) if *cancelled == token)
    );
    let late = Event::TaskSucceeded { token, output: json!(1).into() };
    assert_eq!(bench.give(late), Taken::Stale);
}

#[test]
fn heartbeats_keep_a_task_alive_and_silence_ends_it() {
    let catch = json!([{ "ErrorEquals": ["States.HeartbeatTimeout"], "Next": "caught" }]);
    let asl =
        task("charge", json!({ "TimeoutSeconds": 600, "HeartbeatSeconds": 5, "Catch": catch }));
    let mut bench = Bench::started(&asl, json!(1));
    let token = bench.token("call");
    for _ in 0..3 {
        bench.advance(4.0);
        assert_eq!(bench.give(Event::Heartbeat { token }), Taken::InMemory);
    }
    bench.advance(5.0);
    insta::assert_snapshot!(bench.lines(4), @r#"
    5 < 4 TaskTimedOut resourceType=task resource=charge error=States.Timeout
    6 < 5 TaskStateExited name=call output={"Error":"States.Timeout","Cause":""}
    7 < 6 PassStateEntered input={"Error":"States.Timeout","Cause":""} name=caught
    8 < 7 PassStateExited name=caught output={"Error":"States.Timeout","Cause":""}
    9 < 8 ExecutionSucceeded output={"Error":"States.Timeout","Cause":""}
    "#);
}

#[test]
fn a_timeout_is_no_heartbeat_timeout() {
    let catch = json!([{ "ErrorEquals": ["States.HeartbeatTimeout"], "Next": "caught" }]);
    let asl = task("charge", json!({ "TimeoutSeconds": 6, "HeartbeatSeconds": 5, "Catch": catch }));
    let mut bench = Bench::started(&asl, json!(1));
    let token = bench.token("call");
    bench.advance(4.0);
    bench.give(Event::Heartbeat { token });
    bench.advance(2.0);
    assert_eq!(bench.ended(), "FAILED States.Timeout");
}

#[test]
fn undefined_arguments_fail_before_anything_is_scheduled() {
    let bench = Bench::started(
        &task("charge", json!({ "Arguments": { "x": "{% $missing %}" } })),
        json!({}),
    );
    insta::assert_snapshot!(bench.lines(1), @"
    2 < 0 TaskStateEntered input={} name=call
    3 < 0 EvaluationFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'call' (entered at the event id #2). The JSONata expression '$missing' specified for the field 'Arguments/x' returned nothing (undefined). location=Arguments/x state=call
    4 < 3 ExecutionFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'call' (entered at the event id #2). The JSONata expression '$missing' specified for the field 'Arguments/x' returned nothing (undefined).
    ");
}

#[test]
fn a_failing_output_can_be_caught_by_its_own_task() {
    let catch = json!([{ "ErrorEquals": ["States.ALL"], "Next": "caught", "Output": "{% $states.errorOutput.Error %}" }]);
    let mut bench = Bench::started(
        &task("charge", json!({ "Output": "{% $missing %}", "Catch": catch })),
        json!({}),
    );
    bench.succeed("call", json!(1));
    insta::assert_snapshot!(bench.lines(4), @r#"
    5 < 4 TaskSucceeded resourceType=task resource=charge output=1
    6 < 5 EvaluationFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'call' (entered at the event id #2). The JSONata expression '$missing' specified for the field 'Output' returned nothing (undefined). location=Output state=call
    7 < 6 TaskStateExited name=call output="States.QueryEvaluationError"
    8 < 7 PassStateEntered input="States.QueryEvaluationError" name=caught
    9 < 8 PassStateExited name=caught output="States.QueryEvaluationError"
    10 < 9 ExecutionSucceeded output="States.QueryEvaluationError"
    "#);
}

#[test]
fn an_error_of_the_task_is_caught_with_its_error_output() {
    let catch = json!([
        { "ErrorEquals": ["Other"], "Next": "call" },
        { "ErrorEquals": ["Declined"], "Next": "caught", "Assign": { "e": "{% $states.errorOutput %}" } },
    ]);
    let mut bench = Bench::started(&task("charge", json!({ "Catch": catch })), json!({}));
    bench.fail("call", "Declined", r#"{"code":7}"#);
    insta::assert_snapshot!(bench.lines(4), @r#"
    5 < 4 TaskFailed resourceType=task resource=charge error=Declined cause={"code":7}
    6 < 5 TaskStateExited name=call output={"Error":"Declined","Cause":"{\"code\":7}"} assignedVariables={"e":"{\"Error\":\"Declined\",\"Cause\":\"{\\\"code\\\":7}\"}"}
    7 < 6 PassStateEntered input={"Error":"Declined","Cause":"{\"code\":7}"} name=caught
    8 < 7 PassStateExited name=caught output={"Error":"Declined","Cause":"{\"code\":7}"}
    9 < 8 ExecutionSucceeded output={"Error":"Declined","Cause":"{\"code\":7}"}
    "#);
}

#[test]
fn a_catcher_that_fails_itself_is_not_caught() {
    let catch =
        json!([{ "ErrorEquals": ["States.ALL"], "Next": "caught", "Output": "{% $missing %}" }]);
    let mut bench = Bench::started(&task("charge", json!({ "Catch": catch })), json!({}));
    bench.fail("call", "Declined", "");
    assert!(bench.ended().starts_with("FAILED States.QueryEvaluationError"), "{}", bench.ended());
}

fn child() -> String {
    machine(&json!({ "call": { "Type": "Task", "End": true,
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": { "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child", "Input": { "n": 1 } } } }))
}

#[test]
fn a_child_execution_gives_its_description_as_result() {
    let mut bench = Bench::started(&child(), json!({}));
    let [Effect::StartChild(asked)] = bench.effects.as_slice() else {
        panic!("{:?}", bench.effects)
    };
    let (token, input) = (asked.token, asked.input.clone());
    assert_eq!(*input, json!({ "n": 1 }));
    let execution = "arn:aws:states:us-east-1:123456789012:execution:child:c".to_owned();
    bench.give(Event::ChildStarted { token, execution, started: bench.execution.context.started });
    let outcome = bench.child(Status::Succeeded(json!(5).into()));
    bench.give(Event::ChildEnded { token, child: outcome });
    insta::assert_snapshot!(bench.lines(2), @r#"
    3 < 2 TaskScheduled resourceType=states resource=startExecution.sync:2 parameters={"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Input":{"n":1}}
    4 < 3 TaskStarted resourceType=states resource=startExecution.sync:2
    5 < 4 TaskSubmitted resourceType=states resource=startExecution.sync:2 output={"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","StartDate":1795348800000,"SdkHttpMetadata":{"AllHttpHeaders":{"x-amzn-RequestId":["aeaf52fe-be70-4064-802d-8a5e87afea62"],"connection":["keep-alive"],"Content-Length":["100"],"Date":["Sun, 22 Nov 2026 12:00:00 GMT"],"Content-Type":["application/x-amz-json-1.0"]},"HttpHeaders":{"x-amzn-RequestId":"aeaf52fe-be70-4064-802d-8a5e87afea62","connection":"keep-alive","Content-Length":"100","Date":"Sun, 22 Nov 2026 12:00:00 GMT","Content-Type":"application/x-amz-json-1.0"},"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"aeaf52fe-be70-4064-802d-8a5e87afea62"}}
    6 < 5 TaskSucceeded resourceType=states resource=startExecution.sync:2 output={"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","Input":{"n":1},"InputDetails":{"Included":true},"Name":"c","Output":5,"OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":1795348800000,"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Status":"SUCCEEDED","StopDate":1795348800000}
    7 < 6 TaskStateExited name=call output={"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","Input":{"n":1},"InputDetails":{"Included":true},"Name":"c","Output":5,"OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":1795348800000,"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Status":"SUCCEEDED","StopDate":1795348800000}
    8 < 7 ExecutionSucceeded output={"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","Input":{"n":1},"InputDetails":{"Included":true},"Name":"c","Output":5,"OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":1795348800000,"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Status":"SUCCEEDED","StopDate":1795348800000}
    "#);
}

fn start(resource: &str, input: Value) -> String {
    let machine_arn = "arn:aws:states:us-east-1:123456789012:stateMachine:child";
    machine(&json!({ "call": { "Type": "Task", "End": true,
        "Resource": format!("arn:aws:states:::{resource}"),
        "Arguments": { "StateMachineArn": machine_arn, "Input": input },
        "Retry": [{ "ErrorEquals": ["Again"], "IntervalSeconds": 1 }] } }))
}

/// The start that an execution asks for last.
fn asked(bench: &Bench) -> StartChild {
    let mut starts = bench.effects.iter().filter_map(|effect| match effect {
        Effect::StartChild(start) => Some((**start).clone()),
        _ => None,
    });
    starts.next_back().unwrap()
}

fn started(bench: &Bench) -> Event {
    let execution = "arn:aws:states:us-east-1:123456789012:execution:child:c".to_owned();
    let (token, started) = (asked(bench).token, bench.execution.context.started);
    Event::ChildStarted { token, execution, started }
}

#[test]
fn a_start_is_done_when_the_execution_runs_and_never_stopped() {
    let mut bench = Bench::started(&start("aws-sdk:sfn:startExecution", json!("[1]")), json!({}));
    assert!(asked(&bench).detached);
    assert_eq!(*asked(&bench).input, json!([1]), "a text is handed on as it is");
    bench.give(started(&bench));
    insta::assert_snapshot!(bench.lines(2), @r#"
    3 < 2 TaskScheduled resourceType=aws-sdk:sfn resource=startExecution parameters={"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Input":"[1]"}
    4 < 3 TaskStarted resourceType=aws-sdk:sfn resource=startExecution
    5 < 4 TaskSucceeded resourceType=aws-sdk:sfn resource=startExecution output={"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","StartDate":"2026-11-22T12:00:00.000Z"}
    6 < 5 TaskStateExited name=call output={"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","StartDate":"2026-11-22T12:00:00.000Z"}
    7 < 6 ExecutionSucceeded output={"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","StartDate":"2026-11-22T12:00:00.000Z"}
    "#);
    let mut bench = Bench::started(&start("states:startExecution", json!({})), json!({}));
    bench.give(Event::Stop(Failure { error: None, cause: None }));
    assert!(!bench.effects.iter().any(|effect| matches!(effect, Effect::StopChild { .. })));
}

#[test]
fn an_input_that_is_no_json_is_refused_before_anything_is_started() {
    let bench = Bench::started(&start("aws-sdk:sfn:startExecution", json!("no")), json!({}));
    assert!(bench.effects.iter().all(|effect| !matches!(effect, Effect::StartChild(_))));
    assert!(
        bench.ended().starts_with("FAILED Sfn.InvalidExecutionInputException"),
        "{}",
        bench.ended()
    );
}

#[test]
fn each_attempt_of_a_task_with_a_token_has_its_own() {
    let token = json!({ "t": "{% $states.context.Task.Token %}" });
    let resource = "aws-sdk:sfn:startExecution.waitForTaskToken";
    let mut bench = Bench::started(&start(resource, token), json!({}));
    let told =
        |bench: &Bench| -> TaskToken { asked(bench).input["t"].as_str().unwrap().parse().unwrap() };
    let first = told(&bench);
    assert_eq!(first.random, asked(&bench).token.random);
    assert_eq!(first.execution, "arn:aws:states:us-east-1:123456789012:execution:m:e");
    bench.give(started(&bench));
    assert_eq!(bench.give(started(&bench)), Taken::Stale, "it was submitted already");
    let (token, failure) = (asked(&bench).token, Failure::new("Again", ""));
    bench.give(Event::TaskFailed { token, failure });
    bench.advance(1.0);
    let second = told(&bench);
    assert_ne!(first.random, second.random);
    assert_eq!(bench.give(Event::TaskSucceeded { token, output: json!(1).into() }), Taken::Stale);
    let token = asked(&bench).token;
    bench.give(Event::TaskSucceeded { token, output: json!(2).into() });
    assert_eq!(bench.ended(), "SUCCEEDED 2");
}

#[test]
fn a_call_that_waits_for_its_token_asks_for_nothing_after_a_restart() {
    let resource = "aws-sdk:sfn:startExecution.waitForTaskToken";
    let mut bench = Bench::started(&start(resource, json!({})), json!({}));
    bench.give(Event::Recovered);
    assert_eq!(bench.effects.len(), 2, "the start was not answered yet");
    bench.give(started(&bench));
    bench.give(Event::Recovered);
    assert_eq!(bench.effects.len(), 2);
}

#[test]
fn a_function_by_its_arn_has_events_of_its_own() {
    let function = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let asl = machine(
        &json!({ "call": { "Type": "Task", "Resource": function, "TimeoutSeconds": 5,
        "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 2, "IntervalSeconds": 1 }], "End": true } }),
    );
    let mut bench = Bench::started(&asl, json!({ "n": 1 }));
    bench.fail("call", "Oops", "c");
    bench.advance(1.0);
    bench.advance(7.0);
    bench.succeed("call", json!(2));
    insta::assert_snapshot!(bench.lines(2), @r#"
    3 < 2 LambdaFunctionScheduled resource=arn:aws:lambda:us-east-1:123456789012:function:f input={"n":1} timeoutInSeconds=5
    4 < 3 LambdaFunctionStarted
    5 < 4 LambdaFunctionFailed error=Oops cause=c
    6 < 5 LambdaFunctionScheduled resource=arn:aws:lambda:us-east-1:123456789012:function:f input={"n":1} timeoutInSeconds=5
    7 < 6 LambdaFunctionStarted
    8 < 7 LambdaFunctionTimedOut error=States.Timeout
    9 < 8 LambdaFunctionScheduled resource=arn:aws:lambda:us-east-1:123456789012:function:f input={"n":1} timeoutInSeconds=5
    10 < 9 LambdaFunctionStarted
    11 < 10 LambdaFunctionSucceeded output=2
    12 < 11 TaskStateExited name=call output=2
    13 < 12 ExecutionSucceeded output=2
    "#);
}

#[test]
fn a_failed_child_is_a_task_failure_with_its_description_as_cause() {
    let mut bench = Bench::started(&child(), json!({}));
    let Some(Effect::StartChild(asked)) = bench.effects.first() else {
        panic!("{:?}", bench.effects)
    };
    let token = asked.token;
    let outcome = bench.child(Status::Failed(Failure::new("Declined", r#"{"code":7}"#)));
    bench.give(Event::ChildEnded { token, child: outcome });
    insta::assert_snapshot!(bench.lines(4), @r#"
    5 < 4 TaskSubmitted resourceType=states resource=startExecution.sync:2 output={"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","StartDate":1795348800000,"SdkHttpMetadata":{"AllHttpHeaders":{"x-amzn-RequestId":["aeaf52fe-be70-4064-802d-8a5e87afea62"],"connection":["keep-alive"],"Content-Length":["100"],"Date":["Sun, 22 Nov 2026 12:00:00 GMT"],"Content-Type":["application/x-amz-json-1.0"]},"HttpHeaders":{"x-amzn-RequestId":"aeaf52fe-be70-4064-802d-8a5e87afea62","connection":"keep-alive","Content-Length":"100","Date":"Sun, 22 Nov 2026 12:00:00 GMT","Content-Type":"application/x-amz-json-1.0"},"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"aeaf52fe-be70-4064-802d-8a5e87afea62"}}
    6 < 5 TaskFailed resourceType=states resource=startExecution.sync:2 error=States.TaskFailed cause={"Cause":"{\"code\":7}","Error":"Declined","ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","Input":"{\"n\":1}","InputDetails":{"Included":true},"Name":"c","RedriveCount":0,"RedriveStatus":"REDRIVABLE","StartDate":1795348800000,"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Status":"FAILED","StopDate":1795348800000}
    7 < 6 ExecutionFailed error=States.TaskFailed cause={"Cause":"{\"code\":7}","Error":"Declined","ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c","Input":"{\"n\":1}","InputDetails":{"Included":true},"Name":"c","RedriveCount":0,"RedriveStatus":"REDRIVABLE","StartDate":1795348800000,"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child","Status":"FAILED","StopDate":1795348800000}
    "#);
}
