//! Time as the driver has it: simulated, jumping, long.

use super::fixture::with_machines;
use serde_json::json;
use std::{
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};
use stepwright::{
    Engine,
    driver::clock::{Clock as _, SeededEntropy, SimulatedClock},
    engine::Status,
    store::MemoryStore,
};

fn start_of_time() -> jiff::Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn an_hour_passes_at_once_on_a_clock_that_jumps() {
    let clock = Arc::new(SimulatedClock::automatic(start_of_time()));
    let builder = with_machines(Engine::builder()).clock(Arc::clone(&clock) as _);
    let engine = builder.entropy(Arc::new(SeededEntropy::new(1))).build().await.unwrap();
    let handle = engine.start_json("nap", json!(1)).await.unwrap();
    assert_eq!(*handle.result().await.unwrap(), json!(3));
    let passed = clock.now().duration_since(start_of_time());
    assert_eq!(passed.as_secs(), 3600);
}

#[tokio::test]
async fn a_clock_under_the_tests_hand_moves_only_when_told() {
    let clock = Arc::new(SimulatedClock::manual(start_of_time()));
    let builder = with_machines(Engine::builder()).clock(Arc::clone(&clock) as _);
    let engine = builder.build().await.unwrap();
    let handle = engine.start_json("nap", json!(1)).await.unwrap();
    let mut events = handle.watch().await.unwrap();
    while let Some(event) = futures::StreamExt::next(&mut events).await {
        if event.unwrap().kind.type_name() == "WaitStateEntered" {
            break;
        }
    }
    clock.advance(Duration::from_secs(3599));
    assert_eq!(handle.describe().await.unwrap().status, Status::Running);
    clock.advance(Duration::from_secs(1));
    assert_eq!(*handle.result().await.unwrap(), json!(3));
}

#[tokio::test]
async fn sleepers_are_not_in_memory_and_wake_in_another_engine() {
    let store = Arc::new(MemoryStore::new());
    let clock = Arc::new(SimulatedClock::manual(start_of_time()));
    let build = || {
        let store: Arc<dyn stepwright::store::Store> = Arc::clone(&store) as _;
        let builder = with_machines(Engine::builder().store(store));
        builder.clock(Arc::clone(&clock) as _).build()
    };
    let engine = build().await.unwrap();
    let mut handles = Vec::new();
    for number in 0..20 {
        let name = format!("n{number}");
        handles.push(engine.start_json("nap", json!(number)).name(name).await.unwrap());
    }
    for handle in &handles {
        let mut events = handle.watch().await.unwrap();
        while let Some(event) = futures::StreamExt::next(&mut events).await {
            if event.unwrap().kind.type_name() == "WaitStateEntered" {
                break;
            }
        }
    }
    drop((handles, engine));
    clock.advance(Duration::from_hours(2));
    let engine = build().await.unwrap();
    for number in 0..20 {
        let handle = engine.find(&format!("n{number}")).await.unwrap();
        assert_eq!(*handle.result().await.unwrap(), json!(number + 2));
    }
}

mod slow {
    use stepwright::prelude::*;

    #[task]
    pub(super) async fn take(number: i64) -> i64 {
        number
    }

    /// Takes its time, as work does that should be a task's.
    fn dawdle(number: i64) -> i64 {
        super::CLOCK.get().unwrap().advance(Duration::from_millis(101));
        number
    }

    #[workflow(export = false)]
    pub(super) async fn dawdles(number: i64) -> i64 {
        let taken = take(number).await;
        let dawdled = dawdle(taken);
        take(dawdled).await
    }
}

static CLOCK: OnceLock<Arc<SimulatedClock>> = OnceLock::new();

#[tokio::test]
async fn native_code_that_takes_long_is_reported_by_name() {
    let clock = CLOCK.get_or_init(|| Arc::new(SimulatedClock::manual(start_of_time())));
    let reports = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&reports);
    let builder = Engine::builder().workflow::<slow::dawdles>().clock(Arc::clone(clock) as _);
    let builder = builder.on_slow(move |segment| told.lock().unwrap().push(segment));
    let engine = builder.build().await.unwrap();
    assert_eq!(engine.start::<slow::dawdles>(7).await.unwrap().result().await.unwrap(), 7);
    let reports = reports.lock().unwrap();
    let shown = reports.iter().map(|it| (&*it.workflow, &*it.state, it.took.as_millis()));
    assert_eq!(shown.collect::<Vec<_>>(), [("dawdles", "take", 101)]);
}
