//! Databases of older formats open, and give what was written into them.
//!
//! `fixtures/format-N/order.db` was written by the test itself, with `BLESS=1`, when format N was
//! new. It is never written again: who changes the format adds a new one beside it.

use super::{
    at, blob,
    codec::{events, execution, long},
    machine,
};
use std::{env, fs, path::PathBuf};
use stepwright::{
    Engine,
    engine::execution::{Changes, Execution, Status},
    service::machines::{CreateStateMachine, UpdateStateMachine},
    store::{
        Batch, Claim, Epoch, ExecutionId, FORMAT, HistoryPage, MapRunRow, Message, Order, Pin,
        SqliteStore, Start, Started, Store as _, Wake,
        codec::{self, Values, Write},
    },
};
use tempfile::TempDir;

/// What the executions of the fixture are, in their order.
fn executions() -> [(&'static str, Status, Wake); 3] {
    [
        ("runs", Status::Running, Wake::Owned),
        ("sleeps", Status::Running, Wake::At(at(1_000))),
        ("ended", Status::Succeeded(long("output")), Wake::Message),
    ]
}

fn fixture(format: u32) -> PathBuf {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    fixtures.join(format!("format-{format}/order.db"))
}

/// The machine that fixtures have from format 2 on, and its definitions.
const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:made";
const FIRST: &str = r#"{ "StartAt": "a", "States": { "a": { "Type": "Succeed" } } }"#;
const SECOND: &str = r#"{ "StartAt": "b", "States": { "b": { "Type": "Succeed" } } }"#;

/// Makes a machine as a client does, and changes it.
fn make_machine(path: &std::path::Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let engine = Engine::builder().store(path).build().await.unwrap();
        let made = CreateStateMachine {
            name: "made".to_owned(),
            definition: FIRST.to_owned(),
            publish: true,
            version_description: Some("first".to_owned()),
            tags: [("team".to_owned(), "a".to_owned())].into_iter().collect(),
            ..CreateStateMachine::default()
        };
        engine.create_state_machine(made).await.unwrap();
        let changed = UpdateStateMachine {
            arn: MACHINE.to_owned(),
            definition: Some(SECOND.to_owned()),
            ..UpdateStateMachine::default()
        };
        engine.update_state_machine(changed).await.unwrap();
        engine.shutdown().await.unwrap();
    });
}

fn named(name: &str, status: Status) -> Execution {
    let mut execution = execution(status);
    name.clone_into(&mut execution.context.execution_name);
    execution
}

/// Writes the fixture anew if that is asked for.
fn bless() {
    if env::var_os("BLESS").is_none() {
        return;
    }
    let path = fixture(FORMAT);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _absent = fs::remove_file(&path);
    make_machine(&path);
    let store = SqliteStore::open(&path).unwrap();
    let epoch = store.own("test").unwrap();
    let pin = store.put_machine(&machine("order", "{}")).unwrap();
    for (name, status, wake) in executions() {
        let start = encoded(&named(name, status), pin.clone(), wake, epoch);
        store.commit(Batch { starts: vec![start], ..Batch::default() }).unwrap();
    }
    let to = Some(ExecutionId(1));
    store.send(&[Message { execution: to, sent: at(60), body: blob("\"stop\"") }]).unwrap();
    drop(store);
    let _lock = fs::remove_file(path.with_file_name("order.db-owner"));
}

fn encoded(execution: &Execution, pin: Pin, wake: Wake, epoch: Epoch) -> Start {
    let changes = Changes {
        frames: execution.frames.keys().copied().collect(),
        results: execution.results.keys().copied().collect(),
        ..Changes::default()
    };
    let write = Write { execution, changes: &changes, history: &events(), wake, epoch };
    codec::start(pin, None, &write, &mut Values::default())
}

/// A copy, so that the fixture itself stays as it is.
fn copy(format: u32) -> (TempDir, SqliteStore) {
    let folder = super::folder();
    let path = folder.path().join("order.db");
    fs::copy(fixture(format), &path).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    (folder, store)
}

