//! What computes one field: a path or an intrinsic function.

use crate::query::{
    depth,
    intrinsic::{Intrinsic, IntrinsicError, IntrinsicFailure},
    jsonpath::{Path, PathError, Root, Scope, Unmatched},
};
use serde_json::Value;

/// A compiled path or call.
#[derive(Debug, Clone)]
pub enum Expression {
    /// It begins with `$`.
    Path(Path),
    /// It is `States.` and so on.
    Intrinsic(Intrinsic),
}

/// A text that is neither a path nor a call: AWS refuses it at create.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// It begins like a path.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It begins otherwise.
    #[error(transparent)]
    Intrinsic(#[from] IntrinsicError),
}

impl ExpressionError {
    /// Where in the text, in bytes.
    pub fn offset(&self) -> usize {
        match self {
            Self::Path(error) => error.offset,
            Self::Intrinsic(error) => error.offset,
        }
    }
}

/// A field that could not be computed; its text is the one AWS writes into the cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayloadFailure {
    /// Nothing is where the path points.
    #[error(
        "The JSONPath '{path}' specified for the field '{field}' could not be found in the input \
         '{input}'"
    )]
    NotFound {
        /// The path.
        path: String,
        /// The name of the field, with its `.$`.
        field: String,
        /// The document that was searched.
        input: String,
    },
    /// The path reads a variable without a value, or selects too much.
    #[error("The JSONPath '{path}' specified for the field '{field}' failed: {unmatched}")]
    Path {
        /// The path.
        path: String,
        /// The name of the field, with its `.$`.
        field: String,
        /// Why.
        unmatched: Unmatched,
    },
    /// The value is nested too deep.
    #[error("The value of the field '{field}' is nested too deep")]
    TooDeep {
        /// The name of the field.
        field: String,
    },
    /// An intrinsic function failed.
    #[error(transparent)]
    Intrinsic(#[from] IntrinsicFailure),
}

impl PayloadFailure {
    /// The name of the error. The language has `States.ParameterPathFailure`; AWS uses this one, on
    /// Pass and Task states alike.
    pub const ERROR: &'static str = "States.Runtime";
}

impl Expression {
    /// Parses a path or a call.
    ///
    /// # Errors
    /// The text is neither.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        Ok(if text.trim_start().starts_with('$') {
            Self::Path(Path::parse(text)?)
        } else {
            Self::Intrinsic(Intrinsic::parse(text)?)
        })
    }

    /// The text.
    pub fn text(&self) -> &str {
        match self {
            Self::Path(path) => path.text(),
            Self::Intrinsic(call) => call.text(),
        }
    }

    /// The paths that it reads.
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            Self::Path(path) => vec![path],
            Self::Intrinsic(call) => call.paths(),
        }
    }

    /// Evaluates it. `field` is the name of the field in causes, such as `total.$` or `CausePath`.
    ///
    /// An index beyond a list gives null here, though not inside a call.
    ///
    /// # Errors
    /// Nothing is there, or a function fails.
    pub fn evaluate(&self, field: &str, scope: &Scope<'_>) -> Result<Value, PayloadFailure> {
        let path = match self {
            Self::Path(path) => path,
            Self::Intrinsic(call) => {
                let value = call.evaluate(scope)?;
                let too_deep = || PayloadFailure::TooDeep { field: field.to_owned() };
                return depth::fits(&value, 0).then_some(value).ok_or_else(too_deep);
            }
        };
        match path.value(scope) {
            Ok(value) => Ok(value.into_owned()),
            Err(Unmatched::OutOfRange(_)) => Ok(Value::Null),
            Err(unmatched @ (Unmatched::Unassigned(_) | Unmatched::TooMuch)) => {
                let (path, field) = (path.shown().to_owned(), field.to_owned());
                Err(PayloadFailure::Path { path, field, unmatched })
            }
            Err(_) => Err(PayloadFailure::NotFound {
                path: path.shown().to_owned(),
                field: field.to_owned(),
                input: searched(path, scope),
            }),
        }
    }
}

/// The document that a path was applied to.
fn searched(path: &Path, scope: &Scope<'_>) -> String {
    match path.root() {
        Root::Input => scope.input().to_string(),
        Root::Context => scope.whole_context().to_string(),
        Root::Variable(name) => scope.variable(name).map(Value::to_string).unwrap_or_default(),
    }
}
