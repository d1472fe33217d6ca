//! Reading: any thread, any process, each call on a connection of its own.

use crate::store::{
    Blob, Epoch, EventGroup, ExecutionId, ExecutionRecord, Filter, HistoryPage, MachineRecord,
    MapRunRow, Message, MessageId, Order, Page, Pin, Received, ResultRow, Status, Stored, ValueId,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params, types::Type};

/// Columns of an execution's record, in the order that [`record`] reads them.
macro_rules! records {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.name, e.status, e.started, e.ended, e.header, e.header_crc, e.result,
               e.result_crc, m.arn, e.revision, r.hash, e.version, e.alias
             FROM executions e JOIN machines m ON m.id = e.machine
               JOIN revisions r ON r.machine = e.machine AND r.revision = e.revision ",
            $rest
        )
    };
}

pub(super) fn load(connection: &Connection, id: ExecutionId) -> rusqlite::Result<Option<Stored>> {
    // One transaction, so that all rows are of the same commit.
    let transaction = connection.unchecked_transaction()?;
    let Some(record) = describe(&transaction, id)? else {
        return Ok(None);
    };
    let mut select = transaction.prepare_cached(
        "SELECT version, owner, state, crc, root, root_crc FROM control WHERE execution = ?1",
    )?;
    let (version, owner, control, root) = select.query_row([id.0], |row| {
        let owner: Option<i64> = row.get(1)?;
        let version: i64 = row.get(0)?;
        Ok((version, owner, blob(row, 2)?, optional_blob(row, 4)?))
    })?;
    let mut frames: Vec<_> = root.map(|root| (0, root)).into_iter().collect();
    let mut select = transaction.prepare_cached(
        "SELECT frame, state, crc FROM frames WHERE execution = ?1 ORDER BY frame",
    )?;
    let rows = select.query_map([id.0], |row| Ok((unsigned(row, 0)?, blob(row, 1)?)))?;
    for row in rows {
        frames.push(row?);
    }
    let mut select = transaction.prepare_cached(
        "SELECT joined, position, result, crc FROM results WHERE execution = ?1
         ORDER BY joined, position",
    )?;
    let rows = select.query_map([id.0], |row| {
        Ok(ResultRow { join: unsigned(row, 0)?, index: row.get(1)?, result: blob(row, 2)? })
    })?;
    let results = rows.collect::<Result<_, _>>()?;
    let owner = owner.map(|owner| Epoch(owner.unsigned_abs()));
    Ok(Some(Stored { record, version: version.unsigned_abs(), owner, control, frames, results }))
}

pub(super) fn value(
    connection: &Connection,
    id: ExecutionId,
    name: &ValueId,
) -> rusqlite::Result<Option<Blob>> {
    let mut select = connection
        .prepare_cached("SELECT value, crc FROM payloads WHERE execution = ?1 AND name = ?2")?;
    select.query_row(params![id.0, name.0], |row| blob(row, 0)).optional()
}

pub(super) fn describe(
    connection: &Connection,
    id: ExecutionId,
) -> rusqlite::Result<Option<ExecutionRecord>> {
    let mut select = connection.prepare_cached(records!("WHERE e.id = ?1"))?;
    select.query_row([id.0], record).optional()
}

pub(super) fn find(
    connection: &Connection,
    machine: &str,
    name: &str,
) -> rusqlite::Result<Option<ExecutionId>> {
    let mut select = connection.prepare_cached(
        "SELECT id FROM executions
         WHERE machine = (SELECT id FROM machines WHERE arn = ?1) AND name = ?2",
    )?;
    select.query_row([machine, name], |row| row.get(0).map(ExecutionId)).optional()
}

/// Counts in the index by machine and status, which is smaller than the table.
pub(super) fn running(connection: &Connection) -> rusqlite::Result<u64> {
    let count = "SELECT count(*) FROM executions INDEXED BY executions_status WHERE status = ?1";
    let running: i64 = connection.query_row(count, [Status::Running as u8], |row| row.get(0))?;
    Ok(running.unsigned_abs())
}

