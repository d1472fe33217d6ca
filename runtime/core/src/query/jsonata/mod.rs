//! JSONata as AWS runs it (2.0.6): a wrapper over `jsonata-core`.
//!
//! Enter at [`Template::compile`] for a field of a state, or [`Expression::compile`] for the text
//! between `{%` and `%}`; both are compiled once, shared between threads, and evaluated against an
//! [`Environment`] made for one visit of one state.
//!
//! Invariant: evaluation is a function of the environment alone. Time and randomness come from its
//! [`Moment`]; the wall clock is only a backstop against expressions that do not end.

mod environment;
mod error;
mod explain;
mod expression;
mod functions;
mod limits;
mod message;
mod record;
mod regex;
mod rewrite;
mod rules;
mod template;
mod value;
mod walk;

pub use environment::{Environment, Moment, NoVariables, Variables};
pub use error::{EvaluationError, SyntaxError, Thrown};
pub use expression::{Dialect, Expression};
pub use limits::Limits;
pub use record::recording;
pub use rules::{function_names, is_function_name};
pub use template::{Template, TemplateError};

#[cfg(test)]
mod tests;
