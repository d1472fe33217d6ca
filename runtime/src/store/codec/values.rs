//! Values in records: short ones where they belong, long ones once per execution.

use super::super::{Blob, StoredValue, ValueId};
use crate::program::{Data, Vars};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::{borrow::Cow, collections::VecDeque, fmt::Write as _};

/// Texts longer than this are stored once and referred to. One event more or less of that size
/// does not matter; a payload copied into every event of a long execution does.
const LONGEST_INLINE: usize = 1024;

/// How many long values are remembered per execution, so that one which travels from state to
/// state is printed and hashed once. A forgotten one costs time, never space.
const REMEMBERED: usize = 32;

/// A value in a record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Kept {
    /// The value itself.
    #[serde(rename = "is")]
    Here(Data),
    /// The name of a stored value.
    #[serde(rename = "at")]
    There(ValueId),
    /// The text that the value was written as.
    #[serde(rename = "as")]
    Written(String),
    /// The name of a stored value, which is kept as it was written.
    #[serde(rename = "as_at")]
    WrittenThere(ValueId),
}

/// Variables in a record.
pub(super) type KeptVars<'a> = IndexMap<Cow<'a, str>, Kept>;

/// Which values of an execution are known to be stored. Belongs to the execution in memory and is
/// dropped with it after a conflict.
#[derive(Debug, Default)]
pub struct Values {
    known: VecDeque<(Data, ValueId)>,
}

impl Values {
    /// The id of a value that is known; the ones used last are remembered longest.
    fn id_of(&mut self, data: &Data) -> Option<ValueId> {
        let place = self.known.iter().position(|(known, _)| known.is_same(data))?;
        let found = self.known.remove(place)?;
        let id = found.1.clone();
        self.known.push_back(found);
        Some(id)
    }

    fn remember(&mut self, data: Data, id: ValueId) {
        if self.known.len() == REMEMBERED {
            self.known.pop_front();
        }
        self.known.push_back((data, id));
    }
}

/// Collects the long values of one commit.
#[derive(Debug)]
pub(super) struct Packer<'a> {
    values: &'a mut Values,
    pub(super) new: Vec<StoredValue>,
}

impl<'a> Packer<'a> {
    pub(super) fn new(values: &'a mut Values) -> Self {
        Self { values, new: Vec::new() }
    }

    pub(super) fn keep(&mut self, data: &Data) -> Kept {
        if fits(data, LONGEST_INLINE).is_some() {
            return Kept::Here(data.clone());
        }
        if let Some(id) = self.values.id_of(data) {
            return Kept::There(id);
        }
        let id = self.store(data, print(&**data));
        Kept::There(id)
    }

    /// Keeps a value that is shown to clients as it was written.
    pub(super) fn keep_written(&mut self, data: &Data) -> Kept {
        let Some(text) = data.text() else { return self.keep(data) };
        if text.len() <= LONGEST_INLINE {
            return Kept::Written(text.to_owned());
        }
        let known = self.values.id_of(data);
        Kept::WrittenThere(known.unwrap_or_else(|| self.store(data, Blob::new(text.to_owned()))))
    }

    fn store(&mut self, data: &Data, value: Blob) -> ValueId {
        let id = name(value.text());
        self.values.remember(data.clone(), id.clone());
        self.new.push(StoredValue { id: id.clone(), value });
        id
    }

    pub(super) fn keep_all<'v>(&mut self, vars: &'v Vars) -> KeptVars<'v> {
        vars.iter().map(|(name, data)| (Cow::from(name.as_str()), self.keep(data))).collect()
    }
}

/// Reads values back, each long one once.
pub(super) struct Unpacker<'a> {
    read: &'a mut dyn FnMut(&ValueId) -> super::Result<Blob>,
    pub(super) values: Values,
}

impl<'a> Unpacker<'a> {
    pub(super) fn new(read: &'a mut dyn FnMut(&ValueId) -> super::Result<Blob>) -> Self {
        Self { read, values: Values::default() }
    }

    pub(super) fn data(&mut self, kept: Kept) -> super::Result<Data> {
        let (id, written) = match kept {
            Kept::Here(data) => return Ok(data),
            Kept::Written(text) => return written(&Blob::new(text)),
            Kept::There(id) => (id, false),
            Kept::WrittenThere(id) => (id, true),
        };
        if let Some((data, _)) = self.values.known.iter().find(|(_, known)| *known == id) {
            return Ok(data.clone());
        }
        let blob = (self.read)(&id)?;
        let data = if written { self::written(&blob)? } else { parse::<Value>(&blob)?.into() };
        self.values.remember(data.clone(), id);
        Ok(data)
    }

    pub(super) fn vars(&mut self, kept: KeptVars<'_>) -> super::Result<Vars> {
        kept.into_iter().map(|(name, kept)| Ok((name.into_owned(), self.data(kept)?))).collect()
    }
}

/// Reads a value that is kept as it was written.
fn written(blob: &Blob) -> super::Result<Data> {
    Ok(Data::written(parse::<Value>(blob)?, blob.text()))
}

/// Prints a record.
pub(super) fn print(record: &impl Serialize) -> Blob {
    // Keys of records are strings and no number in a JSON value is infinite: printing cannot fail.
    Blob::new(serde_json::to_string(record).expect("records have a JSON form"))
}

/// Reads a record. Values may be nested deeper than the parser allows by itself: they were in
/// memory once, and a size limit bounds them.
pub(super) fn parse<T: DeserializeOwned>(blob: &Blob) -> super::Result<T> {
    let mut parser = serde_json::Deserializer::from_str(blob.text());
    parser.disable_recursion_limit();
    T::deserialize(&mut parser).map_err(|error| super::Unreadable::new(&error))
}

/// Names a text by its content.
fn name(text: &str) -> ValueId {
    let digest = Sha256::digest(text);
    let mut name = String::with_capacity(32);
    for byte in digest.iter().take(16) {
        let _infallible = write!(name, "{byte:02x}");
    }
    ValueId(name)
}

/// What is left of `room` bytes after a value's text, approximately; `None` if it does not fit.
/// Stops as soon as that is known, so that long values are not walked at every step.
fn fits(value: &Value, room: usize) -> Option<usize> {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => room.checked_sub(5),
        Value::String(text) => room.checked_sub(text.len() + 2),
        Value::Array(items) => items
            .iter()
            .try_fold(room.checked_sub(2)?, |room, item| fits(item, room)?.checked_sub(1)),
        Value::Object(members) => {
            members.iter().try_fold(room.checked_sub(2)?, |room, (key, item)| {
                fits(item, room)?.checked_sub(key.len() + 4)
            })
        }
    }
}
