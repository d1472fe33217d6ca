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
    engine::{HistoryEvent, HistoryKind, history::MapRunCounts},
    program::Failure,
    service::{Engine, HistoryRequest},
};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Longest name of a state that is shown, in characters.
const LONG_NAME: usize = 40;

/// Shows the history of an execution.
pub(super) async fn history(engine: &Engine, execution: &str, out: Out) -> Result<ExitCode, Error> {
    let execution = which::execution(engine, execution, out).await?;
    let events = events(engine, &execution).await?;
    if out.json {
        let events: Vec<_> = events.iter().map(HistoryEvent::to_json).collect();
        Out::result(&format!("{:#}", json!({ "events": events })))?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(parent) = engine.describe(&execution).await?.parent {
        out.note(&format!("child of {}", which::label(&parent)));
    }
    Out::raw(&table(&events, out))?;
    Ok(ExitCode::SUCCESS)
}

/// An event a line, in columns as wide as what stands in them.
fn table(events: &[HistoryEvent], out: Out) -> String {
    let mut states = States::default();
    let rows: Vec<_> = events
        .iter()
        .map(|event| {
            states.event(event);
            let state = states.of(event).to_owned();
            (event, event.kind.type_name(), state, states.attempt(event))
        })
        .collect();
    let types = rows.iter().map(|(_, name, ..)| name.len()).max().unwrap_or_default();
    let names = rows.iter().map(|(_, _, state, _)| state.chars().count()).max().unwrap_or_default();
    let names = names.clamp("STATE".len(), LONG_NAME);
    let title =
        format!("{:>5}  {:>9}  {:types$}  {:names$}  DETAIL", "ID", "TIME", "EVENT", "STATE");
    let mut table = out.out(Style::Bold, &title) + "\n";
    let begin = events.first().map(|event| event.timestamp);
    for (event, name, state, attempt) in &rows {
        let elapsed = begin.map(|begin| took(begin, event.timestamp));
        let elapsed = elapsed.unwrap_or_default();
        let name = format!("{name:types$}");
        let name = if is_failure(&event.kind) { out.out(Style::Bad, &name) } else { name };
        let (state, detail) = (cut(state, LONG_NAME), detail(&event.kind));
        let attempt = attempt.map(|attempt| format!("attempt {attempt}  ")).unwrap_or_default();
        let line =
            format!("{:>5}  {elapsed:>9}  {name}  {state:names$}  {attempt}{detail}", event.id);
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

/// All events of an execution.
pub(super) async fn events(engine: &Engine, execution: &str) -> Result<Vec<HistoryEvent>, Error> {
    let mut events = Vec::new();
    let mut from = None;
    loop {
        let mut request = HistoryRequest::new();
        if let Some(from) = from {
            request = request.from(from);
        }
        let page = engine.history(execution, request).await?;
        events.extend(page.events);
        from = page.next;
        if from.is_none() {
            return Ok(events);
        }
    }
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
            | HistoryKind::MapRunFailed { .. }
    )
}

/// What the event is about, in one line.
fn detail(kind: &HistoryKind) -> String {
    let shown = |value: &Value| cut(&value.to_string(), MAX_DETAIL);
    match kind {
        HistoryKind::ExecutionStarted { input, .. } => shown(input),
        HistoryKind::ExecutionSucceeded { output }
        | HistoryKind::ActivitySucceeded { output }
        | HistoryKind::LambdaFunctionSucceeded { output }
        | HistoryKind::StateExited { output, .. } => shown(output),
        HistoryKind::EvaluationFailed { failure: why, .. } => failure(why),
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
        // Children are stopped without a word.
        HistoryKind::ExecutionAborted(Failure { error: None, cause: None }) => String::new(),
        HistoryKind::ExecutionFailed(why)
        | HistoryKind::ExecutionTimedOut(why)
        | HistoryKind::ExecutionAborted(why)
        | HistoryKind::ActivityFailed(why)
        | HistoryKind::ActivityTimedOut(why)
        | HistoryKind::LambdaFunctionFailed(why)
        | HistoryKind::LambdaFunctionTimedOut(why) => failure(why),
        HistoryKind::MapStateStarted { length } => plural(*length as usize, "item"),
        HistoryKind::MapRunStarted { arn, .. } => arn.clone(),
        HistoryKind::MapRunFailed { failure: why, counts } => {
            format!("{}  {}", failure(why), ended(counts))
        }
        HistoryKind::MapRunSucceeded(counts) | HistoryKind::MapRunAborted(counts) => ended(counts),
        HistoryKind::MapIterationStarted { index, .. }
        | HistoryKind::MapIterationSucceeded { index, .. }
        | HistoryKind::MapIterationFailed { index, .. }
        | HistoryKind::MapIterationAborted { index, .. } => format!("item {index}"),
        HistoryKind::StateEntered { .. }
        | HistoryKind::StateAborted { .. }
        | HistoryKind::LambdaFunctionStarted
        | HistoryKind::ParallelStateStarted
        | HistoryKind::ParallelStateSucceeded
        | HistoryKind::ParallelStateFailed
        | HistoryKind::MapStateSucceeded
        | HistoryKind::MapStateFailed => String::new(),
    }
}

/// How the items of a Map Run ended.
fn ended(counts: &MapRunCounts) -> String {
    let items = counts.items;
    format!("{} of {} succeeded", items.succeeded, plural(items.total as usize, "item"))
}
