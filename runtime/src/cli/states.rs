//! Where an execution stands, from its events.

use super::{ended::failure, plural, progress::cut};
use crate::{
    engine::{HistoryEvent, HistoryKind, history::StateKind},
    program::Failure,
};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// Items of a Map that are shown one by one; of more only the tenths are.
const FEW_ITEMS: u32 = 10;

/// Failures that are shown in a Map of many items.
const FEW_FAILURES: u32 = 10;

/// States that are named where an execution stands.
const FEW_STATES: usize = 8;

/// How much of what a task says is shown, in characters.
const SAID: usize = 40;

/// The states of one execution.
#[derive(Debug, Default)]
pub(super) struct States {
    /// The event that entered the state which each event belongs to.
    entries: IndexMap<u64, u64>,
    entered: IndexMap<u64, Entered>,
    /// The index of the iteration that each event belongs to.
    iterations: IndexMap<u64, u32>,
    active: BTreeSet<u64>,
    last_failure: Option<(String, Failure)>,
    failed_at: Option<String>,
    /// What the tasks of states have last said, by state.
    said: BTreeMap<String, String>,
}

/// A state that was entered.
#[derive(Debug)]
struct Entered {
    /// As shown: with the index of its iteration.
    name: String,
    /// As the definition has it.
    state: String,
    kind: StateKind,
    /// The entry of the Parallel or Map that it runs in.
    within: Option<u64>,
    attempts: u32,
    /// What it waited for has come.
    done: bool,
    map: Map,
}

/// The items of a Map.
#[derive(Debug, Default, Clone, Copy)]
struct Map {
    length: u32,
    done: u32,
    failures: u32,
}

/// What is worth a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct What {
    pub(super) state: String,
    /// What failed, to stand out.
    pub(super) failed: Option<&'static str>,
    pub(super) text: String,
}

impl What {
    fn line(state: &str, text: impl Into<String>) -> Self {
        Self { state: state.to_owned(), failed: None, text: text.into() }
    }
}

impl States {
    /// Where the execution failed, once it has: " in `charge`".
    pub(super) fn failed_at(&self) -> Option<&str> {
        self.failed_at.as_deref()
    }

    /// The state that an event which was taken tells of, with the index of its iteration; none
    /// where the event is of a whole execution, Parallel or Map.
    pub(super) fn of(&self, event: &HistoryEvent) -> &str {
        self.entered_by(event).map_or("", |state| &state.name)
    }

    /// The attempt that an event of a call is about, if it is not the first.
    pub(super) fn attempt(&self, event: &HistoryEvent) -> Option<u32> {
        let of_state = matches!(
            event.kind,
            HistoryKind::StateEntered { .. } | HistoryKind::StateExited { .. }
        );
        let state = self.entered_by(event).filter(|state| !of_state && state.attempts > 1)?;
        Some(state.attempts)
    }

    fn entered_by(&self, event: &HistoryEvent) -> Option<&Entered> {
        let entry = self.entries.get(&event.id).copied();
        let entry = match &event.kind {
            // These follow what ended last inside.
            HistoryKind::StateExited { name, .. }
            | HistoryKind::MapIterationStarted { name, .. }
            | HistoryKind::MapIterationSucceeded { name, .. }
            | HistoryKind::MapIterationFailed { name, .. }
            | HistoryKind::MapIterationAborted { name, .. } => self.outward(entry, name),
            HistoryKind::ParallelStateStarted
            | HistoryKind::ParallelStateSucceeded
            | HistoryKind::ParallelStateFailed
            | HistoryKind::MapStateStarted { .. }
            | HistoryKind::MapStateSucceeded
            | HistoryKind::MapStateFailed => None,
            kind if kind.ends_execution() => None,
            _ => entry,
        };
        self.entered.get(&entry?)
    }

