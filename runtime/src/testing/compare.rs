//! Comparing two runs of one workflow.

use super::{lambda, named, run::Run};
use crate::{
    engine::{HistoryKind, Status},
    program::{Failure, names},
    registry::Registry,
};
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// The first thing in which two runs differ.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Difference {
    /// They end differently.
    Outcome {
        /// The native form's.
        native: Box<Status>,
        /// The exported form's.
        exported: Box<Status>,
    },
    /// They pass different states.
    States {
        /// Position of the first state that differs, from 0.
        at: usize,
        /// All states of the native form.
        native: Vec<String>,
        /// All states of the exported form.
        exported: Vec<String>,
    },
    /// They call different tasks, or with different arguments.
    Calls {
        /// Position of the first call that differs, from 0.
        at: usize,
        /// The native form's call there: task and arguments.
        native: Option<String>,
        /// The exported form's.
        exported: Option<String>,
    },
    /// Their histories have different types of events.
    History {
        /// Id of the first event that differs.
        at: usize,
        /// The native form's type there.
        native: Option<String>,
        /// The exported form's.
        exported: Option<String>,
    },
}

/// Finds the first difference that matters: calls, states, outcome, types of events.
pub(super) fn compare(native: &Run, exported: &Run, registry: &Registry) -> Result<(), Difference> {
    let calls = |run: &Run| -> Vec<Called> {
        let called = |call: &super::Call| Called {
            task: call.task.clone(),
            arguments: named::arguments(registry, &call.task, &call.arguments),
            attempt: call.attempt,
        };
        run.calls.iter().map(called).collect()
    };
    if let Some((at, native, exported)) = first_difference(&calls(native), &calls(exported)) {
        let text = |call: Option<Called>| call.map(|call| call.to_string());
        return Err(Difference::Calls { at, native: text(native), exported: text(exported) });
    }
    let states =
        |run: &Run| -> Vec<String> { run.states().into_iter().map(ToOwned::to_owned).collect() };
    let (native_states, exported_states) = (states(native), states(exported));
    if let Some((at, ..)) = first_difference(&native_states, &exported_states) {
        return Err(Difference::States { at, native: native_states, exported: exported_states });
    }
    if comparable(&native.status) != comparable(&exported.status) {
        let (native, exported) = (native.status.clone(), exported.status.clone());
        return Err(Difference::Outcome { native: Box::new(native), exported: Box::new(exported) });
    }
    let events = |run: &Run| run.history.iter().map(|event| kind(&event.kind)).collect::<Vec<_>>();
    if let Some((at, native, exported)) = first_difference(&events(native), &events(exported)) {
        return Err(Difference::History { at: at + 1, native, exported });
    }
    Ok(())
}

/// A call as the task reads it.
#[derive(Clone, PartialEq)]
struct Called {
    task: String,
    arguments: Value,
    attempt: u32,
}

impl fmt::Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}), attempt {}", self.task, self.arguments, self.attempt)
    }
}

fn first_difference<T: PartialEq + Clone>(
    native: &[T],
    exported: &[T],
) -> Option<(usize, Option<T>, Option<T>)> {
    let longest = native.len().max(exported.len());
    let at = (0..longest).find(|at| native.get(*at) != exported.get(*at))?;
    Some((at, native.get(at).cloned(), exported.get(at).cloned()))
}

fn kind(kind: &HistoryKind) -> String {
    match kind {
        HistoryKind::EvaluationFailed { state, .. } => format!("EvaluationFailed in {state}"),
        kind => kind.type_name(),
    }
}

/// The causes of failing expressions are texts of an evaluator: only the error counts. A failure of
/// a Lambda function keeps the cause that Lambda gives it, with the task's own in it.
fn comparable(status: &Status) -> Status {
    let evaluation = |failure: &Failure| {
        failure.is_evaluation() || failure.error.as_deref() == Some(names::RUNTIME)
    };
    match status {
        Status::Failed(failure) if evaluation(failure) => {
            Status::Failed(Failure { error: failure.error.clone(), cause: None })
        }
        Status::Failed(failure) => Status::Failed(read(lambda::own(failure))),
        other => other.clone(),
    }
}

/// A cause that is JSON says what its value says, however it is written; so does the cause in the
/// description of a child.
fn read(failure: Failure) -> Failure {
    let value = failure.cause.as_deref().and_then(|cause| serde_json::from_str(cause).ok());
    let Some(mut value): Option<Value> = value else { return failure };
    if let Some(Value::String(inner)) = value.get("Cause") {
        let inner = Failure { error: None, cause: Some(inner.clone()) };
        let inner = read(lambda::own(&inner)).cause;
        if let Some(members) = value.as_object_mut() {
            members.insert("Cause".to_owned(), inner.into());
        }
    }
    Failure { cause: Some(sorted(&value).to_string()), ..failure }
}

/// The value with the members of objects by name, and whole numbers as integers.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let members: BTreeMap<&String, &Value> = members.iter().collect();
            let members = members.into_iter().map(|(name, member)| (name.clone(), sorted(member)));
            Value::Object(members.collect())
        }
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => Value::from(float),
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outcome { native, exported } => {
                writeln!(f, "the outcomes differ")?;
                writeln!(f, "  native:   {}", outcome(native))?;
                write!(f, "  exported: {}", outcome(exported))
            }
            Self::States { at, native, exported } => {
                writeln!(f, "the states differ from state {} on", at + 1)?;
                writeln!(f, "  native:   {}", native.join(" > "))?;
                write!(f, "  exported: {}", exported.join(" > "))
            }
            Self::Calls { at, native, exported } => {
                writeln!(f, "the calls of tasks differ at call {}", at + 1)?;
                two(f, native.as_deref(), exported.as_deref())
            }
            Self::History { at, native, exported } => {
                writeln!(f, "the histories differ at event {at}")?;
                two(f, native.as_deref(), exported.as_deref())
            }
        }
    }
}

fn two(f: &mut fmt::Formatter<'_>, native: Option<&str>, exported: Option<&str>) -> fmt::Result {
    writeln!(f, "  native:   {}", native.unwrap_or("(none)"))?;
    write!(f, "  exported: {}", exported.unwrap_or("(none)"))
}

pub(super) fn outcome(status: &Status) -> String {
    match status {
        Status::Succeeded(output) => format!("succeeded with {}", **output),
        other => {
            let failure = other.failure();
            let error = failure.and_then(|failure| failure.error.as_deref());
            let cause = failure.and_then(|failure| failure.cause.as_deref());
            let name = other.name().to_lowercase();
            format!("{name} with {} ({})", error.unwrap_or("no error"), cause.unwrap_or("no cause"))
        }
    }
}

impl std::error::Error for Difference {}
