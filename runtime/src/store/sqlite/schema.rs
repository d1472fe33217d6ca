//! The tables, and the settings of a connection.

use super::{fault, lock::beside, pages};
use crate::store::{Error, FORMAT, Result, checksum::checksum};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};
use std::{fmt::Write as _, path::Path, sync::Arc, time::Duration};

/// "stpw", so that `file` and other tools can tell the database from others.
const APPLICATION_ID: i32 = 0x7374_7077;

/// Of SQLite's page sizes the one that disks and caches have.
const PAGE_SIZE: u32 = 4096;

/// How long a connection waits for another process to finish its commit.
const BUSY: Duration = Duration::from_secs(5);

/// Tables of format 1. `events` and `payloads` are only appended to; the hot path writes a row of
/// `events` and one of `control`. Times are milliseconds since 1970. Every text comes with its
/// CRC-32.
const TABLES: &str = "
CREATE TABLE meta(
  id INTEGER PRIMARY KEY CHECK(id = 1), format INTEGER NOT NULL, tables_crc INTEGER NOT NULL,
  epoch INTEGER NOT NULL, owner TEXT) STRICT;
CREATE TABLE definitions(hash TEXT PRIMARY KEY, definition TEXT NOT NULL, crc INTEGER NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE TABLE machines(id INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL) STRICT;
CREATE TABLE revisions(
  machine INTEGER NOT NULL, revision INTEGER NOT NULL, hash TEXT NOT NULL,
  created INTEGER NOT NULL, PRIMARY KEY(machine, revision)) STRICT, WITHOUT ROWID;
CREATE TABLE executions(
  id INTEGER PRIMARY KEY, machine INTEGER NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL,
  version INTEGER, alias TEXT, status INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER,
  header TEXT NOT NULL, header_crc INTEGER NOT NULL, result TEXT, result_crc INTEGER,
  UNIQUE(machine, name)) STRICT;
CREATE INDEX executions_status ON executions(machine, status);
CREATE TABLE control(
  execution INTEGER PRIMARY KEY, version INTEGER NOT NULL, owner INTEGER, due INTEGER,
  state TEXT NOT NULL, crc INTEGER NOT NULL, root TEXT, root_crc INTEGER) STRICT;
CREATE INDEX control_owner ON control(owner) WHERE owner IS NOT NULL;
CREATE INDEX control_due ON control(due) WHERE due IS NOT NULL;
CREATE TABLE frames(
  execution INTEGER NOT NULL, frame INTEGER NOT NULL, state TEXT NOT NULL, crc INTEGER NOT NULL,
  PRIMARY KEY(execution, frame)) STRICT, WITHOUT ROWID;
CREATE TABLE results(
  execution INTEGER NOT NULL, joined INTEGER NOT NULL, position INTEGER NOT NULL,
  result TEXT NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY(execution, joined, position))
  STRICT, WITHOUT ROWID;
CREATE TABLE events(
  id INTEGER PRIMARY KEY, execution INTEGER NOT NULL, first INTEGER NOT NULL,
  count INTEGER NOT NULL, events TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX events_order ON events(execution, first);
CREATE TABLE payloads(
  id INTEGER PRIMARY KEY, execution INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  crc INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX payloads_name ON payloads(execution, name);
CREATE TABLE inbox(
  id INTEGER PRIMARY KEY AUTOINCREMENT, execution INTEGER, sent INTEGER NOT NULL,
  body TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;
";

/// What each format after the first adds to the one before.
const ADDED: &[&str] = &[
    "
CREATE TABLE registrations(
  machine INTEGER PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL, crc INTEGER NOT NULL)
  STRICT;
CREATE TABLE revision_facts(
  machine INTEGER NOT NULL, revision INTEGER NOT NULL, facts TEXT NOT NULL, crc INTEGER NOT NULL,
  PRIMARY KEY(machine, revision)) STRICT, WITHOUT ROWID;
",
    "
CREATE TABLE map_runs(arn TEXT PRIMARY KEY, execution INTEGER NOT NULL, event INTEGER NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE INDEX map_runs_execution ON map_runs(execution, event);
",
];
/// How connections are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// To write; the file is created if it is missing.
    Create,
    /// To write, or to read where only that is allowed. SQLite needs a file beside the database
    /// even for that, and may make it here.
    Existing,
    /// To read a file that nobody can change: on a medium or in a folder that takes no writes.
    Frozen,
}

/// Opens a connection to a database that has its format already.
pub(super) fn connect(path: &Path, access: Access) -> rusqlite::Result<Connection> {
    let write = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // SQLite takes a relative path that begins with `file:` for a URI, of another file.
    let path = &Path::new(".").join(path);
    let connection = match access {
        Access::Create => Connection::open_with_flags(path, write | OpenFlags::SQLITE_OPEN_CREATE)?,
        Access::Existing => Connection::open_with_flags(path, write)?,
        Access::Frozen => {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let uri = frozen_uri(path);
            Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?
        }
    };
    settings(&connection)?;
    Ok(connection)
}

/// The path as a URI that says that the file does not change.
fn frozen_uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte));
            }
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri + "?immutable=1"
}

