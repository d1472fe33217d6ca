//! Machines and the histories that AWS shows of them: calm, and with a crash at every commit.

use super::world::{Crash, World};
use crate::{
    asl::{Definition, MachineType, answer, refusal},
    catalog::Catalog,
    driver::core::{Run, Work},
    engine::{Event, HistoryEvent, Token},
    program::Failure,
    registry::Registry,
    store::{MemoryStore, Store},
};
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};

/// A file of `tests/fixtures/histories`; see the README there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    definition: Value,
    input: Value,
    #[serde(default)]
    tasks: BTreeMap<String, Vec<Double>>,
    stop_after: Option<i64>,
    history: Vec<Value>,
}

/// What one call of a task does: gives something, or fails with error and cause, or is silent.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Double {
    #[serde(default)]
    after: i64,
    gives: Option<Value>,
    fails: Option<(String, String)>,
}

impl Double {
    fn event(&self, token: Token) -> Event {
        match (&self.gives, &self.fails) {
            (Some(output), _) => Event::TaskSucceeded { token, output: output.clone().into() },
            (None, Some((error, cause))) => {
                Event::TaskFailed { token, failure: Failure::new(error, cause) }
            }
            (None, None) => unreachable!("who is silent gives no event"),
        }
    }
}

/// What happens next.
enum Next {
    Task(usize),
    Stop,
    Time,
}

/// A case that is played.
struct Play<'a> {
    case: &'a Case,
    world: World,
    began: Timestamp,
    /// What each attempt that was handed out will do, and when; the same after a crash.
    answers: BTreeMap<Token, (Timestamp, Double)>,
    calls: BTreeMap<String, usize>,
    stopped: bool,
}

impl Play<'_> {
    /// Plays a case to its end, with a crash at one commit if there is to be one. Returns the
    /// history and the number of commits.
    fn run(
        case: &Case,
        store: Arc<dyn Store>,
        crash: Option<(usize, Crash)>,
    ) -> (Vec<Value>, usize) {
        let world = World::of(store, 7, |store, now| {
            let (definition, findings) = Definition::parse(&case.definition.to_string());
            let definition = definition.unwrap_or_else(|| panic!("{findings:?}"));
            let machines = IndexMap::from([("m".to_owned(), definition)]);
            Catalog::open(store, &Registry::new(), machines, now).unwrap()
        });
        let (answers, calls) = (BTreeMap::new(), BTreeMap::new());
        let mut play = Play { case, began: world.now, world, answers, calls, stopped: false };
        let commits = play.play_on(crash);
        play.world.check_ledger();
        let id = play.world.ledger.started[&0];
        let history = play.world.events(id).iter().map(HistoryEvent::to_json).collect();
        (history, commits)
    }

    fn play_on(&mut self, crash: Option<(usize, Crash)>) -> usize {
        let mut commits = 0;
        loop {
            // A start that nobody answered is asked for again.
            if !self.world.ledger.started.contains_key(&0) {
                self.world.start(0, "m", "e", self.case.input.clone());
            }
            commits += match crash {
                Some((at, crash)) if commits <= at => self.world.turn_to(at - commits, crash),
                _ => self.world.turn_to(0, Crash::Never),
            };
            match self.world.ledger.started.get(&0) {
                Some(id) if self.world.has_ended(*id) => return commits,
                _ => self.go_on(),
            }
        }
    }

    /// Lets the next thing happen. What is due at the time of an answer comes after it.
    fn go_on(&mut self) {
        self.hear_calls();
        let running = self.world.running.iter().enumerate();
        let answers = running.filter_map(|(index, run)| {
            let (at, double) = &self.answers[&run.token()];
            let speaks = double.gives.is_some() || double.fails.is_some();
            speaks.then_some((*at, 0, Next::Task(index)))
        });
        let stop = self.case.stop_after.filter(|_| !self.stopped);
        let stop = stop.map(|after| (self.began + SignedDuration::from_secs(after), 1, Next::Stop));
        let time = self.world.next_due().map(|due| (due, 2, Next::Time));
        let next = answers.chain(stop).chain(time).min_by_key(|(at, kind, _)| (*at, *kind));
        let Some((at, _, next)) = next else { return };
        self.world.now = self.world.now.max(at);
        match next {
            Next::Task(index) => {
                let answers = &self.answers;
                self.world.finish(index, |run: &Run| {
                    let token = run.token();
                    answers[&token].1.event(token)
                });
            }
            Next::Stop => {
                self.stopped = true;
                self.world.stop(self.world.ledger.started[&0]);
            }
            Next::Time => {}
        }
    }

    /// Settles what new attempts will do: the n-th call of a task what the n-th double does, and
    /// further ones what the last does.
    fn hear_calls(&mut self) {
        for run in &self.world.running {
            let Work::Task(task) = &run.work else { continue };
            let name = task.resource.rsplit(':').next().unwrap();
            self.answers.entry(run.token()).or_insert_with(|| {
                let call = self.calls.entry(name.to_owned()).or_default();
                let doubles = &self.case.tasks[name];
                let double = doubles.get(*call).or_else(|| doubles.last()).unwrap().clone();
                *call += 1;
                (self.world.now + SignedDuration::from_secs(double.after), double)
            });
        }
    }
}

