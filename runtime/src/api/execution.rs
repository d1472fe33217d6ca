//! Operations on executions.

use super::{
    Fault, Fields,
    fields::{ARN, DATA, NAME, TRACE_HEADER, Text},
    machine::{included, object, put, seconds},
    token,
};
use crate::service::{
    Description, Engine, Exception, Failure, State, Status,
    executions::{ListExecutions, ListedExecution, Of, StartExecution, Synchronous},
};
use serde_json::{Map, Value, json};

/// What executions may be listed by, in AWS's order; `None` is a state that no execution has here.
const STATES: &[(&str, Option<State>)] = &[
    ("SUCCEEDED", Some(State::Succeeded)),
    ("TIMED_OUT", Some(State::TimedOut)),
    ("PENDING_REDRIVE", None),
    ("ABORTED", Some(State::Aborted)),
    ("FAILED", Some(State::Failed)),
    ("RUNNING", Some(State::Running)),
];

/// Whether executions were redriven; none is here.
const REDRIVEN: &[(&str, bool)] = &[("REDRIVEN", true), ("NOT_REDRIVEN", false)];

/// AWS bills express executions in steps of so many milliseconds.
const BILLED: i64 = 100;

pub(super) async fn start(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let (asked, _) = to_start(&mut fields);
    fields.close()?;
    let started = engine.start_execution(asked).await?;
    Ok(json!({ "executionArn": started.arn, "startDate": seconds(started.started) }))
}

pub(super) async fn start_sync(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let (asked, trace_header) = to_start(&mut fields);
    let with_data = included(&mut fields);
    fields.close()?;
    let ended = engine.start_sync_execution(asked).await?;
    let Synchronous { arn, machine, name, input, started, ended: stopped, status } = ended;
    let took = stopped.duration_since(started).as_millis();
    let took = i64::try_from(took).unwrap_or(i64::MAX).max(1);
    let billed = took.saturating_add(BILLED - 1) / BILLED * BILLED;
    let mut answer = object(json!({
        "executionArn": arn,
        "stateMachineArn": machine,
        "name": name,
        "startDate": seconds(started),
        "stopDate": seconds(stopped),
        "billingDetails": { "billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": billed },
    }));
    show_data(&mut answer, "input", Some(input), with_data);
    show_status(&mut answer, &status, with_data);
    if !matches!(status, Status::Succeeded(_)) {
        show_data(&mut answer, "output", None, with_data);
    }
    put(&mut answer, "traceHeader", trace_header);
    Ok(answer.into())
}

fn to_start(fields: &mut Fields) -> (StartExecution, Option<String>) {
    let asked = StartExecution {
        machine: fields.required("stateMachineArn", &ARN),
        name: fields.text("name", &NAME),
        input: fields.text("input", &DATA),
    };
    (asked, fields.text("traceHeader", &TRACE_HEADER))
}

pub(super) async fn stop(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("executionArn", &ARN);
    let error = fields.text("error", &Text::secret(0..=256));
    let cause = fields.text("cause", &Text::secret(0..=32_768));
    fields.close()?;
    let stopped = engine.stop_execution(&arn, Failure { error, cause }).await?;
    Ok(json!({ "stopDate": seconds(stopped) }))
}

pub(super) async fn describe(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("executionArn", &ARN);
    let with_data = included(&mut fields);
    fields.close()?;
    let mut execution = engine.describe_execution(&arn).await?;
    let map_run = execution.map_run.take();
    let Description { arn, name, machine, version, input, status, started, ended, .. } = execution;
    let version = version.map(|version| format!("{machine}:{version}"));
    let mut answer = object(json!({
        "executionArn": arn,
        "stateMachineArn": machine,
        "name": name,
        "startDate": seconds(started),
        "redriveCount": 0,
    }));
    put(&mut answer, "stateMachineVersionArn", version);
    put(&mut answer, "mapRunArn", map_run);
    put(&mut answer, "stopDate", ended.map(seconds));
    show_data(&mut answer, "input", Some(input.to_string()), with_data);
    show_status(&mut answer, &status, with_data);
    show_redrive(&mut answer, &status);
    Ok(answer.into())
}

