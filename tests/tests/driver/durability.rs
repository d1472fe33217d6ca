//! Executions outlive their engine, and other handles read beside it.

use super::fixture::{Place, chain, machine, task, with_machines};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use stepwright::{
    Engine,
    engine::Status,
    program::{Data, Failure},
    service::{Error, ListRequest, State},
    store,
};
use tokio::sync::Notify;

#[tokio::test]
async fn an_execution_goes_on_with_the_next_engine() {
    let place = Place::new();
    let started = Arc::new(Notify::new());
    let slow = Arc::clone(&started);
    let engine = Engine::builder()
        .store(place.path())
        .task("increment", move |arguments, _| {
            let slow = Arc::clone(&slow);
            async move {
                if arguments["input"] == 2 {
                    slow.notify_one();
                    std::future::pending::<()>().await;
                }
                Ok(Data::from(json!(arguments["input"].as_i64().unwrap() + 1)))
            }
        })
        .definition("count", chain(&["increment", "increment", "increment"]))
        .build()
        .await
        .unwrap();
    let handle = engine.start_json("count", json!(1)).name("one").await.unwrap();
    started.notified().await;
    drop((handle, engine));
    let engine = place.engine().await;
    let handle = engine.find("one").await.unwrap();
    assert_eq!(*handle.result().await.unwrap(), json!(4));
}

#[tokio::test]
async fn a_step_that_was_recorded_does_not_run_again() {
    let place = Place::new();
    let ran = Arc::new(AtomicU32::new(0));
    for engines in 0..3 {
        let counted = Arc::clone(&ran);
        let builder = Engine::builder().store(place.path());
        let engine = builder
            .task("first", move |_, _| {
                counted.fetch_add(1, Ordering::SeqCst);
                async { Ok(Data::from(json!(1))) }
            })
            .task("second", |_, _| std::future::pending())
            .definition("two", chain(&["first", "second"]))
            .build()
            .await
            .unwrap();
        let handle = match engines {
            0 => engine.start_json("two", json!(null)).name("one").await.unwrap(),
            _ => engine.find("one").await.unwrap(),
        };
        let mut events = handle.watch().await.unwrap();
        while let Some(event) = futures::StreamExt::next(&mut events).await {
            if event.unwrap().kind.type_name() == "TaskSucceeded" {
                break;
            }
        }
    }
    assert_eq!(ran.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_changed_workflow_finishes_on_the_definition_it_started_with() {
    let place = Place::new();
    let engine = place.engine().await;
    engine.start_json("hang", json!(1)).name("old").await.unwrap();
    drop(engine);
    // The new definition would increment twice; the old one has one task, and it is bound by name.
    let engine = Engine::builder()
        .store(place.path())
        .task("never", |_, _| async { Ok(Data::from(json!("at last"))) })
        .definition("hang", chain(&["never", "never"]))
        .build()
        .await
        .unwrap();
    let old = engine.find("old").await.unwrap();
    assert_eq!(*old.result().await.unwrap(), json!("at last"));
    assert_eq!(old.describe().await.unwrap().revision, 1);
    let new = engine.start_json("hang", json!(1)).await.unwrap();
    new.end().await.unwrap();
    assert_eq!(new.describe().await.unwrap().revision, 2);
}

#[tokio::test]
async fn one_engine_owns_a_database_and_others_read_and_stop() {
    let place = Place::new();
    let engine = place.engine().await;
    let handle = engine.start_json("hang", json!(1)).name("one").await.unwrap();
    let second = with_machines(Engine::builder().store(place.path())).build().await;
    assert!(matches!(second, Err(Error::Store(store::Error::Locked { .. }))), "{second:?}");
    let reading = Engine::reading(place.path()).unwrap();
    let running = reading.list(ListRequest::new().state(State::Running)).await.unwrap();
    assert_eq!(running.executions.len(), 1);
    assert!(matches!(reading.start_json("hang", json!(1)).await, Err(Error::ReadOnly)));
    reading.stop("one", Failure::new("Enough", "from elsewhere")).await.unwrap();
    let end = handle.end().await.unwrap();
    assert_eq!(end, Status::Aborted(Failure::new("Enough", "from elsewhere")));
    assert_eq!(reading.find("one").await.unwrap().end().await.unwrap(), end);
}

#[tokio::test]
async fn a_shut_down_engine_lets_running_tasks_end_and_gives_the_database_up() {
    let place = Place::new();
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, go) = (Arc::clone(&entered), Arc::clone(&leave));
    let engine = with_machines(Engine::builder().store(place.path()))
        .task("slow", move |_, _| {
            let (inside, go) = (Arc::clone(&inside), Arc::clone(&go));
            async move {
                inside.notify_one();
                go.notified().await;
                Ok(Data::from(json!(7)))
            }
        })
        .definition(
            "slowly",
            machine(&json!({
                "slow": task("slow", &json!({ "Next": "more" })),
                "more": task("increment", &json!({ "End": true })),
            })),
        )
        .build()
        .await
        .unwrap();
    let handle = engine.start_json("slowly", json!(1)).name("one").await.unwrap();
    entered.notified().await;
    let ((), closed) = tokio::join!(async { leave.notify_one() }, engine.shutdown());
    closed.unwrap();
    drop(handle);
    let reading = Engine::reading(place.path()).unwrap();
    let history = reading.find("one").await.unwrap();
    let history = history.history(stepwright::service::HistoryRequest::new()).await.unwrap();
    let types: Vec<_> = history.events.iter().map(|event| event.kind.type_name()).collect();
    assert!(types.contains(&"TaskSucceeded".to_owned()), "{types:?}");
    // Another engine may own it now, although the first handle is still there.
    let next = place.engine().await;
    assert!(next.find("one").await.is_ok());
    assert!(place.folder().exists());
}
