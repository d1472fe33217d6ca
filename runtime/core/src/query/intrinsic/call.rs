//! A parsed call, and its value.

use super::{IntrinsicError, IntrinsicFailure, function::Function, parser};
use crate::query::jsonpath::{Path, Scope, Unmatched};
use serde_json::Value;
use std::borrow::Cow;

/// A call of an intrinsic function.
#[derive(Debug, Clone)]
pub struct Intrinsic {
    text: String,
    call: Call,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) function: Function,
    pub(super) arguments: Vec<Argument>,
}

#[derive(Debug, Clone)]
pub(super) enum Argument {
    /// A number, a boolean or null.
    Literal(Value),
    /// A text in quotes: with its escapes, as a template needs it, and without.
    Text {
        raw: Value,
        value: Value,
    },
    Path(Path),
    Call(Call),
}

impl Intrinsic {
    /// Parses a call.
    ///
    /// # Errors
    /// The text is not one, or calls a function that does not exist.
    pub fn parse(text: &str) -> Result<Self, IntrinsicError> {
        Ok(Self { text: text.to_owned(), call: parser::parse(text)? })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it calls.
    pub(super) fn call(&self) -> &Call {
        &self.call
    }

    /// The paths that it reads, those of calls inside it included.
    pub fn paths(&self) -> Vec<&Path> {
        let mut found = Vec::new();
        self.call.paths(&mut found);
        found
    }

    /// Evaluates the call.
    ///
    /// # Errors
    /// A path finds nothing, or arguments do not fit.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, IntrinsicFailure> {
        self.call
            .evaluate(scope)
            .map_err(|message| IntrinsicFailure { expression: self.text.clone(), message })
    }
}

impl Call {
    fn paths<'c>(&'c self, found: &mut Vec<&'c Path>) {
        for argument in &self.arguments {
            match argument {
                Argument::Path(path) => found.push(path),
                Argument::Call(call) => call.paths(found),
                Argument::Literal(_) | Argument::Text { .. } => {}
            }
        }
    }

    fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, String> {
        let mut values = Vec::with_capacity(self.arguments.len());
        for (i, argument) in self.arguments.iter().enumerate() {
            values.push(match argument {
                Argument::Literal(value) => Cow::Borrowed(value),
                Argument::Text { raw, value } => {
                    let is_template = i == 0 && self.function == Function::Format;
                    Cow::Borrowed(if is_template { raw } else { value })
                }
                Argument::Path(path) => {
                    path.value(scope).map_err(|unmatched| missing(path, scope, &unmatched))?
                }
                Argument::Call(call) => Cow::Owned(call.evaluate(scope)?),
            });
        }
        self.function.call(&values, scope.random())
    }
}

/// Why a path gives no argument. Its own message is seen only where it wants a list and finds none.
fn missing(path: &Path, scope: &Scope<'_>, unmatched: &Unmatched) -> String {
    match unmatched {
        Unmatched::Missing(_) | Unmatched::OutOfRange(_) => format!(
            "The JsonPath argument for the field '{}' could not be found in the input '{}'",
            path.shown(),
            scope.input()
        ),
        other => other.to_string(),
    }
}
