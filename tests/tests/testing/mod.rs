//! The testing kit: the world in memory.

mod equivalent;
mod guide;
mod world;
