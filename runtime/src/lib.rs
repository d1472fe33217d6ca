//! Ordinary async Rust functions as checked, durable state machines.
//!
//! The modules stand in the order of the data's way; each imports only those above it
//! (`docs/architecture.md`).

pub mod asl;
pub mod engine;
pub mod program;
pub mod query;
pub mod store;
pub mod workflow;