    /// Takes an event; gives the line that it is worth.
    pub(super) fn event(&mut self, event: &HistoryEvent) -> Option<What> {
        let entry = self.entries.get(&event.previous_event_id).copied();
        if let Some(entry) = entry {
            self.entries.insert(event.id, entry);
        }
        let iteration = self.iteration(event);
        match &event.kind {
            HistoryKind::StateEntered { state, name, .. } => {
                self.enter(event.id, (*state, name), iteration, entry)
            }
            HistoryKind::StateExited { name, .. } => {
                self.leave(entry, name);
                None
            }
            HistoryKind::TaskScheduled { .. }
            | HistoryKind::ActivityScheduled { .. }
            | HistoryKind::LambdaFunctionScheduled { .. } => {
                let state = self.entered.get_mut(&entry?)?;
                state.attempts += 1;
                let (name, attempt) = (state.name.clone(), state.attempts);
                let shown = attempt > 1 && self.crowd(entry).is_none();
                shown.then(|| What::line(&name, format!(": attempt {attempt}")))
            }
            HistoryKind::TaskSucceeded { .. }
            | HistoryKind::ActivitySucceeded { .. }
            | HistoryKind::LambdaFunctionSucceeded { .. }
            | HistoryKind::ParallelStateSucceeded
            | HistoryKind::MapStateSucceeded => {
                self.done(entry);
                None
            }
            HistoryKind::MapStateStarted { length } => {
                self.entered.get_mut(&entry?)?.map.length = *length;
                None
            }
            HistoryKind::MapIterationSucceeded { name, .. }
            | HistoryKind::MapIterationFailed { name, .. }
            | HistoryKind::MapIterationAborted { name, .. } => self.item_done(entry, name),
            HistoryKind::TaskFailed { failure: why, .. }
            | HistoryKind::TaskTimedOut { failure: why, .. }
            | HistoryKind::TaskSubmitFailed { failure: why, .. }
            | HistoryKind::LambdaFunctionFailed(why)
            | HistoryKind::LambdaFunctionTimedOut(why)
            | HistoryKind::ActivityFailed(why)
            | HistoryKind::ActivityTimedOut(why) => {
                let name = self.entered.get(&entry?)?.name.clone();
                self.last_failure = Some((format!(" in `{name}`"), why.clone()));
                self.failed(entry, &name, why)
            }
            HistoryKind::EvaluationFailed { state, failure: why, .. } => {
                self.evaluation_failed(entry, state, why)
            }
            HistoryKind::ExecutionFailed(why)
            | HistoryKind::ExecutionTimedOut(why)
            | HistoryKind::ExecutionAborted(why) => {
                self.failed_at = self.place_of(why, entry);
                None
            }
            _ => None,
        }
    }

    fn enter(
        &mut self,
        id: u64,
        (kind, state): (StateKind, &str),
        iteration: Option<u32>,
        before: Option<u64>,
    ) -> Option<What> {
        let name = match iteration {
            Some(index) => format!("{state} [{index}]"),
            None => state.to_owned(),
        };
        let within = self.scope(before);
        self.entries.insert(id, id);
        self.active.insert(id);
        let line = self.crowd(within).is_none().then(|| What::line(&name, ""));
        let (state, map) = (state.to_owned(), Map::default());
        let entered = Entered { name, state, kind, within, attempts: 0, done: false, map };
        self.entered.insert(id, entered);
        line
    }

    /// Notes that what a state waited for has come. The event before the end of a Parallel or Map
    /// belongs to the branch that ended last.
    fn done(&mut self, entry: Option<u64>) {
        let mut at = entry;
        while let Some(entry) = at
            && !self.active.contains(&entry)
        {
            at = self.entered.get(&entry).and_then(|state| state.within);
        }
        if let Some(state) = at.and_then(|entry| self.entered.get_mut(&entry)) {
            state.done = true;
        }
    }

    /// Counts an item of a Map; a Map of many is worth a line at each tenth.
    fn item_done(&mut self, entry: Option<u64>, map: &str) -> Option<What> {
        let map = self.outward(entry, map)?;
        let hidden = self.crowd(self.entered.get(&map)?.within).is_some();
        let state = self.entered.get_mut(&map)?;
        let Map { length, done, .. } = &mut state.map;
        let tenth = |done: u32| u64::from(done) * 10 / u64::from((*length).max(1));
        let before = tenth(*done);
        *done += 1;
        let shown = *length > FEW_ITEMS && !hidden && tenth(*done) > before;
        shown.then(|| What::line(&state.name, format!(": {done} of {length} items")))
    }