fn cases() -> BTreeMap<String, Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/histories");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let cases = paths.map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(path).unwrap();
        let case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, case)
    });
    cases.collect()
}

/// The first event that is not as expected.
fn difference(expected: &[Value], history: &[Value]) -> Option<String> {
    let length = expected.len().max(history.len());
    let pair = |index: usize| (expected.get(index), history.get(index));
    let (expected, got) = (0..length).map(pair).find(|(expected, got)| expected != got)?;
    let shown =
        |event: Option<&Value>| event.map_or_else(|| "nothing".to_owned(), Value::to_string);
    Some(format!("\n  expected {}\n  got      {}", shown(expected), shown(got)))
}

/// A history without its times.
fn untimed(history: &[Value]) -> Vec<Value> {
    let mut untimed = history.to_vec();
    for event in &mut untimed {
        event.as_object_mut().unwrap().remove("timestamp");
    }
    untimed
}

#[track_caller]
fn check_none(differences: &[String]) {
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn every_machine_has_the_history_that_aws_shows() {
    let differences = cases().into_iter().filter_map(|(name, case)| {
        let (history, _) = Play::run(&case, Arc::new(MemoryStore::new()), None);
        Some(name + &difference(&case.history, &history)?)
    });
    check_none(&differences.collect::<Vec<_>>());
}

#[test]
fn aws_would_take_every_machine() {
    let refused = cases().into_iter().filter_map(|(name, case)| {
        let text = case.definition.to_string();
        let (_, found) = Definition::check_as(&text, MachineType::Standard);
        Some(format!("{name}: {}", refusal(&answer(&text, &found))?))
    });
    check_none(&refused.collect::<Vec<_>>());
}

/// Every value of a key, wherever it stands.
fn values_of<'a>(key: &str, within: &'a Value, found: &mut BTreeSet<&'a str>) {
    if let Some(fields) = within.as_object() {
        found.extend(fields.get(key).and_then(Value::as_str));
    }
    let inner = within.as_object().into_iter().flat_map(|fields| fields.values());
    let inner = inner.chain(within.as_array().into_iter().flatten());
    inner.for_each(|inner| values_of(key, inner, found));
}

#[test]
fn there_is_a_machine_for_every_kind_of_state_and_of_end() {
    let cases = cases();
    for language in [Some("JSONata"), None] {
        let mut types = BTreeSet::new();
        let machines = cases.values().map(|case| &case.definition);
        let machines = machines.filter(|it| it["QueryLanguage"].as_str() == language);
        machines.for_each(|machine| values_of("Type", machine, &mut types));
        let all = ["Choice", "Fail", "Map", "Parallel", "Pass", "Succeed", "Task", "Wait"];
        assert_eq!(types.into_iter().collect::<Vec<_>>(), all, "{language:?}");
    }
    let (mut types, mut errors) = (BTreeSet::new(), BTreeSet::new());
    for event in cases.values().flat_map(|case| &case.history) {
        values_of("type", event, &mut types);
        values_of("error", event, &mut errors);
    }
    for end in ["Succeeded", "Failed", "TimedOut", "Aborted"] {
        assert!(types.contains(&*format!("Execution{end}")), "{end}");
    }
    for error in [
        "DataLimitExceeded",
        "QueryEvaluationError",
        "ResultPathMatchFailure",
        "Runtime",
        "Timeout",
    ] {
        assert!(errors.contains(&*format!("States.{error}")), "{error}");
    }
}

/// Plays every case as often as it has commits, each time with a crash at another one.
fn crash_everywhere(crash: Crash, store: impl Fn() -> Arc<dyn Store>) {
    let mut differences = Vec::new();
    for (name, case) in cases() {
        let (_, commits) = Play::run(&case, store(), None);
        assert!(commits > 0, "{name}");
        for at in 0..commits {
            let (history, made) = Play::run(&case, store(), Some((at, crash)));
            assert!(made > at, "{name}: there was no crash");
            // A restart grants every heartbeat a fresh interval, so that a silence is noticed later.
            let beats = case.definition.to_string().contains("HeartbeatSeconds");
            let found = if beats {
                difference(&untimed(&case.history), &untimed(&history))
            } else {
                difference(&case.history, &history)
            };
            differences.extend(found.map(|found| format!("{name}, commit {at}{found}")));
        }
    }
    check_none(&differences);
}

#[test]
fn a_crash_before_any_commit_changes_no_history() {
    crash_everywhere(Crash::BeforeCommit, || Arc::new(MemoryStore::new()));
}

#[test]
fn a_crash_after_any_commit_changes_no_history() {
    crash_everywhere(Crash::AfterCommit, || Arc::new(MemoryStore::new()));
}

#[cfg(feature = "sqlite")]
#[test]
fn a_crash_over_a_database_changes_no_history() {
    // In memory where the system has a place for that: every store syncs when it is made.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let number = std::cell::Cell::new(0);
    crash_everywhere(Crash::AfterCommit, || {
        number.set(number.get() + 1);
        let path = folder.path().join(number.get().to_string());
        Arc::new(crate::store::SqliteStore::open(path).unwrap())
    });
}
