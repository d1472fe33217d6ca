//! Between the engine's types and rows: what is written is written here and nowhere else.
//!
//! The records are this module's own types, in JSON, so that the engine may change its types in
//! memory while old databases go on to open, and any SQLite tool can look inside. Enter with
//! [`start`] and [`change`] to write, [`load`] and [`history`] to read.

mod event;
mod frame;
mod map_run;
mod values;

pub use values::Values;

use super::{
    Blob, Change, Epoch, Error, EventGroup, ExecutionId, ExecutionRecord, FrameRow, HistoryPage,
    MapRunRow, Outcome, Pin, ResultRow, Start, Status, Store, Stored, ValueId, Version, Wake,
};
use crate::{
    engine::{
        self,
        execution::{Changes, Execution, FrameId, Head, Limits, ResultId, Token},
        history::{HistoryEvent, HistoryKind},
    },
    program::{Context, Data, Failure, MapRunPart},
};
use event::EventRecord;
use frame::FrameRecord;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use values::{Kept, Packer, Unpacker, parse, print};

/// An execution read back, with what its next change must carry.
#[derive(Debug)]
pub struct Loaded {
    /// Number, name, definition and times.
    pub record: ExecutionRecord,
    /// The execution.
    pub execution: Execution,
    /// Its version.
    pub version: Version,
    /// The epoch that owns it, if one does.
    pub owner: Option<Epoch>,
    /// What is known to be stored.
    pub values: Values,
    /// Who started it, if another execution did.
    pub parent: Option<Parent>,
}

/// The execution that started another one, and the task that did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Number of the execution.
    pub execution: i64,
    /// The attempt.
    pub token: Token,
    /// Whether the task does not wait for the end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub detached: bool,
    /// How many executions wait, each for the next, for the new one; 0 also where nobody has counted.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub above: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over the field as it is")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Parent {
    /// The task that asks; nobody has counted yet.
    pub fn new(execution: ExecutionId, token: Token, detached: bool) -> Self {
        Self { execution: execution.0, token, detached, above: 0 }
    }

    /// Whether both are the same attempt.
    pub fn is_same(self, other: Self) -> bool {
        Self { above: 0, ..self } == Self { above: 0, ..other }
    }
}

/// A step's outcome, ready to be committed together with others.
#[derive(Debug)]
pub struct Write<'a> {
    /// The execution after the step.
    pub execution: &'a Execution,
    /// What the step touched.
    pub changes: &'a Changes,
    /// The step's events, in order.
    pub history: &'a [HistoryEvent],
    /// Who looks after the execution from now on.
    pub wake: Wake,
    /// The owner.
    pub epoch: Epoch,
}

/// Encodes a new execution together with its first step.
pub fn start(pin: Pin, parent: Option<Parent>, write: &Write<'_>, values: &mut Values) -> Start {
    let context = &write.execution.context;
    let mut packer = Packer::new(values);
    let limits = write.execution.limits;
    let header = print(&HeaderRecord::pack(context, limits, parent, &mut packer));
    let stored = packer.new;
    let mut first = change(ExecutionId(0), 0, write, values);
    first.values.splice(..0, stored);
    Start { pin, name: context.execution_name.clone(), started: context.started, header, first }
}

