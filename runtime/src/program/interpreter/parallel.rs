//! Parallel: the branches' input.

use super::{
    compile::{CompileError, Compiler, Field},
    exit::{Catchers, Exit},
    visit::{Outcome, Visit},
};
use crate::{asl, program::Step};

#[derive(Debug)]
pub(super) struct Parallel {
    arguments: Option<Field>,
    pub(super) exit: Exit,
    pub(super) catchers: Catchers,
}

impl Parallel {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Parallel,
    ) -> Result<Self, CompileError> {
        Ok(Self {
            arguments: compiler.optional("Arguments", state.arguments.as_ref())?,
            exit: Exit::of_state(compiler, &state.common)?,
            catchers: Catchers::compile(compiler, &state.catch)?,
        })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        let input = match &self.arguments {
            Some(template) => visit.evaluate(template, "Arguments"),
            None => Ok(visit.input().clone()),
        };
        input.map_or_else(Outcome::Fail, |input| Outcome::Step(Step::Parallel(input)))
    }
}
