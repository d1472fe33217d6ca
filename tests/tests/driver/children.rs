//! Child executions: started once, told of, stopped with their parent.

use super::fixture::{Place, machine, with_machines};
use serde_json::{Value, json};
use std::sync::Arc;
use stepwright::{
    Engine,
    driver::clock::SimulatedClock,
    engine::Status,
    program::Failure,
    service::{Builder, Handle, ListRequest},
};

fn parent(of: &str, output: &str) -> Value {
    json!({ "child": {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": {
            "StateMachineArn": format!("arn:aws:states:us-east-1:123456789012:stateMachine:{of}"),
            "Input": "{% $states.input %}",
        },
        "Output": output,
        "End": true,
    } })
}

fn with_parents(builder: Builder) -> Builder {
    with_machines(builder)
        .definition("of_count", machine(&parent("count", "{% $states.result.Output %}")))
        .definition("of_hang", machine(&parent("hang", "{% $states.result %}")))
        .definition("of_nobody", machine(&parent("nobody", "{% $states.result %}")))
}

/// Waits until an execution has an event of this type.
async fn until(handle: &Handle, kind: &str) {
    let mut events = handle.watch().await.unwrap();
    while let Some(event) = futures::StreamExt::next(&mut events).await {
        if event.unwrap().kind.type_name() == kind {
            return;
        }
    }
    panic!("{} has ended without {kind}", handle.name());
}

#[tokio::test]
async fn the_result_of_a_child_is_its_output() {
    let engine = with_parents(Engine::builder()).build().await.unwrap();
    let handle = engine.start_json("of_count", json!(1)).await.unwrap();
    assert_eq!(*handle.result().await.unwrap(), json!(4));
    assert_eq!(engine.list(ListRequest::new()).await.unwrap().executions.len(), 2);
}

#[tokio::test]
async fn a_parent_learns_of_its_childs_end_before_more_time_passes() {
    let mut patient = parent("echo", "{% $states.result.Output %}");
    // A clock that jumps would go to this deadline if nobody told the parent.
    patient["child"]["TimeoutSeconds"] = json!(3600);
    for on_demand in [false, true] {
        let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let builder = Engine::builder()
            .clock(Arc::new(SimulatedClock::automatic(start)))
            .definition(
                "echo",
                machine(&json!({ "echo": { "Type": "Wait", "Seconds": 10, "End": true } })),
            )
            .definition("of_echo", machine(&patient));
        let builder = if on_demand { builder.on_demand() } else { builder };
        let engine = builder.build().await.unwrap();
        let handle = engine.start_json("of_echo", json!(1)).await.unwrap();
        assert_eq!(*handle.result().await.unwrap(), json!(1));
        let ended = handle.describe().await.unwrap().ended;
        assert_eq!(
            ended,
            Some(start + jiff::SignedDuration::from_secs(10)),
            "on demand: {on_demand}"
        );
    }
}

#[tokio::test]
async fn a_child_of_a_machine_that_is_not_there_fails() {
    let engine = with_parents(Engine::builder()).build().await.unwrap();
    let handle = engine.start_json("of_nobody", json!(1)).await.unwrap();
    let Status::Failed(failure) = handle.end().await.unwrap() else { panic!("it did not fail") };
    let error = failure.error.unwrap();
    assert_eq!(error, "StepFunctions.StateMachineDoesNotExistException");
}

#[tokio::test]
async fn a_child_outlives_the_engine_and_is_not_started_twice() {
    let place = Place::new();
    for round in 0..3 {
        let builder = with_parents(Engine::builder().store(place.path()));
        let engine = builder.build().await.unwrap();
        let handle = match round {
            0 => engine.start_json("of_hang", json!(1)).name("one").await.unwrap(),
            _ => engine.find("of_hang/one").await.unwrap(),
        };
        until(&handle, "TaskSubmitted").await;
        let list = engine.list(ListRequest::new().workflow("hang")).await.unwrap();
        assert_eq!(list.executions.len(), 1);
        if round == 2 {
            handle.stop(Failure::new("Enough", "")).await.unwrap();
            assert!(matches!(handle.end().await.unwrap(), Status::Aborted(_)));
            let child = engine.find(&list.executions[0].arn).await.unwrap();
            assert!(matches!(child.end().await.unwrap(), Status::Aborted(_)));
        }
    }
}

#[tokio::test]
async fn a_child_that_rests_on_disk_is_stopped_before_the_engine_shuts_down() {
    let place = Place::new();
    let builder = with_parents(Engine::builder().store(place.path()))
        .definition("of_nap", machine(&parent("nap", "{% $states.result %}")));
    let engine = builder.on_demand().build().await.unwrap();
    let handle = engine.start_json("of_nap", json!(1)).name("one").await.unwrap();
    until(&handle, "TaskSubmitted").await;
    let list = engine.list(ListRequest::new().workflow("nap")).await.unwrap();
    let child = engine.find(&list.executions[0].arn).await.unwrap();
    until(&child, "WaitStateEntered").await;
    handle.stop(Failure::new("Enough", "")).await.unwrap();
    engine.shutdown().await.unwrap();
    let reading = Engine::reading(place.path()).unwrap();
    assert!(reading.has_ended("of_nap/one").await.unwrap());
    for stopped in [handle.arn(), child.arn()] {
        let found = reading.describe(stopped).await.unwrap();
        assert!(matches!(found.status, Status::Aborted(_)), "{found:?}");
    }
}

#[tokio::test]
async fn a_stopped_child_fails_its_parent() {
    let engine = with_parents(Engine::builder()).build().await.unwrap();
    let handle = engine.start_json("of_hang", json!(1)).await.unwrap();
    until(&handle, "TaskSubmitted").await;
    let list = engine.list(ListRequest::new().workflow("hang")).await.unwrap();
    engine.stop(&list.executions[0].arn, Failure::new("Enough", "")).await.unwrap();
    let Status::Failed(failure) = handle.end().await.unwrap() else { panic!("it did not fail") };
    assert_eq!(failure.error.as_deref(), Some("States.TaskFailed"));
    let cause: Value = serde_json::from_str(&failure.cause.unwrap()).unwrap();
    assert_eq!(cause["Status"], "ABORTED");
}
