//! What a workflow does with its parameters: the input of a call, and the check of one.

use super::super::{Argument, Mismatch, Numbers, Refused, json};
use crate::program::Data;
use serde_json::Value;

/// The input of a workflow with one parameter.
pub fn whole(value: Result<Value, Refused>) -> Result<Data, Refused> {
    value.map(Data::from)
}

/// The input of a workflow without parameters.
#[expect(clippy::unnecessary_wraps, reason = "as the inputs of workflows with parameters")]
pub fn no_input() -> Result<Data, Refused> {
    Ok(Data::default())
}

/// Whether the input fits the only parameter. In an exported workflow its integers must be exact, and
/// it must be written as serde writes it: expressions know no other form.
pub fn check_whole<T: Argument>(input: &Value, exported: bool) -> Result<(), Mismatch> {
    let read = T::from_json(input)?;
    if !exported {
        return Ok(());
    }
    let refused = |refused: Refused| Mismatch { path: refused.path, problem: refused.problem };
    json::check(input, Numbers::Portable).map_err(refused)?;
    json::alike(input, &read.to_json(Numbers::Portable).map_err(refused)?)
}

/// Whether a member of the input fits a parameter. A missing one reads as null.
pub fn check_member<T: Argument>(
    input: &Value,
    name: &str,
    exported: bool,
) -> Result<(), Mismatch> {
    let Some(object) = input.as_object() else {
        return Err(Mismatch::new("the input must be an object with a member for each parameter"));
    };
    match object.get(name) {
        Some(value) => check_whole::<T>(value, exported).map_err(|mismatch| mismatch.within(name)),
        None => T::from_json(&Value::Null)
            .map(drop)
            .map_err(|_| Mismatch::new(format!("missing field `{name}`"))),
    }
}

/// How many iterations of a map run at a time, from the argument of `buffered`.
pub fn limit(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
