//! Executions meet a binary without a task or workflow that they need: they wait, visibly, and lose
//! nothing.

use super::fixture::Place;
use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use stepwright::{
    Engine,
    driver::clock::{Clock as _, SimulatedClock},
    engine::Status,
    prelude::*,
    program::{Data, Failure},
    service::{Builder, Ended, Error, Handle, HistoryRequest, ListRequest},
};

/// Of the binary that the executions begin with.
mod before {
    use stepwright::prelude::*;

    #[task]
    pub(super) async fn weigh(number: i64) -> i64 {
        super::weighed(number).await
    }

    #[task(timeout = "30s")]
    pub(super) async fn charge(number: i64) -> i64 {
        super::charged(number).await
    }

    #[workflow(name = "buy")]
    pub(super) async fn buy(number: i64) -> i64 {
        let weight = weigh(number).await;
        charge(weight).await + 1
    }

    #[workflow(name = "both")]
    pub(super) async fn both(number: i64) -> i64 {
        let (weight, price) = join!(weigh(number), charge(number));
        weight + price
    }

    #[workflow(name = "shop")]
    pub(super) async fn shop(number: i64) -> i64 {
        buy(number).await
    }

    #[workflow(name = "later")]
    pub(super) async fn later(number: i64) -> i64 {
        let weight = weigh(number).await;
        buy(weight).await
    }
}

/// Of the next binary: `charge` has another name.
mod after {
    pub(super) use super::before::weigh;
    use stepwright::prelude::*;

    #[task]
    pub(super) async fn pay(number: i64) -> i64 {
        number
    }

    #[workflow(name = "buy")]
    pub(super) async fn buy(number: i64) -> i64 {
        let weight = weigh(number).await;
        pay(weight).await + 1
    }

    #[workflow(name = "both")]
    pub(super) async fn both(number: i64) -> i64 {
        let (weight, price) = join!(weigh(number), pay(number));
        weight + price
    }

    #[workflow(name = "mall")]
    pub(super) async fn mall(number: i64) -> i64 {
        weigh(number).await
    }
}

async fn weighed(number: i64) -> i64 {
    if number < 0 { pending().await } else { number * 2 }
}

async fn charged(_number: i64) -> i64 {
    pending().await
}

fn old(place: &Place) -> Builder {
    let builder = Engine::builder().store(place.path()).workflow::<before::buy>();
    builder.workflow::<before::both>().workflow::<before::shop>().workflow::<before::later>()
}

/// The old binary with tasks that come to their end.
fn finishing(place: &Place) -> Builder {
    let give = async |arguments: Data, _| Ok(arguments["number"].clone().into());
    old(place).task("charge", give).task("weigh", give)
}

fn new(place: &Place) -> Builder {
    let builder = Engine::builder().store(place.path()).workflow::<after::buy>();
    builder.workflow::<after::both>().workflow::<after::mall>()
}

/// Waits until an execution has so many events of this type.
async fn until(handle: &Handle, event: &str, mut count: u32) {
    let mut events = handle.watch().await.unwrap();
    while count > 0 {
        let event_seen = futures::StreamExt::next(&mut events).await.unwrap().unwrap();
        count -= u32::from(event_seen.kind.type_name() == event);
    }
}

async fn events(handle: &Handle) -> Vec<String> {
    let history = handle.history(HistoryRequest::new()).await.unwrap();
    history.events.iter().map(|event| event.kind.type_name()).collect()
}

/// Starts an execution in the old binary and leaves it when it has scheduled so many tasks.
async fn left(place: &Place, workflow: &str, number: i64, scheduled: u32) {
    let engine = old(place).build().await.unwrap();
    let handle = engine.start_json(workflow, number.into()).name("o-1").await.unwrap();
    until(&handle, "TaskScheduled", scheduled).await;
}

async fn why(handle: &Handle) -> String {
    match handle.result().await.unwrap_err() {
        Ended::Engine(Error::Stranded(why)) => why,
        other => panic!("{other:?}"),
    }
}

const NO_CHARGE: &str = "this program has no task `charge`, which `buy/o-1` is waiting for; start \
                         the binary that has it (`#[task(name = \"charge\")]` keeps a name), \
                         or stop it";

