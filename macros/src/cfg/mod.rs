//! How control flows: which variables live, and what the states are called.

pub(crate) mod names;
