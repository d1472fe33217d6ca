//! Tasks in this process: their context, their failures, their limits.

use super::fixture::{Place, chain, machine, task};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use stepwright::{
    Engine,
    engine::Status,
    program::{Data, Failure},
    service::Limits,
};
use tokio::sync::Notify;

/// Runs a machine with one task named `work`, and gives its end.
async fn end<F, Fut>(states: &Value, work: F) -> Status
where
    F: Fn(Data, stepwright::TaskContext) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Data, Failure>> + Send + 'static,
{
    let builder = Engine::builder().task("work", work).definition("it", machine(states));
    let engine = builder.build().await.unwrap();
    engine.start_json("it", json!(null)).name("one").await.unwrap().end().await.unwrap()
}

#[tokio::test]
async fn a_panic_fails_the_task_by_name() {
    let states = json!({ "a": task("work", &json!({ "End": true })) });
    let status = end(&states, |_, _| async { panic!("no {}", "luck") }).await;
    let failure = Failure::new("Stepwright.TaskPanicked", "the task 'work' panicked: no luck");
    assert_eq!(status, Status::Failed(failure));
}

#[tokio::test]
async fn a_panic_is_a_failure_that_can_be_retried() {
    let retry = json!({
        "Retry": [{ "ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 2 }],
        "End": true,
    });
    let tries = AtomicUsize::new(0);
    let states = json!({ "a": task("work", &retry) });
    let status = end(&states, move |_, ctx| {
        let attempt = tries.fetch_add(1, Ordering::SeqCst) + 1;
        assert!(attempt == 2, "the first attempt panics");
        async move { Ok(Data::from(json!([ctx.attempt(), ctx.execution()]))) }
    });
    assert_eq!(status.await, Status::Succeeded(json!([2, "one"]).into()));
}

#[tokio::test]
async fn a_step_has_one_idempotency_key_for_all_its_attempts() {
    let retry = json!({
        "Retry": [{ "ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 2 }],
    });
    let then = |more: Value| {
        let mut fields = retry.clone();
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields
    };
    let states = json!({
        "a": task("work", &then(json!({ "Next": "b" }))),
        "b": task("work", &then(json!({ "End": true }))),
    });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keys = Arc::clone(&seen);
    let status = end(&states, move |_, ctx| {
        keys.lock().unwrap().push(ctx.idempotency_key().to_owned());
        let first = ctx.attempt() == 1;
        async move { if first { Err(Failure::new("Again", "")) } else { Ok(Data::default()) } }
    });
    assert_eq!(status.await, Status::Succeeded(Data::default()));
    let keys = seen.lock().unwrap();
    assert_eq!(keys.len(), 4);
    assert_eq!((&keys[0], &keys[2]), (&keys[1], &keys[3]));
    assert_ne!(keys[0], keys[2]);
}

#[tokio::test]
async fn a_timed_out_task_is_cancelled() {
    let cancelled = Arc::new(Notify::new());
    let told = Arc::clone(&cancelled);
    let states = json!({ "a": task("work", &json!({ "TimeoutSeconds": 1, "End": true })) });
    let status = end(&states, move |_, ctx| {
        let told = Arc::clone(&told);
        async move {
            ctx.cancellation().cancelled().await;
            told.notify_one();
            std::future::pending().await
        }
    });
    let Status::Failed(failure) = status.await else { panic!("it did not fail") };
    assert_eq!(failure.error.as_deref(), Some("States.Timeout"));
    cancelled.notified().await;
}

#[tokio::test]
async fn no_more_tasks_run_at_a_time_than_the_limit_and_executions_take_turns() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let order = Arc::new(Mutex::new(Vec::new()));
    let (now, top, seen) = (Arc::clone(&running), Arc::clone(&most), Arc::clone(&order));
    let work = move |arguments: Data, ctx: stepwright::TaskContext| {
        let (now, top, seen) = (Arc::clone(&now), Arc::clone(&top), Arc::clone(&seen));
        async move {
            top.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            seen.lock().unwrap().push(ctx.execution().to_owned());
            tokio::task::yield_now().await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(arguments)
        }
    };
    let states = json!({ "m": {
        "Type": "Map", "Items": (0..40).collect::<Vec<_>>(), "End": true,
        "ItemProcessor": { "StartAt": "i", "States": { "i": task("work", &json!({ "End": true })) } },
    } });
    let mut limits = Limits::default();
    limits.running_tasks = 3;
    let engine = Engine::builder()
        .task("work", work)
        .definition("it", machine(&states))
        .definition("one", chain(&["work"]))
        .limits(limits)
        .build()
        .await
        .unwrap();
    let big = engine.start_json("it", json!(null)).name("big").await.unwrap();
    let small = engine.start_json("one", json!(null)).name("small").await.unwrap();
    small.end().await.unwrap();
    big.end().await.unwrap();
    assert!(most.load(Ordering::SeqCst) <= 3);
    let order = order.lock().unwrap();
    assert_eq!(order.len(), 41);
    assert_ne!(order.last().unwrap(), "small", "it had its turn before the last of the big one");
    assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), 2);
}

#[tokio::test]
async fn a_heartbeat_keeps_a_task_alive_and_silence_does_not() {
    let fields = json!({ "TimeoutSeconds": 60, "HeartbeatSeconds": 2, "End": true });
    let states = json!({ "a": task("work", &fields) });
    let status = end(&states, |_, _| std::future::pending()).await;
    let Status::Failed(failure) = status else { panic!("it did not fail") };
    assert!(failure.error.unwrap().starts_with("States."));
    let status = end(&states, |_, ctx| async move {
        let mut beats = tokio::time::interval(Duration::from_millis(200));
        for beat in 0..13 {
            beats.tick().await;
            ctx.heartbeat(beat);
        }
        Ok(Data::from(json!("alive")))
    });
    assert_eq!(status.await, Status::Succeeded(json!("alive").into()));
}

#[tokio::test]
async fn what_a_task_says_with_a_heartbeat_is_described_while_it_runs() {
    let (said, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&said), Arc::clone(&go));
    let work = move |_, ctx: stepwright::TaskContext| {
        let (tell, wait) = (Arc::clone(&tell), Arc::clone(&wait));
        async move {
            ctx.heartbeat(json!({ "percent": 10 }));
            ctx.heartbeat(json!({ "percent": 20 }));
            tell.notify_one();
            wait.notified().await;
            Ok(Data::from(json!("done")))
        }
    };
    let engine = Engine::builder().task("work", work).definition("one", chain(&["work"]));
    let engine = engine.build().await.unwrap();
    let handle = engine.start_json("one", json!(null)).await.unwrap();
    said.notified().await;
    let progress = handle.describe().await.unwrap().progress;
    let shown = progress.iter().map(|it| (&*it.state, &*it.task, it.attempt, it.progress.clone()));
    assert_eq!(shown.collect::<Vec<_>>(), [("s0", "work", 1, json!({ "percent": 20 }))]);
    assert_eq!(handle.progress().await.unwrap(), progress);
    go.notify_one();
    handle.end().await.unwrap();
    assert_eq!(handle.describe().await.unwrap().progress, []);
}

