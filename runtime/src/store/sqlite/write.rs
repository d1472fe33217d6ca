//! Writing: one group is one transaction.

use super::Writer;
use crate::store::{
    Answer, Batch, Blob, Change, Committed, Epoch, EventGroup, ExecutionId, FrameRow,
    MachineRecord, MapRunRow, Message, MessageId, Pin, ResultRow, Start, Started, Status,
    StoredValue, Wake,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use std::collections::BTreeSet;

/// The number of the root frame, whose state is a column of `control`.
const ROOT: u64 = 0;

/// Writes a group. An error undoes all of it.
pub(super) fn commit(writer: &mut Writer, batch: &Batch) -> rusqlite::Result<Committed> {
    let Writer { connection, epoch, claimed, machines, .. } = writer;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut committed = Committed::default();
    for new in &batch.starts {
        let revision = (new.pin.machine.clone(), new.pin.revision);
        let machine = match machines.get(&revision) {
            Some(machine) => *machine,
            None => {
                let machine = machine_of_start(&transaction, &new.pin)?;
                machines.insert(revision, machine);
                machine
            }
        };
        committed.starts.push(start(&transaction, machine, new)?);
    }
    // A claim counts for one change, which writes the owner into the row.
    let mut spent = BTreeSet::new();
    for one in &batch.changes {
        // Whoever took over the lock has a larger epoch; this process had better know.
        let mine = Some(one.epoch) == *epoch;
        let is_claimed = claimed.contains(&one.execution) && !spent.contains(&one.execution);
        let taken = mine && change(&transaction, one, is_claimed)?;
        if taken && is_claimed {
            spent.insert(one.execution);
        }
        committed.changes.push(if taken { Answer::Ok } else { Answer::Conflict });
    }
    send(&transaction, &batch.messages)?;
    remove_messages(&transaction, &batch.applied)?;
    let released: Vec<_> =
        batch.released.iter().filter(|(_, of)| Some(*of) == *epoch).map(|(id, _)| *id).collect();
    for id in &released {
        release(&transaction, *id, *epoch)?;
    }
    transaction.commit()?;
    for id in &spent {
        claimed.remove(id);
    }
    for id in &released {
        claimed.remove(id);
    }
    Ok(committed)
}

fn machine_id(connection: &Connection, arn: &str) -> rusqlite::Result<i64> {
    let mut select = connection.prepare_cached("SELECT id FROM machines WHERE arn = ?1")?;
    select.query_row([arn], |row| row.get(0))
}

/// The number of the machine of a new execution. Executions of Map Runs have a machine of their own,
/// whose ARN has a label: it comes with the first of them, and has the machine's revisions.
fn machine_of_start(connection: &Connection, pin: &Pin) -> rusqlite::Result<i64> {
    let Some((machine, _label)) = pin.machine.split_once('/') else {
        return machine_id(connection, &pin.machine);
    };
    let name = pin.machine.rsplit(':').next();
    connection.execute(
        "INSERT INTO machines(arn, name) VALUES(?1, ?2) ON CONFLICT DO NOTHING",
        params![pin.machine, name],
    )?;
    let labelled = machine_id(connection, &pin.machine)?;
    connection.execute(
        "INSERT INTO revisions SELECT ?1, revision, hash, created FROM revisions
         WHERE machine = ?2 AND revision = ?3 ON CONFLICT DO NOTHING",
        params![labelled, machine_id(connection, machine)?, number(pin.revision)],
    )?;
    Ok(labelled)
}

fn start(connection: &Connection, machine: i64, new: &Start) -> rusqlite::Result<Started> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO executions(machine, name, revision, version, alias, status, started, header,
           header_crc) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
    )?;
    let Pin { machine: _, revision, hash: _, version, alias } = &new.pin;
    let inserted = insert.execute(params![
        machine,
        new.name,
        number(*revision),
        version.map(number),
        alias,
        Status::Running as u8,
        new.started.as_millisecond(),
        new.header.text(),
        new.header.crc(),
    ])?;
    if inserted == 0 {
        let mut select = connection
            .prepare_cached("SELECT id FROM executions WHERE machine = ?1 AND name = ?2")?;
        let id = select.query_row(params![machine, new.name], |row| row.get(0))?;
        return Ok(Started::Exists(ExecutionId(id)));
    }
    let id = ExecutionId(connection.last_insert_rowid());
    let mut insert = connection.prepare_cached(
        "INSERT INTO control(execution, version, owner, due, state, crc, root, root_crc)
         VALUES(?1, 1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let (owner, due) = looked_after(new.first.wake, new.first.epoch);
    let root = new.first.frames.iter().find(|frame| frame.id == ROOT);
    let root = root.and_then(|frame| frame.state.as_ref());
    insert.execute(params![
        id.0,
        owner,
        due,
        new.first.control.text(),
        new.first.control.crc(),
        root.map(Blob::text),
        root.map(Blob::crc),
    ])?;
    rows(connection, id, &new.first)?;
    Ok(Started::New(id))
}

/// Writes a change if version and owner are the expected ones.
fn change(connection: &Connection, change: &Change, claimed: bool) -> rusqlite::Result<bool> {
    let (owner, due) = looked_after(change.wake, change.epoch);
    let root = change.frames.iter().find(|frame| frame.id == ROOT);
    let mut update = connection.prepare_cached(match root {
        None => {
            "UPDATE control SET version = version + 1, owner = ?1, due = ?2, state = ?3, crc = ?4
             WHERE execution = ?5 AND version = ?6 AND (?7 OR owner = ?8)"
        }
        Some(_) => {
            "UPDATE control SET version = version + 1, owner = ?1, due = ?2, state = ?3, crc = ?4,
               root = ?9, root_crc = ?10
             WHERE execution = ?5 AND version = ?6 AND (?7 OR owner = ?8)"
        }
    })?;
    let (id, version) = (change.execution, number(change.expected));
    let (state, crc) = (change.control.text(), change.control.crc());
    let epoch = number(change.epoch.0);
    let updated = match root {
        None => update.execute(params![owner, due, state, crc, id.0, version, claimed, epoch])?,
        Some(root) => {
            let (root, root_crc) =
                (root.state.as_ref().map(Blob::text), root.state.as_ref().map(Blob::crc));
            update.execute(params![
                owner, due, state, crc, id.0, version, claimed, epoch, root, root_crc
            ])?
        }
    };
    if updated == 1 {
        rows(connection, id, change)?;
    }
    Ok(updated == 1)
}

/// Writes everything of a change that is not in `control`.
fn rows(connection: &Connection, id: ExecutionId, change: &Change) -> rusqlite::Result<()> {
    if let Some(group) = &change.events {
        events(connection, id, group)?;
    }
    for value in &change.values {
        payload(connection, id, value)?;
    }
    for MapRunRow { arn, event } in &change.map_runs {
        let mut insert = connection.prepare_cached("INSERT INTO map_runs VALUES(?1, ?2, ?3)")?;
        insert.execute(params![arn, id.0, number(*event)])?;
    }
    for row in change.frames.iter().filter(|row| row.id != ROOT) {
        frame(connection, id, row)?;
    }
    for join in &change.ended_joins {
        let mut delete = connection
            .prepare_cached("DELETE FROM results WHERE execution = ?1 AND joined = ?2")?;
        delete.execute(params![id.0, number(*join)])?;
    }
    for row in &change.results {
        result(connection, id, row)?;
    }
    remove_messages(connection, &change.applied)?;
    send(connection, &change.messages)?;
    if let Some(outcome) = &change.outcome {
        let mut update = connection.prepare_cached(
            "UPDATE executions SET status = ?2, ended = ?3, result = ?4, result_crc = ?5
             WHERE id = ?1",
        )?;
        update.execute(params![
            id.0,
            outcome.status as u8,
            outcome.ended.map(Timestamp::as_millisecond),
            outcome.result.as_ref().map(Blob::text),
            outcome.result.as_ref().map(Blob::crc),
        ])?;
    }
    Ok(())
}

fn events(connection: &Connection, id: ExecutionId, group: &EventGroup) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO events(execution, first, count, events, crc) VALUES(?1, ?2, ?3, ?4, ?5)",
    )?;
    let EventGroup { first, count, events } = group;
    insert.execute(params![id.0, number(*first), count, events.text(), events.crc()])?;
    Ok(())
}

