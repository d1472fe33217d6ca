//! Parallel: the branches' input.

use super::{
    compile::{CompileError, Compiler},
    exit::{Catchers, Exit},
    payload::Payload,
    visit::{Outcome, Visit},
};
use crate::{asl, program::Step};

#[derive(Debug)]
pub(super) struct Parallel {
    payload: Payload,
    pub(super) exit: Exit,
    pub(super) catchers: Catchers,
}

impl Parallel {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Parallel,
    ) -> Result<Self, CompileError> {
        Ok(Self {
            payload: Payload::compile(compiler, state.arguments.as_ref(), &state.flow)?,
            exit: Exit::of_state(compiler, &state.flow)?,
            catchers: Catchers::compile(compiler, &state.catch)?,
        })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        let input = self.payload.evaluate(visit);
        input.map_or_else(Outcome::Fail, |input| Outcome::Step(Step::Parallel(input)))
    }
}