/// What every connection needs. `synchronous` is of the connection, not of the file.
fn settings(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    // Without this a statement with a range is prepared again whenever a parameter changes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32000;
         PRAGMA temp_store = MEMORY;",
    )
}

/// Opens the first connection: creates the database, or checks that it is one of ours.
pub(super) fn open(path: &Path) -> Result<Connection> {
    fault::of_file(path)?;
    let opened = connect(path, Access::Create);
    let mut connection = opened.map_err(|error| fault::of(path, "open it", error))?;
    let empty = is_empty(&connection).map_err(|error| fault::of(path, "read", error))?;
    if empty {
        create(&mut connection).map_err(|error| fault::of(path, "create its tables", error))?;
    }
    let found = check(&connection, path)?;
    if found < FORMAT {
        let raised = raise(&mut connection);
        raised.map_err(|error| fault::of(path, "bring it to the newest format", error))?;
    }
    in_force(&connection, path)?;
    Ok(connection)
}

/// Opens the first connection to a database that exists, and changes nothing in it.
pub(super) fn open_existing(path: &Path) -> Result<(Connection, Access)> {
    fault::of_file(path)?;
    let readable = |access| {
        let connection = connect(path, access)?;
        is_empty(&connection).map(|empty| (connection, access, empty))
    };
    let opened = match readable(Access::Existing) {
        Err(error) if is_refused(&error) => {
            if let Err(error) = std::fs::File::open(path) {
                return Err(fault::refused(path, "read it", error));
            }
            // Without a log the file has everything, and whoever could write one is not here.
            let log = std::fs::metadata(beside(path, "-wal")).map_or(0, |log| log.len());
            if log > 0 {
                return Err(Error::Io {
                    path: path.to_owned(),
                    what:
                        "its last changes are in the -wal file beside it, which can only be read \
                           where files may be written: copy both to another folder"
                            .to_owned(),
                    source: Some(Arc::new(error)),
                });
            }
            readable(Access::Frozen)
        }
        opened => opened,
    };
    let (connection, access, empty) = opened.map_err(|error| fault::of(path, "open it", error))?;
    if empty {
        return Err(Error::Foreign { path: path.to_owned(), what: "it is empty".to_owned() });
    }
    check(&connection, path)?;
    Ok((connection, access))
}

/// Whether the system lets nothing be written.
fn is_refused(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
    matches!(error.sqlite_error_code(), Some(CannotOpen | PermissionDenied | ReadOnly))
}

/// Whether nothing was ever stored: no page, or only the layout, because a process that was about to
/// create the tables ended first.
fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    if pragma(connection, "page_count")? == 0 {
        return Ok(true);
    }
    let marked = pragma(connection, "application_id")? != 0;
    let tables = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = connection.query_row(tables, [], |row| row.get(0))?;
    Ok(!marked && tables == 0)
}

fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    // These settle the layout of the file and must come before its first table.
    connection.execute_batch(&format!(
        "PRAGMA page_size = {PAGE_SIZE}; PRAGMA auto_vacuum = INCREMENTAL;
         PRAGMA journal_mode = WAL;"
    ))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    if pragma(&transaction, "user_version")? == 0 {
        transaction.execute_batch(TABLES)?;
        for added in ADDED {
            transaction.execute_batch(added)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
        let crc = tables_crc(&transaction)?;
        transaction.execute("INSERT INTO meta VALUES(1, ?1, ?2, 0, NULL)", (FORMAT, crc))?;
    }
    transaction.commit()
}

