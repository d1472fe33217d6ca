//! What came of a run in the world.

use super::Call;
use crate::{
    engine::{HistoryEvent, HistoryKind, Status},
    program::Failure,
};
use jiff::Timestamp;
use serde_json::Value;

/// An execution from its start to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// How it ended.
    pub status: Status,
    /// Its history.
    pub history: Vec<HistoryEvent>,
    /// The calls of tasks, its own and its children's, in order.
    pub calls: Vec<Call>,
    /// When it ended, on the virtual clock.
    pub ended: Timestamp,
}

impl Run {
    /// Returns its output, if it succeeded.
    pub fn output(&self) -> Option<&Value> {
        match &self.status {
            Status::Succeeded(output) => Some(output),
            _ => None,
        }
    }

    /// Returns its failure, if it did not.
    pub fn failure(&self) -> Option<&Failure> {
        self.status.failure()
    }

    /// Returns the names of the states that it entered, in order.
    pub fn states(&self) -> Vec<&str> {
        let entered = self.history.iter().filter_map(|event| match &event.kind {
            HistoryKind::StateEntered { name, .. } => Some(name.as_str()),
            _ => None,
        });
        entered.collect()
    }
}
