//! Tests of the stores. What both stores must do is in `semantics` and `model` and runs for both.

#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on fails")]

mod codec;
mod crash;
mod damage;
mod format;
mod full_disk;
mod model;
mod owner;
mod semantics;
mod settings;

use stepwright::store::{
    Batch, Blob, Change, Epoch, EventGroup, ExecutionId, FrameRow, MachineRecord, MemoryStore, Pin,
    SqliteStore, Start, Status, Store, Wake,
};
use tempfile::TempDir;

/// A time so many seconds after 1970.
pub(super) fn at(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(seconds).unwrap()
}

/// A folder for many databases: in memory where the system has a place for that, because syncing
/// to a disk that others use too takes milliseconds.
pub(super) fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// A text with its checksum.
pub(super) fn blob(text: &str) -> Blob {
    Blob::new(text.to_owned())
}

/// A store that can be restarted.
pub(super) trait World {
    fn new() -> Self;
    fn store(&self) -> &dyn Store;
    fn restart(&mut self);
}

/// The memory store; what a restart does to it is only the next owner.
pub(super) struct Memory(MemoryStore);

impl World for Memory {
    fn new() -> Self {
        Self(MemoryStore::new())
    }

    fn store(&self) -> &dyn Store {
        &self.0
    }

    fn restart(&mut self) {}
}

/// The SQLite store in a folder of its own.
pub(super) struct Disk {
    folder: TempDir,
    store: Option<SqliteStore>,
}

impl World for Disk {
    fn new() -> Self {
        let folder = folder();
        let store = Some(SqliteStore::open(folder.path().join("test.db")).unwrap());
        Self { folder, store }
    }

    fn store(&self) -> &dyn Store {
        self.store.as_ref().unwrap()
    }

    fn restart(&mut self) {
        drop(self.store.take());
        self.store = Some(SqliteStore::open(self.folder.path().join("test.db")).unwrap());
    }
}

/// A machine that is called `name`.
pub(super) fn machine(name: &str, definition: &str) -> MachineRecord {
    MachineRecord {
        arn: format!("arn:{name}"),
        name: name.to_owned(),
        revision: 0,
        hash: format!("hash of {definition}"),
        definition: definition.to_owned(),
        shapes: None,
        created: at(1),
    }
}

/// Puts a machine of that name and takes the store over.
pub(super) fn ready(store: &dyn Store) -> (Epoch, Pin) {
    let epoch = store.own("test").unwrap();
    (epoch, store.put_machine(&machine("order", "{}")).unwrap())
}

/// A change that writes one event, `{execution}:{version}`, and the root frame.
pub(super) fn step(id: ExecutionId, expected: u64, epoch: Epoch, wake: Wake) -> Change {
    let text = format!("\"{}:{}\"", id.0, expected + 1);
    Change {
        execution: id,
        expected,
        epoch,
        control: blob(&text),
        frames: vec![FrameRow { id: 0, state: Some(blob(&text)) }],
        results: Vec::new(),
        ended_joins: Vec::new(),
        events: Some(EventGroup { first: expected + 1, count: 1, events: blob(&text) }),
        values: Vec::new(),
        wake,
        applied: Vec::new(),
        messages: Vec::new(),
        map_runs: Vec::new(),
        outcome: None,
    }
}

/// A start with one event.
pub(super) fn start(pin: &Pin, name: &str, epoch: Epoch, wake: Wake) -> Start {
    Start {
        pin: pin.clone(),
        name: name.to_owned(),
        started: at(10),
        header: blob(&format!("\"{name}\"")),
        first: step(ExecutionId(0), 0, epoch, wake),
    }
}

/// A group with one change.
pub(super) fn changing(change: Change) -> Batch {
    Batch { changes: vec![change], ..Batch::default() }
}

/// A group with one start.
pub(super) fn starting(start: Start) -> Batch {
    Batch { starts: vec![start], ..Batch::default() }
}

/// All that there is of the states.
pub(super) const STATUSES: [Status; 5] =
    [Status::Running, Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted];
