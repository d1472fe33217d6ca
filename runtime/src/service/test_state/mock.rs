//! Whether a state may be mocked, must be, and with what.

use super::{Configuration, Mock, Refused, Request, Validation, definition, schema};
use crate::{
    asl::{self, AwsDiagnostic, Map, Severity, State, Task},
    program::{Data, Failure},
};
use serde_json::Value;

/// What stands for the outside.
#[derive(Debug, Clone)]
pub(super) enum Mocked {
    Result(Data),
    Failure(Failure),
}

/// How a Task goes on after its request was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// With the answer.
    Request,
    /// With the end of a job.
    Job,
    /// With what is sent back for a token.
    Callback,
    /// With what a worker gives.
    Activity,
}

impl Pattern {
    pub(super) fn of(task: &Task) -> Self {
        match task.resource.rsplit_once('.').map(|(_, pattern)| pattern) {
            Some("waitForTaskToken") => Self::Callback,
            Some("sync" | "sync:2") => Self::Job,
            _ if task.resource.contains(":activity:") => Self::Activity,
            _ => Self::Request,
        }
    }
}

/// Reads the mock of a request for a state.
pub(super) fn read(
    request: &Request,
    (name, state): (&str, &State),
) -> Result<Option<Mocked>, Refused> {
    let Some(mock) = &request.mock else { return unmocked(request, (name, state)) };
    if !matches!(state, State::Task(_) | State::Map(_) | State::Parallel(_)) {
        let kind = state.kind();
        return Err(Refused::validation(format!(
            "State type '{kind}' is not supported when a mock is specified"
        )));
    }
    if request.reveal_secrets {
        return Err(Refused::validation(
            "TestState does not support RevealSecrets when a mock is specified.",
        ));
    }
    let mocked = match (&mock.result, &mock.error_output) {
        (Some(result), None) => Mocked::Result(result_of(mock, result, state)?.into()),
        (None, Some(output)) => {
            let (error, cause) = (output.error.clone(), output.cause.clone());
            if error.is_none() {
                return Err(Refused::validation("Mocked errorOutput must have an error."));
            }
            Mocked::Failure(Failure { error, cause })
        }
        _ => {
            return Err(Refused::validation(
                "A test mock should have only one of the following fields: [result, errorOutput].",
            ));
        }
    };
    configured(request.configuration.as_ref(), &mocked, state)?;
    Ok(Some(mocked))
}

/// What can be tested without a mock.
fn unmocked(request: &Request, (name, state): (&str, &State)) -> Result<Option<Mocked>, Refused> {
    if matches!(state, State::Map(_) | State::Parallel(_)) {
        return Err(Refused::definition(
            "TestState API does not support Map or Parallel states. Supported state types \
             include: [Task, Wait, Pass, Succeed, Fail, Choice]",
        ));
    }
    if let State::Task(task) = state {
        only_requests(name, task)?;
    }
    if request.context.is_some() {
        return Err(Refused::validation("Context can only be specified when a mock is specified."));
    }
    if request.configuration.is_some() {
        return Err(Refused::validation(
            "StateConfiguration can only be specified when a mock is specified.",
        ));
    }
    if matches!(state, State::Task(_)) && request.role_arn.is_none() {
        return Err(Refused::validation("RoleArn must be specified when testing a Task state"));
    }
    Ok(None)
}

/// A real call ends with its answer, as in an express machine.
fn only_requests(name: &str, task: &Task) -> Result<(), Refused> {
    let what = match (Pattern::of(task), task.resource.rsplit_once('.')) {
        (Pattern::Request, _) => return Ok(()),
        (Pattern::Job | Pattern::Callback, Some((_, pattern))) => {
            format!("'.{pattern}' service integration ")
        }
        _ => "Activity ARN".to_owned(),
    };
    let listed = AwsDiagnostic {
        severity: Severity::Error,
        code: "SCHEMA_VALIDATION_FAILED",
        message: format!("Express state machine does not support {what}"),
        location: Some(format!("/States/{name}/Resource")),
    };
    Err(Refused::definition(asl::refusal(&[listed]).unwrap_or_default()))
}

fn result_of(mock: &Mock, text: &str, state: &State) -> Result<Value, Refused> {
    let result: Value = serde_json::from_str(text)
        .map_err(|_| Refused::validation("Mocked result must be valid JSON"))?;
    match state {
        State::Task(task) if mock.validation != Validation::None => {
            let strict = mock.validation == Validation::Strict;
            schema::check(&task.resource, &result, strict).map_err(|why| {
                Refused::validation(format!("Mock result schema validation error: {why}"))
            })?;
        }
        State::Map(Map { result_writer: Some(_), .. }) if !result.is_object() => {
            return Err(Refused::validation("Mocked result must be a JSON object."));
        }
        State::Map(Map { result_writer: None, .. }) => {
            items_of(&result)?;
        }
        State::Parallel(parallel) if items_of(&result)?.len() != parallel.branches.len() => {
            return Err(Refused::validation(
                "Mocked result must contain the same number of items as number of Parallel \
                 branches.",
            ));
        }
        _ => {}
    }
    Ok(result)
}

fn items_of(result: &Value) -> Result<&Vec<Value>, Refused> {
    result.as_array().ok_or_else(|| Refused::validation("Mocked result must be an array."))
}

/// What the configuration may say of such a state.
fn configured(
    configuration: Option<&Configuration>,
    mocked: &Mocked,
    state: &State,
) -> Result<(), Refused> {
    let Some(configuration) = configuration else { return Ok(()) };
    let of_map = configuration.map_iteration_failure_count.is_some()
        || configuration.map_item_reader_data.is_some();
    if of_map && !matches!(state, State::Map(_)) {
        return Err(Refused::validation(
            "MapIterationFailureCount and MapItemReaderData can only be specified for a Map state.",
        ));
    }
    if let Some(cause) = &configuration.error_caused_by_state {
        if !matches!(mocked, Mocked::Failure(_)) || matches!(state, State::Task(_)) {
            return Err(Refused::validation(
                "ErrorCausedByState can only be specified when an errorOutput is mocked for a Map \
                 or Parallel state.",
            ));
        }
        if !definition::has_inside(state, cause) {
            return Err(Refused::validation("State not found in definition"));
        }
    }
    Ok(())
}
