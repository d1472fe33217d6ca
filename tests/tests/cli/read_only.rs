//! Databases that may be read and not written.

#![cfg(target_os = "linux")]

use super::{Shop, wait_for};
use std::{
    fs::{self, Permissions},
    io::{BufRead as _, BufReader},
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _},
        process::CommandExt as _,
    },
    path::Path,
    process::{Command, Stdio},
};

/// Whom nothing belongs to.
const NOBODY: u32 = 65_534;

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A command of the fair for somebody whom permissions bind, as they do not bind root.
fn bound(shop: &Shop, arguments: &[&str]) -> Command {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return shop.fair(arguments);
    }
    let program = shop.path("fair");
    if !program.exists() {
        fs::copy(env!("CARGO_BIN_EXE_fair"), &program).unwrap();
        allow(&program, 0o755);
    }
    let mut command = shop.program(program.to_str().unwrap(), arguments);
    command.uid(NOBODY).gid(NOBODY);
    command
}

fn shown(shop: &Shop, arguments: &[&str]) -> String {
    shop.filtered(&bound(shop, arguments).output().unwrap())
}

/// A folder in which `file` and all else may only be read from now on.
fn freeze(shop: &Shop) {
    // Copied while the folder still takes it.
    drop(bound(shop, &[]));
    allow(&shop.database(), 0o444);
    allow(&shop.path(""), 0o555);
}

#[test]
fn what_has_ended_is_read_where_nothing_may_be_written() {
    let shop = Shop::new();
    let run = ["run", "draws", "--name", "one", "-q", "-i", "[1]"];
    assert_eq!(shop.fair(&run).output().unwrap().status.code(), Some(0));
    freeze(&shop);
    let list = shown(&shop, &["list"]);
    assert!(list.contains("draws     one   SUCCEEDED"), "{list}");
    insta::assert_snapshot!(shown(&shop, &["result", "one", "-q"]), @r#"
    [
      1
    ]
    --- stderr
    --- exit 0
    "#);
    let history = shown(&shop, &["history", "one"]);
    let line = history.lines().find(|line| line.contains("MapStateStarted"));
    assert!(line.is_some_and(|line| line.ends_with(" 1 item")), "{history}");
    insta::assert_snapshot!(shown(&shop, &run), @r#"
    --- stderr
    error: the database stepwright.db: cannot open it: Permission denied (os error 13)
    help: `run` and `stop` must be able to write to the file and its folder; --db names another
    --- exit 3
    "#);
    allow(&shop.database(), 0o000);
    let unreadable = shown(&shop, &["list"]);
    assert!(unreadable.contains("cannot read it: Permission denied"), "{unreadable}");
    allow(&shop.path(""), 0o755);
}

#[test]
fn a_folder_that_takes_no_files_is_named_as_the_reason() {
    let shop = Shop::new();
    drop(bound(&shop, &[]));
    allow(&shop.path(""), 0o555);
    insta::assert_snapshot!(shown(&shop, &["run", "draws", "-q", "-i", "[1]"]), @r#"
    --- stderr
    error: the database stepwright.db: cannot open it: Permission denied (os error 13)
    help: `run` and `stop` must be able to write to the file and its folder; --db names another
    --- exit 3
    "#);
    allow(&shop.path(""), 0o755);
}

#[test]
fn what_runs_is_read_and_not_stopped() {
    let shop = Shop::new();
    let mut run = shop.fair(&["run", "ride", "--name", "one"]);
    let mut run = run.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(run.stderr.take().unwrap()).lines();
    wait_for(&mut lines, "turn");
    freeze(&shop);
    let list = shown(&shop, &["list"]);
    assert!(list.contains("ride      one   RUNNING"), "{list}");
    insta::assert_snapshot!(shown(&shop, &["stop", "one"]), @r#"
    --- stderr
    error: the database stepwright.db: cannot send a message: Permission denied (os error 13)
    help: `run` and `stop` must be able to write to the file and its folder; --db names another
    --- exit 3
    "#);
    // A killed process leaves its log behind; without what tells its readers where it ends, it can't
    // be read here.
    run.kill().unwrap();
    run.wait().unwrap();
    allow(&shop.path(""), 0o755);
    fs::remove_file(shop.path("stepwright.db-shm")).unwrap();
    allow(&shop.path(""), 0o555);
    insta::assert_snapshot!(shown(&shop, &["list"]), @r#"
    --- stderr
    error: the database stepwright.db: its last changes are in the -wal file beside it, which can only be read where files may be written: copy both to another folder
    --- exit 3
    "#);
    allow(&shop.path(""), 0o755);
}