/// Encodes a step of an execution. Fill in `applied` and `messages` afterwards.
pub fn change(
    id: ExecutionId,
    expected: Version,
    write: &Write<'_>,
    values: &mut Values,
) -> Change {
    let Write { execution, changes, history, wake, epoch } = write;
    let mut packer = Packer::new(values);
    let present = changes.frames.iter().filter_map(|id| Some((id, execution.frames.get(id)?)));
    let mut frames: Vec<_> = present
        .map(|(id, frame)| FrameRow {
            id: id.0.into(),
            state: Some(print(&FrameRecord::pack(frame, &mut packer))),
        })
        .collect();
    frames
        .extend(changes.removed_frames.iter().map(|id| FrameRow { id: id.0.into(), state: None }));
    let results = changes.results.iter().filter_map(|id| Some((id, execution.results.get(id)?)));
    let results = results
        .map(|(id, data)| ResultRow {
            join: id.join,
            index: id.index,
            result: print(&packer.keep(data)),
        })
        .collect();
    let events = pack_events(history, &mut packer);
    let outcome = pack_outcome(&execution.head, &mut packer);
    Change {
        execution: id,
        expected,
        epoch: *epoch,
        control: print(&HeadRecord::pack(&execution.head)),
        frames,
        results,
        ended_joins: changes.removed_joins.iter().copied().collect(),
        events,
        map_runs: history.iter().filter_map(begun_run).collect(),
        values: packer.new,
        wake: *wake,
        applied: Vec::new(),
        messages: Vec::new(),
        outcome,
    }
}

/// Reads an execution with everything that it needs to run on.
///
/// # Errors
///
/// [`Error::Corrupt`] if a record cannot be read.
pub fn load(store: &dyn Store, id: ExecutionId) -> super::Result<Option<Loaded>> {
    let Some(stored) = store.load(id)? else {
        return Ok(None);
    };
    let Stored { record, version, owner, control, frames, results } = stored;
    let parent = parent(store, &record)?;
    let mut read = reader(store, id);
    let mut unpacker = Unpacker::new(&mut read);
    let execution = unpack(&record, &control, frames, results, &mut unpacker);
    let values = unpacker.values;
    let execution = execution.map_err(|error| error.of(store, id))?;
    Ok(Some(Loaded { record, execution, version, owner, values, parent }))
}

/// Reads a page of a history; whole groups, so that a page may have some events more than asked.
///
/// # Errors
///
/// [`Error::Corrupt`] if a record cannot be read.
pub fn history(
    store: &dyn Store,
    id: ExecutionId,
    page: &HistoryPage,
) -> super::Result<Vec<HistoryEvent>> {
    let groups = store.history(id, page)?;
    let mut read = reader(store, id);
    let mut unpacker = Unpacker::new(&mut read);
    let mut events = Vec::new();
    for group in groups {
        let unpacked = unpack_events(&group, &mut unpacker).map_err(|error| error.of(store, id))?;
        match page.order {
            super::Order::Forward => events.extend(unpacked),
            super::Order::Reverse => events.extend(unpacked.into_iter().rev()),
        }
    }
    Ok(events)
}

/// Reads the context of an execution: names and input.
///
/// # Errors
///
/// [`Error::Corrupt`] if a record cannot be read.
pub fn context(store: &dyn Store, record: &ExecutionRecord) -> super::Result<Context> {
    let mut read = reader(store, record.id);
    let mut unpacker = Unpacker::new(&mut read);
    let header = parse(&record.header).and_then(|header| unpack_header(header, &mut unpacker));
    header.map(|(context, _)| context).map_err(|error| error.of(store, record.id))
}

/// Reads who started an execution, if another one did.
///
/// # Errors
///
/// [`Error::Corrupt`] if a record cannot be read.
pub fn parent(store: &dyn Store, record: &ExecutionRecord) -> super::Result<Option<Parent>> {
    let header = parse::<HeaderRecord<'_>>(&record.header);
    header.map(|header| header.parent).map_err(|error| error.of(store, record.id))
}

/// Reads the Map Run that an execution belongs to, if it belongs to one.
///
/// # Errors
///
/// [`Error::Corrupt`] if a record cannot be read.
pub fn map_run(store: &dyn Store, record: &ExecutionRecord) -> super::Result<Option<MapRunPart>> {
    let header = parse::<HeaderRecord<'_>>(&record.header);
    let part = header.map(|header| header.map_run.map(Cow::into_owned));
    part.map_err(|error| error.of(store, record.id))
}

