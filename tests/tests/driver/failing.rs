//! A store that fails: nothing that was not written is acknowledged, and everybody learns why.

use super::fixture::with_machines;
use serde_json::json;
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use stepwright::{
    Engine,
    service::{Ended, Error},
    store::{
        self, Batch, Blob, Claim, Claimed, Committed, Epoch, EventGroup, ExecutionId,
        ExecutionRecord, Facts, Filter, HistoryPage, MachineRecord, MapRunRow, MemoryStore,
        Message, MessageId, Page, Pin, Received, Register, Registration, Result, Revision, Store,
        Stored, ValueId,
    },
};

/// A memory store that accepts so many commits and then fails as a disk would.
#[derive(Debug)]
struct Failing {
    store: MemoryStore,
    left: AtomicU64,
}

impl Store for Failing {
    fn commit(&self, batch: Batch) -> Result<Committed> {
        let taken = |left: u64| left.checked_sub(1);
        if self.left.try_update(Ordering::SeqCst, Ordering::SeqCst, taken).is_err() {
            let cause = "the disk is on fire".to_owned();
            return Err(store::Error::Poisoned { path: "memory".into(), cause });
        }
        self.store.commit(batch)
    }

    fn own(&self, owner: &str) -> Result<Epoch> {
        self.store.own(owner)
    }

    fn claim(&self, claim: &Claim) -> Result<Vec<ExecutionId>> {
        self.store.claim(claim)
    }

    fn claim_among(&self, claim: &Claim, these: &BTreeSet<ExecutionId>) -> Result<Claimed> {
        self.store.claim_among(claim, these)
    }

    fn next_due(&self) -> Result<Option<jiff::Timestamp>> {
        self.store.next_due()
    }

    fn due(
        &self,
        until: jiff::Timestamp,
        limit: usize,
    ) -> Result<Vec<(jiff::Timestamp, ExecutionId)>> {
        self.store.due(until, limit)
    }

    fn checkpoint(&self) -> Result<()> {
        self.store.checkpoint()
    }

    fn load(&self, execution: ExecutionId) -> Result<Option<Stored>> {
        self.store.load(execution)
    }

    fn value(&self, execution: ExecutionId, id: &ValueId) -> Result<Option<Blob>> {
        self.store.value(execution, id)
    }

    fn describe(&self, execution: ExecutionId) -> Result<Option<ExecutionRecord>> {
        self.store.describe(execution)
    }

    fn find(&self, machine: &str, name: &str) -> Result<Option<ExecutionId>> {
        self.store.find(machine, name)
    }

    fn map_run(&self, arn: &str) -> Result<Option<(ExecutionId, MapRunRow)>> {
        self.store.map_run(arn)
    }

    fn map_runs(&self, execution: ExecutionId) -> Result<Vec<MapRunRow>> {
        self.store.map_runs(execution)
    }

    fn list(&self, filter: &Filter, page: &Page) -> Result<Vec<ExecutionRecord>> {
        self.store.list(filter, page)
    }

    fn history(&self, execution: ExecutionId, page: &HistoryPage) -> Result<Vec<EventGroup>> {
        self.store.history(execution, page)
    }

    fn send(&self, messages: &[Message]) -> Result<()> {
        self.store.send(messages)
    }

    fn inbox(&self, after: MessageId, limit: usize) -> Result<Vec<Received>> {
        self.store.inbox(after, limit)
    }

    fn hint(&self) -> Result<u64> {
        self.store.hint()
    }

    fn put_machine(&self, machine: &MachineRecord) -> Result<Pin> {
        self.store.put_machine(machine)
    }

    fn machine(&self, arn: &str) -> Result<Option<MachineRecord>> {
        self.store.machine(arn)
    }

    fn machines(&self) -> Result<Vec<MachineRecord>> {
        self.store.machines()
    }

    fn register(&self, change: &Register) -> Result<store::Answer> {
        self.store.register(change)
    }

    fn registrations(&self) -> Result<Vec<Registration>> {
        self.store.registrations()
    }

    fn revision(&self, arn: &str, number: u64) -> Result<Option<Revision>> {
        self.store.revision(arn, number)
    }

    fn definition(&self, hash: &str) -> Result<Option<String>> {
        self.store.definition(hash)
    }

    fn shapes(&self, hash: &str) -> Result<Option<String>> {
        self.store.shapes(hash)
    }

    fn running(&self) -> Result<u64> {
        self.store.running()
    }

    fn facts(&self) -> Result<Facts> {
        self.store.facts()
    }
}

#[tokio::test]
async fn a_failed_commit_is_the_answer_to_everything_from_then_on() {
    for commits in 0..4 {
        let store = Failing { store: MemoryStore::new(), left: AtomicU64::new(commits) };
        let store = Arc::new(store);
        let shared: Arc<dyn Store> = Arc::clone(&store) as _;
        let engine = with_machines(Engine::builder().store(shared)).build().await.unwrap();
        let started = engine.start_json("count", json!(1)).name("one").await;
        let why = match started {
            Err(error) => error,
            Ok(handle) => match handle.result().await.unwrap_err() {
                Ended::Engine(error) => error,
                other => panic!("{other:?}"),
            },
        };
        assert!(matches!(why, Error::Store(store::Error::Poisoned { .. })), "{why:?}");
        let again = engine.start_json("count", json!(2)).await.unwrap_err();
        assert!(again.to_string().contains("the disk is on fire"), "{again}");
        // What was acknowledged is there, and goes on as soon as the store works again.
        drop(engine);
        store.left.store(u64::MAX, Ordering::SeqCst);
        let shared: Arc<dyn Store> = store;
        let engine = with_machines(Engine::builder().store(shared)).build().await.unwrap();
        match commits {
            0 => assert!(engine.find("one").await.is_err()),
            _ => assert_eq!(*engine.find("one").await.unwrap().result().await.unwrap(), json!(4)),
        }
    }
}
