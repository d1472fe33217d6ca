//! `result`: how an execution ended, from the record.

use super::{Exit, ended::Ended, error::Error, out::Out, progress::took, which};
use crate::service::{Description, Engine};
use std::process::ExitCode;

/// Prints what `run` printed at the end of the execution, or would have printed.
pub(super) async fn result(engine: &Engine, execution: &str, out: Out) -> Result<ExitCode, Error> {
    let execution = which::execution(engine, execution, out).await?;
    recorded(&engine.describe(&execution).await?, out)
}

/// Prints how an execution ended.
pub(super) fn recorded(found: &Description, out: Out) -> Result<ExitCode, Error> {
    if let Some(why) = &found.stranded {
        let message = format!("`{}/{}` has not ended: {why}", found.workflow, found.name);
        return Err(Error { exit: Exit::Setup, message, help: None });
    }
    let ended = Ended {
        arn: &found.arn,
        workflow: &found.workflow,
        name: &found.name,
        status: &found.status,
        place: "",
        took: &took(found.started, found.ended.unwrap_or(found.started)),
    };
    ended.show(out)
}
