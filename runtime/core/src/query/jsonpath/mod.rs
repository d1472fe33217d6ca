//! JSONPath as AWS runs it: the dialect of Jayway `JsonPath`.
//!
//! Enter at [`Path::parse`] for fields that select, at [`ReferencePath::parse`] for those that name
//! one place, such as `ResultPath`. A path is parsed once, shared between threads, and evaluated
//! against a [`Scope`] made for one visit of one state.
//!
//! The texts of errors are the library's own, since AWS copies them into causes.
//!
//! Invariant: parsing and evaluation end, in bounded time and stack, for any text and any document.

mod compare;
mod error;
mod evaluate;
mod filter;
mod filter_parser;
mod function;
mod literal;
mod parser;
mod path;
mod reference;
mod scope;
mod step;

pub use error::{InvalidPath, PathError, Unmatched};
pub use evaluate::Selection;
pub use path::{Path, Root};
pub use reference::{ReferencePath, ResultPathMismatch};
pub use scope::Scope;

#[cfg(test)]
mod tests;