fn payload(connection: &Connection, id: ExecutionId, value: &StoredValue) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO payloads(execution, name, value, crc) VALUES(?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
    )?;
    insert.execute(params![id.0, value.id.0, value.value.text(), value.value.crc()])?;
    Ok(())
}

fn frame(connection: &Connection, id: ExecutionId, row: &FrameRow) -> rusqlite::Result<()> {
    let Some(state) = &row.state else {
        let mut delete =
            connection.prepare_cached("DELETE FROM frames WHERE execution = ?1 AND frame = ?2")?;
        delete.execute(params![id.0, number(row.id)])?;
        return Ok(());
    };
    let mut upsert = connection.prepare_cached(
        "INSERT INTO frames(execution, frame, state, crc) VALUES(?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET state = excluded.state, crc = excluded.crc",
    )?;
    upsert.execute(params![id.0, number(row.id), state.text(), state.crc()])?;
    Ok(())
}

fn result(connection: &Connection, id: ExecutionId, row: &ResultRow) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO results(execution, joined, position, result, crc) VALUES(?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET result = excluded.result, crc = excluded.crc",
    )?;
    let ResultRow { join, index, result } = row;
    insert.execute(params![id.0, number(*join), index, result.text(), result.crc()])?;
    Ok(())
}

fn remove_messages(connection: &Connection, ids: &[MessageId]) -> rusqlite::Result<()> {
    for id in ids {
        connection.prepare_cached("DELETE FROM inbox WHERE id = ?1")?.execute([id])?;
    }
    Ok(())
}

