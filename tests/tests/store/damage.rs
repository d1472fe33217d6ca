//! Files that are not what they should be: a clear error, and never a guess.

use super::{ready, start, starting};
use rusqlite::Connection;
use std::{fs, path::Path};
use stepwright::store::{
    Error, ExecutionId, HistoryPage, Order, Result, SqliteStore, Store as _, Wake,
};

/// Makes a database with one execution and closes it.
fn database(path: &Path) {
    let store = SqliteStore::open(path).unwrap();
    let (epoch, pin) = ready(&store);
    store.commit(starting(start(&pin, "a", epoch, Wake::Owned))).unwrap();
}

/// Changes a closed database with SQL and tells what reading it then gives.
fn after(sql: &str) -> Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    database(&path);
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    read(&path)
}

fn read(path: &Path) -> Result<()> {
    let store = SqliteStore::open(path)?;
    store.load(ExecutionId(1))?;
    store.history(ExecutionId(1), &HistoryPage { order: Order::Forward, from: None, limit: 9 })?;
    Ok(())
}

#[track_caller]
fn check(result: Result<()>, kind: fn(&Error) -> bool, text: &str) {
    let error = result.unwrap_err();
    assert!(kind(&error), "{error:?}");
    assert!(error.to_string().contains(text), "{error}");
}

fn is_corrupt(error: &Error) -> bool {
    matches!(error, Error::Corrupt { .. })
}

fn is_foreign(error: &Error) -> bool {
    matches!(error, Error::Foreign { .. })
}

#[test]
fn a_file_too_short_for_a_database_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for length in [1, 2, 99, 100, 600] {
        fs::write(&path, "x".repeat(length)).unwrap();
        check(read(&path), is_foreign, "it is no database");
        assert_eq!(fs::read(&path).unwrap(), b"x".repeat(length));
    }
}

#[test]
fn an_unchanged_database_is_read() {
    after("").unwrap();
}

#[test]
fn a_newer_format_is_named() {
    let result = after("PRAGMA user_version = 7");
    let newer = |error: &Error| matches!(error, Error::NewerFormat { found: 7, known: 3, .. });
    check(result, newer, "has format 7, and this stepwright knows formats up to 3");
}

#[test]
fn a_text_that_does_not_fit_its_checksum_is_damage() {
    for sql in [
        "UPDATE events SET events = '[]'",
        "UPDATE control SET root = '{}'",
        "UPDATE control SET crc = crc + 1",
        "UPDATE executions SET header = '{}'",
    ] {
        check(after(sql), is_corrupt, "does not fit its checksum");
    }
}

#[test]
fn missing_rows_and_impossible_columns_are_damage() {
    for sql in ["DELETE FROM control", "UPDATE executions SET status = 9"] {
        check(after(sql), is_corrupt, "is damaged");
    }
}

#[test]
fn other_tables_are_damage() {
    check(after("DROP TABLE inbox"), is_corrupt, "its tables are not those of its format");
    check(after("DELETE FROM meta"), is_corrupt, "no facts of its format");
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t(x)").unwrap();
    let before = fs::read(&path).unwrap();
    check(read(&path), is_foreign, "it is a database of another program");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_damaged_header_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    database(&path);
    let mut bytes = fs::read(&path).unwrap();
    bytes[..16].fill(b'x');
    fs::write(&path, bytes).unwrap();
    check(read(&path), is_foreign, "no database, or its header is damaged");
}

#[test]
fn a_file_cut_short_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    database(&path);
    let bytes = fs::read(&path).unwrap();
    for length in [4096, 3 * 4096, bytes.len() - 4096, bytes.len() - 4095, bytes.len() - 1] {
        fs::write(&path, &bytes[..length]).unwrap();
        let what = match bytes.len() - length {
            // SQLite sees for itself that a page is missing, but not that a part of one is
            missing if missing < 4096 => format!("its file has been cut, {missing} bytes of its"),
            _ => "is damaged".to_owned(),
        };
        check(read(&path), is_corrupt, &what);
        assert_eq!(fs::read(&path).unwrap(), &bytes[..length]);
    }
}

#[test]
fn pages_may_be_in_the_log_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let store = SqliteStore::open(&path).unwrap();
    let (epoch, pin) = ready(&store);
    store.commit(starting(start(&pin, "a", epoch, Wake::Owned))).unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 3 * 4096);
    // As a process leaves them that is killed before it has written anything back.
    let killed = folder.path().join("killed.db");
    for end in ["", "-wal"] {
        let of = |path: &Path| format!("{}{end}", path.display());
        fs::copy(of(&path), of(&killed)).unwrap();
    }
    read(&killed).unwrap();
}

#[test]
fn pages_that_are_neither_in_the_file_nor_in_the_log_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    database(&path);
    let store = SqliteStore::open(&path).unwrap();
    let (epoch, pin) = ready(&store);
    store.commit(starting(start(&pin, "b", epoch, Wake::Owned))).unwrap();
    let killed = folder.path().join("killed.db");
    fs::copy(folder.path().join("test.db-wal"), folder.path().join("killed.db-wal")).unwrap();
    let bytes = fs::read(&path).unwrap();
    fs::write(&killed, &bytes[..bytes.len() / 2]).unwrap();
    check(read(&killed), is_corrupt, "is damaged: its file has been cut");
    fs::write(&killed, &bytes).unwrap();
    read(&killed).unwrap();
}

#[test]
fn after_a_write_that_failed_for_good_nothing_more_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    database(&path);
    let store = SqliteStore::open(&path).unwrap();
    let (epoch, pin) = ready(&store);
    store.checkpoint().unwrap();
    // The tables' first pages, behind the store's back and not in its log.
    let mut bytes = fs::read(&path).unwrap();
    let (head, tables) = bytes.split_at_mut(3 * 4096);
    assert!(!head.is_empty());
    tables.fill(0xff);
    fs::write(&path, bytes).unwrap();
    let write = || store.commit(starting(start(&pin, "b", epoch, Wake::Owned))).map(|_| ());
    check(write(), is_corrupt, "is damaged");
    let poisoned = |error: &Error| matches!(error, Error::Poisoned { .. });
    check(write(), poisoned, "accepts no more writes, because an earlier one failed");
    check(store.send(&[]), poisoned, "restart to go on from what is stored");
}

#[test]
fn a_text_file_is_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    fs::write(&path, "not a database at all\n".repeat(99)).unwrap();
    check(read(&path), is_foreign, "is not a stepwright database");
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let result = read(Path::new("/nonexistent/folder/test.db"));
    check(result, |error| matches!(error, Error::Io { .. }), "/nonexistent/folder/test.db");
}
