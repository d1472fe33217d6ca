//! Exported expressions: generated code builds [`Term`]s, and traits over the types that rustc
//! inferred choose their text.
//!
//! A form stands here only where native code, our interpreter and the reference implementation of
//! JSONata give the same value. What is absent has no exported form.

pub mod compare;
pub mod data;
pub mod failure;
pub mod list;
pub mod look;
pub mod number;
pub mod option;
pub mod print;
pub mod template;
mod term;
pub mod textual;
pub mod witness;

pub use term::Term;
