//! What a store holds after a commit is the execution.

use std::sync::Arc;
use stepwright::{
    engine::{
        Execution, Output, Taken,
        execution::{Changes, Waiting},
    },
    store::{
        Answer, Batch, Epoch, ExecutionId, HistoryPage, MachineRecord, MemoryStore, Order, Pin,
        Started, Store as _, Version, Wake,
        codec::{self, Values, Write},
    },
};

/// A store with the execution in it, as far as it has been committed.
#[derive(Debug)]
pub(super) struct Stored {
    store: Arc<MemoryStore>,
    epoch: Epoch,
    pin: Pin,
    values: Values,
    /// The execution's number and version, once it has begun.
    begun: Option<(ExecutionId, Version)>,
}

impl Default for Stored {
    fn default() -> Self {
        let store = Arc::new(MemoryStore::new());
        let epoch = store.own("bench").unwrap();
        let machine = MachineRecord {
            arn: "arn:m".to_owned(),
            name: "m".to_owned(),
            revision: 0,
            hash: "hash".to_owned(),
            definition: "{}".to_owned(),
            shapes: None,
            created: jiff::Timestamp::UNIX_EPOCH,
        };
        let pin = store.put_machine(&machine).unwrap();
        Self { store, epoch, pin, values: Values::default(), begun: None }
    }
}

impl Stored {
    /// Commits what a step changed, and reads it back.
    pub(super) fn check(
        &mut self,
        before: &Execution,
        after: &Execution,
        changes: &Changes,
        output: &Output,
    ) {
        if output.taken != Taken::Committing {
            assert!(changes.is_empty(), "there is nothing to commit: {changes:?}");
            assert_same(before, after, "nothing has changed");
            return;
        }
        for id in &changes.results {
            assert!(!before.results.contains_key(id), "results are written once");
        }
        let id = self.commit(after, changes, output);
        let loaded = codec::load(&*self.store, id).unwrap().unwrap().execution;
        assert_same(&with_absent(loaded, after), after, "the changes are complete");
        let first = output.history.first().map(|event| event.id);
        let page = HistoryPage { order: Order::Forward, from: first, limit: 1_000 };
        if first.is_some() {
            let events = codec::history(&*self.store, id, &page).unwrap();
            assert_eq!(events, output.history, "events survive the store");
        }
    }

    fn commit(&mut self, execution: &Execution, changes: &Changes, output: &Output) -> ExecutionId {
        let history = &output.history;
        let write = Write { execution, changes, history, wake: Wake::Owned, epoch: self.epoch };
        let Some((id, version)) = self.begun else {
            let start = codec::start(self.pin.clone(), None, &write, &mut self.values);
            let batch = Batch { starts: vec![start], ..Batch::default() };
            let committed = self.store.commit(batch).unwrap();
            let Some(Started::New(id)) = committed.starts.first() else { panic!("it is new") };
            self.begun = Some((*id, 1));
            return *id;
        };
        let change = codec::change(id, version, &write, &mut self.values);
        let batch = Batch { changes: vec![change], ..Batch::default() };
        assert_eq!(self.store.commit(batch).unwrap().changes, [Answer::Ok]);
        self.begun = Some((id, version + 1));
        id
    }
}

/// What this process cannot do is stored as something to do at once: for another process.
fn with_absent(mut loaded: Execution, after: &Execution) -> Execution {
    for (id, frame) in &after.frames {
        if let Waiting::Absent(_) = frame.waiting
            && let Some(loaded) = loaded.frames.get_mut(id)
        {
            loaded.waiting = frame.waiting.clone();
        }
    }
    loaded
}

/// Heartbeats live in memory; apart from them both are one.
fn assert_same(left: &Execution, right: &Execution, what: &str) {
    let (left, right) = (without_beats(left), without_beats(right));
    for (id, frame) in &left.frames {
        assert_eq!(Some(frame), right.frames.get(id), "{what}: frame {id}");
    }
    assert_eq!(left, right, "{what}");
}

fn without_beats(execution: &Execution) -> Execution {
    let mut execution = execution.clone();
    for frame in execution.frames.values_mut() {
        if let Waiting::Task(task) = &mut frame.waiting
            && let Some(heartbeat) = &mut task.heartbeat
        {
            heartbeat.due = None;
        }
    }
    execution
}
