//! Databases of older formats open, and give what was written into them.
//!
//! `fixtures/format-1/order.db` was written by the test itself, with `BLESS=1`, when format 1 was
//! new. It is never written again: who changes the format adds a new one beside it.

use super::{
    at, blob,
    codec::{events, execution, long},
    machine,
};
use std::{env, fs, path::PathBuf};
use stepwright::{
    engine::execution::{Changes, Execution, Status},
    store::{
        Batch, Claim, Epoch, ExecutionId, HistoryPage, Message, Order, Pin, SqliteStore, Start,
        Started, Store as _, Wake,
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

fn fixture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/format-1/order.db")
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
    let path = fixture();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _absent = fs::remove_file(&path);
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
fn copy() -> (TempDir, SqliteStore) {
    let folder = super::folder();
    let path = folder.path().join("order.db");
    fs::copy(fixture(), &path).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    (folder, store)
}

#[test]
fn format_1_is_read_as_it_was_written() {
    bless();
    let (_folder, store) = copy();
    for ((name, status, _), id) in executions().into_iter().zip(1..) {
        let id = ExecutionId(id);
        assert_eq!(store.find("arn:order", name).unwrap(), Some(id));
        let loaded = codec::load(&store, id).unwrap().unwrap();
        assert_eq!(loaded.execution, named(name, status), "{name}");
        let whole = HistoryPage { order: Order::Forward, from: None, limit: 99 };
        assert_eq!(codec::history(&store, id, &whole).unwrap(), events(), "{name}");
    }
    assert_eq!(store.machine("arn:order").unwrap().unwrap().definition, "{}");
    assert_eq!(store.inbox(0, 9).unwrap()[0].message.body, blob("\"stop\""));
}

#[test]
fn format_1_is_run_on() {
    let (_folder, store) = copy();
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
