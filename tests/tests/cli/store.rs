//! Databases that cannot be used: exit code 3, and nothing lost.

use super::Shop;
use std::{
    fs,
    process::{Command, Stdio},
};
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
    help: wait for it, or name another database with --db; `list`, `history`, `result` and `stop` work meanwhile
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
    error: the database stepwright.db has format 99, and this stepwright knows formats up to 3: use a newer stepwright
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

#[test]
fn what_is_no_file_is_no_database() {
    let shop = Shop::new();
    fs::create_dir(shop.path("folder")).unwrap();
    fs::write(shop.path("empty"), "").unwrap();
    let check = |database: &str, command: &[&str], expected: &str| {
        let output = shop.output(&[command, &["-q", "--db", database]].concat());
        assert_eq!(output.status.code(), Some(3), "{database}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(error.lines().next(), Some(expected), "{database}");
    };
    let run = ["run", "buy", "--input", INPUT];
    for command in [&run[..], &["list"]] {
        check("folder", command, "error: folder is not a stepwright database: it is a folder");
        check(
            "/dev/null",
            command,
            "error: /dev/null is not a stepwright database: it is no regular file",
        );
    }
    check(
        ":memory:",
        &run,
        "error: :memory: is not a stepwright database: it would be in memory and end with the process",
    );
    check("no/x.db", &run, "error: the database no/x.db: there is no folder no: make it first");
    check("empty", &["list"], "error: empty is not a stepwright database: it is empty");
    assert_eq!(fs::read(shop.path("empty")).unwrap(), b"", "to look changes nothing");
    let run = shop.output(&["run", "buy", "-q", "--db", "empty", "--input", INPUT]);
    assert_eq!(run.status.code(), Some(0), "what is empty may become a database");
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let shop = Shop::new();
    let other = rusqlite::Connection::open(shop.database()).unwrap();
    other.execute_batch("CREATE TABLE wishes(wish TEXT)").unwrap();
    drop(other);
    let before = fs::read(shop.database()).unwrap();
    for command in [&["run", "buy", "--input", INPUT][..], &["list"]] {
        let output = shop.output(command);
        assert_eq!(output.status.code(), Some(3), "{command:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("it is a database of another program"), "{error}");
    }
    assert_eq!(fs::read(shop.database()).unwrap(), before);
}

#[test]
fn of_two_runs_at_once_one_runs() {
    let shop = Shop::new();
    let run = || {
        let mut command = shop.command(&["run", "buy", "--json", "--input", INPUT]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let both = [run(), run()].map(|child| child.wait_with_output().unwrap());
    let mut codes = both.each_ref().map(|output| output.status.code().unwrap());
    codes.sort_unstable();
    assert_eq!(codes, [0, 3], "{}\n{}", shop.filtered(&both[0]), shop.filtered(&both[1]));
    assert_eq!(shop.json(&["list", "--json"]).as_array().unwrap().len(), 1);
}
