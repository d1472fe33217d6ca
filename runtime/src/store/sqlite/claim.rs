//! Handing out executions that nobody owns.
//!
//! Since the owner's lock keeps others off, a claim lives in memory alone and costs no commit: the
//! first change after it writes the owner into the row.

use super::Writer;
use crate::store::{Claim, Claimed, Epoch, ExecutionId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::BTreeSet;

/// Where the search for what earlier owners left has got to. Nothing is left behind during an
/// epoch, so that the search goes through the index once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Orphans {
    owner: i64,
    execution: i64,
    done: bool,
}

/// Claims up to `limit` executions: orphans, then what is due, then what messages wait for.
pub(super) fn claim(writer: &mut Writer, claim: &Claim) -> rusqlite::Result<Vec<ExecutionId>> {
    let Writer { connection, claimed, orphans, .. } = writer;
    let mut ids = Vec::new();
    if !orphans.done {
        let rows = left_behind(connection, claim.epoch, orphans, claim.limit)?;
        orphans.done = rows.len() < claim.limit;
        for (owner, execution) in rows {
            *orphans = Orphans { owner, execution, ..*orphans };
            ids.extend(Some(ExecutionId(execution)).filter(|id| claimed.insert(*id)));
        }
    }
    if ids.len() < claim.limit {
        // Those claimed and not yet changed are still in the index.
        let room = claim.limit.saturating_add(claimed.len());
        let due = waiting(connection, claim.now, room)?.into_iter().map(|(_, id)| id);
        let free = due.chain(addressed(connection)?);
        for id in free {
            if ids.len() < claim.limit && claimed.insert(id) {
                ids.push(id);
            }
        }
    }
    Ok(ids)
}

/// Claims up to `limit` of these executions.
pub(super) fn claim_among(
    writer: &mut Writer,
    claim: &Claim,
    these: &BTreeSet<ExecutionId>,
) -> rusqlite::Result<Claimed> {
    let Writer { connection, claimed, .. } = writer;
    let epoch = i64::try_from(claim.epoch.0).unwrap_or(i64::MAX);
    let addressed: BTreeSet<_> = addressed(connection)?.into_iter().collect();
    let mut select =
        connection.prepare_cached("SELECT owner, due FROM control WHERE execution = ?1")?;
    let mut found = Claimed::default();
    for id in these.iter().copied() {
        if claimed.contains(&id) {
            continue;
        }
        let row = select.query_row([id.0], |row| {
            Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?))
        });
        let Some((owner, due)) = row.optional()? else { continue };
        let due = match owner {
            Some(owner) if owner >= epoch => continue,
            // What an earlier owner left behind is due at once.
            Some(_) => Some(Timestamp::UNIX_EPOCH),
            None => due.map(super::read::time),
        };
        let is_due = due.is_some_and(|due| due <= claim.now) || addressed.contains(&id);
        if is_due && found.executions.len() < claim.limit {
            claimed.insert(id);
            found.executions.push(id);
        } else {
            found.next_due = found.next_due.into_iter().chain(due).min();
        }
    }
    Ok(found)
}

fn left_behind(
    connection: &Connection,
    epoch: Epoch,
    from: &Orphans,
    limit: usize,
) -> rusqlite::Result<Vec<(i64, i64)>> {
    let mut select = connection.prepare_cached(
        "SELECT owner, execution FROM control
         WHERE owner IS NOT NULL AND owner < ?1 AND (owner, execution) > (?2, ?3)
         ORDER BY owner, execution LIMIT ?4",
    )?;
    let epoch = i64::try_from(epoch.0).unwrap_or(i64::MAX);
    let rows = select
        .query_map(params![epoch, from.owner, from.execution, size(limit)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    rows.collect()
}

/// Executions that nobody owns or has claimed, with their due times, earliest first.
pub(super) fn due(
    writer: &Writer,
    until: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<(Timestamp, ExecutionId)>> {
    let Writer { connection, epoch, claimed, orphans, .. } = writer;
    let mut found = Vec::new();
    if let Some(epoch) = epoch
        && !orphans.done
    {
        let rows = left_behind(connection, *epoch, orphans, limit)?.into_iter();
        found.extend(rows.map(|(_, id)| (Timestamp::UNIX_EPOCH, ExecutionId(id))));
        found.retain(|(_, id)| !claimed.contains(id));
    }
    let later = waiting(connection, until, limit.saturating_add(claimed.len()))?.into_iter();
    found.extend(later.filter(|(_, id)| !claimed.contains(id)));
    found.truncate(limit);
    Ok(found)
}

/// Executions that nobody owns, with their due times, earliest first.
fn waiting(
    connection: &Connection,
    until: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<(Timestamp, ExecutionId)>> {
    let mut select = connection.prepare_cached(
        "SELECT due, execution FROM control WHERE due IS NOT NULL AND due <= ?1
         ORDER BY due LIMIT ?2",
    )?;
    let rows = select.query_map(params![until.as_millisecond(), size(limit)], |row| {
        Ok((super::read::time(row.get(0)?), ExecutionId(row.get(1)?)))
    })?;
    rows.collect()
}

/// Executions that nobody owns and that messages wait for.
fn addressed(connection: &Connection) -> rusqlite::Result<Vec<ExecutionId>> {
    let mut select = connection.prepare_cached(
        "SELECT DISTINCT inbox.execution FROM inbox JOIN control USING(execution)
         WHERE control.owner IS NULL ORDER BY inbox.id",
    )?;
    let rows = select.query_map([], |row| Ok(ExecutionId(row.get(0)?)))?;
    rows.collect()
}

/// The earliest due time of an execution that nobody owns or has claimed.
pub(super) fn next(writer: &Writer) -> rusqlite::Result<Option<Timestamp>> {
    Ok(due(writer, Timestamp::MAX, 1)?.first().map(|(at, _)| *at))
}

fn size(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
