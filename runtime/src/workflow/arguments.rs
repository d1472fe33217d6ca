//! What the code generated for a task does with its arguments and its result.

use super::{
    Argument, Durable, ErrorVariant, Look, Mismatch, Numbers, Part, Refused, TaskContext,
    TaskError, answer, failing,
};
use crate::program::{Data, Failure};
use serde_json::{Map, Value, json};
use std::{any::Any, marker::PhantomData, sync::Arc};

/// Error name of a task whose arguments do not fit its parameters.
pub const INVALID_ARGUMENTS: &str = "InvalidArguments";

/// Error name of a task whose result has no exact JSON, or is not of its type.
pub const INVALID_RESULT: &str = "InvalidResult";

/// Arguments of a call, as an object keyed by parameter name.
#[derive(Debug, Default)]
pub struct Arguments {
    object: Map<String, Value>,
    refused: Option<Refused>,
}

impl Arguments {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one. The first that has no exact JSON is remembered.
    #[must_use]
    pub fn with(mut self, name: &str, value: Result<Value, Refused>) -> Self {
        match value {
            Ok(value) => {
                self.object.insert(name.to_owned(), value);
            }
            Err(refused) => {
                self.refused.get_or_insert_with(|| refused.within(name));
            }
        }
        self
    }

    /// The object.
    pub fn finish(self) -> Result<Data, Refused> {
        match self.refused {
            Some(refused) => Err(refused),
            None => Ok(Value::Object(self.object).into()),
        }
    }
}

/// An argument on its way out. Method lookup finds [`ViaDurable`] where the type has it, else
/// [`ViaNothing`]: the missing bound is reported once, where the task reads its arguments.
#[derive(Debug)]
pub struct Sending<'a, T: ?Sized>(pub &'a T);

/// Sends durable values, and what they are borrowed as.
pub trait ViaDurable {
    /// Its JSON.
    fn to_json(&self) -> Result<Value, Refused>;
}

impl<T: Durable> ViaDurable for Sending<'_, T> {
    fn to_json(&self) -> Result<Value, Refused> {
        self.0.to_json(Numbers::Wide)
    }
}

impl ViaDurable for Sending<'_, str> {
    fn to_json(&self) -> Result<Value, Refused> {
        Ok(self.0.into())
    }
}

impl<T: Durable> ViaDurable for Sending<'_, [T]> {
    fn to_json(&self) -> Result<Value, Refused> {
        let items = self.0.iter().enumerate();
        let items = items.map(|(at, item)| {
            item.to_json(Numbers::Wide).map_err(|refused| refused.within(&format!("[{at}]")))
        });
        items.collect::<Result<_, _>>().map(Value::Array)
    }
}

/// Stands in for a bound that is reported elsewhere.
pub trait ViaNothing {
    /// Fails.
    fn to_json(&self) -> Result<Value, Refused>;
}

impl<T: ?Sized> ViaNothing for &Sending<'_, T> {
    fn to_json(&self) -> Result<Value, Refused> {
        Err(Refused::new("is no durable value"))
    }
}

/// Facts of a type, where it is durable; else those of [`Unknown`].
#[derive(Debug)]
pub struct Known<T>(PhantomData<T>);

impl<T: Durable> Known<T> {
    /// Whether the type is durable.
    pub const IS_KNOWN: bool = true;
    /// How its JSON looks.
    pub const LOOK: Look = T::LOOK;
    /// The errors of a `Result`.
    pub const ERRORS: &'static [ErrorVariant] = T::ERRORS;

    /// Its JSON schema.
    pub fn schema() -> Value {
        super::durable::schema::<T>()
    }

    /// JSON schema of what a step gives that returns it.
    pub fn success_schema() -> Value {
        T::success_schema()
    }

    /// The value whose JSON the cause of a failure is.
    pub fn parse_cause(failure: &Failure) -> Option<T> {
        failing::parse_cause(failure)
    }

    /// What a step returned that gave this value.
    pub fn from_success(value: &Value) -> Result<T, Mismatch> {
        T::from_success(value)
    }

    /// What a step returned that failed so.
    pub fn from_failed(failure: &Failure) -> Option<T> {
        T::from_failed(failure)
    }

    /// What a task gives that returned this.
    pub fn outcome(returned: &T) -> Result<Data, Failure> {
        returned
            .to_outcome(Numbers::Wide)
            .unwrap_or_else(|refused| Err(Failure::new(INVALID_RESULT, refused.to_string())))
    }

