//! Operations on Map Runs.

use super::{
    Fault, Fields,
    fields::{ARN, PAGE_TOKEN, Text},
    machine::{object, put, seconds},
    token,
};
use crate::service::{
    Engine, Exception,
    executions::{Counts, MapRun, MapRunState},
};
use serde_json::{Value, json};

/// ARNs of Map Runs have two names and an id.
const LONG_ARN: Text = Text::of(1..=2_000);

pub(super) async fn describe(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("mapRunArn", &LONG_ARN);
    fields.close()?;
    let run = engine.map_run(&arn).await?;
    let status = match run.state {
        MapRunState::Running => "RUNNING",
        MapRunState::Succeeded => "SUCCEEDED",
        MapRunState::Failed => "FAILED",
        MapRunState::Aborted => "ABORTED",
    };
    let mut answer = object(json!({
        "mapRunArn": run.arn,
        "executionArn": run.execution,
        "status": status,
        "startDate": seconds(run.started),
        "maxConcurrency": run.max_concurrency,
        "toleratedFailurePercentage": run.tolerance.percentage.unwrap_or(0.0),
        "toleratedFailureCount": run.tolerance.count.unwrap_or(0),
        "itemCounts": counts(&run.items, run.running_items),
        "executionCounts": counts(&run.executions, run.running_executions),
        "redriveCount": 0,
    }));
    put(&mut answer, "stopDate", run.ended.map(seconds));
    Ok(answer.into())
}

pub(super) async fn list(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("executionArn", &ARN);
    let limit = fields.page_size();
    let token = fields.text("nextToken", &PAGE_TOKEN);
    fields.close()?;
    let list = format!("map runs {arn}");
    let after = token.map(|token| token::decode(&list, &token)).transpose()?;
    let mut runs = engine.map_runs(&arn).await?;
    if let Some(after) = after {
        let place = runs.iter().position(|run| run.arn == after).ok_or(Exception::InvalidToken)?;
        runs.drain(..=place);
    }
    let more = runs.len() > limit;
    runs.truncate(limit);
    let next = runs.last().filter(|_| more).map(|last| token::encode(&list, &last.arn));
    let lines: Vec<_> = runs.iter().map(line).collect();
    let mut answer = object(json!({ "mapRuns": lines }));
    put(&mut answer, "nextToken", next);
    Ok(answer.into())
}

fn line(run: &MapRun) -> Value {
    let mut line = object(json!({
        "executionArn": run.execution,
        "mapRunArn": run.arn,
        "stateMachineArn": run.machine,
        "startDate": seconds(run.started),
    }));
    put(&mut line, "stopDate", run.ended.map(seconds));
    line.into()
}

fn counts(counts: &Counts, running: u32) -> Value {
    let pending = counts.total.saturating_sub(counts.ended()).saturating_sub(running);
    json!({
        "pending": pending,
        "running": running,
        "succeeded": counts.succeeded,
        "failed": counts.failed,
        "timedOut": counts.timed_out,
        "aborted": counts.aborted,
        "total": counts.total,
        // Results of what succeeded count as written, also where they go into the state's output
        // (recorded).
        "resultsWritten": counts.succeeded,
    })
}
