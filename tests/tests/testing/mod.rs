//! The testing kit: the world in memory.

mod world;