    /// Whether a task that returns it can have answered so.
    pub fn check_answer(answer: &Result<Data, Failure>) -> Result<(), Failure> {
        answer::check::<T>(answer)
    }

    /// Whether an argument is one of it.
    pub fn check(arguments: &Data, name: &str) -> Result<(), Failure> {
        argument::<T>(arguments, name).map(drop)
    }
}

/// Stands in for [`Known`] where a bound is missing that is reported elsewhere.
pub trait Unknown {
    /// The type itself.
    type Itself;
    /// The type is not durable.
    const IS_KNOWN: bool = false;
    /// Nobody knows.
    const LOOK: Look = Look::Opaque;
    /// No errors.
    const ERRORS: &'static [ErrorVariant] = &[];

    /// Anything.
    fn schema() -> Value {
        Value::Bool(true)
    }

    /// Anything.
    fn success_schema() -> Value {
        Value::Bool(true)
    }

    /// Anything.
    fn check(_arguments: &Data, _name: &str) -> Result<(), Failure> {
        Ok(())
    }

    /// Anything.
    fn check_answer(_answer: &Result<Data, Failure>) -> Result<(), Failure> {
        Ok(())
    }

    /// Nothing.
    fn from_success(_value: &Value) -> Result<Self::Itself, Mismatch> {
        Err(Mismatch::new("is no durable value"))
    }

    /// Nothing.
    fn from_failed(_failure: &Failure) -> Option<Self::Itself> {
        None
    }

    /// A failure.
    fn outcome(_returned: &Self::Itself) -> Result<Data, Failure> {
        Err(Failure::new(INVALID_RESULT, "is no durable value"))
    }

    /// Nothing.
    fn parse_cause(_failure: &Failure) -> Option<Self::Itself> {
        None
    }
}

impl<T> Unknown for Known<T> {
    type Itself = T;
}

/// The schema of an object with these members, all required but those that may be null.
pub fn arguments_schema<const N: usize>(members: [(&str, Value); N]) -> Value {
    let required = members.iter().filter(|(_, schema)| !takes_null(schema));
    let required: Vec<_> = required.map(|(name, _)| *name).collect();
    let properties: Map<_, _> =
        members.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// Whether a schema takes `null`.
fn takes_null(schema: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    let any_of = schema.get("anyOf").and_then(Value::as_array);
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_null),
        Some(kind) => is_null(kind),
        None => any_of.is_some_and(|schemas| schemas.iter().any(takes_null)),
    }
}

/// Where generated code asks for the fields of a type to be durable.
pub trait Parts {
    /// Does nothing; compiling it is the check.
    fn check();
}

/// Asks for the type of a field to be durable.
pub const fn part_of_data<T: Part>() {}

/// An argument that arrived.
pub fn argument<T: Argument>(arguments: &Data, name: &str) -> Result<T, Failure> {
    // a missing argument reads as null, which only an Option takes
    let value = arguments.get(name).unwrap_or(&Value::Null);
    T::from_json(value).map_err(|mismatch| {
        let mismatch = match arguments.get(name) {
            Some(_) => mismatch.within(name),
            None => Mismatch::new("is missing").within(name),
        };
        Failure::new(INVALID_ARGUMENTS, mismatch.to_string())
    })
}

/// How a task fails that returned this error.
pub fn failure(error: &impl TaskError) -> Failure {
    error.to_failure().unwrap_or_else(|refused| Failure::new(INVALID_RESULT, refused.to_string()))
}

/// State that the host provides; the engine is not built without it.
pub fn found<T: Any + Send + Sync>(context: &TaskContext) -> Result<Arc<T>, Failure> {
    context
        .state()
        .get()
        .ok_or_else(|| Failure::new(crate::program::names::RUNTIME, missing::<T>(context.task())))
}

/// State of a direct call.
///
/// # Panics
/// If the test provides none.
#[track_caller]
#[expect(clippy::panic, reason = "a direct call in a test has no other way to fail")]
pub fn provided<T: Any + Send + Sync>(context: &TaskContext) -> Arc<T> {
    context.state().get().unwrap_or_else(|| panic!("{}", missing::<T>(context.task())))
}

fn missing<T>(task: &str) -> String {
    let name = std::any::type_name::<T>();
    format!(
        "the task `{task}` needs a `{name}`: provide one with `.state(..)` of the engine, or with \
         `State::new().with(..).provide(..)` around a direct call"
    )
}

/// Runs a task that blocks its thread off the async threads.
pub async fn blocking<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(body).await {
        Ok(returned) => returned,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // the runtime is shutting down: nobody waits any more
            Err(_) => std::future::pending().await,
        },
    }
}
