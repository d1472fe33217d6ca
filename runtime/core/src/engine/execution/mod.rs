//! What an execution is between two events: a tree of frames and a few counters, all plain data.
//!
//! Everything here survives a restart through serde; what must be written after a step is in
//! [`Changes`]. Only the engine changes an execution.

mod changes;
mod frame;
mod join;
mod map_run;

pub use changes::{Changes, ResultId};
pub use frame::{
    Absent, AbsentTask, Again, Frame, FrameId, Heartbeat, Place, Ready, Retries, Role, TaskWait,
    Token, Waiting,
};
pub use join::{Join, JoinKind};
pub(super) use map_run::map_run_arn;
pub use map_run::{Counts, MapRun, Phase};

use crate::program::{Context, Data, Failure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An execution of a state machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    /// What never changes.
    pub context: Context,
    /// Limits that hold for it.
    pub limits: Limits,
    /// Counters and outcome: small, written at every commit.
    pub head: Head,
    /// The frames that have not ended.
    pub frames: BTreeMap<FrameId, Frame>,
    /// Results of branches and iterations whose join is still open.
    #[serde(with = "results")]
    pub results: BTreeMap<ResultId, Data>,
    /// What was touched since the last [`Execution::take_changes`].
    #[serde(skip)]
    pub(crate) changes: Changes,
}

/// The part of an execution that is not in frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// How it stands.
    pub status: Status,
    /// When `TimeoutSeconds` of the machine is over.
    pub deadline: Option<Timestamp>,
    /// Id of the last history event; 0 before the first.
    pub last_event: u64,
    /// Time of the last history event: history never goes back in time.
    pub last_time: Timestamp,
    /// The next frame's number; numbers are never used twice.
    pub next_frame: u32,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

/// How an execution stands, and its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Status {
    /// It is running, or has not been given its first event.
    Running,
    /// It ended well.
    Succeeded(Data),
    /// It failed.
    Failed(Failure),
    /// The machine's `TimeoutSeconds` were over.
    TimedOut(Failure),
    /// It was stopped from outside.
    Aborted(Failure),
}

/// The service's limits; `None` lifts one for purely local use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// History events: the last possible one is the `ExecutionFailed`.
    pub events: Option<u64>,
    /// Bytes of an input, output or task payload as JSON text.
    pub payload: Option<usize>,
}

impl Limits {
    /// What AWS enforces: 25,000 events and 256 KiB.
    pub const AWS: Self = Self { events: Some(25_000), payload: Some(262_144) };
    /// No limits.
    pub const NONE: Self = Self { events: None, payload: None };
}

impl Default for Limits {
    fn default() -> Self {
        Self::AWS
    }
}

impl Status {
    /// Returns the name that AWS gives it: `RUNNING`, `SUCCEEDED`, ...
    pub fn name(&self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded(_) => "SUCCEEDED",
            Self::Failed(_) => "FAILED",
            Self::TimedOut(_) => "TIMED_OUT",
            Self::Aborted(_) => "ABORTED",
        }
    }

    /// Returns whether it is over.
    pub fn is_ended(&self) -> bool {
        !matches!(self, Self::Running)
    }

    /// Returns the failure, if it ended otherwise than well.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) | Self::TimedOut(failure) | Self::Aborted(failure) => {
                Some(failure)
            }
            Self::Running | Self::Succeeded(_) => None,
        }
    }
}

impl Execution {
    /// Makes an execution that waits for [`Event::Started`](super::Event::Started).
    pub fn new(context: Context, limits: Limits) -> Self {
        let head = Head {
            status: Status::Running,
            deadline: None,
            last_event: 0,
            last_time: context.started,
            next_frame: 1,
            ended: None,
        };
        Self {
            context,
            limits,
            head,
            frames: BTreeMap::new(),
            results: BTreeMap::new(),
            changes: Changes::default(),
        }
    }

    /// Puts an execution together from what a store kept of it.
    pub fn restored(
        context: Context,
        limits: Limits,
        head: Head,
        frames: BTreeMap<FrameId, Frame>,
        results: BTreeMap<ResultId, Data>,
    ) -> Self {
        Self { context, limits, head, frames, results, changes: Changes::default() }
    }

    /// Returns whether it is over.
    pub fn is_ended(&self) -> bool {
        self.head.status.is_ended()
    }

    /// Returns the time at which [`Event::TimersDue`](super::Event::TimersDue) is to be given:
    /// the earliest deadline, heartbeat, timer, retry or the machine's own end.
    pub fn next_due(&self) -> Option<Timestamp> {
        if self.is_ended() {
            return None;
        }
        self.frames.values().filter_map(|frame| frame.waiting.due()).chain(self.head.deadline).min()
    }

    /// Returns whether it waits for the execution that this token names.
    pub fn waits_for(&self, token: Token) -> bool {
        // An execution that has failed or was stopped keeps its frames.
        if self.is_ended() {
            return false;
        }
        match self.frames.get(&token.frame).map(|frame| &frame.waiting) {
            Some(Waiting::Task(task)) => task.token == token,
            Some(Waiting::Run(run)) => {
                let result = ResultId { join: run.id, index: token.attempt };
                run.phase == Phase::Running
                    && run.random == token.random
                    && token.attempt < run.begun
                    && !self.results.contains_key(&result)
            }
            _ => false,
        }
    }

    /// Sets tasks aside that were asked for and that this process can't do, for the reasons given.
    /// What is stored stays as it is.
    pub fn set_aside(&mut self, why: impl Fn(&str, &TaskWait) -> Option<String>) {
        for frame in self.frames.values_mut() {
            if let Waiting::Task(task) = &frame.waiting
                && let Some(why) = why(&frame.state, task)
            {
                let task = AbsentTask::Asked(Box::new(task.clone()));
                frame.waiting = Waiting::Absent(Absent { why, task });
            }
        }
    }

    /// Returns why it can't go on in this process, if it or a part of it can't.
    pub fn stranded(&self) -> Option<&str> {
        self.frames.values().find_map(|frame| match &frame.waiting {
            Waiting::Absent(absent) => Some(absent.why.as_str()),
            _ => None,
        })
    }

    /// Takes the list of what was touched since the last call: exactly what a commit must write.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }
}

/// Results as a list: JSON has no maps with structured keys.
mod results {
    use super::{BTreeMap, Data, ResultId};
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        results: &BTreeMap<ResultId, Data>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(results)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<ResultId, Data>, D::Error> {
        let results = Vec::<(ResultId, Data)>::deserialize(deserializer)?;
        Ok(results.into_iter().collect())
    }
}
