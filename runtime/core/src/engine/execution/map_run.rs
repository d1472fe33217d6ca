//! A distributed Map under way: executions of their own for its items.

use super::{FrameId, ResultId, Token};
use crate::engine::history::MapRunCounts;
use crate::program::{Context, Data, Failure, Inputs, RunStep};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// At most so many executions of a Map Run are alive at a time, whatever its `MaxConcurrency`: each
/// is in memory while it does something.
const ALIVE: u32 = 1_000;

/// A Map Run. What its executions gave is in [`Execution::results`](super::Execution::results)
/// under `id`; the one with index `i` is alive if `i < begun` and it has given nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapRun {
    /// Id of the `MapStateStarted` event.
    pub id: u64,
    /// Its ARN.
    pub arn: String,
    /// What was asked for; a retry asks it again.
    pub step: RunStep,
    /// The inputs of the executions; empty as long as items are read.
    pub inputs: Inputs,
    /// How far it is.
    pub phase: Phase,
    /// Part of its executions' tokens.
    pub random: u64,
    /// How many executions have begun: the next to begin.
    pub begun: u32,
    /// How its executions stand.
    pub executions: Counts,
    /// How its items stand: all items of a batch stand as their execution.
    pub items: Counts,
}

/// How far a Map Run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Its items are read.
    Reading {
        /// Part of the token under which they are read.
        random: u64,
    },
    /// Its executions run.
    Running,
    /// Its results are written.
    Writing {
        /// Part of the token under which they are written.
        random: u64,
        /// Why it fails when that is done, if it does.
        failure: Option<Failure>,
    },
    /// It has failed, and nothing handled that: a redrive goes on with what it has.
    Failed,
}

/// How many of something have ended, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// How many there are.
    pub total: u32,
    /// How many succeeded.
    pub succeeded: u32,
    /// How many failed.
    pub failed: u32,
    /// How many ran out of time.
    pub timed_out: u32,
    /// How many were stopped.
    pub aborted: u32,
}

impl Counts {
    /// How many have ended.
    pub fn ended(&self) -> u32 {
        self.succeeded + self.unsuccessful()
    }

    /// How many have ended otherwise than well.
    pub fn unsuccessful(&self) -> u32 {
        self.failed + self.timed_out + self.aborted
    }

    /// Counts some that have ended.
    pub fn add(&mut self, status: &super::Status, count: u32) {
        use super::Status::{Aborted, Failed, Running, Succeeded, TimedOut};
        let counted = match status {
            Succeeded(_) => &mut self.succeeded,
            TimedOut(_) => &mut self.timed_out,
            Aborted(_) => &mut self.aborted,
            Failed(_) | Running => &mut self.failed,
        };
        *counted = counted.saturating_add(count);
    }
}

impl MapRun {
    /// Returns whether all executions have ended.
    pub fn is_complete(&self) -> bool {
        self.phase == Phase::Running && self.executions.ended() == self.executions.total
    }

    /// Returns whether another execution may begin.
    pub fn may_begin(&self) -> bool {
        let limit = match self.step.max_concurrency {
            0 => ALIVE,
            most => most.min(ALIVE),
        };
        let alive = self.begun.saturating_sub(self.executions.ended());
        self.phase == Phase::Running && self.begun < self.executions.total && alive < limit
    }

    /// Takes the inputs that its executions get.
    pub fn set_inputs(&mut self, inputs: Inputs) {
        self.executions.total = u32::try_from(inputs.len()).unwrap_or(u32::MAX);
        self.items.total = inputs.items();
        self.inputs = inputs;
        self.phase = Phase::Running;
    }

    /// Returns whether more items have failed than it tolerates.
    pub fn has_failed(&self) -> bool {
        let failed = self.items.unsuccessful();
        let share = f64::from(failed) * 100.0 / f64::from(self.items.total.max(1));
        let tolerance = self.step.tolerance;
        match (tolerance.count, tolerance.percentage) {
            (None, None) => failed > 0,
            (count, percentage) => {
                count.is_some_and(|most| failed > most)
                    || percentage.is_some_and(|most| share > most)
            }
        }
    }

    /// Returns the input of the execution with this index.
    pub fn input(&self, index: u32) -> Option<Data> {
        self.inputs.get(usize::try_from(index).ok()?)
    }

    /// Returns how many items the execution with this index has.
    pub fn items_of(&self, index: u32) -> u32 {
        self.inputs.items_of(usize::try_from(index).unwrap_or(usize::MAX))
    }

    /// Returns how many executions are alive, and how many items they have.
    pub fn running(&self) -> (u32, u32) {
        let begun = (0..self.begun).map(|index| self.items_of(index));
        let begun = begun.fold(0, u32::saturating_add);
        let executions = self.begun.saturating_sub(self.executions.ended());
        (executions, begun.saturating_sub(self.items.ended()))
    }

    /// Returns the counts that it ends with: what is alive is stopped.
    pub fn counts(&self) -> MapRunCounts {
        let (mut executions, mut items) = (self.executions, self.items);
        let (alive, alive_items) = self.running();
        executions.aborted += alive;
        items.aborted += alive_items;
        // `MapRunStarted` comes right after `MapStateStarted`.
        MapRunCounts { run: self.id + 1, executions, items }
    }

    /// Returns its id, the last part of its ARN.
    pub fn name(&self) -> &str {
        self.arn.rsplit(':').next().unwrap_or(&self.arn)
    }

    /// Returns the ARN of the machine that its executions belong to.
    pub fn machine(&self) -> String {
        let machine = self.arn.rsplit_once(':').map_or("", |(machine, _)| machine);
        machine.replacen(":mapRun:", ":stateMachine:", 1)
    }

    /// Returns the name of the execution with this index: the same whenever it is asked for.
    pub fn execution_name(&self, index: u32) -> String {
        let mut bytes = [0; 16];
        for (byte, from) in bytes.iter_mut().zip(Sha256::digest(format!("{}/{index}", self.arn))) {
            *byte = from;
        }
        let name = uuid::Builder::from_random_bytes(bytes).into_uuid();
        if self.step.express { format!("{}:{name}", self.name()) } else { name.to_string() }
    }

    /// Returns the token of the execution with this index, in the run of this frame.
    pub fn token(&self, (frame, entry): (FrameId, u64), index: u32) -> Token {
        Token { frame, entry, attempt: index, random: self.random }
    }

    /// Returns the indices of the executions that have begun and not ended.
    pub fn alive(&self, results: &BTreeMap<ResultId, Data>) -> Vec<u32> {
        let ended = |index: u32| results.contains_key(&ResultId { join: self.id, index });
        (0..self.begun).filter(|index| !ended(*index)).collect()
    }
}

/// Returns the ARN of a Map Run of a machine, or of an execution that belongs to one itself.
pub(in crate::engine) fn map_run_arn(context: &Context, label: &str, id: uuid::Uuid) -> String {
    let machine = context.machine_arn.split('/').next().unwrap_or_default();
    format!("{}/{label}:{id}", machine.replacen(":stateMachine:", ":mapRun:", 1))
}
