//! Workflows as native code: what the generated step function calls, and the program it makes.

mod arena;
mod arm;
mod input;
mod keep;
mod matching;
mod piece;
mod program;
mod run;
mod shapes;
mod slot;

pub use arena::Arena;
pub use arm::{arm, arm_data, arm_option, arm_plain, never, pause, unit};
pub use input::{check_member, check_whole, limit, no_input, whole};
pub use keep::{Io, Keep, Lent, ViaKeep, ViaNoKeep, Written, keep};
pub use matching::{EndsSame, Matching, TiesBorrow, TiesNothing, TiesValue, ViaOther, ViaSame};
pub use piece::{Piece, piece};
pub use program::{Native, Table, no_segment, program};
pub use run::Run;
pub use shapes::Shapes;
pub use slot::{
    AsBorrow, AsValue, Awaited, Calling, Held, NoCall, Pair, Probe, Ref, Slot, Val, ViaFuture,
    ViaNoFuture, held, same_error, slot,
};

use super::{Op, Register};
use crate::{
    asl,
    program::{Data, Failure},
};
use serde_json::Value;
use std::fmt;

/// What the one function of a workflow is asked for, besides a direct call.
pub enum Mode<'m, 'r> {
    /// To run a segment.
    Step(u32, &'m mut Run<'r>),
    /// To construct the definition.
    Define(&'m mut Option<asl::Definition>),
    /// To register what it calls.
    Register(&'m mut dyn Register),
    /// To say what its frames keep.
    Shapes(&'m mut Shapes),
}

impl fmt::Debug for Mode<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(segment, run) => f.debug_tuple("Step").field(segment).field(run).finish(),
            Self::Define(_) => f.write_str("Define"),
            Self::Register(_) => f.write_str("Register"),
            Self::Shapes(_) => f.write_str("Shapes"),
        }
    }
}

/// What the one function of a workflow gives.
#[derive(Debug)]
pub enum Outcome<F> {
    /// What a segment ended with.
    Act(Action),
    /// Nothing: the definition or the registry was filled.
    Done,
    /// The future of a direct call.
    Direct(F),
}

/// What a segment ends with.
#[derive(Debug)]
pub enum Action {
    /// Another segment of the same frame.
    Goto(u32),
    /// A task, a child workflow or a pause, at the state entered last.
    Start(Op),
    /// Branches.
    Parallel,
    /// Iterations over these items, at most so many at a time (0: all).
    Map(Vec<Value>, u32),
    /// The end of the frame.
    End(Result<Data, Failure>),
}

impl<F> Outcome<F> {
    /// What a segment ended with.
    pub fn action(self) -> Action {
        match self {
            Self::Act(action) => action,
            Self::Done | Self::Direct(_) => {
                super::ops::Violation::new("no segment was run").unwind()
            }
        }
    }

    /// The future of a direct call.
    pub fn direct(self) -> F {
        match self {
            Self::Direct(future) => future,
            Self::Done | Self::Act(_) => super::ops::Violation::new("no call was made").unwind(),
        }
    }
}