#[tokio::test]
async fn a_task_that_is_gone_while_an_execution_waits_in_it_strands_it_until_it_is_back() {
    let place = Place::new();
    left(&place, "buy", 5, 2).await;
    for _restart in 0..4 {
        let engine = new(&place).build().await.unwrap();
        let handle = engine.find("buy/o-1").await.unwrap();
        assert_eq!(why(&handle).await, NO_CHARGE);
        assert_eq!(handle.describe().await.unwrap().stranded.as_deref(), Some(NO_CHARGE));
        let list = engine.list(ListRequest::new()).await.unwrap();
        let oldest = list.executions.last().unwrap();
        assert_eq!(oldest.stranded.as_deref(), Some(NO_CHARGE));
        let ended = engine.start::<after::buy>(5).await.unwrap().result().await.unwrap();
        assert_eq!(ended, 11, "others run meanwhile");
    }
    let engine = finishing(&place).build().await.unwrap();
    let handle = engine.find("buy/o-1").await.unwrap();
    assert_eq!(*handle.result().await.unwrap(), 11);
    assert_eq!(handle.describe().await.unwrap().stranded, None);
}

#[tokio::test]
async fn a_task_that_is_gone_strands_an_execution_that_comes_to_it_later() {
    let place = Place::new();
    left(&place, "buy", -5, 1).await;
    let give = async |_, _| Ok(Data::from(serde_json::json!(7)));
    let engine = new(&place).task("weigh", give).build().await.unwrap();
    let handle = engine.find("buy/o-1").await.unwrap();
    assert_eq!(why(&handle).await, NO_CHARGE);
    assert_eq!(why(&handle).await, NO_CHARGE, "whoever asks again hears it again");
    assert_eq!(handle.describe().await.unwrap().stranded.as_deref(), Some(NO_CHARGE));
    assert_eq!(events(&handle).await.last().unwrap(), "TaskStateEntered");
    drop((handle, engine));
    // What was done is not done again, what was not is done once.
    let weighed = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&weighed);
    let builder = finishing(&place).task("weigh", move |_, _| {
        count.fetch_add(1, Ordering::SeqCst);
        async { Ok(Data::from(serde_json::json!(0))) }
    });
    let engine = builder.build().await.unwrap();
    let handle = engine.find("buy/o-1").await.unwrap();
    assert_eq!(*handle.result().await.unwrap(), 8);
    assert_eq!(weighed.load(Ordering::SeqCst), 0);
    let events = events(&handle).await;
    let of = |name: &str| events.iter().filter(|event| *event == name).count();
    assert_eq!((of("TaskStateEntered"), of("TaskScheduled"), of("TaskSucceeded")), (2, 2, 2));
}

#[tokio::test]
async fn a_stranded_execution_can_be_stopped() {
    for scheduled in [1, 2] {
        let place = Place::new();
        left(&place, "buy", if scheduled == 1 { -5 } else { 5 }, scheduled).await;
        let give = async |_, _| Ok(Data::from(serde_json::json!(7)));
        let engine = new(&place).task("weigh", give).build().await.unwrap();
        let handle = engine.find("buy/o-1").await.unwrap();
        assert_eq!(why(&handle).await, NO_CHARGE);
        handle.stop(Failure::new("Enough", "")).await.unwrap();
        // Until the stop has been read it may still be told that it is stranded.
        let end = loop {
            match handle.end().await {
                Err(Error::Stranded(_)) => tokio::task::yield_now().await,
                other => break other.unwrap(),
            }
        };
        assert!(matches!(end, Status::Aborted(_)));
        assert_eq!(handle.describe().await.unwrap().stranded, None);
    }
}

#[tokio::test]
async fn no_deadline_ends_what_is_stranded() {
    let clock = Arc::new(SimulatedClock::manual("2026-01-01T00:00:00Z".parse().unwrap()));
    let place = Place::new();
    left(&place, "buy", -5, 1).await;
    let give = async |_, _| Ok(Data::from(serde_json::json!(7)));
    let builder = new(&place).task("weigh", give).clock(Arc::clone(&clock) as _);
    let engine = builder.build().await.unwrap();
    let handle = engine.find("buy/o-1").await.unwrap();
    assert_eq!(why(&handle).await, NO_CHARGE);
    clock.advance(Duration::from_hours(24 * 365 * 3));
    let other = engine.start::<after::buy>(5).await.unwrap();
    assert_eq!(other.result().await.unwrap(), 8, "the engine has seen the new time");
    assert_eq!(why(&handle).await, NO_CHARGE);
    drop((handle, other, engine));
    let later = Arc::new(SimulatedClock::manual(clock.now()));
    let engine = finishing(&place).clock(later).build().await.unwrap();
    let handle = engine.find("buy/o-1").await.unwrap();
    assert_eq!(*handle.result().await.unwrap(), 8, "its time begins when it is asked for");
}

