//! One turn of a frame: what it resumes with, the states it passes, what it needs next.

use super::{Data, Failure, Inputs, Item, RunStep, Vars};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Why a frame runs on.
#[derive(Debug, Clone)]
pub enum Resume {
    /// The frame begins at its scope's `StartAt`: the execution, a branch or an iteration.
    Begin {
        /// Name of the first state.
        start_at: String,
        /// Input of that state.
        input: Data,
    },
    /// The state is entered (again): after [`Then::Yield`], or when a retrier repeats a state whose
    /// own expressions failed.
    Enter {
        /// Name of the state.
        state: String,
        /// Its input.
        input: Data,
    },
    /// The step at `state` gave its result.
    Done {
        /// Name of the state.
        state: String,
        /// The state's input.
        input: Data,
        /// The task's result; null for a Wait; an array for Parallel and Map.
        result: Data,
    },
    /// The items that the distributed Map `state` waits for have been read; the answer is
    /// [`Step::Inputs`].
    Items {
        /// Name of the state.
        state: String,
        /// The state's input.
        input: Data,
        /// The items.
        items: Vec<Data>,
    },
    /// An iteration of the Map `state` begins, which [selects](MapStep::selects); the answer is
    /// [`Step::Input`].
    Item {
        /// Name of the state.
        state: String,
        /// The state's input.
        input: Data,
        /// The item.
        item: Item,
    },
    /// A catcher of `state` takes the failure.
    Caught {
        /// Name of the state.
        state: String,
        /// The state's input.
        input: Data,
        /// Index of the catcher in the state's Catch.
        catcher: usize,
        /// What it catches.
        failure: Failure,
    },
}

/// What a frame did.
#[derive(Debug)]
pub struct Turn {
    /// States left and entered, in order; the engine makes history events of them.
    pub passed: Vec<Passed>,
    /// Where the frame stands now.
    pub then: Then,
}

/// A state left or entered.
#[derive(Debug)]
pub enum Passed {
    /// The state is left.
    Exited {
        /// Name of the state.
        state: String,
        /// Its output.
        output: Data,
        /// Variables that its Assign set.
        assigned: Vars,
    },
    /// The state is entered.
    Entered {
        /// Name of the state.
        state: String,
        /// Its input.
        input: Data,
    },
}

/// Where a turn ends. The state that waits or fails is the last one entered and not left.
#[derive(Debug)]
pub enum Then {
    /// The state waits for the outside.
    Step(Step),
    /// 64 transitions were made without a step, or a state has made much data: the engine commits,
    /// or looks at the limits, and calls again with [`Resume::Enter`].
    Yield {
        /// Name of the state to enter.
        state: String,
        /// Its input.
        input: Data,
    },
    /// The frame is at its end; its last state has been left.
    Succeeded(Data),
    /// The state failed: an expression, a Fail state, or a panic of native code. Its own Retry and
    /// Catch apply if it has some.
    Failed(Failure),
    /// The state failed while it handled its data in JSONPath mode: a path led nowhere, an intrinsic
    /// function got what it can't take. The engine puts "An error occurred while executing the
    /// state ..." before the message.
    StateFailed {
        /// The error name, such as `States.Runtime`.
        error: &'static str,
        /// What went wrong.
        message: String,
    },
    /// An expression of the state failed: `States.QueryEvaluationError`. The engine writes the
    /// `EvaluationFailed` event and puts "An error occurred while executing the state ..." before
    /// the message.
    EvaluationFailed {
        /// The field: `Output/total`, `Choices[1]/Condition`; native code may not know it.
        location: Option<String>,
        /// What went wrong, one sentence.
        message: String,
    },
    /// The Map began with so many items and failed then.
    Begun {
        /// How many items it had.
        length: u32,
        /// How it failed.
        then: Box<Self>,
    },
    /// What the frame keeps does not fit the program, for this reason: another one must run it on.
    /// Nothing has happened, and nothing fails.
    Misfit(String),
}

/// What a state waits for.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A task.
    Task(TaskStep),
    /// A point in time.
    Wait(Timestamp),
    /// Branches; the branch `i` begins at its `StartAt` with this input.
    Parallel(Data),
    /// Iterations.
    Map(MapStep),
    /// Executions for the items of a distributed Map.
    Run(Box<RunStep>),
    /// What the executions of a Map Run get whose items have been read.
    Inputs(Inputs),
    /// What the iteration of a Map gets that begins.
    Input(Data),
}

/// A task to perform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskStep {
    /// The Resource.
    pub resource: String,
    /// Evaluated Arguments.
    pub arguments: Data,
    /// Bounds each attempt.
    pub timeout: Option<Duration>,
    /// Longest silence between heartbeats.
    pub heartbeat: Option<Duration>,
    /// The random part of the token that the arguments carry to whoever is to answer: see
    /// [`TaskToken`](super::TaskToken).
    pub token: Option<u64>,
    /// Whether another attempt computes all this anew, as definitions have it: it may read how often
    /// it was retried, and another attempt has another token. Native code computes it once.
    pub renewed: bool,
}

/// Iterations to run.
#[derive(Debug, Clone, PartialEq)]
pub struct MapStep {
    /// The items.
    pub items: Vec<Data>,
    /// Whether the input of an iteration is made of its item when it begins, as `ItemSelector` has
    /// it; otherwise it is the item.
    pub selects: bool,
    /// At most so many at a time; 0 means no limit.
    pub max_concurrency: u32,
    /// How many may fail.
    pub tolerance: Tolerance,
}

/// How many iterations of a Map may fail without failing the Map; by default none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Tolerance {
    /// `ToleratedFailureCount`.
    pub count: Option<u32>,
    /// `ToleratedFailurePercentage`, 0 to 100.
    pub percentage: Option<f64>,
}