/// Takes the owner out of an execution's row. What an earlier owner left behind is due at once.
fn release(connection: &Connection, id: ExecutionId, epoch: Option<Epoch>) -> rusqlite::Result<()> {
    let mut update = connection.prepare_cached(
        "UPDATE control SET due = CASE WHEN owner < ?2 THEN 0 ELSE due END, owner = NULL
         WHERE execution = ?1 AND owner IS NOT NULL",
    )?;
    update.execute(params![id.0, epoch.map(|epoch| number(epoch.0))])?;
    Ok(())
}

/// Puts messages into the inbox.
pub(super) fn send(connection: &Connection, messages: &[Message]) -> rusqlite::Result<()> {
    for Message { execution, sent, body } in messages {
        let mut insert = connection.prepare_cached(
            "INSERT INTO inbox(execution, sent, body, crc) VALUES(?1, ?2, ?3, ?4)",
        )?;
        let execution = execution.map(|id| id.0);
        insert.execute(params![execution, sent.as_millisecond(), body.text(), body.crc()])?;
    }
    Ok(())
}

/// Begins a new term of ownership.
pub(super) fn own(connection: &mut Connection, owner: &str) -> rusqlite::Result<Epoch> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let epoch: i64 = transaction.query_row(
        "UPDATE meta SET epoch = epoch + 1, owner = ?1 RETURNING epoch",
        [owner],
        |row| row.get(0),
    )?;
    transaction.commit()?;
    Ok(Epoch(epoch.unsigned_abs()))
}

/// The epoch of the latest owner.
pub(super) fn latest(connection: &Connection) -> rusqlite::Result<Epoch> {
    let mut select = connection.prepare_cached("SELECT epoch FROM meta")?;
    let epoch: i64 = select.query_row([], |row| row.get(0))?;
    Ok(Epoch(epoch.unsigned_abs()))
}

/// Records a definition, and a revision of the machine if it is another one than the latest.
pub(super) fn put_machine(
    connection: &mut Connection,
    machine: &MachineRecord,
) -> rusqlite::Result<Pin> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let MachineRecord { arn, name, revision: _, hash, definition, shapes, created } = machine;
    let texts = [(hash.clone(), Some(definition)), (format!("{hash}/shapes"), shapes.as_ref())];
    for (name, text) in texts {
        let Some(text) = text.map(|text| Blob::new(text.clone())) else { continue };
        transaction.execute(
            "INSERT INTO definitions VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![name, text.text(), text.crc()],
        )?;
    }
    transaction.execute(
        "INSERT INTO machines(arn, name) VALUES(?1, ?2) ON CONFLICT DO NOTHING",
        params![arn, name],
    )?;
    let id = machine_id(&transaction, arn)?;
    let latest: Option<(i64, String)> = transaction
        .query_row(
            "SELECT revision, hash FROM revisions WHERE machine = ?1 ORDER BY revision DESC LIMIT 1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let revision = match latest {
        Some((revision, same)) if same == *hash => revision,
        latest => {
            let next = latest.map_or(1, |(revision, _)| revision + 1);
            let created = created.as_millisecond();
            transaction.execute(
                "INSERT INTO revisions VALUES(?1, ?2, ?3, ?4)",
                params![id, next, hash, created],
            )?;
            next
        }
    };
    transaction.commit()?;
    Ok(Pin {
        machine: arn.clone(),
        revision: revision.unsigned_abs(),
        hash: hash.clone(),
        version: None,
        alias: None,
    })
}

/// Owner and due time of an execution. A timer must not fire before its time: part of a millisecond
/// counts as a whole one.
fn looked_after(wake: Wake, epoch: Epoch) -> (Option<i64>, Option<i64>) {
    match wake {
        Wake::Owned => (Some(number(epoch.0)), None),
        Wake::At(at) => {
            let whole = at.as_millisecond();
            let part = i64::from(at.as_nanosecond() > i128::from(whole) * 1_000_000);
            (None, Some(whole + part))
        }
        Wake::Message => (None, None),
    }
}

/// SQLite's integers have a sign. None of ours comes near 2^63.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
