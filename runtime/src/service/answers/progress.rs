//! Which answer is next: counted as calls are scheduled, taken up again from a history.

use crate::engine::{HistoryEvent, HistoryKind};
use indexmap::IndexMap;
use std::collections::VecDeque;

/// How many answers of each list were given.
#[derive(Debug, Default)]
pub(super) struct Progress {
    given: IndexMap<usize, usize>,
    /// Those that were given before a restart to calls which have not ended: they are delivered
    /// again, in the same order.
    again: IndexMap<usize, VecDeque<usize>>,
}

impl Progress {
    /// The progress of an execution; `list` tells which list answers a state.
    pub(super) fn of(history: &[HistoryEvent], list: impl Fn(&str) -> Option<usize>) -> Self {
        let mut progress = Self::default();
        // What each event belongs to: the list of its state, and the answer to its call.
        let mut lists: IndexMap<u64, usize> = IndexMap::new();
        let mut calls: IndexMap<u64, (usize, usize)> = IndexMap::new();
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
                    let index = progress.count(list);
                    progress.again.entry(list).or_default().push_back(index);
                    calls.insert(event.id, (list, index));
                }
                HistoryKind::TaskStarted { .. }
                | HistoryKind::TaskSubmitted { .. }
                | HistoryKind::LambdaFunctionStarted
                | HistoryKind::ActivityStarted { .. } => {
                    calls.extend(calls.get(&before).copied().map(|call| (event.id, call)));
                }
                _ => {
                    if let Some((list, index)) = calls.get(&before)
                        && let Some(again) = progress.again.get_mut(list)
                    {
                        again.retain(|open| open != index);
                    }
                }
            }
        }
        progress
    }

    /// The index of the answer to the next call.
    pub(super) fn next(&mut self, list: usize) -> usize {
        let again = self.again.get_mut(&list).and_then(VecDeque::pop_front);
        again.unwrap_or_else(|| self.count(list))
    }

    fn count(&mut self, list: usize) -> usize {
        let given = self.given.entry(list).or_default();
        *given += 1;
        *given - 1
    }
}
