//! The testing kit: the world in memory.

mod equivalent;
mod world;
