//! Databases that cannot be used: exit code 3, and nothing lost.

use super::Shop;
use std::{fs, process::Command};
use stepwright::store::{SqliteStore, Store as _};

const INPUT: &str = r#"{"id": "o-1", "total": 1}"#;

#[test]
fn a_database_in_use_can_be_read_and_not_run() {
    let shop = Shop::new();
    let store = SqliteStore::open(shop.database()).unwrap();
    store.own("test").unwrap();
    let shown = shop.shown(&["run", "buy", "--input", INPUT]);
    let pid = format!("(pid {})", std::process::id());
    insta::assert_snapshot!(shown.replace(&pid, "(pid PID)"), @r#"
    --- stderr
    database FOLDER/stepwright.db
    error: the database stepwright.db is in use by another process (pid PID)
    help: wait for it, or name another database with --db; `list`, `history` and `stop` work meanwhile
    --- exit 3
    "#);
    assert_eq!(shop.json(&["list", "--json"]), serde_json::json!([]));
    drop(store);
    assert_eq!(shop.output(&["run", "buy", "--input", INPUT]).status.code(), Some(0));
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let shop = Shop::new();
    fs::write(shop.database(), "a shopping list").unwrap();
    for command in [&["run", "buy", "--input", INPUT][..], &["list"], &["history", "x"]] {
        let output = shop.output(command);
        assert_eq!(output.status.code(), Some(3), "{command:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("is not a stepwright database"), "{error}");
    }
    assert_eq!(fs::read_to_string(shop.database()).unwrap(), "a shopping list");
}

#[test]
fn a_damaged_database_is_not_written() {
    let shop = Shop::new();
    assert_eq!(shop.output(&["run", "buy", "--input", INPUT]).status.code(), Some(0));
    let mut bytes = fs::read(shop.database()).unwrap();
    let end = bytes.len();
    bytes[4096..end].fill(0xAA);
    fs::write(shop.database(), &bytes).unwrap();
    let output = shop.output(&["list"]);
    assert_eq!(output.status.code(), Some(3), "{}", shop.filtered(&output));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("error: the database stepwright.db is damaged"), "{error}");
}

#[test]
fn a_database_of_a_newer_format_is_refused() {
    let shop = Shop::new();
    drop(SqliteStore::open(shop.database()).unwrap());
    let mut bytes = fs::read(shop.database()).unwrap();
    // SQLite keeps `user_version` at offset 60 of the header, big-endian.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(shop.database(), &bytes).unwrap();
    insta::assert_snapshot!(shop.shown(&["list"]), @r#"
    --- stderr
    error: the database stepwright.db has format 99, and this stepwright knows formats up to 2: use a newer stepwright
    --- exit 3
    "#);
}

#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing() {
    let shop = Shop::new();
    // The shell's unit is 512 or 1024 bytes; the tables alone need more than 16 of them.
    let script =
        format!("ulimit -f 16; exec {} run buy --input '{INPUT}'", env!("CARGO_BIN_EXE_shop"));
    let output =
        Command::new("sh").args(["-c", &script]).current_dir(shop.path("")).output().unwrap();
    insta::assert_snapshot!(shop.filtered(&output), @r#"
    --- stderr
    database FOLDER/stepwright.db
    error: the database stepwright.db cannot grow: the disk is full or a limit on file sizes is reached; nothing that was stored is lost
    help: make room and give the same command again: it goes on from what is stored
    --- exit 3
    "#);
    assert_eq!(shop.output(&["run", "buy", "--input", INPUT]).status.code(), Some(0));
}
