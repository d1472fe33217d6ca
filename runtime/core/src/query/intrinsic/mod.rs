//! The intrinsic functions of JSONPath states: `States.Format(..)` and its like.
//!
//! Enter at [`Intrinsic::parse`]. A call is parsed once, shared between threads, and evaluated
//! against a [`Scope`](super::jsonpath::Scope).
//!
//! Where AWS's documentation and what AWS does differ, this does what AWS does: list functions cut
//! fractions off, `MathAdd` rounds, comparisons look at texts, and a failure is `States.Runtime`.
//!
//! Invariant: a result depends on the scope alone, its seed included.

mod array;
mod call;
mod error;
mod function;
mod number;
mod parser;
mod shape;
mod template;
mod text;

pub use call::Intrinsic;
pub use error::{IntrinsicError, IntrinsicFailure};
pub use shape::Called;

#[cfg(test)]
mod tests;