    fn failed(&mut self, entry: Option<u64>, name: &str, why: &Failure) -> Option<What> {
        let line = What {
            state: format!("{name}: "),
            failed: Some("failed"),
            text: format!(", {}", failure(why)),
        };
        let Some(map) = self.crowd(entry) else { return Some(line) };
        let map = self.entered.get_mut(&map)?;
        map.map.failures += 1;
        match map.map.failures {
            ..=FEW_FAILURES => Some(line),
            // Once.
            more if more == FEW_FAILURES + 1 => {
                Some(What::line(&map.name, ": more failures; `history` has them all"))
            }
            _ => None,
        }
    }

    /// The event follows what the state followed, so the state is found by its name.
    fn evaluation_failed(
        &mut self,
        entry: Option<u64>,
        state: &str,
        why: &Failure,
    ) -> Option<What> {
        let named = |id: &&u64| self.entered.get(*id).is_some_and(|it| it.state == state);
        let found = self.active.iter().rev().find(named).copied();
        let found = found.and_then(|id| self.entered.get(&id));
        let name = found.map_or(state, |found| found.name.as_str()).to_owned();
        let place = match found {
            Some(found) if found.done => format!("the code after `{name}`"),
            Some(Entered {
                kind: StateKind::Task | StateKind::Map | StateKind::Parallel, ..
            }) => {
                format!("the code before `{name}`")
            }
            _ => format!("`{name}`"),
        };
        self.last_failure = Some((format!(" in {place}"), why.clone()));
        let line = self.failed(entry, &name, &without_place(why))?;
        Some(if line.failed.is_some() {
            What { state: format!("{place}: "), ..line }
        } else {
            line
        })
    }

    /// Where the execution ended with this failure, after an event of the state `entry`.
    fn place_of(&self, why: &Failure, entry: Option<u64>) -> Option<String> {
        if let Some((place, last)) = &self.last_failure
            && last == why
        {
            return Some(place.clone());
        }
        let mut standing = self.active.iter();
        let only = standing.next().filter(|_| standing.next().is_none()).copied();
        let state = self.entered.get(&entry.or(only)?)?;
        Some(if state.done {
            format!(" in the code after `{}`", state.name)
        } else {
            format!(" in `{}`", state.name)
        })
    }

    /// The Parallel or Map in which a state is entered after an event of the state `before`.
    fn scope(&self, before: Option<u64>) -> Option<u64> {
        let before = before?;
        if self.active.contains(&before) {
            return Some(before);
        }
        self.entered.get(&before)?.within
    }

    /// The outermost Map of many items that a state belongs to.
    fn crowd(&self, entry: Option<u64>) -> Option<u64> {
        let mut crowd = None;
        let mut around = entry;
        while let Some(entry) = around
            && let Some(state) = self.entered.get(&entry)
        {
            if state.map.length > FEW_ITEMS {
                crowd = Some(entry);
            }
            around = state.within;
        }
        crowd
    }

    /// The entry of the state of that name, from a state in it outward.
    fn outward(&self, from: Option<u64>, name: &str) -> Option<u64> {
        let mut at = from?;
        loop {
            let state = self.entered.get(&at)?;
            if state.state == name {
                return Some(at);
            }
            at = state.within?;
        }
    }

    /// Takes a state and all that ran in it from the active ones. The event before the exit of a
    /// Parallel or Map belongs to the branch that ended last, so its entry is found outward.
    fn leave(&mut self, before: Option<u64>, name: &str) {
        let Some(left) = self.outward(before, name) else { return };
        let entered = &self.entered;
        self.active.retain(|entry| {
            let mut around = Some(*entry);
            while let Some(entry) = around
                && entry != left
            {
                around = entered.get(&entry).and_then(|state| state.within);
            }
            around.is_none()
        });
    }

    /// The index of the iteration that an event belongs to, if it belongs to one.
    fn iteration(&mut self, event: &HistoryEvent) -> Option<u32> {
        let index = match &event.kind {
            HistoryKind::MapIterationStarted { index, .. } => *index,
            HistoryKind::MapIterationSucceeded { .. }
            | HistoryKind::MapIterationFailed { .. }
            | HistoryKind::MapIterationAborted { .. } => return None,
            _ => *self.iterations.get(&event.previous_event_id)?,
        };
        self.iterations.insert(event.id, index);
        Some(index)
    }

