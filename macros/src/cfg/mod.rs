//! How control flows: which variables live, and what the states are called.

pub(crate) mod graph;
pub(crate) mod keys;
pub(crate) mod liveness;
pub(crate) mod names;
