//! What the integration tests share.

pub mod fair;
pub mod shop;
