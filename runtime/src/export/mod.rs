//! What a definition becomes outside: ASL with its tasks bound to hosts, and pictures.
//!
//! Nothing here changes what a machine means; see [`asl::bind`] for what a binding changes,
//! and [`arns::place`] for what stands in for its ARNs.

pub mod arns;
pub mod asl;
pub mod mermaid;