/// Reads how an execution stands, with its output or failure.
///
/// # Errors
///
/// [`Error::Corrupt`] if a record cannot be read.
pub fn status(store: &dyn Store, record: &ExecutionRecord) -> super::Result<engine::Status> {
    let mut read = reader(store, record.id);
    let mut unpacker = Unpacker::new(&mut read);
    unpack_status(record, &mut unpacker).map_err(|error| error.of(store, record.id))
}

/// Why a record cannot be read; becomes [`Error::Corrupt`] with the database's name.
#[derive(Debug)]
enum Unreadable {
    Store(Error),
    Damaged(String),
}

type Result<T, E = Unreadable> = std::result::Result<T, E>;

impl Unreadable {
    fn new(why: &impl ToString) -> Self {
        Self::Damaged(why.to_string())
    }

    fn of(self, store: &dyn Store, id: ExecutionId) -> Error {
        match self {
            Self::Store(error) => error,
            Self::Damaged(why) => {
                let path = store.facts().map(|facts| facts.place).unwrap_or_default().into();
                Error::Corrupt { path, what: format!("execution {}: {why}", id.0) }
            }
        }
    }
}

fn reader(store: &dyn Store, execution: ExecutionId) -> impl FnMut(&ValueId) -> Result<Blob> + '_ {
    move |id| {
        let blob = store.value(execution, id).map_err(Unreadable::Store)?;
        blob.ok_or_else(|| Unreadable::Damaged(format!("the value {} is missing", id.0)))
    }
}

/// What never changes.
#[derive(Debug, Serialize, Deserialize)]
struct HeaderRecord<'a> {
    execution_arn: Cow<'a, str>,
    execution_name: Cow<'a, str>,
    input: Kept,
    started: Timestamp,
    role_arn: Cow<'a, str>,
    machine_arn: Cow<'a, str>,
    machine_name: Cow<'a, str>,
    limits: Limits,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<Parent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    map_run: Option<Cow<'a, MapRunPart>>,
}

impl<'a> HeaderRecord<'a> {
    fn pack(
        context: &'a Context,
        limits: Limits,
        parent: Option<Parent>,
        packer: &mut Packer<'_>,
    ) -> Self {
        let Context {
            execution_arn,
            execution_name,
            input,
            started,
            role_arn,
            machine_arn,
            machine_name,
            map_run,
        } = context;
        Self {
            execution_arn: execution_arn.into(),
            execution_name: execution_name.into(),
            input: packer.keep_written(input),
            started: *started,
            role_arn: role_arn.into(),
            machine_arn: machine_arn.into(),
            machine_name: machine_name.into(),
            limits,
            parent,
            map_run: map_run.as_ref().map(Cow::Borrowed),
        }
    }
}

fn unpack_header(
    record: HeaderRecord<'_>,
    unpacker: &mut Unpacker<'_>,
) -> Result<(Context, Limits)> {
    let context = Context {
        execution_arn: record.execution_arn.into_owned(),
        execution_name: record.execution_name.into_owned(),
        input: unpacker.data(record.input)?,
        started: record.started,
        role_arn: record.role_arn.into_owned(),
        machine_arn: record.machine_arn.into_owned(),
        machine_name: record.machine_name.into_owned(),
        map_run: record.map_run.map(Cow::into_owned),
    };
    Ok((context, record.limits))
}

/// The counters. Status and end are in the execution's own row, where lists find them.
#[derive(Debug, Serialize, Deserialize)]
struct HeadRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deadline: Option<Timestamp>,
    last_event: u64,
    last_time: Timestamp,
    next_frame: u32,
}

impl HeadRecord {
    fn pack(head: &Head) -> Self {
        let Head { status: _, deadline, last_event, last_time, next_frame, ended: _ } = head;
        Self {
            deadline: *deadline,
            last_event: *last_event,
            last_time: *last_time,
            next_frame: *next_frame,
        }
    }
}

/// How an execution ended.
#[derive(Debug, Serialize, Deserialize)]
enum ResultRecord<'a> {
    #[serde(rename = "output")]
    Output(Kept),
    #[serde(rename = "failure")]
    Failure(Cow<'a, Failure>),
}

