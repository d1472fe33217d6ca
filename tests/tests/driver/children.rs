//! Child executions: started once, told of, stopped with their parent.

use super::fixture::{Place, machine, with_machines};
use serde_json::{Value, json};
use std::sync::Arc;
use stepwright::{
    Engine,
    driver::clock::SimulatedClock,
    engine::Status,
    program::Failure,
    service::{Builder, ListRequest},
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
        let mut events = handle.watch().await.unwrap();
        while let Some(event) = futures::StreamExt::next(&mut events).await {
            if event.unwrap().kind.type_name() == "TaskSubmitted" {
                break;
            }
        }
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
async fn a_stopped_child_fails_its_parent() {
    let engine = with_parents(Engine::builder()).build().await.unwrap();
    let handle = engine.start_json("of_hang", json!(1)).await.unwrap();
    let mut events = handle.watch().await.unwrap();
    while let Some(event) = futures::StreamExt::next(&mut events).await {
        if event.unwrap().kind.type_name() == "TaskSubmitted" {
            break;
        }
    }
    let list = engine.list(ListRequest::new().workflow("hang")).await.unwrap();
    engine.stop(&list.executions[0].arn, Failure::new("Enough", "")).await.unwrap();
    let Status::Failed(failure) = handle.end().await.unwrap() else { panic!("it did not fail") };
    assert_eq!(failure.error.as_deref(), Some("States.TaskFailed"));
    let cause: Value = serde_json::from_str(&failure.cause.unwrap()).unwrap();
    assert_eq!(cause["Status"], "ABORTED");
}
