//! The functions that may end a path.

use super::Unmatched;
use serde_json::{Number, Value};
use std::fmt;

/// A function at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Length,
    Size,
    Sum,
    Min,
    Max,
    Avg,
    StdDev,
    First,
    Last,
    Index(i32),
    Keys,
}

impl Function {
    /// The function of this name; `argument` is the text between its brackets.
    pub(super) fn named(name: &str, argument: &str) -> Result<Self, String> {
        if name == "index" {
            let index = argument
                .parse()
                .map_err(|_| format!("index() takes a number, not '{argument}'"))?;
            return Ok(Self::Index(index));
        }
        let function = match name {
            "length" => Self::Length,
            "size" => Self::Size,
            "sum" => Self::Sum,
            "min" => Self::Min,
            "max" => Self::Max,
            "avg" => Self::Avg,
            "stddev" => Self::StdDev,
            "first" => Self::First,
            "last" => Self::Last,
            "keys" => Self::Keys,
            _ => return Err(format!("Function with name: {name} does not exist.")),
        };
        if argument.is_empty() { Ok(function) } else { Err(format!("{name}() takes no argument")) }
    }

    /// Applies it to one node.
    pub(super) fn apply(self, node: &Value) -> Result<Value, Unmatched> {
        Ok(match self {
            Self::Length | Self::Size => match node {
                Value::Array(items) => Value::from(items.len()),
                Value::Object(map) => Value::from(map.len()),
                _ => Value::Null,
            },
            Self::First => item(node, 0)?,
            Self::Last => item(node, -1)?,
            Self::Index(index) => item(node, index)?,
            Self::Keys => {
                let message = "The set of keys() can not be converted to JSON";
                return Err(Unmatched::Inapplicable(message.to_owned()));
            }
            Self::Sum | Self::Min | Self::Max | Self::Avg | Self::StdDev => self.aggregate(node)?,
        })
    }

    /// Numbers of a list become one; everything else in it is left out.
    fn aggregate(self, node: &Value) -> Result<Value, Unmatched> {
        let numbers: Vec<f64> =
            node.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        if numbers.is_empty() {
            let message = "Aggregation function attempted to calculate value using empty array";
            return Err(Unmatched::Inapplicable(message.to_owned()));
        }
        #[expect(clippy::cast_precision_loss, reason = "no list is that long")]
        let count = numbers.len() as f64;
        let sum: f64 = numbers.iter().sum();
        let result = match self {
            Self::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Avg => sum / count,
            Self::StdDev => {
                let squares: f64 = numbers.iter().map(|n| n * n).sum();
                let mean = sum / count;
                (squares / count - mean * mean).max(0.0).sqrt()
            }
            _ => sum,
        };
        Number::from_f64(result).map(Value::Number).ok_or_else(|| {
            Unmatched::Inapplicable("The result is not a number that JSON can hold".to_owned())
        })
    }
}

/// The item of a list at an index that may count from its end.
fn item(node: &Value, index: i32) -> Result<Value, Unmatched> {
    let items = node.as_array().map(Vec::as_slice).unwrap_or_default();
    position(index, items.len())
        .and_then(|position| items.get(position))
        .cloned()
        .ok_or_else(|| Unmatched::Missing(format!("No item {index} in a list of {}", items.len())))
}

/// Where an index that may count from the end is in a list of this length.
pub(super) fn position(index: i32, length: usize) -> Option<usize> {
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let position = if index < 0 { length.checked_sub(distance)? } else { distance };
    (position < length).then_some(position)
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "length",
            Self::Size => "size",
            Self::Sum => "sum",
            Self::Min => "min",
            Self::Max => "max",
            Self::Avg => "avg",
            Self::StdDev => "stddev",
            Self::First => "first",
            Self::Last => "last",
            Self::Index(_) => "index",
            Self::Keys => "keys",
        })
    }
}
