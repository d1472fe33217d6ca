//! `result`: how an execution ended, from the record.

use super::{
    Exit, ended::Ended, error::Error, history, out::Out, progress::took, states::States, which,
};
use crate::{
    engine::{HistoryEvent, Status},
    service::{Description, Engine},
};
use std::process::ExitCode;

/// Prints what `run` printed at the end of the execution, or would have printed.
pub(super) async fn result(engine: &Engine, execution: &str, out: Out) -> Result<ExitCode, Error> {
    let execution = which::execution(engine, execution, out).await?;
    recorded(engine, &engine.describe(&execution).await?, out).await
}

/// Prints how an execution ended.
pub(super) async fn recorded(
    engine: &Engine,
    found: &Description,
    out: Out,
) -> Result<ExitCode, Error> {
    if let Some(why) = &found.stranded {
        let message = format!("`{}/{}` has not ended: {why}", found.workflow, found.name);
        return Err(Error::new(Exit::Setup, message));
    }
    let place = match found.status {
        Status::Running | Status::Succeeded(_) => String::new(),
        _ => place(&history::events(engine, &found.arn).await?),
    };
    let ended = Ended {
        arn: &found.arn,
        workflow: &found.workflow,
        name: &found.name,
        status: &found.status,
        place: &place,
        took: &took(found.started, found.ended.unwrap_or(found.started)),
    };
    ended.show(out)
}

/// Where an execution failed, by its events.
fn place(events: &[HistoryEvent]) -> String {
    let mut states = States::default();
    for event in events {
        states.event(event);
    }
    states.failed_at().unwrap_or_default().to_owned()
}
