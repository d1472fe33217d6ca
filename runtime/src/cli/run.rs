//! `run`: starts an execution or resumes an equal one, and follows it to its end.

use super::{
    Exit,
    args::RunArguments,
    error::Error,
    input,
    out::{Out, Style},
    progress::{Progress, seconds},
};
use crate::{
    driver::clock::{Clock as _, SystemClock},
    engine::{HistoryEvent, Status},
    program::Failure,
    service::{self, Builder, Description, Engine, Handle, HistoryRequest, SlowSegment},
    store::{SqliteStore, Store},
    workflow::WorkflowDef,
};
use futures::StreamExt as _;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::Path,
    process::ExitCode,
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    time::Duration,
};

/// Runs a workflow to its end.
pub(super) async fn run(
    builder: Builder,
    workflow: &WorkflowDef,
    database: &Path,
    arguments: &RunArguments,
    out: Out,
) -> Result<ExitCode, Error> {
    let input = input::read(arguments.input.as_deref(), workflow.name, workflow.params)?;
    (workflow.check_input)(&input).map_err(|mismatch| service::Error::InvalidInput {
        workflow: workflow.name.to_owned(),
        mismatch,
    })?;
    let shown = std::path::absolute(database).unwrap_or_else(|_| database.to_owned());
    out.note(&format!("database {}", shown.display()));
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(database)?);
    // Before the engine owns the store and runs on: afterwards it might have ended already.
    let pending = unfinished(Arc::clone(&store), workflow.name, &input, arguments).await?;
    // The others are for the process that serves them: this one ends with its own.
    let (slow, told) = mpsc::channel();
    let builder = builder.on_slow(move |segment| {
        // Whoever does not listen any more has ended.
        let _gone = slow.send(segment);
    });
    let engine = builder.store(store).on_demand().build().await?;
    let ended = follow(&engine, workflow.name, input, arguments, (pending, told), out).await;
    let closed = engine.shutdown().await;
    let code = ended?;
    closed?;
    Ok(code)
}

/// The execution that this command resumes, with the number of its recorded events.
async fn unfinished(
    store: Arc<dyn Store>,
    workflow: &str,
    input: &Value,
    arguments: &RunArguments,
) -> Result<Option<(Description, u64)>, Error> {
    let reading = Engine::reading(store)?;
    let found = match &arguments.name {
        _ if arguments.new => None,
        Some(name) => match reading.describe(&format!("{workflow}/{name}")).await {
            Ok(found) if found.status == Status::Running && *found.input == *input => Some(found),
            Ok(_) | Err(service::Error::UnknownExecution(_)) => None,
            Err(error) => return Err(error.into()),
        },
        None => reading.unfinished(workflow, input).await?,
    };
    let Some(found) = found else { return Ok(None) };
    let last = reading.history(&found.arn, HistoryRequest::new().reverse().limit(1)).await?;
    let last = last.events.first().map_or(0, |event| event.id);
    Ok(Some((found, last)))
}

/// Starts or finds the execution, shows it until it ends, prints the result.
async fn follow(
    engine: &Engine,
    workflow: &str,
    input: Value,
    arguments: &RunArguments,
    (pending, told): (Option<(Description, u64)>, Receiver<SlowSegment>),
    out: Out,
) -> Result<ExitCode, Error> {
    let begin = SystemClock.now();
    let (handle, recorded) = match pending {
        Some((found, recorded)) => {
            out.note(&format!(
                "resumes {workflow}/{}, unfinished after {recorded} recorded events (--new starts another)",
                found.name
            ));
            (engine.find(&found.arn).await?, recorded)
        }
        None => {
            let mut start = engine.start_json(workflow, input);
            if let Some(name) = &arguments.name {
                start = start.name(name.as_str());
            }
            let handle = start.await?;
            out.note(&format!("started {workflow}/{}", handle.name()));
            (handle, 0)
        }
    };
    others(engine, &handle, out).await?;
    let mut progress = Progress::new(out, begin);
    let watched = watch(&handle, recorded, &mut progress, &told).await;
    progress.end();
    watched?;
    let status = handle.end().await?;
    let took = seconds(SystemClock.now().duration_since(begin));
    Ok(show(&handle, &status, progress.failed_in(), &took, out))
}

