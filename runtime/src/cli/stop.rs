//! `stop`: asks for the end of an execution.

use super::{args::StopArguments, error::Error, out::Out, which};
use crate::{engine::Status, program::Failure, service::Engine};
use serde_json::json;
use std::process::ExitCode;

/// Asks durably; whoever owns the database stops it.
pub(super) async fn stop(
    engine: &Engine,
    arguments: StopArguments,
    out: Out,
) -> Result<ExitCode, Error> {
    let execution = which::execution(engine, &arguments.execution, out).await?;
    let before = engine.describe(&execution).await?;
    if before.status != Status::Running {
        return Err(Error::usage(format!("`{}` has already ended", before.name)));
    }
    let why = Failure { error: arguments.error, cause: arguments.cause };
    engine.stop(&before.arn, why).await?;
    if out.json {
        Out::result(&format!("{:#}", json!({"execution": before.arn, "asked": "stop"})));
    } else {
        Out::result(&format!("asked {}/{} to stop", before.workflow, before.name));
        out.note("the process that runs it stops it at once; if none does, the next one will");
    }
    Ok(ExitCode::SUCCESS)
}
