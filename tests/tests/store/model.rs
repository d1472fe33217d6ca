//! The SQLite store does what the memory store does, over random calls and restarts.

use super::{Disk, Memory, World, at, blob, machine, start, step};
use stepwright::store::{
    Answer, Batch, Change, Claim, Epoch, ExecutionId, Filter, FrameRow, HistoryPage, Message,
    Order, Outcome, Page, Pin, ResultRow, Started, Status, Store as _, StoredValue, ValueId, Wake,
};

const SEEDS: u64 = 15;
const CALLS: usize = 60;

#[test]
fn both_stores_answer_every_call_alike() {
    for seed in 1..=SEEDS {
        let mut memory = Model::<Memory>::new(seed);
        let mut disk = Model::<Disk>::new(seed);
        for call in 0..CALLS {
            let expected = memory.call();
            assert_eq!(disk.call(), expected, "seed {seed}, call {call}");
            assert_eq!(disk.shown(), memory.shown(), "seed {seed}, after call {call}: {expected}");
        }
    }
}

/// A random number generator (xorshift64*), the same for both stores.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`.
    pub(super) fn roll(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) % end
    }
}

/// A store with what its owner knows of it.
struct Model<W> {
    world: W,
    dice: Dice,
    pin: Pin,
    epoch: Epoch,
    /// Version of each execution, by number.
    versions: Vec<u64>,
    claimed: Vec<ExecutionId>,
    now: i64,
}

impl<W: World> Model<W> {
    fn new(seed: u64) -> Self {
        let world = W::new();
        let pin = world.store().put_machine(&machine("order", "{}")).unwrap();
        let epoch = world.store().own("test").unwrap();
        let (versions, claimed) = (Vec::new(), Vec::new());
        Self { world, dice: Dice::new(seed), pin, epoch, versions, claimed, now: 100 }
    }

    /// Makes a random call and tells what it answered.
    fn call(&mut self) -> String {
        self.now += i64::try_from(self.dice.roll(10)).unwrap();
        match self.dice.roll(16) {
            0 => self.restart(),
            1..=3 => self.claim(),
            4 => self.give_back(),
            5 => self.send(),
            _ => self.commit(),
        }
    }

    fn restart(&mut self) -> String {
        self.world.restart();
        self.epoch = self.world.store().own("test").unwrap();
        self.claimed.clear();
        format!("{:?}", self.epoch)
    }

    fn claim(&mut self) -> String {
        let claim = Claim { epoch: self.epoch, now: at(self.now), lease: at(self.now), limit: 99 };
        let mut ids = self.world.store().claim(&claim).unwrap();
        ids.sort();
        self.claimed.extend(&ids);
        format!("{ids:?}")
    }

    fn give_back(&mut self) -> String {
        let released: Vec<_> = self.claimed.pop().into_iter().collect();
        let said = format!("{released:?}");
        self.world.store().commit(Batch { released, ..Batch::default() }).unwrap();
        said
    }

    fn send(&mut self) -> String {
        let messages = [self.message()];
        self.world.store().send(&messages).unwrap();
        format!("{messages:?}")
    }

    fn message(&mut self) -> Message {
        let to = self.dice.roll(self.versions.len() as u64 + 1);
        let to = (to > 0).then(|| ExecutionId(i64::try_from(to).unwrap()));
        Message { execution: to, sent: at(self.now), body: blob("\"hello\"") }
    }

    fn wake(&mut self) -> Wake {
        match self.dice.roll(4) {
            0 => Wake::At(at(self.now + i64::try_from(self.dice.roll(30)).unwrap())),
            1 => Wake::Message,
            _ => Wake::Owned,
        }
    }

    fn commit(&mut self) -> String {
        let mut batch = Batch::default();
        for _ in 0..self.dice.roll(3) {
            let name = format!("n{}", self.dice.roll(12));
            let wake = self.wake();
            batch.starts.push(start(&self.pin, &name, self.epoch, wake));
        }
        for _ in 0..self.dice.roll(5) {
            batch.changes.extend(self.change());
        }
        if self.dice.roll(4) == 0 {
            batch.messages.push(self.message());
            batch.applied.extend(self.first_message());
        }
        let changed: Vec<_> = batch.changes.iter().map(|change| change.execution).collect();
        let committed = self.world.store().commit(batch).unwrap();
        for started in &committed.starts {
            self.versions.extend(matches!(started, Started::New(_)).then_some(1));
        }
        for (id, answer) in changed.into_iter().zip(&committed.changes) {
            if *answer == Answer::Ok {
                self.versions[usize::try_from(id.0 - 1).unwrap()] += 1;
                self.claimed.retain(|claimed| *claimed != id);
            }
        }
        format!("{committed:?}")
    }

    fn first_message(&self) -> Option<i64> {
        self.world.store().inbox(0, 1).unwrap().first().map(|received| received.id)
    }

