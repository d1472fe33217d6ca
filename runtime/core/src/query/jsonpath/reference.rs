//! Paths that name one place, to read it or to write it.

use super::{Path, PathError, Root, Scope, Unmatched, function::position, path::Step};
use crate::query::depth;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A path of single members and indices alone, as `ResultPath` and `Variable` take it.
#[derive(Debug, Clone)]
pub struct ReferencePath {
    path: Path,
    keys: Vec<Key>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Member(String),
    Index(i32),
}

/// A place that a document has no room for: `States.ResultPathMatchFailure`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Unable to apply ReferencePath {path} to input {input}")]
pub struct ResultPathMismatch {
    /// The text of the path.
    pub path: String,
    /// The document.
    pub input: String,
}

impl ReferencePath {
    /// Parses a reference path.
    ///
    /// # Errors
    /// The text is not a path, or is one that may select several nodes.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let path = Path::parse(text)?;
        let keys = path.steps().iter().map(|step| match step {
            Step::Members { names, .. } => match names.as_slice() {
                [name] => Some(Key::Member(name.clone())),
                _ => None,
            },
            Step::Indices(indices) => match indices.as_slice() {
                [index] => Some(Key::Index(*index)),
                _ => None,
            },
            _ => None,
        });
        match keys.collect() {
            Some(keys) => Ok(Self { path, keys }),
            None => Err(PathError {
                offset: 0,
                message: format!(
                    "A reference path names one place, with members and indices alone: {text}"
                ),
            }),
        }
    }

    /// The text, without outer blanks.
    pub fn text(&self) -> &str {
        self.path.text()
    }

    /// What it starts from.
    pub fn root(&self) -> &Root {
        self.path.root()
    }

    /// The same as a path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the place.
    ///
    /// # Errors
    /// Nothing is there.
    pub fn get<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, Unmatched> {
        self.path.evaluate(scope).map(super::Selection::into_value)
    }

    /// Writes the place in `document`, whatever the root of the path is. Members that are missing
    /// on the way become objects; lists neither begin nor grow.
    ///
    /// # Errors
    /// Something on the way is no object or has no such index, or the value would be nested too deep;
    /// the document is unchanged.
    pub fn set(&self, document: &mut Value, value: Value) -> Result<(), ResultPathMismatch> {
        if self.has_room(document) && depth::fits(&value, self.keys.len()) {
            self.write(document, value);
            return Ok(());
        }
        Err(ResultPathMismatch { path: self.text().to_owned(), input: document.to_string() })
    }

    fn has_room(&self, document: &Value) -> bool {
        let mut place = Some(document);
        for key in &self.keys {
            place = match (key, place) {
                (Key::Member(_), None) => None,
                (Key::Member(name), Some(Value::Object(map))) => map.get(name),
                (Key::Index(index), Some(Value::Array(items))) => {
                    match position(*index, items.len()) {
                        Some(position) => items.get(position),
                        None => return false,
                    }
                }
                _ => return false,
            };
        }
        true
    }

    fn write(&self, document: &mut Value, value: Value) {
        let mut place = document;
        for key in &self.keys {
            let next = match (key, place) {
                (Key::Member(name), Value::Object(map)) => {
                    Some(map.entry(name).or_insert_with(|| Value::Object(Map::new())))
                }
                (Key::Index(index), Value::Array(items)) => {
                    let at = position(*index, items.len());
                    at.and_then(|at| items.get_mut(at))
                }
                _ => None,
            };
            match next {
                Some(next) => place = next,
                None => return,
            }
        }
        *place = value;
    }
}
