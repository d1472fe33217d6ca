//! Succeed: the scope ends well.

use super::{
    compile::{CompileError, Compiler},
    exit::Exit,
    visit::{Outcome, Visit},
};
use crate::asl;

#[derive(Debug)]
pub(super) struct Succeed {
    exit: Exit,
}

impl Succeed {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Succeed,
    ) -> Result<Self, CompileError> {
        Ok(Self { exit: Exit::to(compiler, &state.flow, None)? })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        self.exit.leave(visit)
    }
}
