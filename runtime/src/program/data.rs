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

impl Data {
    /// Returns the value, without copying it where nobody else holds it.
    pub fn into_value(self) -> Value {
        Arc::unwrap_or_clone(self.0)
    }

    /// Returns whether both are the same value in memory, not only equal.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