    /// Takes what the tasks of states have last said, by state.
    pub(super) fn said(&mut self, said: BTreeMap<String, String>) {
        self.said = said;
    }

    /// The states in which the execution stands.
    pub(super) fn standing(&self) -> String {
        let mut names = Vec::new();
        let mut more = 0;
        for entry in &self.active {
            let Some(state) = self.entered.get(entry) else { continue };
            if self.crowd(state.within).is_some() {
                continue;
            }
            if names.len() == FEW_STATES {
                more += 1;
                continue;
            }
            let Map { length, done, .. } = state.map;
            let name = match state.attempts {
                _ if length > FEW_ITEMS => format!("{} ({done} of {length} items)", state.name),
                0 | 1 => state.name.clone(),
                attempts => format!("{} (attempt {attempts})", state.name),
            };
            names.push(match self.said.get(&state.state) {
                Some(said) => format!("{name}: {}", cut(said, SAID)),
                None => name,
            });
        }
        if more > 0 {
            names.push(format!("and {}", plural(more, "other")));
        }
        names.join(", ")
    }
}

/// A failed expression without the sentence about its state, which is shown in another way.
fn without_place(why: &Failure) -> Failure {
    let cause = why.cause.as_deref().unwrap_or_default();
    let envelope = cause.strip_prefix("An error occurred while executing the state '");
    let message = envelope.and_then(|cause| Some(cause.split_once("). ")?.1));
    Failure { error: why.error.clone(), cause: Some(message.unwrap_or(cause).to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::States;
    use crate::testing::World;
    use serde_json::json;

    #[test]
    fn a_parallel_that_was_left_is_not_where_the_execution_stands() {
        let pass = json!({ "Type": "Pass", "End": true });
        let branch = |name: &str| json!({ "StartAt": name, "States": { name: pass } });
        let asl = json!({ "QueryLanguage": "JSONata", "StartAt": "both", "States": {
            "both": { "Type": "Parallel", "Branches": [branch("a"), branch("b")], "Next": "nap" },
            "nap": { "Type": "Wait", "Seconds": 60, "End": true } } });
        let run = World::interpreting(&asl.to_string())
            .expect("a definition")
            .run(json!({}))
            .expect("a run");
        let mut states = States::default();
        let standings: Vec<_> = run
            .history
            .iter()
            .map(|event| {
                states.event(event);
                states.standing()
            })
            .filter(|standing| standing.contains("nap") || standing.contains(", "))
            .collect();
        assert_eq!(standings.first().map(String::as_str), Some("both, a"));
        assert_eq!(standings.last().map(String::as_str), Some("nap"));
        assert!(standings.iter().all(|it| it == "nap" || !it.contains("nap")), "{standings:?}");
    }

    #[test]
    fn an_execution_fails_where_it_stood_or_in_the_code_around() {
        let check = |state: serde_json::Value, expected: &str| {
            let asl = json!({ "QueryLanguage": "JSONata", "StartAt": "draw",
                "States": { "draw": state } });
            let run = World::interpreting(&asl.to_string()).expect("a definition");
            let run = run.run(json!({})).expect("a run");
            let mut states = States::default();
            let lines: Vec<_> =
                run.history.iter().filter_map(|event| states.event(event)).collect();
            assert_eq!(states.failed_at(), Some(expected), "{lines:?}");
        };
        check(json!({ "Type": "Fail", "Error": "Blank" }), " in `draw`");
        let bad = "{% $error('no') %}";
        check(json!({ "Type": "Pass", "Output": bad, "End": true }), " in `draw`");
        check(json!({ "Type": "Wait", "Seconds": bad, "End": true }), " in `draw`");
        let map = |items: &str, output: &str| {
            let pass =
                json!({ "StartAt": "p", "States": { "p": { "Type": "Pass", "End": true } } });
            json!({ "Type": "Map", "Items": items, "ItemProcessor": pass, "Output": output,
                "End": true })
        };
        check(map(bad, "{% 1 %}"), " in the code before `draw`");
        check(map("{% [1, 2] %}", bad), " in the code after `draw`");
    }
}
