//! `history`: every event of an execution.

use super::{
    ended::{MAX_DETAIL, failure},
    error::Error,
    out::{Out, Style},
    plural,
    progress::{cut, seconds},
    which,
};
use crate::{
    engine::{HistoryEvent, HistoryKind},
    service::{Engine, HistoryRequest},
};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Shows the history of an execution.
pub(super) async fn history(engine: &Engine, execution: &str, out: Out) -> Result<ExitCode, Error> {
    let execution = which::execution(engine, execution, out).await?;
    let mut events: Vec<HistoryEvent> = Vec::new();
    let mut from = None;
    loop {
        let mut request = HistoryRequest::new();
        if let Some(from) = from {
            request = request.from(from);
        }
        let page = engine.history(&execution, request).await?;
        events.extend(page.events);
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    if out.json {
        let events: Vec<_> = events.iter().map(HistoryEvent::to_json).collect();
        Out::result(&format!("{:#}", json!({ "events": events })))?;
        return Ok(ExitCode::SUCCESS);
    }
    let begin = events.first().map(|event| event.timestamp);
    for event in &events {
        let elapsed = begin.map(|begin| seconds(event.timestamp.duration_since(begin)));
        let elapsed = elapsed.unwrap_or_default();
        let name = event.kind.type_name();
        let name = if is_failure(&event.kind) { out.out(Style::Bad, &name) } else { name };
        let detail = detail(&event.kind);
        let line = format!("{:>5}  {elapsed:>9}  {name}  {detail}", event.id);
        Out::result(line.trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn is_failure(kind: &HistoryKind) -> bool {
    matches!(
        kind,
        HistoryKind::ExecutionFailed(_)
            | HistoryKind::ExecutionTimedOut(_)
            | HistoryKind::ExecutionAborted(_)
            | HistoryKind::EvaluationFailed { .. }
            | HistoryKind::TaskFailed { .. }
            | HistoryKind::TaskTimedOut { .. }
            | HistoryKind::TaskSubmitFailed { .. }
            | HistoryKind::LambdaFunctionFailed(_)
            | HistoryKind::LambdaFunctionTimedOut(_)
            | HistoryKind::ActivityFailed(_)
            | HistoryKind::ActivityTimedOut(_)
    )
}

/// What the event is about, in one line.
fn detail(kind: &HistoryKind) -> String {
    let shown = |value: &Value| cut(&value.to_string(), MAX_DETAIL);
    match kind {
        HistoryKind::ExecutionStarted { input, .. } => shown(input),
        HistoryKind::ExecutionSucceeded { output }
        | HistoryKind::ActivitySucceeded { output }
        | HistoryKind::LambdaFunctionSucceeded { output } => shown(output),
        HistoryKind::StateEntered { name, .. } | HistoryKind::StateExited { name, .. } => {
            name.clone()
        }
        HistoryKind::EvaluationFailed { state, failure: why, .. } => {
            format!("{state}  {}", failure(why))
        }
        HistoryKind::TaskScheduled { resource, parameters, .. } => {
            format!("{}  {}", resource.name, shown(parameters))
        }
        HistoryKind::TaskStarted { resource } => resource.name.clone(),
        HistoryKind::TaskSubmitted { resource, output }
        | HistoryKind::TaskSucceeded { resource, output } => {
            format!("{}  {}", resource.name, shown(output))
        }
        HistoryKind::TaskFailed { resource, failure: why }
        | HistoryKind::TaskTimedOut { resource, failure: why }
        | HistoryKind::TaskSubmitFailed { resource, failure: why } => {
            format!("{}  {}", resource.name, failure(why))
        }
        HistoryKind::ActivityScheduled { resource, input, .. }
        | HistoryKind::LambdaFunctionScheduled { resource, input, .. } => {
            format!("{}  {}", resource.rsplit(':').next().unwrap_or(resource), shown(input))
        }
        HistoryKind::ActivityStarted { worker } => worker.clone().unwrap_or_default(),
        HistoryKind::ExecutionFailed(why)
        | HistoryKind::ExecutionTimedOut(why)
        | HistoryKind::ExecutionAborted(why)
        | HistoryKind::ActivityFailed(why)
        | HistoryKind::ActivityTimedOut(why)
        | HistoryKind::LambdaFunctionFailed(why)
        | HistoryKind::LambdaFunctionTimedOut(why) => failure(why),
        HistoryKind::MapStateStarted { length } => plural(*length as usize, "item"),
        HistoryKind::MapIterationStarted { name, index }
        | HistoryKind::MapIterationSucceeded { name, index }
        | HistoryKind::MapIterationFailed { name, index }
        | HistoryKind::MapIterationAborted { name, index } => format!("{name} [{index}]"),
        HistoryKind::StateAborted { .. }
        | HistoryKind::LambdaFunctionStarted
        | HistoryKind::ParallelStateStarted
        | HistoryKind::ParallelStateSucceeded
        | HistoryKind::ParallelStateFailed
        | HistoryKind::MapStateSucceeded
        | HistoryKind::MapStateFailed => String::new(),
    }
}
