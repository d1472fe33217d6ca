//! A world with a clock that jumps.

use serde_json::{Value, json};
use std::{fs, sync::Arc, time::Duration};
use stepwright::{
    asl::Definition,
    driver::objects::Directory,
    engine::Limits,
    prelude::*,
    program::{Interpreter, Program},
    testing::{Answer, Doubles, World, WorldError},
};

const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:";

fn machine(states: &Value) -> String {
    let first = states.as_object().and_then(|states| states.keys().next()).unwrap();
    json!({ "QueryLanguage": "JSONata", "StartAt": first, "States": states }).to_string()
}

fn program(asl: &str) -> Arc<dyn Program> {
    Arc::new(Interpreter::new(Definition::parse(asl).0.unwrap()).unwrap())
}

fn call(task: &str, more: Value) -> Value {
    let mut state = json!({ "Type": "Task", "Resource": format!("{ACTIVITY}{task}"), "End": true });
    state.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    state
}

#[test]
fn a_workflow_that_sleeps_a_year_is_over_at_once() {
    let asl = machine(&json!({ "nap": { "Type": "Wait", "Seconds": 31_536_000, "End": true } }));
    let run = World::interpreting(&asl).unwrap().run(json!("done")).unwrap();
    assert_eq!(run.output(), Some(&json!("done")));
    let first = run.history.first().unwrap().timestamp;
    assert_eq!(run.ended.duration_since(first).as_hours(), 365 * 24);
}

#[test]
fn a_double_sees_arguments_attempt_and_earlier_calls() {
    let retry = json!({ "Arguments": { "n": "{% $states.input %}" },
                        "Retry": [{ "ErrorEquals": ["Down"], "MaxAttempts": 5 }] });
    let asl = machine(&json!({ "call": call("charge", retry) }));
    let doubles = Doubles::new().task("charge", |call| match call.attempt {
        3 => Answer::ok(json!([call.arguments, call.earlier])),
        _ => Answer::fail("Down", ""),
    });
    let run = World::interpreting(&asl).unwrap().doubles(doubles).run(json!(7)).unwrap();
    assert_eq!(run.output(), Some(&json!([{ "n": 7 }, 2])));
    assert_eq!(run.calls.len(), 3);
    assert_eq!(run.states(), ["call"]);
}

#[test]
fn a_slow_double_runs_into_its_timeout_unless_it_is_fast_enough() {
    let asl = machine(&json!({ "call": call("slow", json!({ "TimeoutSeconds": 10 })) }));
    let with = |answer: Answer| {
        let doubles = Doubles::new().task("slow", move |_call| answer.clone());
        World::interpreting(&asl).unwrap().doubles(doubles).run(json!({})).unwrap()
    };
    let fast = with(Answer::ok(json!(1)).after(Duration::from_secs(9)));
    assert_eq!(fast.output(), Some(&json!(1)));
    let slow = with(Answer::ok(json!(1)).after(Duration::from_secs(11)));
    assert_eq!(slow.failure().unwrap().error.as_deref(), Some("States.Timeout"));
    let silent = with(Answer::silence());
    assert_eq!(silent.failure().unwrap().error.as_deref(), Some("States.Timeout"));
}

#[test]
fn heartbeats_of_a_double_keep_it_alive() {
    let asl = machine(&json!({ "call": call("slow", json!({ "HeartbeatSeconds": 10 })) }));
    let with = |answer: Answer| {
        let doubles = Doubles::new().task("slow", move |_call| answer.clone());
        World::interpreting(&asl).unwrap().doubles(doubles).run(json!({})).unwrap()
    };
    let hour = Answer::ok(json!(1)).after(Duration::from_hours(1));
    assert_eq!(with(hour.clone().beating(Duration::from_secs(5))).output(), Some(&json!(1)));
    assert!(with(hour).failure().is_some());
}

#[test]
fn a_child_execution_runs_in_the_same_world() {
    let child = machine(&json!({ "call": call("double", json!({})) }));
    let parent = machine(&json!({ "start": {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": true,
        "Arguments": { "Input": "{% $states.input %}",
                       "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child" },
        "Output": "{% $states.result.Output %}" } }));
    let doubles = Doubles::new().task("double", |call| {
        Answer::ok(call.arguments.as_i64().unwrap() * 2).after(Duration::from_mins(1))
    });
    let world = World::interpreting(&parent).unwrap().machine("child", program(&child));
    let run = world.doubles(doubles).run(json!(21)).unwrap();
    assert_eq!(run.output(), Some(&json!(42)));
    assert_eq!(run.calls[0].state, "call");
}

