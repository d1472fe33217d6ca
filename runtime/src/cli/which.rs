//! Which workflow or execution a word on the command line means.

use super::{error::Error, out::Out};
use crate::{
    asl,
    catalog::machine_of,
    registry::{Registered, Registry},
    service::{Engine, Error as ServiceError, ListRequest, State, Summary},
};

/// Returns the ARN of the execution of that name, or else of the newest one of the workflow of that
/// name: whoever has just run `fulfil` need not copy a UUID.
pub(super) async fn execution(engine: &Engine, word: &str, out: Out) -> Result<String, Error> {
    let unknown = match named(engine, word).await? {
        Ok(arn) => return Ok(arn),
        Err(unknown) => unknown,
    };
    let newest = newest(engine, ListRequest::new().workflow(word)).await?;
    let Some(newest) = newest else { return Err(unknown.into()) };
    out.note(&format!("the newest execution of `{word}`: {}", newest.name));
    Ok(newest.arn)
}

/// The same, but of a workflow's executions one that runs, if one does.
pub(super) async fn running(engine: &Engine, word: &str, out: Out) -> Result<String, Error> {
    if let Ok(arn) = named(engine, word).await? {
        return Ok(arn);
    }
    let running = ListRequest::new().workflow(word).state(State::Running);
    let Some(newest) = newest(engine, running).await? else {
        return execution(engine, word, out).await;
    };
    out.note(&format!("the newest running execution of `{word}`: {}", newest.name));
    Ok(newest.arn)
}

/// The execution of that name, or the error that there is none.
async fn named(engine: &Engine, word: &str) -> Result<Result<String, ServiceError>, Error> {
    match engine.describe(word).await {
        Ok(found) => Ok(Ok(found.arn)),
        Err(error @ ServiceError::UnknownExecution(_)) => Ok(Err(error)),
        Err(error) => Err(error.into()),
    }
}

async fn newest(engine: &Engine, request: ListRequest) -> Result<Option<Summary>, Error> {
    Ok(engine.list(request.limit(1)).await?.executions.into_iter().next())
}

/// How an execution is named to people: `workflow/name`, from its ARN.
pub(super) fn label(execution: &str) -> String {
    match machine_of(execution) {
        Some((machine, name)) => format!("{machine}/{name}"),
        None => execution.to_owned(),
    }
}

/// Finds a workflow, or says what there is.
pub(super) fn workflow<'r>(registry: &'r Registry, name: &str) -> Result<&'r Registered, Error> {
    if let Some(found) = registry.workflow(name) {
        return Ok(found);
    }
    let names: Vec<_> = registry.workflows().map(|each| each.def.name).collect();
    let error = Error::usage(format!("there is no workflow `{name}`"));
    Err(match asl::nearest(name, names.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None if names.is_empty() => error.help("this program registers none"),
        None => error.help(format!("there is {}", names.join(", "))),
    })
}
