//! The pure part of stepwright: what a state machine says, and what it does when something happens.
//!
//! Nothing here does I/O or reads a clock; what does stands in `stepwright`, which shows these
//! modules as its own. It is a crate so that it is compiled beside the others.

pub mod asl;
pub mod engine;
pub mod program;
pub mod query;
