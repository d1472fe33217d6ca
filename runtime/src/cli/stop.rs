//! `stop`: ends an execution with its children, whoever owns the database.

use super::{
    Exit,
    app::reading,
    args::StopArguments,
    ended::{how, word},
    error::Error,
    out::Out,
    which,
};
use crate::{
    driver::clock::{Clock as _, SystemClock},
    engine::Status,
    program::Failure,
    service::{self, Builder, Description, Engine},
    store::{self, SqliteStore, Store},
};
use serde_json::json;
use std::{path::Path, process::ExitCode, sync::Arc, time::Duration};

/// Asks durably, then sees to it that it is done: by the process that owns the database, or by this
/// one if none does.
pub(super) async fn stop(
    builder: Builder,
    database: &Path,
    arguments: StopArguments,
    out: Out,
) -> Result<ExitCode, Error> {
    let engine = reading(builder.clone(), database)?;
    let execution = which::running(&engine, &arguments.execution, out).await?;
    let before = engine.describe(&execution).await?;
    if before.status != Status::Running {
        return Err(has_ended(&before));
    }
    let why = Failure { error: arguments.error, cause: arguments.cause };
    engine.stop(&before.arn, why).await?;
    let wait = Duration::from_secs(arguments.wait);
    carry_out(&engine, builder, database, &before, wait).await?;
    let after = engine.describe(&before.arn).await?;
    if !matches!(after.status, Status::Aborted(_)) {
        return Err(has_ended(&after));
    }
    let told = if out.json {
        let stopped = json!({"execution": after.arn, "name": after.name,
            "status": word(&after.status)});
        Out::result(&format!("{stopped:#}"))
    } else {
        Out::result(&format!("stopped {}", label(&after)))
    };
    told.map_err(|error| error.help(format!("`{}` is stopped all the same", label(&after))))?;
    Ok(ExitCode::SUCCESS)
}

/// Waits until the execution has ended with its children.
async fn carry_out(
    engine: &Engine,
    builder: Builder,
    database: &Path,
    stopped: &Description,
    wait: Duration,
) -> Result<(), Error> {
    let until = SystemClock.steady().saturating_add(wait);
    loop {
        // An engine ends what is to be stopped before it shuts down. Whether another process owns the
        // database it finds out patiently, so that this is no busy loop.
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(database)?);
        let owned = match builder.clone().store(store).on_demand().build().await {
            Ok(owner) => owner.shutdown().await.map(|()| true)?,
            Err(service::Error::Store(store::Error::Locked { .. })) => false,
            Err(error) => return Err(error.into()),
        };
        if engine.has_ended(&stopped.arn).await? {
            return Ok(());
        }
        let name = label(stopped);
        if owned {
            let message = format!("`{name}` was asked to stop and has not ended");
            return Err(Error::new(Exit::Store, message)
                .help("what is stored of it, or of its children, can't be read"));
        }
        if SystemClock.steady() >= until {
            let message = format!(
                "`{name}` was asked to stop, and the process that owns the database has not yet \
                 stopped it"
            );
            return Err(Error::new(Exit::Store, message)
                .help("it stops as soon as that process, or the next one, reads the request"));
        }
    }
}

fn has_ended(found: &Description) -> Error {
    let message = format!("`{}` has ended already, and {}", label(found), how(&found.status));
    Error::usage(message).help("`list --status running` shows what can be stopped")
}

fn label(found: &Description) -> String {
    format!("{}/{}", found.workflow, found.name)
}
