//! What was written: attributes and items, read into our own terms, every mistake reported.

pub(crate) mod args;
pub(crate) mod data;
pub(crate) mod error;
pub(crate) mod serde_attrs;
pub(crate) mod signature;
pub(crate) mod task;
pub(crate) mod workflow;
pub(crate) mod unordered;
