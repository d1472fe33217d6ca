//! What a run shows while it runs: each state as it is entered, each further attempt, each failure.

use super::{
    history::failure,
    out::{Out, Style},
};
use crate::{
    engine::{HistoryEvent, HistoryKind},
    service::TaskProgress,
};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// Follows the events of one execution.
pub(super) struct Progress {
    out: Out,
    begin: Timestamp,
    spinner: Option<ProgressBar>,
    /// The event that entered the state which each event belongs to.
    entries: BTreeMap<u64, u64>,
    states: BTreeMap<u64, Entered>,
    /// The index of the iteration that each event belongs to.
    iterations: BTreeMap<u64, u32>,
    active: BTreeSet<u64>,
    /// Where the last failure came from.
    failed_in: Option<String>,
    /// What the tasks of states have last said.
    said: BTreeMap<String, String>,
}

/// A state that was entered.
struct Entered {
    /// As shown: with the index of its iteration.
    name: String,
    /// As the definition has it.
    state: String,
    /// The entry of the Parallel or Map that it runs in.
    within: Option<u64>,
    attempts: u32,
}

impl Progress {
    /// Begins; `begin` is where elapsed times count from.
    pub(super) fn new(out: Out, begin: Timestamp) -> Self {
        let spinner = out.live.then(|| {
            let spinner = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>6}  {wide_msg}") {
                spinner.set_style(style);
            }
            spinner.enable_steady_tick(Duration::from_millis(100));
            spinner
        });
        Self {
            out,
            begin,
            spinner,
            entries: BTreeMap::new(),
            states: BTreeMap::new(),
            iterations: BTreeMap::new(),
            active: BTreeSet::new(),
            failed_in: None,
            said: BTreeMap::new(),
        }
    }

    /// The state that failed last, if one did.
    pub(super) fn failed_in(&self) -> Option<&str> {
        self.failed_in.as_deref()
    }

    /// Takes an event; shows it if it is `new` in this run.
    pub(super) fn event(&mut self, event: &HistoryEvent, new: bool) {
        let line = self.follow(event);
        if new && let Some(line) = line {
            let elapsed = seconds(event.timestamp.duration_since(self.begin));
            self.line(&format!("{elapsed:>9}  {line}"));
        }
        if let Some(spinner) = &self.spinner {
            spinner.set_message(self.standing());
        }
    }

    /// Shows where the execution stands before its first new event.
    pub(super) fn resumed(&self) {
        let standing = self.standing();
        if !standing.is_empty() {
            self.line(&format!("{:>9}  goes on in {standing}", ""));
        }
    }

    /// Whether there is a line that can be redrawn.
    pub(super) fn is_live(&self) -> bool {
        self.spinner.is_some()
    }

    /// Shows what running tasks have last said.
    pub(super) fn tasks(&mut self, tasks: &[TaskProgress]) {
        let said = tasks.iter().map(|task| (task.state.clone(), task.progress.to_string()));
        self.said = said.collect();
        if let Some(spinner) = &self.spinner {
            spinner.set_message(self.standing());
        }
    }

    /// Prints a warning above the spinner.
    pub(super) fn warn(&self, text: &str) {
        self.line(&format!("{} {text}", self.out.err(Style::Warn, "warning:")));
    }

    /// Prints a line above the spinner.
    pub(super) fn line(&self, line: &str) {
        match &self.spinner {
            Some(spinner) => spinner.suspend(|| self.out.note(line)),
            None => self.out.note(line),
        }
    }

    /// Removes the spinner.
    pub(super) fn end(&mut self) {
        if let Some(spinner) = self.spinner.take() {
            spinner.finish_and_clear();
        }
    }

    /// Keeps what is known of the states; gives the line that the event is worth.
    fn follow(&mut self, event: &HistoryEvent) -> Option<String> {
        let entry = self.entries.get(&event.previous_event_id).copied();
        if let Some(entry) = entry {
            self.entries.insert(event.id, entry);
        }
        let iteration = self.iteration(event);
        match &event.kind {
            HistoryKind::StateEntered { name: state, .. } => {
                let name = match iteration {
                    Some(index) => format!("{state} [{index}]"),
                    None => state.clone(),
                };
                let within = self.scope(entry);
                self.entries.insert(event.id, event.id);
                self.active.insert(event.id);
                let entered =
                    Entered { name: name.clone(), state: state.clone(), within, attempts: 0 };
                self.states.insert(event.id, entered);
                Some(name)
            }
            HistoryKind::StateExited { name, .. } => {
                self.leave(entry, name);
                None
            }
            HistoryKind::TaskScheduled { .. } | HistoryKind::ActivityScheduled { .. } => {
                let state = self.states.get_mut(&entry?)?;
                state.attempts += 1;
                (state.attempts > 1).then(|| format!("{}: attempt {}", state.name, state.attempts))
            }
            HistoryKind::TaskFailed { failure: why, .. }
            | HistoryKind::TaskTimedOut { failure: why, .. }
            | HistoryKind::ActivityFailed(why)
            | HistoryKind::ActivityTimedOut(why)
            | HistoryKind::EvaluationFailed { failure: why, .. } => {
                let state = self.states.get(&entry?)?;
                self.failed_in = Some(state.name.clone());
                let failed = self.out.err(Style::Warn, "failed");
                Some(format!("{}: {failed}, {}", state.name, failure(why)))
            }
            _ => None,
        }
    }

    /// The Parallel or Map in which a state is entered after an event of the state `before`.
    fn scope(&self, before: Option<u64>) -> Option<u64> {
        let before = before?;
        if self.active.contains(&before) {
            return Some(before);
        }
        self.states.get(&before)?.within
    }

    /// Takes a state and all that ran in it from the active ones. The event before the exit of a
    /// Parallel or Map belongs to the branch that ended last, so its entry is found outward.
    fn leave(&mut self, before: Option<u64>, name: &str) {
        let mut left = before;
        while let Some(entry) = left
            && let Some(state) = self.states.get(&entry)
            && state.state != name
        {
            left = state.within;
        }
        let Some(left) = left else { return };
        let states = &self.states;
        self.active.retain(|entry| {
            let mut around = Some(*entry);
            while let Some(entry) = around
                && entry != left
            {
                around = states.get(&entry).and_then(|state| state.within);
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

    /// The states in which the execution stands.
    fn standing(&self) -> String {
        let states = self.active.iter().filter_map(|entry| self.states.get(entry));
        let names: Vec<_> = states
            .map(|state| {
                let attempt = match state.attempts {
                    0 | 1 => String::new(),
                    attempts => format!(" (attempt {attempts})"),
                };
                let said = self.said.get(&state.state);
                let said = said.map(|said| format!(": {}", cut(said, 40))).unwrap_or_default();
                format!("{}{attempt}{said}", state.name)
            })
            .collect();
        names.join(", ")
    }
}

/// A duration as seconds, minutes or hours.
pub(super) fn seconds(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    let tenths = duration.subsec_millis() / 100;
    match seconds {
        0 if tenths < 1 => format!("{} ms", duration.as_millis()),
        0..60 => format!("{seconds}.{tenths} s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// Text on one line, cut where it gets long.
pub(super) fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::{Out, Progress};
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
        let first = run.history.first().expect("an event").timestamp;
        let mut progress = Progress::new(Out::new(false, true), first);
        let standings: Vec<_> = run
            .history
            .iter()
            .map(|event| {
                progress.event(event, false);
                progress.standing()
            })
            .filter(|standing| standing.contains("nap") || standing.contains(", "))
            .collect();
        assert_eq!(standings.first().map(String::as_str), Some("both, a"));
        assert_eq!(standings.last().map(String::as_str), Some("nap"));
        assert!(standings.iter().all(|it| it == "nap" || !it.contains("nap")), "{standings:?}");
    }
}
