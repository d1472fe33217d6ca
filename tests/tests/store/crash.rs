//! Power cuts: whatever part of what was being written reached the disk, every acknowledged commit
//! is there and none is there in part.
//!
//! The files are copied before and after each commit and each checkpoint. Between two copies a
//! power cut may leave any mixture of old and new sectors of what changed; each mixture must open.

use super::{folder, model::Dice, ready, start, step};
use std::{collections::BTreeMap, fs, path::Path};
use stepwright::store::{
    Answer, Batch, Blob, Epoch, ExecutionId, Filter, HistoryPage, Order, Page, Pin, SqliteStore,
    Started, Store as _, Wake,
};

const GROUPS: usize = 30;
const IMAGES: usize = 3;

/// Versions of the executions.
type Versions = BTreeMap<ExecutionId, u64>;

/// The files of a database; the index of the log in shared memory does not survive.
#[derive(Clone)]
struct Files {
    database: Vec<u8>,
    log: Vec<u8>,
}

impl Files {
    fn of(folder: &Path) -> Self {
        let database = fs::read(folder.join("test.db")).unwrap();
        let mut log = fs::read(folder.join("test.db-wal")).unwrap();
        // Room that was never used says nothing and takes time to copy.
        while log.ends_with(&[0; 4096]) {
            log.truncate(log.len() - 4096);
        }
        // The last page may end with zeros of its own.
        log.resize(log.len() + 8192, 0);
        Self { database, log }
    }

    /// Some sectors of `after` have reached the disk.
    fn mix(&self, after: &Self, sector: usize, dice: &mut Dice) -> Self {
        let share = [50, 97, 100][usize::try_from(dice.roll(3)).unwrap()];
        let mut mix = |before: &[u8], after: &[u8]| {
            let mut mixed = before.to_vec();
            mixed.resize(before.len().max(after.len()), 0);
            for (old, new) in mixed.chunks_mut(sector).zip(after.chunks(sector)) {
                if dice.roll(100) < share {
                    old[..new.len()].copy_from_slice(new);
                }
            }
            mixed
        };
        let database = mix(&self.database, &after.database);
        Self { database, log: mix(&self.log, &after.log) }
    }
}

/// Opens an image and tells which versions are there; histories must be as long.
fn reopened(files: &Files) -> Versions {
    let folder = folder();
    fs::write(folder.path().join("test.db"), &files.database).unwrap();
    fs::write(folder.path().join("test.db-wal"), &files.log).unwrap();
    let store = SqliteStore::open(folder.path().join("test.db")).unwrap();
    let all = store.list(&Filter::default(), &Page { before: None, limit: 999 }).unwrap();
    let versions = all.into_iter().map(|record| {
        let id = record.id;
        let stored = store.load(id).unwrap().unwrap();
        let whole = HistoryPage { order: Order::Forward, from: None, limit: 999 };
        let history = store.history(id, &whole).unwrap();
        assert_eq!(history.len() as u64, stored.version, "of {id:?}");
        assert_eq!(stored.frames.len(), 1, "of {id:?}");
        (id, stored.version)
    });
    versions.collect()
}

/// A group that changes a few executions and starts some.
fn group(versions: &Versions, pin: &Pin, epoch: Epoch, number: usize, dice: &mut Dice) -> Batch {
    let mut batch = Batch::default();
    for index in 0..2 {
        let mut new = start(pin, &format!("{number}-{index}"), epoch, Wake::Owned);
        new.header = Blob::new("h".repeat(100_000 + 50_000 * index));
        batch.starts.push(new);
    }
    for (id, version) in versions {
        if dice.roll(8) == 0 {
            let mut change = step(*id, *version, epoch, Wake::Owned);
            let length = 1000 + usize::try_from(dice.roll(20_000)).unwrap();
            change.control = Blob::new("c".repeat(length));
            batch.changes.push(change);
        }
    }
    batch
}

#[test]
fn every_mixture_of_old_and_new_sectors_opens_with_all_that_was_acknowledged() {
    let mut dice = Dice::new(11);
    let folder = folder();
    let store = SqliteStore::open(folder.path().join("test.db")).unwrap();
    let (epoch, pin) = ready(&store);
    let mut versions = Versions::new();
    let (mut with, mut without, mut checkpoints) = (0, 0, 0);
    let mut before = Files::of(folder.path());
    for number in 0..GROUPS {
        let batch = group(&versions, &pin, epoch, number, &mut dice);
        let changed: Vec<_> = batch.changes.iter().map(|change| change.execution).collect();
        let committed = store.commit(batch).unwrap();
        let mut next = versions.clone();
        for (id, answer) in changed.iter().zip(&committed.changes) {
            assert_eq!(*answer, Answer::Ok);
            next.entry(*id).and_modify(|version| *version += 1);
        }
        for started in &committed.starts {
            let Started::New(id) = started else { panic!("it is new") };
            next.insert(*id, 1);
        }
        let after = Files::of(folder.path());
        for image in 0..IMAGES {
            let sector = [512, 4096][image % 2];
            let found = reopened(&before.mix(&after, sector, &mut dice));
            assert!(found == versions || found == next, "group {number}, image {image}");
            if found == next { with += 1 } else { without += 1 }
        }
        assert_eq!(reopened(&after), next, "an acknowledged commit");
        versions = next;

        store.checkpoint().unwrap();
        before = Files::of(folder.path());
        if before.database != after.database {
            checkpoints += 1;
            for image in 0..IMAGES {
                let sector = [512, 4096][image % 2];
                let found = reopened(&after.mix(&before, sector, &mut dice));
                assert!(found == versions, "checkpoint after group {number}, image {image}");
            }
        }
    }
    // Otherwise the images would prove nothing.
    assert!(with > 5 && without > 5, "{with} with the last commit, {without} without");
    assert!(checkpoints > 1, "{checkpoints}");
}
