//! The shapes of what a workflow's frames keep: frames that were written under other shapes are not
//! for its native code.

use serde_json::{Map, Value, json};

/// Collects the schemas of what is kept, and where it is alive.
#[derive(Debug, Default)]
pub struct Shapes {
    schemas: Map<String, Value>,
    segments: Vec<Value>,
}

impl Shapes {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is kept under this name has this JSON schema.
    pub fn kept(&mut self, name: &str, schema: Value) {
        self.schemas.insert(name.to_owned(), schema);
    }

    /// The next segment of the native code reads these variables.
    pub fn segment(&mut self, reads: &[&str]) {
        self.segments.push(reads.into());
    }

    /// All of it.
    pub fn finish(self) -> Value {
        json!({ "kept": self.schemas, "segments": self.segments })
    }
}
