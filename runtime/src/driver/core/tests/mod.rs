//! The core against stores, without threads: any order of events, a crash at any commit.

mod histories;
mod machines;
mod orders;
mod simulation;
mod world;
