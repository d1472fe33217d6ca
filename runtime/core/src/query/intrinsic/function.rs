//! The functions by name, and what they make of their arguments.

use super::{array, number, template, text};
use crate::query::random::Random;
use serde_json::Value;
use std::{borrow::Cow, fmt};

/// The values of the arguments of a call.
pub(super) type Values<'v> = [Cow<'v, Value>];

/// An intrinsic function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Array,
    ArrayContains,
    ArrayGetItem,
    ArrayLength,
    ArrayPartition,
    ArrayRange,
    ArrayUnique,
    Base64Decode,
    Base64Encode,
    Format,
    Hash,
    JsonMerge,
    JsonToString,
    MathAdd,
    MathRandom,
    StringSplit,
    StringToJson,
    Uuid,
}

use Function as F;

/// Every function with its name.
const NAMES: [(&str, Function); 18] = [
    ("States.Array", F::Array),
    ("States.ArrayContains", F::ArrayContains),
    ("States.ArrayGetItem", F::ArrayGetItem),
    ("States.ArrayLength", F::ArrayLength),
    ("States.ArrayPartition", F::ArrayPartition),
    ("States.ArrayRange", F::ArrayRange),
    ("States.ArrayUnique", F::ArrayUnique),
    ("States.Base64Decode", F::Base64Decode),
    ("States.Base64Encode", F::Base64Encode),
    ("States.Format", F::Format),
    ("States.Hash", F::Hash),
    ("States.JsonMerge", F::JsonMerge),
    ("States.JsonToString", F::JsonToString),
    ("States.MathAdd", F::MathAdd),
    ("States.MathRandom", F::MathRandom),
    ("States.StringSplit", F::StringSplit),
    ("States.StringToJson", F::StringToJson),
    ("States.UUID", F::Uuid),
];

impl Function {
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }

    /// The names of all functions.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| *name)
    }

    /// Calls it.
    ///
    /// # Errors
    /// Why the arguments do not fit, as AWS says it.
    pub(super) fn call(self, values: &Values<'_>, random: &Random) -> Result<Value, String> {
        let result = match (self, values) {
            (Self::Array, items) => {
                Some(Value::Array(items.iter().map(|item| item.as_ref().clone()).collect()))
            }
            (Self::Format, [template, arguments @ ..]) => {
                return template::format(template, arguments);
            }
            (Self::Uuid, []) => Some(Value::from(random.uuid())),
            (Self::MathRandom, [start, end]) => number::random(start, end, random),
            (Self::MathRandom, [start, end, seed]) => number::seeded(start, end, seed),
            (Self::JsonMerge, [left, right, is_deep]) => text::merge(left, right, is_deep),
            (Self::ArrayRange, [first, last, step]) => array::range(first, last, step),
            (function, [only]) => function.call_one(only),
            (function, [first, second]) => function.call_two(first, second),
            _ => None,
        };
        result.ok_or_else(|| format!("Invalid arguments in {self}"))
    }

    fn call_one(self, value: &Value) -> Option<Value> {
        match self {
            Self::ArrayLength => value.as_array().map(|items| Value::from(items.len())),
            Self::ArrayUnique => array::unique(value),
            Self::Base64Decode => text::decode(value),
            Self::Base64Encode => text::encode(value),
            Self::JsonToString => Some(Value::from(value.to_string())),
            Self::StringToJson => text::parse(value),
            _ => None,
        }
    }

    fn call_two(self, first: &Value, second: &Value) -> Option<Value> {
        match self {
            Self::ArrayContains => array::contains(first, second),
            Self::ArrayGetItem => array::item(first, second),
            Self::ArrayPartition => array::partition(first, second),
            Self::Hash => text::hash(first, second),
            Self::MathAdd => number::add(first, second),
            Self::StringSplit => text::split(first, second),
            _ => None,
        }
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, function)| function == self).map(|(name, _)| *name);
        f.write_str(name.unwrap_or_default())
    }
}
