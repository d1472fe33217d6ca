//! What is in force in an open database, and what other SQLite tools see of it.

use super::{Disk, World as _, ready, start, starting};
use rusqlite::Connection;
use stepwright::store::{SqliteStore, Store as _, Wake};

#[test]
fn every_commit_is_synced_in_full_to_a_log() {
    let disk = Disk::new();
    let facts = disk.store().facts().unwrap();
    assert_eq!((facts.synchronous.as_str(), facts.journal.as_str()), ("FULL", "wal"));
    assert_eq!((facts.format, facts.commits), (3, 0));
    let (epoch, pin) = ready(disk.store());
    disk.store().commit(starting(start(&pin, "a", epoch, Wake::Owned))).unwrap();
    assert_eq!(disk.store().facts().unwrap().commits, 1);
}

#[test]
fn the_layout_is_settled_before_the_first_table() {
    let disk = Disk::new();
    let tool = Connection::open(disk.store().facts().unwrap().place).unwrap();
    let pragma = |name| tool.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(pragma("page_size"), 4096);
    assert_eq!(pragma("auto_vacuum"), 2, "incremental");
    assert_eq!(pragma("application_id"), 0x7374_7077);
    assert_eq!(pragma("user_version"), 3);
}

#[test]
fn any_tool_can_look_inside() {
    let disk = Disk::new();
    let (epoch, pin) = ready(disk.store());
    disk.store().commit(starting(start(&pin, "a", epoch, Wake::Owned))).unwrap();
    let tool = Connection::open(disk.store().facts().unwrap().place).unwrap();
    let seen: (String, String) = tool
        .query_row(
            "SELECT x.name, json_extract(v.events, '$') FROM executions x
             JOIN events v ON v.execution = x.id",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(seen, ("a".to_owned(), "0:1".to_owned()));
}

#[test]
fn the_log_has_room_from_the_beginning_and_keeps_it() {
    let folder = super::folder();
    let path = folder.path().join("test.db");
    let store = SqliteStore::open(&path).unwrap();
    let (epoch, pin) = ready(&store);
    let length = || std::fs::metadata(folder.path().join("test.db-wal")).unwrap().len();
    let room = length();
    assert!(room >= 1000 * 4120, "{room}");
    for i in 0..300 {
        let mut new = start(&pin, &format!("n{i}"), epoch, Wake::Owned);
        new.header = super::blob(&"x".repeat(25_000));
        store.commit(starting(new)).unwrap();
        store.checkpoint().unwrap();
    }
    assert_eq!(length(), room, "it is begun again at its start, not continued");
    let written = std::fs::metadata(&path).unwrap().len();
    assert!(written > 4_000_000, "checkpoints have written it back: {written}");
}
