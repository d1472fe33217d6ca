//! Payload templates of JSONPath states: JSON whose fields with a name ending in `.$` are computed.
//!
//! Enter at [`Template::compile`] for `Parameters`, `ResultSelector`, `ItemSelector`, `Assign` and
//! their like, at [`Expression::parse`] for a single field, such as `CausePath`. Both are compiled
//! once, shared between threads, and evaluated against a [`Scope`](super::jsonpath::Scope).

mod expression;
mod template;

pub use expression::{Expression, ExpressionError, PayloadFailure};
pub use template::{Template, TemplateError};

#[cfg(test)]
mod tests;