#[tokio::test]
async fn another_branch_goes_on_while_one_is_stranded() {
    let place = Place::new();
    left(&place, "both", -5, 2).await;
    let give = async |_, _| Ok(Data::from(serde_json::json!(7)));
    let engine = new(&place).task("weigh", give).build().await.unwrap();
    let handle = engine.find("both/o-1").await.unwrap();
    let waits = "this program has no task `charge`, which `both/o-1` is waiting for; start the \
                 binary that has it (`#[task(name = \"charge\")]` keeps a name), or stop it";
    assert_eq!(why(&handle).await, waits);
    while !events(&handle).await.contains(&"TaskSucceeded".to_owned()) {
        tokio::task::yield_now().await;
    }
    drop((handle, engine));
    let engine = finishing(&place).build().await.unwrap();
    let handle = engine.find("both/o-1").await.unwrap();
    assert_eq!(*handle.result().await.unwrap(), 2);
}

#[tokio::test]
async fn whoever_waits_for_a_stranded_child_is_stranded_with_it() {
    let place = Place::new();
    let engine = old(&place).build().await.unwrap();
    let handle = engine.start::<before::shop>(5).name("o-1").await.unwrap();
    let mut child = None;
    while child.is_none() {
        let list = engine.list(ListRequest::new().workflow("buy")).await.unwrap();
        child = list.executions.into_iter().next();
        tokio::task::yield_now().await;
    }
    let child = child.unwrap();
    until(&engine.find(&child.arn).await.unwrap(), "TaskScheduled", 2).await;
    drop((handle, engine));
    let engine = new(&place).build().await.unwrap();
    let handle = engine.find("shop/o-1").await.unwrap();
    let waits = NO_CHARGE.replace("o-1", &child.name);
    for _again in 0..2 {
        assert_eq!(why(&handle).await, waits);
        assert_eq!(handle.describe().await.unwrap().stranded.as_deref(), Some(&*waits));
    }
    drop((handle, engine));
    let engine = finishing(&place).build().await.unwrap();
    assert_eq!(*engine.find("shop/o-1").await.unwrap().result().await.unwrap(), 11);
}

#[tokio::test]
async fn a_workflow_that_is_gone_strands_whoever_would_start_it() {
    let place = Place::new();
    left(&place, "later", -5, 1).await;
    let give = async |_, _| Ok(Data::from(serde_json::json!(7)));
    let builder = Engine::builder().store(place.path()).workflow::<after::mall>();
    let engine = builder.task("weigh", give).build().await.unwrap();
    let handle = engine.find("later/o-1").await.unwrap();
    assert_eq!(
        why(&handle).await,
        "this program has no workflow `buy`, which `later/o-1` is waiting for; start the binary \
         that has it (`#[workflow(name = \"buy\")]` keeps a name), or stop it"
    );
    drop((handle, engine));
    let engine = finishing(&place).build().await.unwrap();
    assert_eq!(*engine.find("later/o-1").await.unwrap().result().await.unwrap(), 8);
}

#[tokio::test]
async fn a_program_that_only_looks_sees_what_it_could_not_go_on_with() {
    let place = Place::new();
    left(&place, "buy", 5, 2).await;
    let stranded = async |engine: Engine| engine.describe("buy/o-1").await.unwrap().stranded;
    assert_eq!(stranded(new(&place).reading().unwrap()).await.as_deref(), Some(NO_CHARGE));
    assert_eq!(stranded(old(&place).reading().unwrap()).await, None);
    assert_eq!(stranded(Engine::reading(place.path()).unwrap()).await, None, "it can't tell");
}

#[tokio::test]
async fn an_engine_on_demand_runs_what_it_is_asked_for_with_its_children() {
    let place = Place::new();
    left(&place, "shop", 5, 1).await;
    let engine = old(&place).build().await.unwrap();
    engine.start_json("buy", 7.into()).name("o-2").await.unwrap();
    drop(engine);
    // `weigh` as it was: it may have ended before the first engine did, or run again.
    let give = async |arguments: Data, _| Ok(arguments["number"].clone().into());
    let engine = old(&place).task("charge", give).on_demand().build().await.unwrap();
    assert_eq!(*engine.find("shop/o-1").await.unwrap().result().await.unwrap(), 11);
    let new = engine.start_json("both", 3.into()).await.unwrap();
    assert_eq!(*new.result().await.unwrap(), 9);
    let other = engine.find("buy/o-2").await.unwrap();
    assert_eq!(other.describe().await.unwrap().status, Status::Running);
    assert_eq!(engine.count_unfinished("shop/o-1", 9).await.unwrap(), 1);
    engine.stop("buy/o-2", Failure::new("Enough", "")).await.unwrap();
    assert!(matches!(other.end().await.unwrap(), Status::Aborted(_)));
}
