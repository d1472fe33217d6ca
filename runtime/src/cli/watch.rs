//! Following an execution: its events, what its tasks say, and what `run` has to say beside them.

use super::{error::Error, out::Out, progress::Progress};
use crate::{
    engine::{HistoryEvent, Status},
    service::{Engine, Handle, SlowSegment},
};
use futures_util::StreamExt as _;
use std::{collections::BTreeSet, sync::mpsc::Receiver, time::Duration};

/// Other executions are counted up to so many.
const MANY: usize = 1_000;

/// How often tasks are asked for their progress.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// Says that this command leaves other executions as they are.
pub(super) async fn others(engine: &Engine, handle: &Handle, out: Out) -> Result<(), Error> {
    let (many, what) = match engine.count_unfinished(handle.arn(), MANY).await? {
        0 => return Ok(()),
        1 => ("1".to_owned(), "execution in this database waits"),
        MANY => (format!("{MANY} or more"), "executions in this database wait"),
        some => (some.to_string(), "executions in this database wait"),
    };
    out.note(&format!("{many} other unfinished {what}: `list --status running`"));
    Ok(())
}

/// Shows the execution until it ends; `recorded` is the last event that an earlier run has shown.
pub(super) async fn watch(
    handle: &Handle,
    recorded: u64,
    progress: &mut Progress,
    slow: &Receiver<SlowSegment>,
) -> Result<Status, Error> {
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
        for SlowSegment { workflow, state, took, .. } in slow.try_iter() {
            if warned.insert((workflow.clone(), state.clone())) {
                progress.warn(&format!(
                    "the code of `{workflow}` at `{state}` took {} ms, and everything else waited: \
                     move it into a #[task]",
                    took.as_millis()
                ));
            }
        }
        let Some(event) = event else { break };
        let event: HistoryEvent = event?;
        progress.event(&event, event.id > recorded);
        if event.id == recorded {
            progress.resumed();
        }
        if event.kind.ends_execution() {
            break;
        }
    }
    Ok(handle.end().await?)
}
