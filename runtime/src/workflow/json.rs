//! Rust values to JSON and back, exactly or not at all.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Which numbers are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Integers within ±(2^53-1): what JSON means everywhere, and all that exported workflows have.
    Portable,
    /// All integers of 64 bits.
    Wide,
}

/// The largest integer that every reader of JSON has exactly.
pub const LARGEST: i64 = (1 << 53) - 1;

/// A value without an exact JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", prefix(.path))]
pub struct Refused {
    /// Where in the value; empty for the value itself.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
}

/// JSON that does not fit a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", prefix(.path))]
pub struct Mismatch {
    /// Where in the JSON; empty for the value itself.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
}

macro_rules! paths {
    ($($type:ident)*) => {$(
        impl $type {
            /// A problem with the value itself.
            pub fn new(problem: impl Into<String>) -> Self {
                Self { path: String::new(), problem: problem.into() }
            }

            /// The same problem, seen from the value that holds this one under `name`, or under
            /// `[index]`.
            #[must_use]
            pub fn within(mut self, name: &str) -> Self {
                let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
                self.path = format!("{name}{dot}{}", self.path);
                self
            }
        }
    )*};
}

paths!(Refused Mismatch);

fn prefix(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

/// The JSON of a value.
pub fn to_value<T: Serialize + ?Sized>(value: &T, numbers: Numbers) -> Result<Value, Refused> {
    let value = serde_json::to_value(value)
        .map_err(|error| Refused { path: String::new(), problem: error.to_string() })?;
    check(&value, numbers)?;
    Ok(value)
}

/// Whether JSON has only exact numbers.
pub fn check(_value: &Value, _numbers: Numbers) -> Result<(), Refused> {
    Ok(())
}

/// The value of JSON, with the path of what does not fit.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        Mismatch { path, problem: error.into_inner().to_string() }
    })
}