    fn change(&mut self) -> Option<Change> {
        let index = self.dice.roll(self.versions.len() as u64 + 1);
        let version = *self.versions.get(usize::try_from(index).unwrap())?;
        let expected = if self.dice.roll(8) == 0 { version + 1 } else { version };
        let epoch = if self.dice.roll(12) == 0 { Epoch(self.epoch.0 - 1) } else { self.epoch };
        let id = ExecutionId(i64::try_from(index + 1).unwrap());
        let wake = self.wake();
        let mut change = step(id, expected, epoch, wake);
        match self.dice.roll(8) {
            0 => change.frames.push(FrameRow { id: 1 + self.dice.roll(3), state: None }),
            1 | 2 => {
                let state = Some(blob(&format!("\"{}\"", self.dice.roll(100))));
                change.frames.push(FrameRow { id: 1 + self.dice.roll(3), state });
            }
            3 => change.frames.clear(),
            4 => {
                let status = [Status::Running, Status::Succeeded, Status::Failed];
                let status = status[usize::try_from(self.dice.roll(3)).unwrap()];
                let outcome = Outcome { status, ended: Some(at(self.now)), result: None };
                change.outcome = Some(outcome);
            }
            5 => {
                let (join, index) = (self.dice.roll(3), 7);
                change.results.push(ResultRow { join, index, result: blob("1") });
                change.ended_joins.push(self.dice.roll(3));
            }
            6 => {
                let id = ValueId(format!("v{}", self.dice.roll(3)));
                change.values.push(StoredValue { id, value: blob("\"long\"") });
            }
            _ => {
                change.events = None;
                change.applied.extend(self.first_message());
                change.messages.push(self.message());
            }
        }
        Some(change)
    }

    /// Everything that a reader sees.
    fn shown(&self) -> String {
        let store = self.world.store();
        let page = Page { before: None, limit: 99 };
        let mut shown = vec![format!("{:?}", store.next_due().unwrap())];
        let mut due = store.due(at(self.now + 15), 99).unwrap();
        due.sort();
        shown.push(format!("{due:?}"));
        shown.push(format!("{:?}", store.inbox(0, 99).unwrap()));
        for status in [None, Some(Status::Running), Some(Status::Failed)] {
            let filter = Filter { machine: None, status };
            let list = store.list(&filter, &page).unwrap();
            shown.push(format!("{status:?} {:?}", list.iter().map(|e| e.id).collect::<Vec<_>>()));
        }
        for index in 0..self.versions.len() {
            let id = ExecutionId(i64::try_from(index + 1).unwrap());
            let mut stored = store.load(id).unwrap().unwrap();
            // An earlier owner is as good as none.
            stored.owner = stored.owner.filter(|owner| *owner == self.epoch);
            assert_eq!(stored.version, self.versions[index]);
            let whole = HistoryPage { order: Order::Forward, from: None, limit: 99 };
            shown.push(format!("{stored:?} {:?}", store.history(id, &whole).unwrap()));
            shown.push(format!("{:?}", store.value(id, &ValueId("v1".to_owned())).unwrap()));
        }
        shown.join("\n")
    }
}

#[test]
fn the_memory_store_forgets_what_ended_long_ago_when_it_is_told_to() {
    let store = stepwright::store::MemoryStore::keeping(2);
    let (epoch, pin) = super::ready(&store);
    let begin = |name: &str, ends: bool| {
        let mut new = start(&pin, name, epoch, Wake::Message);
        let ended = Some(at(11));
        let outcome = Outcome { status: Status::Succeeded, ended, result: None };
        new.first.outcome = ends.then_some(outcome);
        store.commit(super::starting(new)).unwrap().starts[0]
    };
    let starts = ["a", "runs", "b", "c"].map(|name| begin(name, name != "runs"));
    assert_eq!(starts, [1, 2, 3, 4].map(|id| Started::New(ExecutionId(id))));
    let known = ["a", "runs", "b", "c"].map(|name| store.find("arn:order", name).unwrap());
    assert_eq!(known, [None, Some(2), Some(3), Some(4)].map(|id| id.map(ExecutionId)));
    assert_eq!(store.describe(ExecutionId(1)).unwrap(), None);
    // Its name is free, and its number is not used again.
    assert_eq!(begin("a", false), Started::New(ExecutionId(5)));
}

#[test]
fn the_memory_store_conflicts_when_it_is_told_to() {
    let store = stepwright::store::MemoryStore::with_conflicts(7, 3);
    let (epoch, pin) = super::ready(&store);
    let committed = store.commit(super::starting(start(&pin, "a", epoch, Wake::Owned))).unwrap();
    let [Started::New(id)] = committed.starts[..] else { panic!("it is new") };
    let (mut version, mut conflicts, mut lost) = (1, 0, 0);
    for _ in 0..300 {
        let change = step(id, version, epoch, Wake::Owned);
        match store.commit(super::changing(change)).unwrap().changes[0] {
            Answer::Ok => version += 1,
            Answer::Conflict => {
                conflicts += 1;
                let stored = store.load(id).unwrap().unwrap();
                assert_eq!(stored.version, version, "a conflict writes nothing");
                if stored.owner.is_none() {
                    lost += 1;
                    let claim = Claim { epoch, now: at(0), lease: at(0), limit: 9 };
                    assert_eq!(store.claim(&claim).unwrap(), [id]);
                }
            }
        }
    }
    assert!((50..150).contains(&conflicts), "{conflicts} of 300");
    assert!((10..conflicts).contains(&lost), "{lost} of {conflicts}");
}
