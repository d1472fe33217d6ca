//! Map Runs: found by their ARNs, described from the history of their execution.

use crate::{
    catalog::{Resource, execution_of},
    engine::{
        HistoryEvent, HistoryKind,
        execution::{Counts, Waiting},
        history::MapRunCounts,
    },
    program::Tolerance,
    service::{Engine, Exception, machines::out_of_place},
    store::{self, ExecutionId, HistoryPage, MapRunRow, Order, Store, codec},
};
use jiff::Timestamp;

/// Groups of events read at a time.
const GROUPS: usize = 64;

/// A Map Run.
#[derive(Debug, Clone, PartialEq)]
pub struct MapRun {
    /// Its ARN.
    pub arn: String,
    /// ARN of the execution whose state it is.
    pub execution: String,
    /// ARN of the machine that its own executions belong to.
    pub machine: String,
    /// How it stands.
    pub state: MapRunState,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// At most so many executions at a time; 0 means no limit.
    pub max_concurrency: u32,
    /// How many items may fail.
    pub tolerance: Tolerance,
    /// How many items there are, and how they ended.
    pub items: Counts,
    /// How many executions there are, and how they ended.
    pub executions: Counts,
    /// How many items run.
    pub running_items: u32,
    /// How many executions run.
    pub running_executions: u32,
}

/// How a Map Run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the states are AWS's own")]
pub enum MapRunState {
    Running,
    Succeeded,
    Failed,
    Aborted,
}

impl Engine {
    /// The Map Runs of an execution, newest first.
    pub async fn map_runs(&self, execution: &str) -> Result<Vec<MapRun>, Exception> {
        let id = self.execution_of(execution).await?;
        let runs = self.with_store(move |store| {
            let rows = store.map_runs(id)?.into_iter().rev();
            rows.filter_map(|row| describe(store, id, row).transpose()).collect()
        });
        Ok(runs.await?)
    }

    /// Describes a Map Run.
    pub async fn map_run(&self, arn: &str) -> Result<MapRun, Exception> {
        match Resource::parse(arn).map_err(Exception::InvalidArn)? {
            Resource::MapRun { .. } => {}
            other => return Err(out_of_place(&other)),
        }
        let asked = arn.to_owned();
        let run = self.with_store(move |store| match store.map_run(&asked)? {
            Some((id, row)) => describe(store, id, row),
            None => Ok(None),
        });
        run.await?.ok_or_else(|| Exception::ResourceNotFound(arn.to_owned()))
    }
}

/// Describes a Map Run from its first event and its last, or from the frame that waits for it.
fn describe(
    store: &dyn Store,
    id: ExecutionId,
    row: MapRunRow,
) -> Result<Option<MapRun>, store::Error> {
    let Some(record) = store.describe(id)? else { return Ok(None) };
    let Some(Told { started, max_concurrency, tolerance, end }) = told(store, id, row.event)?
    else {
        return Ok(None);
    };
    let mut run = MapRun {
        execution: execution_of(&record.pin.machine, &record.name),
        machine: match Resource::parse(&row.arn) {
            Ok(Resource::MapRun { machine }) => machine,
            _ => String::new(),
        },
        arn: row.arn,
        state: MapRunState::Running,
        started,
        ended: None,
        max_concurrency,
        tolerance,
        items: Counts::default(),
        executions: Counts::default(),
        running_items: 0,
        running_executions: 0,
    };
    if let Some((state, at, counts)) = end {
        (run.state, run.ended) = (state, Some(at));
        (run.items, run.executions) = (counts.items, counts.executions);
        return Ok(Some(run));
    }
    let loaded = codec::load(store, id)?;
    let waiting = loaded.as_ref().and_then(|loaded| {
        loaded.execution.frames.values().find_map(|frame| match &frame.waiting {
            Waiting::Run(waiting) if waiting.arn == run.arn => Some(waiting),
            _ => None,
        })
    });
    if record.ended.is_some() {
        // It was taken down with its execution, which says nothing of it in its history.
        (run.state, run.ended) = (MapRunState::Aborted, record.ended);
        if let Some(counts) = waiting.map(|waiting| waiting.counts()) {
            (run.items, run.executions) = (counts.items, counts.executions);
        }
    } else if let Some(waiting) = waiting {
        (run.items, run.executions) = (waiting.items, waiting.executions);
        (run.running_executions, run.running_items) = waiting.running();
    }
    Ok(Some(run))
}

/// What the history tells of a Map Run.
struct Told {
    started: Timestamp,
    max_concurrency: u32,
    tolerance: Tolerance,
    /// How and when it ended, if it has ended by itself.
    end: Option<(MapRunState, Timestamp, MapRunCounts)>,
}

/// Reads the history from the first event of a Map Run to its last.
fn told(store: &dyn Store, id: ExecutionId, first: u64) -> Result<Option<Told>, store::Error> {
    let (mut told, mut from) = (None, first);
    loop {
        let page = HistoryPage { order: Order::Forward, from: Some(from), limit: GROUPS };
        let events = codec::history(store, id, &page)?;
        let Some(last) = events.last().map(|event| event.id).filter(|last| *last >= from) else {
            return Ok(told);
        };
        from = last + 1;
        for HistoryEvent { id, timestamp, kind, .. } in events {
            let (state, counts) = match kind {
                HistoryKind::MapRunStarted { max_concurrency, tolerance, .. } if id == first => {
                    let started = timestamp;
                    told = Some(Told { started, max_concurrency, tolerance, end: None });
                    continue;
                }
                HistoryKind::MapRunSucceeded(counts) => (MapRunState::Succeeded, counts),
                HistoryKind::MapRunFailed { counts, .. } => (MapRunState::Failed, counts),
                HistoryKind::MapRunAborted(counts) => (MapRunState::Aborted, counts),
                _ => continue,
            };
            if counts.run == first {
                let end = Some((state, timestamp, counts));
                return Ok(told.map(|told| Told { end, ..told }));
            }
        }
    }
}
