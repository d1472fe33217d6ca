//! What the integration tests share.

pub mod bench;
pub mod fair;
pub mod fuzz;
pub mod jsonata;
pub mod random;
pub mod shop;
