//! Constructs the definition of a workflow: generated code names the states and the edges, the
//! descriptors of what is called and the types of the expressions fill them in.
//!
//! Invariant: a state that nothing leads to is left out, so a value that is only returned by the
//! step before it is that step's Output and needs no state.

mod catch;
mod graph;

pub use catch::Catches;
pub use graph::{Edge, Graph, To, evaluated};

use super::{
    Callee, Def, Durable, ErrorVariant, Kind, Later, Options, Sleep, TaskDef, WorkflowDef,
    jsonata::{Term, canonical, data, number, text_of_json, witness::One},
    retry::whole_seconds,
};
use crate::asl;
use serde_json::Value;
use std::time::Duration;

/// Where activities and machines live in the canonical definition; `export` binds them.
const PREFIX: &str = "arn:aws:states:us-east-1:123456789012";

/// Starts a child and waits for its end.
const START_AND_WAIT: &str = "arn:aws:states:::states:startExecution.sync:2";

/// The ARN of the activity that an unbound task is in the canonical definition.
pub fn activity_arn(task: &str) -> String {
    format!("{PREFIX}:activity:{task}")
}

/// The ARN of the machine that a child workflow is in the canonical definition.
pub fn machine_arn(workflow: &str) -> String {
    format!("{PREFIX}:stateMachine:{workflow}")
}

/// What a call says of its own: the value of its step.
pub fn result<D: Def>(_: &Callee<D>) -> Term {
    match D::kind() {
        Kind::Workflow(_) => Term::result().member("Output"),
        Kind::Task(_) => Term::result().answered(),
        Kind::Timer => Term::result(),
    }
}

/// Whether what is called can fail by an error that it declares.
pub fn fallible<D: Def>(_: &Callee<D>) -> bool {
    match D::kind() {
        Kind::Task(task) => !task.descriptor.errors.is_empty(),
        Kind::Workflow(workflow) => !(workflow.errors)().is_empty(),
        Kind::Timer => false,
    }
}

/// The value of a step that is kept as data: in a `Result` if it can fail.
pub fn kept(result: Term, fallible: bool) -> Term {
    if fallible { data::success(&result) } else { result }
}

/// The errors of a `Result`.
pub fn errors<R: Durable>(_: &One<R>) -> &'static [ErrorVariant] {
    R::ERRORS
}

/// So many parts of a second as whole seconds, rounded up.
pub fn whole(value: &Term, per_second: i64) -> Term {
    number::whole(value, per_second)
}

/// So many units of so many seconds.
pub fn times(value: &Term, unit: i64) -> Term {
    number::times(value, unit)
}

/// The Task state of a call, without its edges.
fn call(kind: Kind, arguments: Vec<Term>, options: Options) -> asl::Task {
    match kind {
        Kind::Task(task) => task_call(task, arguments, options),
        Kind::Workflow(child) => child_call(child, arguments, options),
        Kind::Timer => asl::Task::default(),
    }
}

/// Arguments by the names of their parameters, with all their keys.
fn named(names: &[&str], looks: &[Later], arguments: Vec<Term>) -> Term {
    let all = names.iter().zip(looks).zip(arguments);
    Term::object(
        all.map(|((&name, look), term)| (name.to_owned(), canonical::complete(&(look.0)(), &term)))
            .collect(),
    )
}

fn task_call(task: TaskDef, arguments: Vec<Term>, options: Options) -> asl::Task {
    let descriptor = task.descriptor;
    let named = named(descriptor.params, descriptor.looks, arguments);
    let retry = options.retry.unwrap_or_else(descriptor.retry);
    asl::Task {
        resource: activity_arn(descriptor.name),
        arguments: Some(super::jsonata::template::template(&named)),
        timeout_seconds: options.timeout.or(descriptor.timeout).map(seconds_of),
        heartbeat_seconds: options.heartbeat.or(descriptor.heartbeat).map(seconds_of),
        retry: retry.iter().map(super::Retry::to_asl).collect(),
        ..asl::Task::default()
    }
}

fn child_call(child: WorkflowDef, arguments: Vec<Term>, options: Options) -> asl::Task {
    let mut entries = vec![("StateMachineArn".to_owned(), Term::literal(machine_arn(child.name)))];
    let input = match (child.params, child.looks) {
        ([], _) => None,
        ([_], [look]) => {
            let look = (look.0)();
            arguments.first().map(|only| text_of_json(&look, &canonical::complete(&look, only)))
        }
        (names, looks) => Some(named(names, looks, arguments)),
    };
    entries.extend(input.map(|input| ("Input".to_owned(), input)));
    asl::Task {
        resource: START_AND_WAIT.to_owned(),
        arguments: Some(super::jsonata::template::template(&Term::object(entries))),
        timeout_seconds: options.timeout.map(seconds_of),
        retry: options.retry.unwrap_or_default().iter().map(super::Retry::to_asl).collect(),
        ..asl::Task::default()
    }
}

fn seconds_of(duration: Duration) -> Value {
    Value::from(whole_seconds(duration))
}

/// The seconds of a Wait whose duration is known.
pub fn seconds(pause: &Sleep) -> Term {
    Term::literal(whole_seconds(pause.duration()))
}
