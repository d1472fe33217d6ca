//! Which parts of an execution a commit must write.

use super::FrameId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Names the result of one branch or iteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResultId {
    /// The join: the id of its `ParallelStateStarted` or `MapStateStarted` event, so never used twice.
    pub join: u64,
    /// Position of the branch or item, from 0.
    pub index: u32,
}

/// What was touched since the last commit. The head is written with every commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Frames that are new or changed: their rows are written.
    pub frames: BTreeSet<FrameId>,
    /// Frames that ended: their rows are deleted. Disjoint from `frames`.
    pub removed_frames: BTreeSet<FrameId>,
    /// Results that are new; a result is written once and never changed.
    pub results: BTreeSet<ResultId>,
    /// Joins that ended: all their results are deleted. Disjoint from the joins of `results`.
    pub removed_joins: BTreeSet<u64>,
}

impl Changes {
    /// Returns whether there is nothing to write but the head.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
            && self.removed_frames.is_empty()
            && self.results.is_empty()
            && self.removed_joins.is_empty()
    }

    /// Adds what a later step touched, so that two steps can share a commit.
    pub fn merge(&mut self, later: Self) {
        for frame in later.removed_frames {
            self.frame_removed(frame);
        }
        self.frames.extend(later.frames);
        for join in later.removed_joins {
            self.join_removed(join);
        }
        self.results.extend(later.results);
    }

    pub(crate) fn frame_removed(&mut self, frame: FrameId) {
        self.frames.remove(&frame);
        self.removed_frames.insert(frame);
    }

    pub(crate) fn join_removed(&mut self, join: u64) {
        self.results.retain(|result| result.join != join);
        self.removed_joins.insert(join);
    }
}
