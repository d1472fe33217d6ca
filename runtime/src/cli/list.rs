//! `list`: executions, newest first.

use super::{
    args::{ListArguments, Status},
    error::Error,
    out::{Out, Style},
    progress::took,
    which,
};
use crate::{
    registry::Registry,
    service::{Engine, ListRequest, State, Summary},
};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Lists executions.
pub(super) async fn list(
    engine: &Engine,
    arguments: &ListArguments,
    registry: &Registry,
    out: Out,
) -> Result<ExitCode, Error> {
    let mut executions = Vec::new();
    let mut after = None;
    let limit = arguments.limit.get();
    while executions.len() < limit {
        let mut request = ListRequest::new().limit(limit - executions.len());
        if let Some(workflow) = &arguments.workflow {
            request = request.workflow(workflow.as_str());
        }
        if let Some(status) = arguments.status {
            request = request.state(state(status));
        }
        if let Some(after) = after {
            request = request.after(after);
        }
        let page = engine.list(request).await?;
        executions.extend(page.executions);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if let Some(workflow) = &arguments.workflow
        && executions.is_empty()
        && arguments.status.is_none()
        && registry.workflows().next().is_some()
    {
        // One that is not registered may have left executions; this name has none.
        which::workflow(registry, workflow)?;
    }
    if out.json {
        let all: Vec<_> = executions.iter().map(as_json).collect();
        Out::result(&format!("{:#}", Value::from(all)))?;
    } else if executions.is_empty() {
        out.note("no executions");
    } else {
        Out::raw(&table(&executions, out))?;
        if after.is_some() {
            out.note("there are more: raise --limit");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn state(status: Status) -> State {
    match status {
        Status::Running => State::Running,
        Status::Succeeded => State::Succeeded,
        Status::Failed => State::Failed,
        Status::TimedOut => State::TimedOut,
        Status::Aborted => State::Aborted,
    }
}

/// AWS's word for a state.
pub(super) fn word(state: State) -> &'static str {
    match state {
        State::Running => "RUNNING",
        State::Succeeded => "SUCCEEDED",
        State::Failed => "FAILED",
        State::TimedOut => "TIMED_OUT",
        State::Aborted => "ABORTED",
    }
}

fn as_json(each: &Summary) -> Value {
    json!({
        "execution": each.arn,
        "name": each.name,
        "workflow": each.workflow,
        "status": word(each.state),
        "started": each.started.to_string(),
        "ended": each.ended.map(|ended| ended.to_string()),
        "stopping": each.stopping,
        "stranded": each.stranded,
        "outdated": each.outdated,
        "parent": each.parent,
    })
}

/// Columns as wide as what stands in them.
fn table(executions: &[Summary], out: Out) -> String {
    let width = |of: fn(&Summary) -> &str, title: &str| {
        let widths = executions.iter().map(|each| of(each).chars().count());
        widths.max().unwrap_or(0).max(title.len())
    };
    let workflows = width(|each| &each.workflow, "WORKFLOW");
    let names = width(|each| &each.name, "NAME");
    let title = format!(
        "{:workflows$}  {:names$}  {:9}  {:20}  {}",
        "WORKFLOW", "NAME", "STATUS", "STARTED", "TOOK"
    );
    let mut table = out.out(Style::Bold, &title) + "\n";
    for each in executions {
        let status = format!("{:9}", word(each.state));
        let style = match each.state {
            State::Running => Style::Bold,
            State::Succeeded => Style::Good,
            _ => Style::Bad,
        };
        let took = each.ended.map(|ended| took(each.started, ended));
        let line = format!(
            "{:workflows$}  {:names$}  {}  {:20}  {}  {}",
            each.workflow,
            each.name,
            out.out(style, &status),
            each.started.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            took.unwrap_or_else(|| "-".to_owned()),
            remarks(each),
        );
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

/// Whose child it is, and what holds it up or is special about it.
fn remarks(each: &Summary) -> String {
    let child = each.parent.as_deref().map(|parent| format!("child of {}", which::label(parent)));
    let held = match (&each.stranded, each.stopping) {
        (_, true) => Some("a stop is requested".to_owned()),
        (Some(why), false) => Some(format!("stranded: {why}")),
        (None, false) if each.outdated => {
            Some(format!("`{}` has changed since it began", each.workflow))
        }
        (None, false) => None,
    };
    child.into_iter().chain(held).collect::<Vec<_>>().join("; ")
}