/// Other executions are counted up to so many.
const MANY: usize = 1_000;

/// Says that this command leaves other executions as they are.
async fn others(engine: &Engine, handle: &Handle, out: Out) -> Result<(), Error> {
    let (many, what) = match engine.count_unfinished(handle.arn(), MANY).await? {
        0 => return Ok(()),
        1 => ("1".to_owned(), "execution in this database waits"),
        MANY => (format!("{MANY} or more"), "executions in this database wait"),
        some => (some.to_string(), "executions in this database wait"),
    };
    out.note(&format!("{many} other unfinished {what}: `list --status running`"));
    Ok(())
}

/// How often tasks are asked for their progress.
const ASK_EVERY: Duration = Duration::from_millis(500);

async fn watch(
    handle: &Handle,
    recorded: u64,
    progress: &mut Progress,
    told: &Receiver<SlowSegment>,
) -> Result<(), Error> {
    let mut events = handle.watch().await?;
    let mut asks = tokio::time::interval(ASK_EVERY);
    let mut warned = BTreeSet::new();
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            _ = asks.tick(), if progress.is_live() => {
                progress.tasks(&handle.progress().await?);
                continue;
            }
        };
        for SlowSegment { workflow, state, took, .. } in told.try_iter() {
            if warned.insert((workflow.clone(), state.clone())) {
                progress.warn(&format!(
                    "the code of `{workflow}` at `{state}` took {} ms, and everything else waited: \
                     move it into a #[task]",
                    took.as_millis()
                ));
            }
        }
        let Some(event) = event else { return Ok(()) };
        let event: HistoryEvent = event?;
        progress.event(&event, event.id > recorded);
        if event.id == recorded {
            progress.resumed();
        }
        if event.kind.ends_execution() {
            return Ok(());
        }
    }
}

/// Prints how it ended.
fn show(
    handle: &Handle,
    status: &Status,
    failed_in: Option<&str>,
    took: &str,
    out: Out,
) -> ExitCode {
    let (word, failure) = match status {
        Status::Succeeded(output) => {
            out.note(&format!("{} in {took}", out.err(Style::Good, "succeeded")));
            if out.json {
                let result = json!({"execution": handle.arn(), "name": handle.name(),
                    "status": "SUCCEEDED", "output": **output});
                Out::result(&format!("{result:#}"));
            } else {
                Out::result(&format!("{:#}", **output));
            }
            return ExitCode::SUCCESS;
        }
        Status::Failed(failure) => ("FAILED", failure),
        Status::TimedOut(failure) => ("TIMED_OUT", failure),
        Status::Aborted(failure) => ("ABORTED", failure),
        Status::Running => return Exit::Store.into(),
    };
    if out.json {
        let result = json!({"execution": handle.arn(), "name": handle.name(), "status": word,
            "error": failure.error, "cause": failure.cause});
        Out::result(&format!("{result:#}"));
    }
    out.error(&failed(word, failure, failed_in, took));
    Exit::Failed.into()
}

fn failed(word: &str, failure: &Failure, failed_in: Option<&str>, took: &str) -> Error {
    let how = match word {
        "ABORTED" => "was stopped",
        "TIMED_OUT" => "timed out",
        _ => "failed",
    };
    let place = failed_in.map(|state| format!(" in `{state}`")).unwrap_or_default();
    let mut message = format!("the execution {how}{place} after {took}");
    if let Some(error) = &failure.error {
        let _ = write!(message, ": {error}");
    }
    if let Some(cause) = &failure.cause {
        let _ = write!(message, "\ncause: {cause}");
    }
    Error { exit: Exit::Failed, message, help: None }
}
