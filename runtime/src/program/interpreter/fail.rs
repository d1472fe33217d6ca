//! Fail: the scope ends with an error.

use super::{
    compile::{CompileError, Compiler, Field},
    visit::{Evaluated, Outcome, Visit, failed},
};
use crate::{
    asl,
    program::{Failure, Then},
};

#[derive(Debug)]
pub(super) struct Fail {
    error: Option<Field>,
    cause: Option<Field>,
}

impl Fail {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Fail,
    ) -> Result<Self, CompileError> {
        Ok(Self {
            error: compiler.optional("Error", state.error.as_ref())?,
            cause: compiler.optional("Cause", state.cause.as_ref())?,
        })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        let failure = text(visit, self.error.as_ref(), "Error").and_then(|error| {
            Ok(Failure { error, cause: text(visit, self.cause.as_ref(), "Cause")? })
        });
        Outcome::Fail(failure.map_or_else(|then| then, Then::Failed))
    }
}

fn text(visit: &Visit<'_>, template: Option<&Field>, field: &str) -> Evaluated<Option<String>> {
    let Some(template) = template else { return Ok(None) };
    let value = visit.evaluate(template, field)?.into_value();
    match value {
        serde_json::Value::String(text) => Ok(Some(text)),
        other => Err(failed(&template.unexpected(field, "string", other))),
    }
}
