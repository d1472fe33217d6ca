//! A compiled state of any kind.

use super::{
    choice::Choice,
    compile::{CompileError, Compiler},
    exit::Catchers,
    fail::Fail,
    map::Map,
    parallel::Parallel,
    pass::Pass,
    succeed::Succeed,
    task::Task,
    visit::{Outcome, Visit},
    wait::Wait,
};
use crate::{
    asl::State,
    program::{Data, Failure, Item, Then, names},
};

/// A compiled state.
#[derive(Debug)]
pub(super) enum Compiled {
    Task(Box<Task>),
    Pass(Pass),
    Choice(Choice),
    Wait(Wait),
    Succeed(Succeed),
    Fail(Fail),
    Parallel(Parallel),
    Map(Box<Map>),
}

impl Compiled {
    pub(super) fn compile(compiler: &Compiler<'_>, state: &State) -> Result<Self, CompileError> {
        Ok(match state {
            State::Task(state) => Self::Task(Box::new(Task::compile(compiler, state)?)),
            State::Pass(state) => Self::Pass(Pass::compile(compiler, state)?),
            State::Choice(state) => Self::Choice(Choice::compile(compiler, state)?),
            State::Wait(state) => Self::Wait(Wait::compile(compiler, state)?),
            State::Succeed(state) => Self::Succeed(Succeed::compile(compiler, state)?),
            State::Fail(state) => Self::Fail(Fail::compile(compiler, state)?),
            State::Parallel(state) => Self::Parallel(Parallel::compile(compiler, state)?),
            State::Map(state) => Self::Map(Box::new(Map::compile(compiler, state)?)),
        })
    }

    /// Whether the language has Retry for this kind.
    pub(super) fn can_be_retried(&self) -> bool {
        matches!(self, Self::Task(_) | Self::Parallel(_) | Self::Map(_))
    }

    /// The state is entered.
    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        match self {
            Self::Task(state) => state.enter(visit),
            Self::Pass(state) => state.enter(visit),
            Self::Choice(state) => state.enter(visit),
            Self::Wait(state) => state.enter(visit),
            Self::Succeed(state) => state.enter(visit),
            Self::Fail(state) => state.enter(visit),
            Self::Parallel(state) => state.enter(visit),
            Self::Map(state) => state.enter(visit),
        }
    }

    /// The step gave its result.
    pub(super) fn done(&self, visit: Visit<'_>) -> Outcome {
        match self {
            Self::Task(state) => {
                visit.note(|trace| trace.result = visit.result().cloned());
                state.exit.leave(&visit)
            }
            Self::Wait(state) => state.exit.leave(&visit.without_result()),
            Self::Parallel(state) => state.exit.leave(&visit),
            Self::Map(state) => state.exit.leave(&visit),
            Self::Pass(_) | Self::Choice(_) | Self::Succeed(_) | Self::Fail(_) => no_step(),
        }
    }

    /// The items of a distributed Map have been read.
    pub(super) fn items(&self, visit: &Visit<'_>, items: &[Data]) -> Outcome {
        match self {
            Self::Map(state) => state.items(visit, items),
            _ => no_step(),
        }
    }

    /// An iteration of a Map begins.
    pub(super) fn item(&self, visit: &Visit<'_>, item: &Item) -> Outcome {
        match self {
            Self::Map(state) => state.item(visit, item),
            _ => no_step(),
        }
    }

    /// A catcher takes a failure of the state.
    pub(super) fn caught(&self, catcher: usize, visit: &Visit<'_>) -> Outcome {
        let none = Catchers::default();
        let catchers = match self {
            Self::Task(state) => &state.catchers,
            Self::Parallel(state) => &state.catchers,
            Self::Map(state) => &state.catchers,
            Self::Pass(_) | Self::Choice(_) | Self::Wait(_) | Self::Succeed(_) | Self::Fail(_) => {
                &none
            }
        };
        catchers.leave(catcher, visit).unwrap_or_else(no_step)
    }
}

/// The execution's frame and its definition do not fit.
fn no_step() -> Outcome {
    let cause = "the state has no such step or catcher in this definition";
    Outcome::Fail(Then::Failed(Failure::new(names::RUNTIME, cause)))
}
