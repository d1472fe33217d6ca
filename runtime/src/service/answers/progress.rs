//! Which answer is next: counted as calls are scheduled, taken up again from histories.

use crate::engine::{HistoryEvent, HistoryKind};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How many answers of each list were given.
#[derive(Debug, Default)]
pub(super) struct Progress {
    given: BTreeMap<usize, usize>,
    /// Those that were given before a restart to calls which have not ended, by execution and list:
    /// they are delivered again, in the same order.
    again: BTreeMap<(String, usize), VecDeque<usize>>,
    /// Calls of histories, not counted yet.
    before: Vec<Call>,
}

/// A call that was scheduled before a restart.
#[derive(Debug)]
struct Call {
    at: Timestamp,
    execution: String,
    list: usize,
    has_ended: bool,
}

impl Progress {
    /// Takes up the calls of an execution; `list` tells which list answers a state.
    pub(super) fn add(
        &mut self,
        execution: &str,
        history: &[HistoryEvent],
        list: impl Fn(&str) -> Option<usize>,
    ) {
        let first = self.before.len();
        // What each event belongs to: the list of its state, and its call.
        let mut lists: BTreeMap<u64, usize> = BTreeMap::new();
        let mut calls: BTreeMap<u64, usize> = BTreeMap::new();
        let mut ended: BTreeSet<usize> = BTreeSet::new();
        for event in history {
            let before = event.previous_event_id;
            if let HistoryKind::StateEntered { name, .. } = &event.kind {
                lists.extend(list(name).map(|list| (event.id, list)));
                continue;
            }
            let Some(list) = lists.get(&before).copied() else { continue };
            lists.insert(event.id, list);
            match &event.kind {
                HistoryKind::TaskScheduled { .. }
                | HistoryKind::LambdaFunctionScheduled { .. }
                | HistoryKind::ActivityScheduled { .. } => {
                    calls.insert(event.id, self.before.len());
                    let (at, execution) = (event.timestamp, execution.to_owned());
                    self.before.push(Call { at, execution, list, has_ended: false });
                }
                HistoryKind::TaskStarted { .. }
                | HistoryKind::TaskSubmitted { .. }
                | HistoryKind::LambdaFunctionStarted
                | HistoryKind::ActivityStarted { .. } => {
                    calls.extend(calls.get(&before).copied().map(|call| (event.id, call)));
                }
                _ => ended.extend(calls.get(&before)),
            }
        }
        for (index, call) in self.before.iter_mut().enumerate().skip(first) {
            call.has_ended = ended.contains(&index);
        }
    }

    /// The index of the answer to the next call of an execution.
    pub(super) fn next(&mut self, execution: &str, list: usize) -> usize {
        self.count_those_before();
        let again = self.again.get_mut(&(execution.to_owned(), list));
        again.and_then(VecDeque::pop_front).unwrap_or_else(|| self.count(list))
    }

    /// Counts the calls of all histories as they were scheduled.
    fn count_those_before(&mut self) {
        let mut before = std::mem::take(&mut self.before);
        before.sort_by_key(|call| call.at);
        for Call { execution, list, has_ended, .. } in before {
            let index = self.count(list);
            if !has_ended {
                self.again.entry((execution, list)).or_default().push_back(index);
            }
        }
    }

    fn count(&mut self, list: usize) -> usize {
        let given = self.given.entry(list).or_default();
        *given += 1;
        *given - 1
    }
}
