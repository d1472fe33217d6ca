//! JSON values that are cheap to hand on, and the variables of a frame.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{ops::Deref, sync::Arc};

/// A JSON value shared by reference: history, frames and effects hold the same one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Data(Arc<Value>);

/// The variables of a frame, in the order of their first assignment.
pub type Vars = IndexMap<String, Data>;

impl Deref for Data {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl From<Value> for Data {
    fn from(value: Value) -> Self {
        Self(Arc::new(value))
    }
}
