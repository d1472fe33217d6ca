//! Starting, waiting, stopping, and what is refused.

use super::fixture::{Place, in_memory};
use serde_json::{Value, json};
use stepwright::{Engine, engine::Status, program::Failure, service::Error, store::MemoryStore};

#[tokio::test]
async fn three_tasks_give_their_result() {
    let engine = in_memory().await;
    let handle = engine.start_json("count", json!(1)).name("one").await.unwrap();
    assert_eq!(handle.name(), "one");
    assert_eq!(handle.end().await.unwrap(), Status::Succeeded(json!(4).into()));
    // The end can be asked for again, and later.
    assert_eq!(*handle.result().await.unwrap(), json!(4));
}

#[tokio::test]
async fn the_same_name_and_input_is_the_running_execution() {
    let engine = in_memory().await;
    let first = engine.start_json("hang", json!(1)).name("one").await.unwrap();
    let second = engine.start_json("hang", json!(1)).name("one").await.unwrap();
    assert_eq!(first.arn(), second.arn());
    let other = engine.start_json("hang", json!(2)).name("one").await.unwrap_err();
    assert_eq!(
        other.to_string(),
        "an execution of `hang` named `one` exists already, with another input"
    );
    first.stop(Failure::new("Enough", "")).await.unwrap();
    first.end().await.unwrap();
    let ended = engine.start_json("hang", json!(1)).name("one").await.unwrap_err();
    assert_eq!(
        ended.to_string(),
        "an execution of `hang` named `one` exists already, and has ended"
    );
}

#[tokio::test]
async fn bad_starts_are_refused_with_their_reason() {
    let engine = in_memory().await;
    let start = |workflow: &str, input: Value, name: &str| {
        let start = engine.start_json(workflow, input).name(name);
        async move { start.await.unwrap_err().to_string() }
    };
    assert_eq!(
        start("cuont", json!(1), "a").await,
        "there is no workflow named `cuont`; there is count, hang, nap"
    );
    assert_eq!(
        start("count", json!(1), "a b").await,
        "`a b` can't name an execution: it has white space or control characters"
    );
    assert_eq!(start("count", json!(1), "").await, "`` can't name an execution: it is empty");
    assert_eq!(
        start("count", json!("x".repeat(262_144)), "a").await,
        "the input of `count` has 262146 bytes of JSON, and at most 262144 are allowed"
    );
    let unknown = engine.describe("nobody").await.unwrap_err();
    assert!(matches!(unknown, Error::UnknownExecution(name) if name == "nobody"));
}

#[tokio::test]
async fn a_stopped_execution_says_why() {
    let engine = in_memory().await;
    let handle = engine.start_json("hang", json!(1)).await.unwrap();
    handle.stop(Failure::new("Enough", "the test has seen it")).await.unwrap();
    let end = handle.result().await.unwrap_err();
    assert_eq!(end.to_string(), "the execution was stopped: Enough: the test has seen it");
}

#[tokio::test]
async fn many_executions_run_at_once() {
    let place = Place::new();
    let engine = place.engine().await;
    let mut handles = Vec::new();
    for number in 0..300 {
        handles.push(engine.start_json("count", json!(number)).await.unwrap());
    }
    for (number, handle) in handles.iter().enumerate() {
        assert_eq!(*handle.result().await.unwrap(), json!(number + 3));
    }
    // Commits are grouped: far fewer than the 1,200 transitions that were written.
    let commits = engine.facts().await.unwrap().commits;
    assert!((4..1_200).contains(&commits), "{commits} commits");
}

#[tokio::test]
async fn a_shut_down_engine_says_so() {
    let engine = in_memory().await;
    let handle = engine.start_json("count", json!(1)).await.unwrap();
    handle.end().await.unwrap();
    engine.shutdown().await.unwrap();
    engine.shutdown().await.unwrap();
    let start = engine.start_json("count", json!(1)).await.unwrap_err();
    assert!(matches!(start, Error::ShutDown), "{start:?}");
    assert!(matches!(handle.end().await, Err(Error::ShutDown)));
}

#[tokio::test]
async fn the_workflow_and_its_name_find_an_execution_of_a_name_that_two_have() {
    let engine = in_memory().await;
    let count = engine.start_json("count", json!(1)).name("one").await.unwrap();
    assert_eq!(engine.find("one").await.unwrap().arn(), count.arn());
    let hang = engine.start_json("hang", json!(1)).name("one").await.unwrap();
    assert!(matches!(engine.find("one").await, Err(Error::AmbiguousName { .. })));
    assert_eq!(engine.find("hang/one").await.unwrap().arn(), hang.arn());
    assert_eq!(engine.find(hang.arn()).await.unwrap().arn(), hang.arn());
}

#[test]
fn an_engine_needs_a_runtime() {
    let built = futures::executor::block_on(Engine::builder().store(MemoryStore::new()).build());
    assert!(matches!(built, Err(Error::NoRuntime)));
}
