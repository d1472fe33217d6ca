//! Fail: the scope ends with an error.

use super::{
    compile::{CompileError, Compiler, Field},
    filled::Computed,
    visit::{Evaluated, Outcome, Visit, failed},
};
use crate::{
    asl::{self, Template},
    program::{Failure, Then},
};
use serde_json::Value;

#[derive(Debug)]
pub(super) struct Fail {
    error: Option<Text>,
    cause: Option<Text>,
}

/// A text of the failure.
#[derive(Debug)]
enum Text {
    Field(Field),
    /// A path or an intrinsic function.
    Computed(Computed),
}

impl Fail {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Fail,
    ) -> Result<Self, CompileError> {
        let text = |name: &'static str, value: Option<&Template>, path: Option<&String>| {
            if let Some(path) = path {
                let computed = Computed::compile(compiler, format!("{name}Path"), path)?;
                return Ok(Some(Text::Computed(computed)));
            }
            Ok(compiler.optional(name, value)?.map(Text::Field))
        };
        Ok(Self {
            error: text("Error", state.error.as_ref(), state.error_path.as_ref())?,
            cause: text("Cause", state.cause.as_ref(), state.cause_path.as_ref())?,
        })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        let failure = text(visit, self.error.as_ref(), "Error").and_then(|error| {
            Ok(Failure { error, cause: text(visit, self.cause.as_ref(), "Cause")? })
        });
        Outcome::Fail(failure.map_or_else(|then| then, Then::Failed))
    }
}

fn text(visit: &Visit<'_>, text: Option<&Text>, name: &str) -> Evaluated<Option<String>> {
    let Some(text) = text else { return Ok(None) };
    let value = match text {
        Text::Field(field) => visit.evaluate(field, name)?,
        Text::Computed(computed) => computed.value(visit, visit.input())?,
    };
    match (value.into_value(), text) {
        (Value::String(text), _) => Ok(Some(text)),
        (other, Text::Field(field)) => Err(failed(&field.unexpected(name, "string", other))),
        (other, Text::Computed(_)) => Ok(Some(other.to_string())),
    }
}
