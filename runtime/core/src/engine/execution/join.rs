//! What a Parallel or a Map has begun and still waits for.

use crate::program::{Data, Tolerance};
use serde::{Deserialize, Serialize};

/// A Parallel or Map under way. The results of its children are in
/// [`Execution::results`](super::Execution::results) under `id`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Join {
    /// Id of the `ParallelStateStarted` or `MapStateStarted` event.
    pub id: u64,
    /// What is joined.
    pub kind: JoinKind,
    /// How many branches or items there are.
    pub total: u32,
    /// How many have begun: the next to begin.
    pub begun: u32,
    /// How many succeeded.
    pub succeeded: u32,
    /// How many failed and were tolerated.
    pub failed: u32,
    /// Bytes of the inputs that were made for the children that are running.
    #[serde(default)]
    pub bytes: u64,
}

/// The kinds of joins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum JoinKind {
    /// Branches, which all begin with this input.
    Parallel(Data),
    /// Iterations.
    Map {
        /// The items, an array.
        items: Data,
        /// Whether an iteration's input is made when it begins; otherwise it is the item.
        selects: bool,
        /// At most so many at a time; 0 means no limit.
        max_concurrency: u32,
        /// How many may fail.
        tolerance: Tolerance,
    },
}

/// Bytes of inputs that were made for iterations, after which no other begins before one ends: what
/// the 40 iterations that AWS runs at a time can have at most.
const MOST_BYTES: u64 = 40 * 262_144;

impl Join {
    /// Returns how many children are running.
    pub fn running(&self) -> u32 {
        self.begun.saturating_sub(self.succeeded).saturating_sub(self.failed)
    }

    /// Returns whether all children have ended.
    pub fn is_complete(&self) -> bool {
        self.succeeded + self.failed == self.total
    }

    /// Returns whether another child may begin.
    pub fn may_begin(&self) -> bool {
        let limit = match self.kind {
            JoinKind::Map { max_concurrency, .. } if max_concurrency > 0 => max_concurrency,
            JoinKind::Map { .. } | JoinKind::Parallel(_) => u32::MAX,
        };
        self.begun < self.total && self.running() < limit && self.bytes < MOST_BYTES
    }
}