#[test]
fn every_format_is_read_as_it_was_written() {
    bless();
    for format in 1..=FORMAT {
        check_contents(&copy(format).1);
    }
}

fn check_contents(store: &SqliteStore) {
    for ((name, status, _), id) in executions().into_iter().zip(1..) {
        let id = ExecutionId(id);
        assert_eq!(store.find("arn:order", name).unwrap(), Some(id));
        let loaded = codec::load(store, id).unwrap().unwrap();
        assert_eq!(loaded.execution, named(name, status), "{name}");
        let whole = HistoryPage { order: Order::Forward, from: None, limit: 99 };
        assert_eq!(codec::history(store, id, &whole).unwrap(), events(), "{name}");
    }
    assert_eq!(store.machine("arn:order").unwrap().unwrap().definition, "{}");
    assert_eq!(store.inbox(0, 9).unwrap()[0].message.body, blob("\"stop\""));
}

#[test]
fn every_format_is_run_on() {
    for format in 1..=FORMAT {
        check_run(&copy(format).1);
    }
}

#[test]
fn map_runs_begin_in_every_format() {
    for format in 1..=FORMAT {
        let (_folder, store) = copy(format);
        let epoch = store.own("test").unwrap();
        let mut pin = store.load(ExecutionId(1)).unwrap().unwrap().record.pin;
        let mut start = super::start(&pin, "new", epoch, Wake::Owned);
        start.first.map_runs = vec![MapRunRow { arn: "arn:run".to_owned(), event: 4 }];
        store.commit(super::starting(start)).unwrap();
        assert_eq!(store.map_run("arn:run").unwrap().map(|(id, _)| id), Some(ExecutionId(4)));
        pin.machine.push_str("/each");
        let part = super::start(&pin, "part", epoch, Wake::Owned);
        let started = store.commit(super::starting(part)).unwrap().starts;
        assert_eq!(started, [Started::New(ExecutionId(5))], "format {format}");
    }
}

#[tokio::test]
async fn machines_that_were_made_are_there_from_format_2_on() {
    let (folder, store) = copy(2);
    drop(store);
    let path = folder.path().join("order.db");
    let engine = Engine::builder().store(path.as_path()).build().await.unwrap();
    let machine = engine.state_machine(MACHINE).await.unwrap();
    assert_eq!(&*machine.revision.definition, SECOND);
    let version = engine.state_machine(&format!("{MACHINE}:1")).await.unwrap();
    assert_eq!(&*version.revision.definition, FIRST);
    assert_eq!(version.description.as_deref(), Some("first"));
}

#[tokio::test]
async fn an_older_format_is_brought_to_the_newest() {
    let (folder, store) = copy(1);
    assert!(store.registrations().unwrap().is_empty());
    drop(store);
    let path = folder.path().join("order.db");
    tokio::task::spawn_blocking(move || make_machine(&path)).await.unwrap();
    // What is brought to it opens again as what was made in it.
    let store = SqliteStore::open(folder.path().join("order.db")).unwrap();
    check_contents(&store);
    let made: Vec<_> = store.registrations().unwrap().into_iter().map(|it| it.arn).collect();
    assert_eq!(made, [MACHINE]);
}

fn check_run(store: &SqliteStore) {
    let epoch = store.own("test").unwrap();
    let claim =
        |now| store.claim(&Claim { epoch, now: at(now), lease: at(now), limit: 9 }).unwrap();
    assert_eq!(claim(0), [ExecutionId(1)]);
    assert_eq!(claim(1_000), [ExecutionId(2)]);
    let pin = store.load(ExecutionId(1)).unwrap().unwrap().record.pin;
    let new = super::start(&pin, "new", epoch, Wake::Owned);
    let started = store.commit(super::starting(new)).unwrap().starts;
    assert_eq!(started, [Started::New(ExecutionId(4))]);
}
