//! Everything that generated code may name. Not for use by hand; it changes without notice.

pub use crate::{asl, program, workflow};
pub use schemars;
pub use serde;
pub use serde_json;