/// Brings a database to the newest format. A process with an older program may use it meanwhile:
/// formats only add.
fn raise(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    let found = pragma(&transaction, "user_version")?;
    let known = usize::try_from(found.saturating_sub(1)).unwrap_or(usize::MAX);
    for added in ADDED.iter().skip(known) {
        transaction.execute_batch(added)?;
    }
    let crc = tables_crc(&transaction)?;
    transaction.execute("UPDATE meta SET format = ?1, tables_crc = ?2", (FORMAT, crc))?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// Checks that it is a database of ours, and returns its format.
fn check(connection: &Connection, path: &Path) -> Result<u32> {
    // One snapshot: another process may be bringing the database to a newer format.
    let snapshot = connection.unchecked_transaction();
    let connection = &*snapshot.map_err(|error| fault::of(path, "read", error))?;
    let read = |name| pragma(connection, name).map_err(|error| fault::of(path, "read", error));
    let foreign = |what: &str| Error::Foreign { path: path.to_owned(), what: what.to_owned() };
    if read("application_id")? != i64::from(APPLICATION_ID) {
        return Err(foreign("it is a database of another program"));
    }
    let found = u32::try_from(read("user_version")?).unwrap_or(u32::MAX);
    if found > FORMAT {
        return Err(Error::NewerFormat { path: path.to_owned(), found, known: FORMAT });
    }
    let missing = pages::missing(connection, path);
    match missing.map_err(|error| fault::of(path, "count its pages", error))? {
        0 => {}
        bytes => {
            let what = format!(
                "its file has been cut, {bytes} bytes of its pages are missing; nothing in it has \
                 been changed: restore a copy"
            );
            return Err(damaged(path, &what));
        }
    }
    let kept: i64 = connection
        .query_row("SELECT tables_crc FROM meta WHERE format = ?1", [found], |row| row.get(0))
        .map_err(|error| damaged(path, &format!("it has no facts of its format ({error})")))?;
    let crc = tables_crc(connection).map_err(|error| fault::of(path, "read its tables", error))?;
    if i64::from(crc) != kept {
        return Err(damaged(path, "its tables are not those of its format"));
    }
    Ok(found)
}

fn damaged(path: &Path, what: &str) -> Error {
    Error::Corrupt { path: path.to_owned(), what: what.to_owned() }
}

/// Checks that the settings are in force: SQLite ignores what it cannot do.
fn in_force(connection: &Connection, path: &Path) -> Result<()> {
    let journal = journal_mode(connection).map_err(|error| fault::of(path, "read", error))?;
    let wanted = [("synchronous", 2), ("wal_autocheckpoint", 0), ("auto_vacuum", 2)];
    let mut wrong = (journal != "wal").then(|| format!("journal_mode is {journal}, not wal"));
    for (name, value) in wanted {
        let found = pragma(connection, name).map_err(|error| fault::of(path, "read", error))?;
        if found != value {
            wrong = Some(format!("{name} is {found}, not {value}"));
        }
    }
    wrong.map_or(Ok(()), |what| Err(Error::Io { path: path.to_owned(), what, source: None }))
}

pub(super) fn journal_mode(connection: &Connection) -> rusqlite::Result<String> {
    connection.pragma_query_value(None, "journal_mode", |row| row.get(0))
}

/// Reads `synchronous` by its name.
pub(super) fn synchronous(connection: &Connection) -> rusqlite::Result<String> {
    Ok(match pragma(connection, "synchronous")? {
        0 => "OFF".to_owned(),
        1 => "NORMAL".to_owned(),
        2 => "FULL".to_owned(),
        3 => "EXTRA".to_owned(),
        other => other.to_string(),
    })
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn tables_crc(connection: &Connection) -> rusqlite::Result<u32> {
    let mut statement = connection
        .prepare("SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")?;
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(checksum(tables.join("\n").as_bytes()))
}
