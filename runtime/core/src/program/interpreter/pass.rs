//! Pass: data moves.

use super::{
    compile::{CompileError, Compiler},
    exit::Exit,
    payload::Payload,
    visit::{Outcome, Visit},
};
use crate::{
    asl::{self, QueryLanguage},
    program::Data,
};

#[derive(Debug)]
pub(super) struct Pass {
    result: Result,
    exit: Exit,
}

/// What a Pass gives.
#[derive(Debug)]
enum Result {
    /// Nothing of its own: JSONata, where the Output says it all.
    Nothing,
    /// What stands in the definition.
    Fixed(Data),
    /// Its input, or what its Parameters make.
    Payload(Box<Payload>),
}

impl Pass {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Pass,
    ) -> std::result::Result<Self, CompileError> {
        let result = match (compiler.language, &state.result) {
            (QueryLanguage::Jsonata, _) => Result::Nothing,
            (QueryLanguage::JsonPath, Some(result)) => Result::Fixed(result.clone().into()),
            (QueryLanguage::JsonPath, None) => {
                Result::Payload(Box::new(Payload::compile(compiler, None, &state.flow)?))
            }
        };
        Ok(Self { result, exit: Exit::of_state(compiler, &state.flow)? })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        match &self.result {
            Result::Nothing => self.exit.leave(visit),
            Result::Fixed(result) => {
                visit.note(|trace| trace.result = Some(result.clone()));
                self.exit.leave_with(visit, Some(result))
            }
            Result::Payload(payload) => match payload.evaluate(visit) {
                Ok(result) => self.exit.leave_with(visit, Some(&result)),
                Err(then) => Outcome::Fail(then),
            },
        }
    }
}
