//! What the integration tests share.

pub mod fair;
pub mod fuzz;
pub mod shop;
