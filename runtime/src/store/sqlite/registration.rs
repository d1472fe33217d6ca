//! Rows of machines that are made, changed and deleted at run time.

use super::{
    read::{blob, optional_blob, time, unsigned},
    write::number,
};
use crate::store::{Answer, Blob, Register, Registration, Revision};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

/// Writes a machine if its version and the number of its last revision are the expected ones.
pub(super) fn register(connection: &mut Connection, change: &Register) -> rusqlite::Result<Answer> {
    let Register { arn, name, expected, state, revision } = change;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "INSERT INTO machines(arn, name) VALUES(?1, ?2) ON CONFLICT DO NOTHING",
        params![arn, name],
    )?;
    let machine: i64 =
        transaction.query_row("SELECT id FROM machines WHERE arn = ?1", [arn], |row| row.get(0))?;
    let version: Option<i64> = transaction
        .query_row("SELECT version FROM registrations WHERE machine = ?1", [machine], |row| {
            row.get(0)
        })
        .optional()?;
    if version.unwrap_or(0) != number(*expected) {
        return Ok(Answer::Conflict);
    }
    if let Some(revision) = revision
        && !add(&transaction, machine, revision)?
    {
        return Ok(Answer::Conflict);
    }
    transaction.execute(
        "INSERT INTO registrations(machine, version, state, crc) VALUES(?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET version = excluded.version, state = excluded.state,
           crc = excluded.crc",
        params![machine, number(expected.saturating_add(1)), state.text(), state.crc()],
    )?;
    transaction.commit()?;
    Ok(Answer::Ok)
}

/// Adds a revision, if its number is the next one.
fn add(connection: &Connection, machine: i64, revision: &Revision) -> rusqlite::Result<bool> {
    let Revision { number: next, hash, definition, created, facts } = revision;
    let last: Option<i64> = connection.query_row(
        "SELECT max(revision) FROM revisions WHERE machine = ?1",
        [machine],
        |row| row.get(0),
    )?;
    let next = number(*next);
    if last.unwrap_or(0).saturating_add(1) != next {
        return Ok(false);
    }
    let definition = Blob::new(definition.clone());
    connection.execute(
        "INSERT INTO definitions(hash, definition, crc) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![hash, definition.text(), definition.crc()],
    )?;
    connection.execute(
        "INSERT INTO revisions(machine, revision, hash, created) VALUES(?1, ?2, ?3, ?4)",
        params![machine, next, hash, created.as_millisecond()],
    )?;
    if let Some(facts) = facts {
        connection.execute(
            "INSERT INTO revision_facts(machine, revision, facts, crc) VALUES(?1, ?2, ?3, ?4)",
            params![machine, next, facts.text(), facts.crc()],
        )?;
    }
    Ok(true)
}

/// All machines that were made at run time, by ARN.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Registration>> {
    let mut select = connection.prepare_cached(
        "SELECT m.arn, m.name, r.version, r.state, r.crc
         FROM registrations r JOIN machines m ON m.id = r.machine ORDER BY m.arn",
    )?;
    let rows = select.query_map([], |row| {
        Ok(Registration {
            arn: row.get(0)?,
            name: row.get(1)?,
            version: unsigned(row, 2)?,
            state: blob(row, 3)?,
        })
    })?;
    rows.collect()
}

/// One revision of a machine.
pub(super) fn revision(
    connection: &Connection,
    arn: &str,
    wanted: u64,
) -> rusqlite::Result<Option<Revision>> {
    let mut select = connection.prepare_cached(
        "SELECT r.revision, r.hash, r.created, d.definition, d.crc, f.facts, f.crc
         FROM machines m JOIN revisions r ON r.machine = m.id JOIN definitions d USING(hash)
           LEFT JOIN revision_facts f ON f.machine = m.id AND f.revision = r.revision
         WHERE m.arn = ?1 AND r.revision = ?2",
    )?;
    let found = select.query_row(params![arn, number(wanted)], |row| {
        Ok(Revision {
            number: unsigned(row, 0)?,
            hash: row.get(1)?,
            created: time(row.get(2)?),
            definition: blob(row, 3)?.text().to_owned(),
            facts: optional_blob(row, 5)?,
        })
    });
    found.optional()
}
