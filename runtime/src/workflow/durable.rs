//! Values that a workflow may keep across an `.await`.

use super::{ErrorVariant, Look, Mismatch, Numbers, Refused, json};
use crate::program::{Data, Failure};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A value that survives being written as JSON and read again: standard data, types marked
/// `#[data]`, and what is opted in by an `impl Durable` of your own.
///
/// Types with interior mutability, borrows, and enums that JSON cannot tell apart have it not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be saved",
    label = "has no JSON that gives it back",
    note = "mark the type with `#[data]`, an error's above its `#[derive(TaskError)]`"
)]
pub trait Durable: Serialize + DeserializeOwned + JsonSchema + 'static {
    /// How its JSON looks, as far as exported expressions know.
    const LOOK: Look = Look::Opaque;

    /// The errors of a `Result`; none for other values.
    const ERRORS: &'static [ErrorVariant] = &[];

    /// Its JSON. Fails for a number without an exact one.
    fn to_json(&self, numbers: Numbers) -> Result<Value, Refused> {
        json::to_value(self, numbers)
    }

    /// The value of this JSON.
    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        json::from_value(value)
    }

    /// What a step gives that returns this: `Ok(v)` gives v, `Err(e)` fails.
    fn to_outcome(&self, numbers: Numbers) -> Result<Result<Data, Failure>, Refused> {
        self.to_json(numbers).map(|value| Ok(value.into()))
    }

    /// What a step returned that gave this value.
    fn from_success(value: &Value) -> Result<Self, Mismatch> {
        Self::from_json(value)
    }

    /// What a step returned that failed so; `None` where no variant can hold it.
    fn from_failed(_failure: &Failure) -> Option<Self> {
        None
    }

    /// JSON schema of what a step gives that returns this.
    fn success_schema() -> Value {
        schema::<Self>()
    }
}

/// The JSON schema of a type.
pub fn schema<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

/// Durable values whose JSON is never `null`, so that an `Option` of them can be told from `None`.
#[diagnostic::on_unimplemented(
    message = "`Option<{Self}>` can't be kept: `Some` of a null and `None` are both `null` in JSON",
    label = "`{Self}` may be `null` in JSON",
    note = "use an enum marked `#[data]` with a variant for each case"
)]
pub trait NotNull: Durable {}

/// What may be a field of `#[data]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a field of `#[data]`",
    label = "this field must be saved, and has no JSON that gives it back",
    note = "mark its type with `#[data]`; what is in an `Option` must never be `null` itself",
    note = "if its JSON does give it back, mark the field with `#[data(unchecked)]`",
    note = "what else is said of this field follows from that"
)]
pub trait Part: Durable {}

#[diagnostic::do_not_recommend]
impl<T: Durable> Part for T {}

/// What may be a parameter of a task or workflow.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a parameter of a task or workflow",
    label = "this value must be saved and sent, and has no JSON that gives it back",
    note = "mark its type with `#[data]`; give a connection or client as `#[state] name: &{Self}`"
)]
pub trait Argument: Durable {}

#[diagnostic::do_not_recommend]
impl<T: Durable> Argument for T {}

/// What a task or workflow may return: a durable value, or a `Result` of one and a
/// [`TaskError`](super::TaskError).
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be returned by a task or workflow",
    label = "this value must be saved, and has no JSON that gives it back",
    note = "return data marked `#[data]`, or a `Result` of it and an error with `#[data] #[derive(TaskError)]`"
)]
pub trait Returned: Durable {}

#[diagnostic::do_not_recommend]
impl<T: Durable> Returned for T {}
