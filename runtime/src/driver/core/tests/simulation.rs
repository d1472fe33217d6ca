//! Seeded runs of many executions with crashes, conflicts and stops: nothing that was acknowledged
//! is lost, nothing that was recorded runs again, and the outcome is that of a calm run.

use super::{
    machines::NAMES,
    world::{Binary, Crash, World, outcome},
};
use crate::{
    engine::Status,
    store::{MemoryStore, Store},
};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};

/// What happens, drawn from a seed (xorshift64*).
struct Chance(u64);

impl Chance {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }
}

/// How a run is disturbed.
#[derive(Clone, Copy)]
struct Disturbance {
    crashes: bool,
    stops: bool,
    /// Whether each process may be one of another binary.
    binaries: bool,
}

/// Runs every machine a few times and returns, by name, the outcome and the sorted history.
fn play(store: Arc<dyn Store>, seed: u64, with: Disturbance) -> BTreeMap<String, Played> {
    let mut chance = Chance::of(seed);
    let mut world = World::new(store, seed);
    let mut names = Vec::new();
    for round in 0..2 {
        for machine in NAMES {
            names.push((machine, format!("{machine}-{round}")));
        }
    }
    let count = names.len() as u64;
    for turn in 0.. {
        assert!(turn < 20_000, "seed {seed} comes to no end");
        // A start that nobody answered is asked for again: its name makes it one. What a binary
        // lacks and its own definitions name is for workers, of which there are none.
        let starting = world.binary != Binary::Poorer;
        for (caller, (machine, name)) in (0..).zip(&names) {
            let missing = starting && !world.ledger.started.contains_key(&caller);
            if missing && chance.below(3) == 0 {
                world.start(caller, machine, name, json!({ "order": caller }));
            }
        }
        // After a crash comes a calm turn, so that what is outstanding can be seen.
        let calm = Disturbance { crashes: with.crashes && turn % 2 == 0, ..with };
        disturb(&mut world, &mut chance, calm);
        let all_started = world.ledger.started.len() as u64 == count;
        if all_started && world.ledger.started.values().all(|id| world.has_ended(*id)) {
            break;
        }
    }
    world.turn(Crash::Never);
    world.check_ledger();
    if !with.stops {
        assert_eq!(world.executions_of("child"), 4, "seed {seed}: each is started once");
    }
    let played = (0..).zip(names).map(|(caller, (_, name))| {
        let id = world.ledger.started[&caller];
        let mut events = world.history(id);
        events.sort();
        (name, Played { status: world.status(id), events })
    });
    played.collect()
}

/// Lets one thing happen, and the core take its turn.
fn disturb(world: &mut World, chance: &mut Chance, with: Disturbance) {
    match chance.below(10) {
        0..=6 if !world.running.is_empty() => {
            let index = chance.below(world.running.len());
            world.finish(index, outcome);
        }
        7 if with.stops => {
            let started: Vec<_> = world.ledger.started.values().copied().collect();
            if let Some(id) = started.get(chance.below(started.len() * 8)) {
                world.stop(*id);
            }
        }
        8 if with.binaries && with.crashes && world.deliveries() < 3 => {
            let binaries = [Binary::First, Binary::Changed, Binary::Poorer];
            world.deploy(*binaries.get(chance.below(3)).unwrap());
            return world.turn(Crash::Never);
        }
        // What waits for a binary gets it: neither time nor anything else helps it.
        _ if world.is_idle() && world.is_stranded() => {
            world.deploy(Binary::First);
            return world.turn(Crash::Never);
        }
        // Time passes only when nothing else can happen, so that no task times out.
        _ if world.is_idle() => {
            if let Some(due) = world.next_due() {
                world.now = world.now.max(due);
            }
        }
        _ => {}
    }
    // A task that was handed out three times counts as lost after the next crash.
    let last = world.deliveries() >= 3;
    let crash = match chance.below(8) {
        0 if with.crashes && !last => Crash::BeforeCommit,
        1 if with.crashes && !last => Crash::AfterCommit,
        2 | 3 => Crash::Slow,
        _ => Crash::Never,
    };
    world.turn(crash);
}