/// Lists executions. Where something is asked for, each pair of machine and status is a range of
/// the index; the ranges' newest are merged.
pub(super) fn list(
    connection: &Connection,
    filter: &Filter,
    page: &Page,
) -> rusqlite::Result<Vec<ExecutionRecord>> {
    let before = page.before.map_or(i64::MAX, |id| id.0);
    let limit = i64::try_from(page.limit).unwrap_or(i64::MAX);
    let transaction = connection.unchecked_transaction()?;
    if *filter == Filter::default() {
        let mut select =
            transaction.prepare_cached(records!("WHERE e.id < ?1 ORDER BY e.id DESC LIMIT ?2"))?;
        return select.query_map([before, limit], record)?.collect();
    }
    let mut select = transaction
        .prepare_cached("SELECT id FROM machines WHERE ?1 IS NULL OR arn = ?1 ORDER BY id")?;
    let machines: Vec<i64> =
        select.query_map([&filter.machine], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let statuses = filter.status.map_or(0..=4, |status| status as u8..=status as u8);
    let mut ids: Vec<i64> = Vec::new();
    let mut select = transaction.prepare_cached(
        "SELECT id FROM executions WHERE machine = ?1 AND status = ?2 AND id < ?3
         ORDER BY id DESC LIMIT ?4",
    )?;
    for machine in machines {
        for status in statuses.clone() {
            let found = select
                .query_map(params![machine, status, before, limit], |row| row.get(0))?
                .collect::<Result<Vec<i64>, _>>()?;
            ids.extend(found);
        }
    }
    ids.sort_unstable_by(|one, other| other.cmp(one));
    let newest = ids.into_iter().take(page.limit);
    newest.filter_map(|id| describe(&transaction, ExecutionId(id)).transpose()).collect()
}

pub(super) fn history(
    connection: &Connection,
    id: ExecutionId,
    page: &HistoryPage,
) -> rusqlite::Result<Vec<EventGroup>> {
    let mut select = connection.prepare_cached(match page.order {
        Order::Forward => {
            "SELECT first, count, events, crc FROM events WHERE execution = ?1 AND first >=
               coalesce((SELECT max(first) FROM events WHERE execution = ?1 AND first <= ?2), 1)
             ORDER BY first LIMIT ?3"
        }
        Order::Reverse => {
            "SELECT first, count, events, crc FROM events WHERE execution = ?1 AND first <= ?2
             ORDER BY first DESC LIMIT ?3"
        }
    })?;
    let end = match page.order {
        Order::Forward => 1,
        Order::Reverse => i64::MAX,
    };
    let from = page.from.map_or(end, |from| i64::try_from(from).unwrap_or(i64::MAX));
    let limit = i64::try_from(page.limit).unwrap_or(i64::MAX);
    let rows = select.query_map([id.0, from, limit], |row| {
        Ok(EventGroup { first: unsigned(row, 0)?, count: row.get(1)?, events: blob(row, 2)? })
    })?;
    rows.collect()
}

pub(super) fn inbox(
    connection: &Connection,
    after: MessageId,
    limit: usize,
) -> rusqlite::Result<Vec<Received>> {
    let mut select = connection.prepare_cached(
        "SELECT id, execution, sent, body, crc FROM inbox WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map([after, limit], |row| {
        let execution: Option<i64> = row.get(1)?;
        let message = Message {
            execution: execution.map(ExecutionId),
            sent: time(row.get(2)?),
            body: blob(row, 3)?,
        };
        Ok(Received { id: row.get(0)?, message })
    })?;
    rows.collect()
}

/// The Map Run of this ARN, with its execution.
pub(super) fn map_run(
    connection: &Connection,
    arn: &str,
) -> rusqlite::Result<Option<(ExecutionId, MapRunRow)>> {
    let mut select =
        connection.prepare_cached("SELECT arn, event, execution FROM map_runs WHERE arn = ?1")?;
    let found = select.query_row([arn], |row| Ok((ExecutionId(row.get(2)?), map_run_row(row)?)));
    found.optional()
}

