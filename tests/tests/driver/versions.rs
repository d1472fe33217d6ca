//! A binary with a changed workflow meets executions of the one before.

use super::fixture::Place;
use stepwright::{
    Engine,
    prelude::*,
    service::{Ended, Error},
};

#[task]
async fn pause(number: i64) -> i64 {
    std::future::pending::<()>().await;
    number
}

mod before {
    use super::pause;
    use stepwright::prelude::*;

    #[workflow(name = "exported")]
    pub(super) async fn exported(number: i64) -> i64 {
        let paused = pause(number).await;
        paused + 1
    }

    #[workflow(name = "native", export = false)]
    pub(super) async fn native(number: i64) -> i64 {
        let paused = pause(number).await;
        paused.pow(2)
    }
}

mod after {
    use super::pause;
    use stepwright::prelude::*;

    #[workflow(name = "exported")]
    pub(super) async fn exported(number: i64) -> i64 {
        let paused = pause(number).await;
        let again = pause(paused).await;
        again + 1000
    }

    #[workflow(name = "native", export = false)]
    pub(super) async fn native(number: i64) -> i64 {
        let paused = pause(number).await;
        let again = pause(paused).await;
        again.pow(3)
    }
}

/// Starts one execution of each workflow, in a binary before the change.
async fn started(place: &Place) {
    let builder = Engine::builder().store(place.path());
    let builder = builder.workflow::<before::exported>().workflow::<before::native>();
    let engine = builder.build().await.unwrap();
    engine.start::<before::exported>(5).name("one").await.unwrap();
    engine.start::<before::native>(5).name("two").await.unwrap();
}

/// The binary after the change, in which the task comes to an end.
async fn changed(place: &Place) -> Engine {
    let builder = Engine::builder().store(place.path());
    let builder = builder.workflow::<after::exported>().workflow::<after::native>();
    let builder =
        builder.task("pause", async |arguments, _| Ok(arguments["number"].clone().into()));
    builder.build().await.unwrap()
}

#[tokio::test]
async fn an_exported_workflow_finishes_as_it_was_when_it_started() {
    let place = Place::new();
    started(&place).await;
    let engine = changed(&place).await;
    let old = engine.execution::<after::exported>("one").await.unwrap();
    assert_eq!(old.result().await.unwrap(), 6);
    let new = engine.start::<after::exported>(5).await.unwrap();
    assert_eq!(new.result().await.unwrap(), 1005);
}

#[tokio::test]
async fn a_native_workflow_that_has_changed_waits_for_its_binary_and_says_so() {
    let place = Place::new();
    started(&place).await;
    let engine = changed(&place).await;
    let old = engine.execution::<after::native>("two").await.unwrap();
    let end = old.result().await.unwrap_err();
    assert!(matches!(end, Ended::Engine(Error::Stranded(_))), "{end:?}");
    assert!(end.to_string().contains("start the binary that it began with"), "{end}");
    drop((old, engine));
    // With the old binary it goes on.
    let builder = Engine::builder().store(place.path());
    let builder = builder.workflow::<before::native>();
    let builder =
        builder.task("pause", async |arguments, _| Ok(arguments["number"].clone().into()));
    let engine = builder.build().await.unwrap();
    let old = engine.execution::<before::native>("two").await.unwrap();
    assert_eq!(old.result().await.unwrap(), 25);
}