fn pack_outcome(head: &Head, packer: &mut Packer<'_>) -> Option<Outcome> {
    let (status, result) = match &head.status {
        engine::Status::Running => return None,
        engine::Status::Succeeded(output) => {
            (Status::Succeeded, ResultRecord::Output(packer.keep(output)))
        }
        engine::Status::Failed(why) => (Status::Failed, ResultRecord::Failure(Cow::Borrowed(why))),
        engine::Status::TimedOut(why) => {
            (Status::TimedOut, ResultRecord::Failure(Cow::Borrowed(why)))
        }
        engine::Status::Aborted(why) => {
            (Status::Aborted, ResultRecord::Failure(Cow::Borrowed(why)))
        }
    };
    Some(Outcome { status, ended: head.ended, result: Some(print(&result)) })
}

fn unpack_status(record: &ExecutionRecord, unpacker: &mut Unpacker<'_>) -> Result<engine::Status> {
    let result = record.result.as_ref().map(parse::<ResultRecord<'_>>).transpose()?;
    let failure = |make: fn(Failure) -> engine::Status| match &result {
        Some(ResultRecord::Failure(failure)) => Ok(make(failure.clone().into_owned())),
        _ => Err(Unreadable::Damaged("it failed and has no failure".to_owned())),
    };
    match record.status {
        Status::Running => Ok(engine::Status::Running),
        Status::Failed => failure(engine::Status::Failed),
        Status::TimedOut => failure(engine::Status::TimedOut),
        Status::Aborted => failure(engine::Status::Aborted),
        Status::Succeeded => match result {
            Some(ResultRecord::Output(output)) => {
                Ok(engine::Status::Succeeded(unpacker.data(output)?))
            }
            _ => Err(Unreadable::Damaged("it succeeded and has no output".to_owned())),
        },
    }
}

fn unpack(
    record: &ExecutionRecord,
    control: &Blob,
    frames: Vec<(super::FrameId, Blob)>,
    results: Vec<ResultRow>,
    unpacker: &mut Unpacker<'_>,
) -> Result<Execution> {
    let (context, limits) = unpack_header(parse(&record.header)?, unpacker)?;
    let head: HeadRecord = parse(control)?;
    let head = Head {
        status: unpack_status(record, unpacker)?,
        deadline: head.deadline,
        last_event: head.last_event,
        last_time: head.last_time,
        next_frame: head.next_frame,
        ended: record.ended,
    };
    let frames = frames.into_iter().map(|(id, blob)| {
        let id = u32::try_from(id).map_err(|error| Unreadable::new(&error))?;
        Ok((FrameId(id), parse::<FrameRecord<'_>>(&blob)?.unpack(unpacker)?))
    });
    let frames = frames.collect::<Result<_>>()?;
    let results = results.into_iter().map(|row| {
        let id = ResultId { join: row.join, index: row.index };
        Ok::<(ResultId, Data), Unreadable>((id, unpacker.data(parse(&row.result)?)?))
    });
    Ok(Execution::restored(context, limits, head, frames, results.collect::<Result<_>>()?))
}

fn begun_run(event: &HistoryEvent) -> Option<MapRunRow> {
    let HistoryKind::MapRunStarted { arn, .. } = &event.kind else { return None };
    Some(MapRunRow { arn: arn.clone(), event: event.id })
}

fn pack_events(history: &[HistoryEvent], packer: &mut Packer<'_>) -> Option<EventGroup> {
    let first = history.first()?.id;
    let records: Vec<_> = history.iter().map(|event| EventRecord::pack(event, packer)).collect();
    let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
    Some(EventGroup { first, count, events: print(&records) })
}

fn unpack_events(group: &EventGroup, unpacker: &mut Unpacker<'_>) -> Result<Vec<HistoryEvent>> {
    let records: Vec<EventRecord<'_>> = parse(&group.events)?;
    (group.first..).zip(records).map(|(id, record)| record.unpack(id, unpacker)).collect()
}
