//! Pass: data moves.

use super::{
    compile::{CompileError, Compiler},
    exit::Exit,
    visit::{Outcome, Visit},
};
use crate::asl;

#[derive(Debug)]
pub(super) struct Pass {
    exit: Exit,
}

impl Pass {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Pass,
    ) -> Result<Self, CompileError> {
        Ok(Self { exit: Exit::of_state(compiler, &state.common)? })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        self.exit.leave(visit)
    }
}
