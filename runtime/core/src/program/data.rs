//! JSON values that are cheap to hand on, and the variables of a frame.

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::{fmt, ops::Deref, sync::Arc};

/// A JSON value shared by reference: history, frames and effects hold the same one.
///
/// It may know the text that a client wrote it as; only showing it makes a difference.
#[derive(Debug, Clone, Default)]
pub struct Data(Arc<Document>);

#[derive(Debug, Clone, Default)]
struct Document {
    value: Value,
    /// What it was written as, if it would not be printed so.
    text: Option<Box<str>>,
}

/// The variables of a frame, in the order of their first assignment.
pub type Vars = IndexMap<String, Data>;

impl Deref for Data {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0.value
    }
}

impl From<Value> for Data {
    fn from(value: Value) -> Self {
        Self(Arc::new(Document { value, text: None }))
    }
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        self.0.value == other.0.value
    }
}

impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.text {
            Some(text) => f.write_str(text),
            None => self.0.value.fmt(f),
        }
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl Data {
    /// Returns a value that shows the text it was written as.
    pub fn written(value: Value, text: impl Into<Box<str>>) -> Self {
        let text = text.into();
        let printed = value.to_string();
        let text = (*printed != *text).then_some(text);
        Self(Arc::new(Document { value, text }))
    }

    /// Returns the text that it was written as, if it would not be printed so.
    pub fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// Returns the same value as it is printed.
    #[must_use]
    pub fn unwritten(&self) -> Self {
        if self.0.text.is_none() { self.clone() } else { self.0.value.clone().into() }
    }

    /// Returns the value, without copying it where nobody else holds it.
    pub fn into_value(self) -> Value {
        Arc::unwrap_or_clone(self.0).value
    }

    /// Returns whether both are the same value in memory, not only equal.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_showing_it_tells_how_a_value_was_written() {
        let written = Data::written(json!([1, 2]), "[1, 2]");
        let printed = Data::from(json!([1, 2]));
        assert_eq!((written.to_string(), printed.to_string()), ("[1, 2]".into(), "[1,2]".into()));
        assert_eq!(written, printed);
        assert_eq!(serde_json::to_string(&written).unwrap(), "[1,2]");
        assert_eq!(written.unwritten().to_string(), "[1,2]");
        assert_eq!(Data::written(json!([1, 2]), "[1,2]").text(), None);
    }
}