#[tokio::test]
async fn a_task_that_is_interrupted_more_often_than_it_may_be_lost_goes_on() {
    for orderly in [true, false] {
        let place = Place::new();
        for round in 0..5 {
            let builder = Engine::builder().store(place.path()).definition("one", chain(&["t"]));
            let mut limits = Limits::default();
            limits.grace = Duration::ZERO;
            let begins = Arc::new(Notify::new());
            let begin = Arc::clone(&begins);
            let engine = builder
                .limits(limits)
                .task("t", move |_, _| {
                    begin.notify_one();
                    async move {
                        if round < 4 {
                            std::future::pending::<()>().await;
                        }
                        Ok(Data::from(json!("done")))
                    }
                })
                .build()
                .await
                .unwrap();
            let handle = match round {
                0 => engine.start_json("one", json!(null)).name("one").await.unwrap(),
                _ => engine.find("one").await.unwrap(),
            };
            if round < 4 {
                tokio::select! {
                    () = begins.notified() => {}
                    end = handle.end() => panic!("it has ended: {end:?}"),
                }
            }
            if round == 4 {
                assert_eq!(*handle.result().await.unwrap(), json!("done"), "orderly: {orderly}");
            } else if orderly {
                engine.shutdown().await.unwrap();
            }
        }
    }
}
