//! `history`: every event of an execution.

use super::{
    ended::{MAX_DETAIL, failure},
    error::Error,
    out::{Out, Style},
    plural,
    progress::{cut, took},
    states::States,
    which,
};
use crate::{
    engine::{HistoryEvent, HistoryKind},
    program::Failure,
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
    if let Some(parent) = engine.describe(&execution).await?.parent {
        out.note(&format!("child of {}", which::label(&parent)));
    }
    let begin = events.first().map(|event| event.timestamp);
    let mut states = States::default();
    for event in &events {
        states.event(event);
        let elapsed = begin.map(|begin| took(begin, event.timestamp));
        let elapsed = elapsed.unwrap_or_default();
        let name = event.kind.type_name();
        let name = if is_failure(&event.kind) { out.out(Style::Bad, &name) } else { name };
        let detail = detail(&event.kind, &states.mark(event));
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
            | HistoryKind::ActivityFailed(_)
            | HistoryKind::ActivityTimedOut(_)
    )
}

/// What the event is about, in one line; `mark` tells its state from others of that name.
fn detail(kind: &HistoryKind, mark: &str) -> String {
    let shown = |value: &Value| cut(&value.to_string(), MAX_DETAIL);
    match kind {
        HistoryKind::ExecutionStarted { input, .. } => shown(input),
        HistoryKind::ExecutionSucceeded { output } | HistoryKind::ActivitySucceeded { output } => {
            shown(output)
        }
        HistoryKind::StateEntered { name, .. } | HistoryKind::StateExited { name, .. } => {
            format!("{name}{mark}")
        }
        HistoryKind::EvaluationFailed { state, failure: why, .. } => {
            format!("{state}  {}", failure(why))
        }
        HistoryKind::TaskScheduled { resource, parameters, .. } => {
            format!("{}{mark}  {}", resource.name, shown(parameters))
        }
        HistoryKind::TaskStarted { resource } => format!("{}{mark}", resource.name),
        HistoryKind::TaskSubmitted { resource, output }
        | HistoryKind::TaskSucceeded { resource, output } => {
            format!("{}{mark}  {}", resource.name, shown(output))
        }
        HistoryKind::TaskFailed { resource, failure: why }
        | HistoryKind::TaskTimedOut { resource, failure: why } => {
            format!("{}{mark}  {}", resource.name, failure(why))
        }
        HistoryKind::ActivityScheduled { resource, input, .. } => {
            format!("{}{mark}  {}", resource.rsplit(':').next().unwrap_or(resource), shown(input))
        }
        HistoryKind::ActivityStarted { worker } => worker.clone().unwrap_or_default(),
        // Children are stopped without a word.
        HistoryKind::ExecutionAborted(Failure { error: None, cause: None }) => String::new(),
        HistoryKind::ExecutionFailed(why)
        | HistoryKind::ExecutionTimedOut(why)
        | HistoryKind::ExecutionAborted(why)
        | HistoryKind::ActivityFailed(why)
        | HistoryKind::ActivityTimedOut(why) => failure(why),
        HistoryKind::MapStateStarted { length } => plural(*length as usize, "item"),
        HistoryKind::MapIterationStarted { name, index }
        | HistoryKind::MapIterationSucceeded { name, index }
        | HistoryKind::MapIterationFailed { name, index }
        | HistoryKind::MapIterationAborted { name, index } => format!("{name} [{index}]"),
        HistoryKind::StateAborted { .. }
        | HistoryKind::ParallelStateStarted
        | HistoryKind::ParallelStateSucceeded
        | HistoryKind::ParallelStateFailed
        | HistoryKind::MapStateSucceeded
        | HistoryKind::MapStateFailed => String::new(),
    }
}
