//! Tasks that wait for their turn: fair between executions, bounded in number.
//!
//! Invariant: an attempt is in here at most once, waiting or running, however often it is asked
//! for.

use super::output::Run;
use crate::{
    engine::{FrameId, Token},
    store::ExecutionId,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Names an attempt of a task among all executions.
pub(crate) type Key = (ExecutionId, Token);

/// Tasks that wait or run.
#[derive(Debug)]
pub(crate) struct Queue {
    limit: usize,
    /// By execution, in order; those that were cancelled are still in here.
    waiting: BTreeMap<ExecutionId, VecDeque<Run>>,
    /// The executions in `waiting`, in the order of their turns.
    turns: VecDeque<ExecutionId>,
    /// Those in `waiting` that were not cancelled.
    wanted: BTreeSet<Key>,
    running: BTreeSet<Key>,
}

impl Queue {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            waiting: BTreeMap::new(),
            turns: VecDeque::new(),
            wanted: BTreeSet::new(),
            running: BTreeSet::new(),
        }
    }

    /// Adds a task, unless it waits or runs already.
    pub(crate) fn push(&mut self, run: Run) {
        let key = (run.execution, run.token());
        if self.running.contains(&key) || !self.wanted.insert(key) {
            return;
        }
        let waiting = self.waiting.entry(run.execution).or_default();
        if waiting.is_empty() {
            self.turns.push_back(run.execution);
        }
        waiting.push_back(run);
    }

    /// Takes the next task that may run, in turns of the executions.
    pub(crate) fn next(&mut self) -> Option<Run> {
        while self.running.len() < self.limit {
            let execution = self.turns.pop_front()?;
            let Some(waiting) = self.waiting.get_mut(&execution) else { continue };
            let run = waiting.pop_front();
            if waiting.is_empty() {
                self.waiting.remove(&execution);
            } else {
                self.turns.push_back(execution);
            }
            let Some(run) = run else { continue };
            let key = (execution, run.token());
            if self.wanted.remove(&key) {
                self.running.insert(key);
                return Some(run);
            }
        }
        None
    }

    /// Notes that a task has ended; says whether anybody waits for that.
    pub(crate) fn ended(&mut self, key: Key) -> bool {
        self.running.remove(&key)
    }

    /// Forgets a task; says whether it was running and must be cancelled.
    pub(crate) fn cancel(&mut self, key: Key) -> bool {
        self.wanted.remove(&key);
        self.running.remove(&key)
    }

    /// Forgets all tasks of an execution and returns those that were running.
    pub(crate) fn cancel_all(&mut self, execution: ExecutionId) -> Vec<Key> {
        let lowest = |execution| {
            (execution, Token { frame: FrameId::ROOT, entry: 0, attempt: 0, random: 0 })
        };
        let next = ExecutionId(execution.0.saturating_add(1));
        let keys = lowest(execution)..lowest(next);
        for _forgotten in self.wanted.extract_if(keys.clone(), |_| true) {}
        self.running.extract_if(keys, |_| true).collect()
    }

    /// Lets no more tasks run.
    pub(crate) fn close(&mut self) {
        self.limit = 0;
    }

    /// Whether nothing waits or runs.
    pub(crate) fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.running.is_empty()
    }
}
