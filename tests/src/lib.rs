//! What the integration tests share.

pub mod jsonata;
pub mod random;
pub mod shop;
