//! What can go wrong with an expression: when it is compiled, and when it runs.

use serde_json::Value;

/// An expression that AWS refuses at create.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyntaxError {
    /// It does not parse; the text begins with JSONata's own code where there is one.
    #[error("{0}")]
    Unparsable(String),
    /// It uses an operator that is newer than JSONata 2.0.6.
    #[error("the operator `{0}` is not part of JSONata 2.0.6")]
    NewerOperator(&'static str),
    /// It calls `$eval`.
    #[error("the function `$eval` is not supported")]
    Eval,
    /// It uses `$`, `$$` or a bare name at its top, where there is nothing to refer to.
    #[error("`{0}` has nothing to refer to at the top of an expression")]
    NoContext(String),
}

/// What an expression threw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thrown {
    /// JSONata's message, with its code in front where it has one.
    pub message: String,
    /// Whether the message begins with a code of JSONata, such as `T2001`.
    pub coded: bool,
}

/// A field whose value could not be had; its text is the one AWS writes into the cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// The expression threw.
    #[error(
        "The JSONata expression '{expression}' specified for the field '{field}' threw an error \
         during evaluation{separator}{message}",
        separator = if thrown.coded { ". " } else { ": " },
        message = thrown.message
    )]
    Threw {
        /// The expression, without its brackets.
        expression: String,
        /// The field, such as `Output/total`.
        field: String,
        /// What it threw.
        thrown: Thrown,
    },
    /// The expression gave undefined, which no field can hold.
    #[error(
        "The JSONata expression '{expression}' specified for the field '{field}' returned nothing \
         (undefined)."
    )]
    Undefined {
        /// The expression, without its brackets.
        expression: String,
        /// The field, such as `Output/total`.
        field: String,
    },
    /// The value has a type that the field cannot hold.
    #[error(
        "The JSONata expression '{expression}' specified for the field '{field}' returned an \
         unexpected result type. Expected '{expected}', but was '{actual}' for value: {value}"
    )]
    Type {
        /// The expression, without its brackets.
        expression: String,
        /// The field, such as `Items`.
        field: String,
        /// The type that the field wants.
        expected: &'static str,
        /// The type that came.
        actual: &'static str,
        /// The value that came.
        value: Box<Value>,
    },
}

/// Names the type of a JSON value as the causes do.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