/// The Map Runs of an execution, in order.
pub(super) fn map_runs(
    connection: &Connection,
    execution: ExecutionId,
) -> rusqlite::Result<Vec<MapRunRow>> {
    let mut select = connection
        .prepare_cached("SELECT arn, event FROM map_runs WHERE execution = ?1 ORDER BY event")?;
    select.query_map([execution.0], map_run_row)?.collect()
}

fn map_run_row(row: &Row<'_>) -> rusqlite::Result<MapRunRow> {
    Ok(MapRunRow { arn: row.get(0)?, event: unsigned(row, 1)? })
}

/// The latest revision of one machine, or of all but those of Map Runs.
pub(super) fn machines(
    connection: &Connection,
    arn: Option<&str>,
) -> rusqlite::Result<Vec<MachineRecord>> {
    let mut select = connection.prepare_cached(
        "SELECT m.arn, m.name, r.revision, r.hash, d.definition, d.crc, r.created, s.definition,
           s.crc
         FROM machines m JOIN revisions r ON r.machine = m.id JOIN definitions d USING(hash)
           LEFT JOIN definitions s ON s.hash = r.hash || '/shapes'
         WHERE (m.arn = ?1 OR ?1 IS NULL AND instr(m.arn, '/') = 0)
           AND r.revision = (SELECT max(revision) FROM revisions WHERE machine = m.id)
         ORDER BY m.arn",
    )?;
    let rows = select.query_map([arn], |row| {
        Ok(MachineRecord {
            arn: row.get(0)?,
            name: row.get(1)?,
            revision: unsigned(row, 2)?,
            hash: row.get(3)?,
            definition: blob(row, 4)?.text().to_owned(),
            shapes: optional_blob(row, 7)?.map(|shapes| shapes.text().to_owned()),
            created: time(row.get(6)?),
        })
    })?;
    rows.collect()
}

pub(super) fn definition(connection: &Connection, hash: &str) -> rusqlite::Result<Option<String>> {
    let mut select =
        connection.prepare_cached("SELECT definition, crc FROM definitions WHERE hash = ?1")?;
    select.query_row([hash], |row| Ok(blob(row, 0)?.text().to_owned())).optional()
}

/// Shapes stand among the definitions, under a name that no definition has.
pub(super) fn shapes(connection: &Connection, hash: &str) -> rusqlite::Result<Option<String>> {
    definition(connection, &format!("{hash}/shapes"))
}

fn record(row: &Row<'_>) -> rusqlite::Result<ExecutionRecord> {
    let version: Option<i64> = row.get(12)?;
    let ended: Option<i64> = row.get(4)?;
    Ok(ExecutionRecord {
        id: ExecutionId(row.get(0)?),
        name: row.get(1)?,
        status: status(row.get(2)?)?,
        started: time(row.get(3)?),
        ended: ended.map(time),
        header: blob(row, 5)?,
        result: optional_blob(row, 7)?,
        pin: Pin {
            machine: row.get(9)?,
            revision: unsigned(row, 10)?,
            hash: row.get(11)?,
            version: version.map(i64::unsigned_abs),
            alias: row.get(13)?,
        },
    })
}

fn status(stored: u8) -> rusqlite::Result<Status> {
    [Status::Running, Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted]
        .into_iter()
        .find(|status| *status as u8 == stored)
        .ok_or_else(|| damaged(2, format!("there is no status {stored}")))
}

/// Reads a text and its checksum, which is the column after it.
pub(super) fn blob(row: &Row<'_>, column: usize) -> rusqlite::Result<Blob> {
    optional_blob(row, column)?.ok_or_else(|| damaged(column, "a text is missing".to_owned()))
}

pub(super) fn optional_blob(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Blob>> {
    let text: Option<String> = row.get(column)?;
    let Some(text) = text else {
        return Ok(None);
    };
    let blob = Blob::checked(text, row.get(column + 1)?);
    let fits =
        blob.ok_or_else(|| damaged(column, "a text does not fit its checksum".to_owned()))?;
    Ok(Some(fits))
}

/// What [`fault::of`](super::fault::of) knows as damage.
fn damaged(column: usize, what: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, what.into())
}

pub(super) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::unsigned_abs)
}

/// Reads a time. One outside the calendar can only come from damage; the nearest will do.
pub(super) fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}