/// Shows how an execution stands, with its output or failure.
fn show_status(answer: &mut Map<String, Value>, status: &Status, with_data: bool) {
    answer.insert("status".to_owned(), status.name().into());
    if let Status::Succeeded(output) = status {
        show_data(answer, "output", Some(output.to_string()), with_data);
    }
    if let Some(Failure { error, cause }) = status.failure().filter(|_| with_data) {
        put(answer, "error", error.clone());
        put(answer, "cause", cause.clone());
    }
}

/// Shows a payload, and whether it is shown.
fn show_data(answer: &mut Map<String, Value>, name: &str, data: Option<String>, shown: bool) {
    put(answer, name, data.filter(|_| shown));
    answer.insert(format!("{name}Details"), json!({ "included": shown }));
}

fn show_redrive(answer: &mut Map<String, Value>, status: &Status) {
    match status {
        Status::Running | Status::Succeeded(_) => {
            answer.insert("redriveStatus".to_owned(), "NOT_REDRIVABLE".into());
            let why = format!("Execution is {} and cannot be redriven", status.name());
            answer.insert("redriveStatusReason".to_owned(), why.into());
        }
        Status::Failed(_) | Status::TimedOut(_) | Status::Aborted(_) => {
            answer.insert("redriveStatus".to_owned(), "REDRIVABLE".into());
        }
    }
}

pub(super) async fn list(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.text("stateMachineArn", &ARN);
    let map_run = fields.text("mapRunArn", &Text::of(1..=2_000));
    let state = fields.choice("statusFilter", STATES);
    let redriven = fields.choice("redriveFilter", REDRIVEN);
    let limit = fields.page_size();
    let token = fields.text("nextToken", &Text::of(1..=3_096));
    fields.close()?;
    let of = match (arn, map_run) {
        (Some(arn), None) => Of::Machine(arn),
        (None, Some(arn)) => Of::MapRun(arn),
        (None, None) => {
            return Err(Fault::validation("Must provide a StateMachine ARN or MapRun ARN"));
        }
        (Some(_), Some(_)) => {
            return Err(Fault::validation(
                "A StateMachine ARN and a MapRun ARN can not be provided together",
            ));
        }
    };
    let list = format!("executions {of:?} {state:?} {redriven:?}");
    let after = token.map(|token| token::decode(&list, &token)).transpose()?;
    let after = after.map(|place| place.parse().map_err(|_| Exception::InvalidToken));
    // Nothing is in a state that this server does not know; the machine is looked for all the same.
    let none = state == Some(None) || redriven == Some(true);
    let limit = if none { 0 } else { limit };
    let asked = ListExecutions { of, state: state.flatten(), limit, after: after.transpose()? };
    let listed = engine.list_executions(asked).await?;
    let next = listed.next.map(|place| token::encode(&list, place));
    let lines: Vec<_> = listed.executions.into_iter().map(line).collect();
    let mut answer = object(json!({ "executions": lines }));
    put(&mut answer, "nextToken", next);
    Ok(answer.into())
}

fn line(execution: ListedExecution) -> Value {
    let ListedExecution { arn, name, machine, version, state, started, ended, map_run } = execution;
    let status = STATES.iter().find(|(_, known)| *known == Some(state)).map(|(name, _)| *name);
    let version = version.map(|version| format!("{machine}:{version}"));
    let mut line = object(json!({
        "executionArn": arn,
        "stateMachineArn": machine,
        "name": name,
        "status": status,
        "startDate": seconds(started),
        "redriveCount": 0,
    }));
    put(&mut line, "mapRunArn", map_run);
    put(&mut line, "stopDate", ended.map(seconds));
    put(&mut line, "stateMachineVersionArn", version);
    line.into()
}
