//! Measures what the SQLite store commits: `store-bench [SECONDS] [FOLDER]`.
//!
//! A commit is 1,250 B of events and a frame of 400 B, as a step of a small workflow has them.
//! Groups of 1, 16, 64 and 256 of 64 active executions, each replaced by a new one after 12
//! commits; then groups of 64 scattered over 10,000 executions.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on fails"
)]
#![expect(clippy::cast_precision_loss, reason = "figures have three digits")]

use jiff::Timestamp;
use std::{
    env,
    path::Path,
    time::{Duration, Instant},
};
use stepwright::store::{
    Answer, Batch, Blob, Change, Epoch, EventGroup, ExecutionId, FrameRow, MachineRecord, Pin,
    SqliteStore, Start, Started, Store as _, Wake,
};

const EVENTS: usize = 1250;
const FRAME: usize = 400;

fn main() {
    let mut arguments = env::args().skip(1);
    let seconds = arguments.next().map_or(3.0, |text| text.parse().unwrap());
    let folder = arguments.next().unwrap_or_else(|| env::temp_dir().display().to_string());
    for (group, active, commits) in
        [(1, 64, 12), (16, 64, 12), (64, 64, 12), (256, 256, 12), (64, 10_000, u64::MAX)]
    {
        let place = tempfile::tempdir_in(&folder).unwrap();
        let mut load = Load::new(place.path(), active, commits);
        let mut times = load.run(group, Duration::from_secs_f64(seconds));
        times.sort_unstable();
        let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
        let total: Duration = times.iter().sum();
        let per_second = (times.len() * group) as f64 / total.as_secs_f64();
        println!(
            "group={group}\tactive={active}\tcommits/s={per_second:.0}\tgroups={}\tp50_us={}\t\
             p99_us={}\tmax_us={}",
            times.len(),
            at(50).as_micros(),
            at(99).as_micros(),
            at(100).as_micros(),
        );
    }
}

/// Executions under way, as a runtime has them.
struct Load {
    store: SqliteStore,
    epoch: Epoch,
    pin: Pin,
    active: Vec<(ExecutionId, u64)>,
    next: usize,
    names: u64,
    commits: u64,
    text: String,
}

impl Load {
    fn new(folder: &Path, active: usize, commits: u64) -> Self {
        let store = SqliteStore::open(folder.join("bench.db")).unwrap();
        let machine = MachineRecord {
            arn: "arn:bench".to_owned(),
            name: "bench".to_owned(),
            revision: 0,
            hash: "hash".to_owned(),
            definition: "{}".to_owned(),
            shapes: None,
            created: Timestamp::UNIX_EPOCH,
        };
        let epoch = store.own("bench").unwrap();
        let pin = store.put_machine(&machine).unwrap();
        let text = ('a'..='z').cycle().step_by(7).take(EVENTS).collect();
        let mut load =
            Self { store, epoch, pin, active: Vec::new(), next: 0, names: 0, commits, text };
        for _ in 0..active {
            let start = load.start();
            let committed = load.store.commit(Batch { starts: vec![start], ..Batch::default() });
            let Started::New(id) = committed.unwrap().starts[0] else { panic!("it is new") };
            load.active.push((id, 1));
        }
        load
    }

    /// Commits groups until the time is over; returns how long each took.
    fn run(&mut self, group: usize, time: Duration) -> Vec<Duration> {
        let mut times = Vec::new();
        let begin = Instant::now();
        while begin.elapsed() < time {
            let mut batch = Batch::default();
            let mut changed = Vec::new();
            let mut replaced = Vec::new();
            for _ in 0..group {
                self.next = (self.next + 1) % self.active.len();
                let (id, version) = self.active[self.next];
                if version >= self.commits {
                    replaced.push(self.next);
                    let start = self.start();
                    batch.starts.push(start);
                } else {
                    changed.push(self.next);
                    let change = self.change(id, version);
                    batch.changes.push(change);
                }
            }
            let before = Instant::now();
            let committed = self.store.commit(batch).unwrap();
            self.store.checkpoint().unwrap();
            times.push(before.elapsed());
            for (place, answer) in changed.into_iter().zip(committed.changes) {
                assert_eq!(answer, Answer::Ok);
                self.active[place].1 += 1;
            }
            for (place, started) in replaced.into_iter().zip(committed.starts) {
                let Started::New(id) = started else { panic!("it is new") };
                self.active[place] = (id, 1);
            }
        }
        times
    }

    fn start(&mut self) -> Start {
        self.names += 1;
        let first = self.change(ExecutionId(0), 0);
        Start {
            pin: self.pin.clone(),
            name: format!("execution-{}", self.names),
            started: Timestamp::UNIX_EPOCH,
            header: Blob::new(self.text[..300].to_owned()),
            first,
        }
    }

    fn change(&self, execution: ExecutionId, expected: u64) -> Change {
        let frame = Blob::new(self.text[..FRAME].to_owned());
        Change {
            execution,
            expected,
            epoch: self.epoch,
            control: Blob::new(self.text[..80].to_owned()),
            frames: vec![FrameRow { id: 0, state: Some(frame) }],
            results: Vec::new(),
            ended_joins: Vec::new(),
            events: Some(EventGroup {
                first: expected * 5 + 1,
                count: 5,
                events: Blob::new(self.text.clone()),
            }),
            values: Vec::new(),
            wake: Wake::Owned,
            applied: Vec::new(),
            messages: Vec::new(),
            map_runs: Vec::new(),
            outcome: None,
        }
    }
}
