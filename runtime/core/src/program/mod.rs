//! What the engine runs: a [`Program`] decides where a frame goes next, and nothing else.
//!
//! There are two programs: native code compiled from a `#[workflow]`, and the interpreter of ASL.
//! Retry, catch, timeouts, joins, concurrency and the history live in the engine, once for both.
//! A program is pure: no I/O, no clock, no randomness but the [`Scope`]'s.

mod data;
mod failure;
pub mod interpreter;
mod items;
mod lookup;
mod run;
pub(crate) mod size;
mod token;
mod turn;

pub use data::{Data, Vars};
pub use failure::{Failure, names};
pub use interpreter::{Inspection, Interpreter, Trace, Visited};
pub use items::ItemFormat;
pub use run::{
    Destination, Inputs, ItemSource, ResultForm, RunItems, RunResults, RunStep, SourceObjects,
};
pub use token::{NoToken, TaskToken};
pub use turn::{MapStep, Passed, Resume, Step, TaskStep, Then, Tolerance, Turn};

use crate::asl;
use jiff::Timestamp;

/// Code that an execution runs: native or interpreted.
pub trait Program: Send + Sync + std::fmt::Debug {
    /// The graph, with the Retry and Catch fields that the engine acts on. For native code it is
    /// the definition that it exports.
    fn definition(&self) -> &asl::Definition;

    /// Returns the state with this name, of whatever scope: names are unique.
    fn state(&self, name: &str) -> Option<&asl::State> {
        lookup::state(self.definition(), name)
    }

    /// Returns the states with which an execution begins: those of the machine, or of the processor
    /// of the Map that it belongs to.
    fn outermost(&self, context: &Context) -> &asl::States {
        let map = context.map_run.as_ref().and_then(|part| self.state(&part.state));
        match map {
            Some(asl::State::Map(map)) => &map.processor.states,
            _ => &self.definition().states,
        }
    }

    /// Runs a frame from where it stands to its next step, its end or its failure, through every
    /// Choice and Pass between.
    ///
    /// `vars` are the frame's own variables and change only when the call did not fail; a child
    /// frame reads outward through [`Scope::outer`] and never writes there.
    fn resume(&self, scope: &Scope<'_>, vars: &mut Vars, resume: Resume) -> Turn;
}

/// What a program may read besides the frame's own variables.
#[derive(Debug)]
pub struct Scope<'a> {
    /// Facts of the execution, as `$states.context.Execution` and `.StateMachine` have them.
    pub context: &'a Context,
    /// Variables of the enclosing frames, innermost first.
    pub outer: &'a [&'a Vars],
    /// Number of the frame: a part of its task tokens.
    pub frame: u32,
    /// The item of the Map iteration that this frame runs, if it is one.
    pub item: Option<&'a Item>,
    /// The time of the event that is being handled: `$now()`, `$millis()`.
    pub now: Timestamp,
    /// The wall clock, from which pauses are reckoned: it may have been put back since the last
    /// event.
    pub wall: Timestamp,
    /// When the state was entered that the turn begins with: `$states.context.State.EnteredTime`.
    pub entered: Timestamp,
    /// How often that state has been retried.
    pub retry_count: u32,
    /// Seed of the event: `$random()`, `$uuid()`.
    pub seed: u64,
}

/// Facts of an execution that never change.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Context {
    /// ARN of the execution.
    pub execution_arn: String,
    /// Name of the execution.
    pub execution_name: String,
    /// The execution's input.
    pub input: Data,
    /// When it started.
    pub started: Timestamp,
    /// ARN of the role, if any.
    pub role_arn: String,
    /// ARN of the state machine.
    pub machine_arn: String,
    /// Name of the state machine.
    pub machine_name: String,
    /// The Map Run that it belongs to, if it runs the processor of a distributed Map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map_run: Option<MapRunPart>,
}

/// What an execution of a Map Run runs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MapRunPart {
    /// ARN of the Map Run.
    pub arn: String,
    /// Name of the Map whose processor it runs.
    pub state: String,
    /// Whether it is an express execution.
    #[serde(default)]
    pub express: bool,
}

/// The item of a Map iteration.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Item {
    /// Position in the list, from 0.
    pub index: u64,
    /// Its value before `ItemSelector`.
    pub value: Data,
}

impl Item {
    /// Returns its position as a join counts: no list in memory is longer.
    pub fn position(&self) -> u32 {
        u32::try_from(self.index).unwrap_or(u32::MAX)
    }
}
