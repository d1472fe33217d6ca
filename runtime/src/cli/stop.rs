//! `stop`: asks for the end of an execution.

use super::{args::StopArguments, ended::how, error::Error, out::Out, which};
use crate::{engine::Status, program::Failure, service::Engine};
use serde_json::json;
use std::process::ExitCode;

/// Asks durably; whoever owns the database stops it.
pub(super) async fn stop(
    engine: &Engine,
    arguments: StopArguments,
    out: Out,
) -> Result<ExitCode, Error> {
    let execution = which::running(engine, &arguments.execution, out).await?;
    let before = engine.describe(&execution).await?;
    let name = format!("{}/{}", before.workflow, before.name);
    if before.status != Status::Running {
        let how = how(&before.status);
        return Err(Error::usage(format!("`{name}` has ended already, and {how}"))
            .help("`list --status running` shows what can be stopped"));
    }
    let why = Failure { error: arguments.error, cause: arguments.cause };
    engine.stop(&before.arn, why).await?;
    let told = if out.json {
        Out::result(&format!("{:#}", json!({"execution": before.arn, "asked": "stop"})))
    } else {
        Out::result(&format!("asked {name} to stop"))
    };
    told.map_err(|error| error.help(format!("`{name}` was asked to stop all the same")))?;
    out.note("the process that runs it stops it at once; if none does, the next one will");
    Ok(ExitCode::SUCCESS)
}
