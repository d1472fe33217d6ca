//! A frame: one line of control, with its state, variables and what it waits for.

use super::{Join, JoinKind, MapRun};
use crate::program::{Data, Failure, Item, RunStep, TaskStep, Vars};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// Number of a frame within its execution; the root is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FrameId(pub u32);

impl FrameId {
    /// The frame of the top-level states.
    pub const ROOT: Self = Self(0);
}

/// One line of control: the root, a branch of a Parallel, or an iteration of a Map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Where it belongs.
    pub role: Role,
    /// The state in which it stands.
    pub state: String,
    /// How many states this frame has entered: makes tokens and keys of loops differ.
    pub entry: u64,
    /// Id of the `StateEntered` event of `state`.
    pub entered_event: u64,
    /// When `state` was entered.
    pub entered: Timestamp,
    /// Id of the event that the frame's next event follows.
    pub previous_event: u64,
    /// Input of `state`.
    pub input: Data,
    /// Its own variables.
    pub vars: Vars,
    /// How often `state` was retried.
    pub retries: Retries,
    /// What it waits for.
    pub waiting: Waiting,
}

/// Where a frame belongs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Role {
    /// It runs the top-level states.
    Root,
    /// It runs a branch of a Parallel.
    Branch {
        /// The frame that stands in the Parallel.
        parent: FrameId,
        /// Index of the branch.
        index: u32,
    },
    /// It runs an iteration of a Map.
    Iteration {
        /// The frame that stands in the Map.
        parent: FrameId,
        /// The item.
        item: Item,
        /// Bytes of the input that was made for it; 0 if that is the item.
        #[serde(default)]
        bytes: u64,
    },
}

/// Retries since the state was entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retries {
    /// All of them: `$states.context.State.RetryCount`.
    pub total: u32,
    /// By retrier, in the order of the state's Retry; shorter if the later ones are unused.
    pub by_retrier: Vec<u32>,
}

/// What a frame waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Waiting {
    /// For nothing: it runs on with [`Event::Continue`](crate::engine::Event::Continue).
    Ready(Ready),
    /// For the end of a task or of a child execution.
    Task(TaskWait),
    /// For a process that has its task: this one has not.
    Absent(Absent),
    /// For a time: a Wait state.
    Timer(Timestamp),
    /// For the time of a retry.
    Retry {
        /// When to repeat.
        due: Timestamp,
        /// What to repeat.
        again: Again,
    },
    /// For its branches or iterations.
    Children(Join),
    /// For the executions of a distributed Map.
    Run(Box<MapRun>),
    /// For nothing any more: its state failed, and the execution with it. A redrive repeats this.
    Failed(Again),
}

/// What a frame does when it runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ready {
    /// It begins its scope at this state.
    Begin(String),
    /// It enters this state.
    Enter(String),
    /// It leaves its state by a catcher.
    Caught {
        /// Index of the catcher in the state's Catch.
        catcher: usize,
        /// What is caught.
        failure: Failure,
    },
}

/// What a retry repeats. A join is repeated with the inputs that were evaluated first, and so is a task
/// that is not [renewed](TaskStep::renewed).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Again {
    /// The task.
    Task(TaskStep),
    /// The whole Parallel or Map, with the same inputs.
    Children(JoinKind),
    /// The whole Map Run.
    Run(Box<RunStep>),
    /// The state's own expressions: they failed.
    State,
}

/// A task, or an execution to be started, that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskWait {
    /// What was asked, with its evaluated arguments.
    pub step: TaskStep,
    /// Where it runs.
    pub place: Place,
    /// Names this attempt; an answer with another token comes too late.
    pub token: Token,
    /// When the attempt must have ended.
    pub deadline: Option<Timestamp>,
    /// Whether somebody works on it: always so but for an activity that no worker has taken yet.
    pub started: bool,
    /// The heartbeat, if it must send some.
    pub heartbeat: Option<Heartbeat>,
    /// How often this attempt was handed out in this process or an earlier one.
    pub deliveries: u32,
    /// Whether the call was answered, and somebody with the task's token is to answer for it.
    pub submitted: bool,
}

/// What a frame waits for that this process can't do, and why. Neither a deadline nor a retrier ends
/// that: it is no failure of the execution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Absent {
    /// Why this process can't do it.
    pub why: String,
    /// What to do where it can be done.
    pub task: AbsentTask,
}

/// A task that this process can't do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AbsentTask {
    /// It has not been asked for: it has no attempt yet and no deadline.
    New(TaskStep),
    /// An earlier process was asked for it, and goes on with the same attempt if it comes again.
    Asked(Box<TaskWait>),
}

/// Where a task runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In this process, under this task name.
    Process(String),
    /// In a worker that polls the activity with this ARN.
    Activity(String),
    /// It starts an execution of the machine with this ARN.
    Child {
        /// The machine's ARN.
        machine: String,
        /// The execution's ARN, once it runs.
        execution: Option<String>,
    },
    /// It is a call of an AWS API that this process makes.
    Call,
}

/// Longest silence of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// The interval.
    pub interval: Duration,
    /// When the next one must have come; none before a worker has taken the task.
    pub due: Option<Timestamp>,
}

/// Names one attempt of one task within an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Token {
    /// The frame that asked.
    pub frame: FrameId,
    /// The frame's entry at which it asked.
    pub entry: u64,
    /// The attempt, from 0.
    pub attempt: u32,
    /// Makes it impossible to guess.
    pub random: u64,
}

impl fmt::Display for FrameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Waiting {
    /// Returns when the frame must be looked at, at the latest.
    pub fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Timer(due) | Self::Retry { due, .. } => Some(*due),
            Self::Task(task) => {
                let heartbeat = task.heartbeat.as_ref().and_then(|heartbeat| heartbeat.due);
                task.deadline.into_iter().chain(heartbeat).min()
            }
            Self::Ready(_)
            | Self::Children(_)
            | Self::Run(_)
            | Self::Failed(_)
            | Self::Absent(_) => None,
        }
    }
}

impl Role {
    /// Returns the frame that waits for this one.
    pub fn parent(&self) -> Option<FrameId> {
        match self {
            Self::Root => None,
            Self::Branch { parent, .. } | Self::Iteration { parent, .. } => Some(*parent),
        }
    }

    /// Returns how many bytes the input has that was made for it.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Iteration { bytes, .. } => *bytes,
            Self::Root | Self::Branch { .. } => 0,
        }
    }

    /// Returns the position among the children of the parent; 0 for the root.
    pub fn index(&self) -> u32 {
        match self {
            Self::Root => 0,
            Self::Branch { index, .. } => *index,
            Self::Iteration { item, .. } => item.position(),
        }
    }
}