#[test]
fn what_never_ends_is_said() {
    let world = |asl: &str| World::interpreting(asl).unwrap();
    let asl = machine(&json!({ "call": call("charge", json!({})) }));
    assert_eq!(world(&asl).run(json!({})), Err(WorldError::NoDouble("charge".to_owned())));
    let silent = Doubles::new().task("charge", |_call| Answer::silence());
    assert_eq!(
        world(&asl).doubles(silent).run(json!({})),
        Err(WorldError::Stuck(vec!["`call`".to_owned()]))
    );
    let endless = machine(&json!({ "again": { "Type": "Wait", "Seconds": 1, "Next": "again" } }));
    assert_eq!(world(&endless).limits(Limits::NONE).run(json!({})), Err(WorldError::Endless));
}

#[test]
fn a_double_of_a_task_that_is_not_called_is_an_error_and_not_ignored() {
    #[track_caller]
    fn check(states: &Value, double: &str, expected: &str) {
        let doubles = Doubles::new().task(double, |_call| Answer::ok(json!(1)));
        let run = World::interpreting(&machine(states)).unwrap().doubles(doubles).run(json!({}));
        assert_eq!(run.unwrap_err().to_string(), expected);
    }
    let branch = json!({ "StartAt": "pack", "States": { "pack": call("pack", json!({})) } });
    let states = json!({
        "charge": { "Type": "Task", "Resource": format!("{ACTIVITY}charge"), "Next": "all" },
        "all": { "Type": "Parallel", "Branches": [branch], "End": true },
    });
    check(
        &states,
        "chrage",
        "there is a double for `chrage`, which the workflow does not call: did you mean `charge`? \
         (it calls `charge`, `pack`)",
    );
    check(
        &states,
        "refund",
        "there is a double for `refund`, which the workflow does not call: it calls `charge`, `pack`",
    );
    check(
        &json!({ "nap": { "Type": "Wait", "Seconds": 1, "End": true } }),
        "refund",
        "there is a double for `refund`, which the workflow does not call: it calls no task",
    );
}

#[test]
fn a_function_whose_name_is_an_expression_may_be_any_double() {
    let asl = machine(&json!({ "call": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
        "Arguments": { "FunctionName": "{% 'pa' & 'ck' %}", "Payload": 1 },
        "Output": "{% $states.result.Payload %}" } }));
    let doubles = Doubles::new().task("pack", |_call| Answer::ok(json!("packed")));
    let run = World::interpreting(&asl).unwrap().doubles(doubles).run(json!({})).unwrap();
    assert_eq!(run.output(), Some(&json!("packed")));
}

#[test]
fn the_same_world_gives_the_same_run() {
    let random = json!({ "Output": "{% [$random(), $uuid(), $millis()] %}",
        "Retry": [{ "ErrorEquals": ["Down"], "JitterStrategy": "FULL", "IntervalSeconds": 50 }] });
    let asl = machine(&json!({ "call": call("charge", random) }));
    let run = |seed| {
        let doubles = Doubles::new().task("charge", |call| match call.attempt {
            2 => Answer::ok(json!(null)),
            _ => Answer::fail("Down", ""),
        });
        World::interpreting(&asl).unwrap().doubles(doubles).seed(seed).run(json!({})).unwrap()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).output(), run(2).output());
}

#[test]
fn distributed_maps_run_within_each_other_on_what_a_directory_holds() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    fs::write(folder.path().join("b/in.jsonl"), "[1, 2]\n[3]\n").unwrap();
    let distributed = |label: &str, inner: &Value, more: Value| {
        let first = inner.as_object().and_then(|states| states.keys().next()).unwrap();
        let config = json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
        let mut map = json!({
            "Type": "Map",
            "Label": label,
            "ItemProcessor": { "ProcessorConfig": config, "StartAt": first, "States": inner },
            "End": true,
        });
        map.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        map
    };
    let inner = json!({ "twice": {
        "Type": "Pass", "Output": "{% [$states.input * 2, $states.context.StateMachine.Name] %}",
        "End": true } });
    let outer = json!({ "inner": distributed("Inner", &inner, json!({})) });
    let reader = json!({ "ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": { "InputType": "JSONL" },
        "Arguments": { "Bucket": "b", "Key": "in.jsonl" } } });
    let asl = machine(&json!({ "outer": distributed("Outer", &outer, reader) }));
    let world = World::interpreting(&asl).unwrap().objects(Directory::new(folder.path()));
    let run = world.run(json!({})).unwrap();
    let name = "machine/Inner";
    let expected = json!([[[2, name], [4, name]], [[6, name]]]);
    assert_eq!(run.output(), Some(&expected));
}

#[task]
async fn listen(host: &str) -> bool {
    tokio::net::TcpListener::bind((host, 0)).await.is_ok()
}

#[workflow]
async fn listening(host: String) -> bool {
    listen(&host).await
}

#[test]
fn a_task_without_a_double_may_use_the_network() {
    let run = World::of::<listening>().unwrap().run(json!("127.0.0.1")).unwrap();
    assert_eq!(run.output(), Some(&json!(true)));
}

#[test]
fn an_input_that_fits_no_parameter_starts_nothing() {
    let refused = World::of::<listening>().unwrap().run(json!({"host": 1})).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the input does not fit `listening`: invalid type: map, expected a string"
    );
}
