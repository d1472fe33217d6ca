//! Which execution a word on the command line means.

use super::{error::Error, out::Out};
use crate::service::{Engine, Error as ServiceError, ListRequest};

/// Returns the ARN of the execution of that name, or else of the newest one of the workflow of that
/// name: whoever has just run `fulfil` need not copy a UUID.
pub(super) async fn execution(engine: &Engine, word: &str, out: Out) -> Result<String, Error> {
    let unknown = match engine.describe(word).await {
        Ok(found) => return Ok(found.arn),
        Err(error @ ServiceError::UnknownExecution(_)) => error,
        Err(error) => return Err(error.into()),
    };
    let newest = engine.list(ListRequest::new().workflow(word).limit(1)).await?;
    let Some(newest) = newest.executions.first() else { return Err(unknown.into()) };
    out.note(&format!("the newest execution of `{word}`: {}", newest.name));
    Ok(newest.arn.clone())
}