#[derive(Debug, Clone, PartialEq)]
struct Played {
    status: Status,
    events: Vec<String>,
}

const CALM: Disturbance = Disturbance { crashes: false, stops: false, binaries: false };
const CRASHES: Disturbance = Disturbance { crashes: true, ..CALM };
const EVERYTHING: Disturbance = Disturbance { crashes: true, stops: true, binaries: true };
const BINARIES: Disturbance = Disturbance { crashes: true, binaries: true, ..CALM };

fn calm() -> BTreeMap<String, Played> {
    play(Arc::new(MemoryStore::new()), 1, CALM)
}

#[track_caller]
fn check_same(played: &BTreeMap<String, Played>, calm: &BTreeMap<String, Played>, seed: u64) {
    for (name, played) in played {
        assert_eq!(played, &calm[name], "seed {seed}, {name}");
    }
}

/// The seeds of a test; `STEPWRIGHT_SEEDS=from..to` runs others.
fn seeds(default: std::ops::Range<u64>) -> std::ops::Range<u64> {
    let given = std::env::var("STEPWRIGHT_SEEDS").ok();
    let range = given.as_deref().and_then(|given| given.split_once(".."));
    let range = range.and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    range.unwrap_or(default)
}

#[test]
fn a_calm_run_has_the_outcomes_that_the_machines_say() {
    let calm = calm();
    let output = |name: &str| match &calm[name].status {
        Status::Succeeded(output) => (**output).clone(),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(output("chain-0"), json!({ "by": "c" }));
    assert_eq!(output("retry-1"), json!("caught"));
    assert_eq!(output("parallel-0"), json!([{ "by": "y" }, { "by": "v" }]));
    assert_eq!(output("map-0").as_array().unwrap().len(), 5);
    assert_eq!(output("wait-0"), json!({ "by": "b" }));
    assert_eq!(output("parent-0"), json!({ "by": "flaky" }));
    assert_eq!(output("starter-0"), json!({ "by": "b" }));
    assert_eq!(output("looping-0"), json!(3));
    assert_eq!(output("run-0").as_array().unwrap().len(), 5);
    let Status::Failed(why) = &calm["written-0"].status else { panic!("it tolerates one failure") };
    assert_eq!(why.error.as_deref(), Some("States.ExceedToleratedFailureThreshold"));
}

#[test]
fn crashes_at_any_commit_change_no_outcome_and_no_history() {
    let calm = calm();
    for seed in seeds(1..16) {
        let played = play(Arc::new(MemoryStore::new()), seed, CRASHES);
        check_same(&played, &calm, seed);
    }
}

#[test]
fn changed_and_poorer_binaries_change_no_outcome_and_no_history() {
    let calm = calm();
    for seed in seeds(1..16) {
        let played = play(Arc::new(MemoryStore::new()), seed, BINARIES);
        check_same(&played, &calm, seed);
    }
}

#[test]
fn conflicts_change_no_outcome_that_is_not_lost() {
    let calm = calm();
    for seed in seeds(1..16) {
        let store = Arc::new(MemoryStore::with_conflicts(seed, 12));
        for (name, played) in play(store, seed, CALM) {
            let lost = played.events.iter().any(|event| event.contains("Failed"));
            if !lost || !matches!(played.status, Status::Failed(_)) {
                assert_eq!(played.status, calm[&name].status, "seed {seed}, {name}");
            }
        }
    }
}

#[test]
fn stops_and_crashes_and_conflicts_lose_nothing_acknowledged() {
    for seed in seeds(1..16) {
        let played = play(Arc::new(MemoryStore::with_conflicts(seed, 40)), seed, EVERYTHING);
        assert!(played.values().all(|played| played.status != Status::Running), "seed {seed}");
    }
}

#[cfg(feature = "sqlite")]
#[test]
fn crashes_and_binaries_over_a_database_change_no_outcome_and_no_history() {
    let calm = calm();
    for seed in seeds(1..3) {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::SqliteStore::open(folder.path().join("db")).unwrap();
        check_same(&play(Arc::new(store), seed, BINARIES), &calm, seed);
    }
}
