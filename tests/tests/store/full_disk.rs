//! A disk that is full: a clear error, nothing lost, and it goes on when there is room.
//!
//! A limit on the size of files stands for the full disk. It holds for a whole process, so that the
//! test runs itself again as a child under the limit.

use super::{blob, ready, start, starting};
use std::{
    env,
    io::Write as _,
    process::{Command, Stdio},
};
use stepwright::store::{Error, SqliteStore, Started, Store as _, Wake};

const CHILD: &str = "STEPWRIGHT_TEST_FULL_DISK";

#[test]
fn a_full_disk_is_named_and_nothing_acknowledged_is_lost() {
    if let Some(path) = env::var_os(CHILD) {
        return fill(path.as_ref());
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let output = Command::new("sh")
        .arg("-c")
        // 3 MB in POSIX's blocks of 512 bytes, 6 MB where the shell counts in larger ones.
        .arg("trap '' XFSZ; ulimit -f 6000; exec \"$0\" --exact --nocapture \"$1\"")
        .arg(env::current_exe().unwrap())
        .arg("store::full_disk::a_full_disk_is_named_and_nothing_acknowledged_is_lost")
        .env(CHILD, &path)
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let acknowledged: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("ack ")).collect();
    assert!(acknowledged.len() > 20, "{said}");

    let store = SqliteStore::open(&path).unwrap();
    for name in &acknowledged {
        let id = store.find("arn:order", name).unwrap().expect("what was acknowledged is there");
        assert_eq!(store.load(id).unwrap().unwrap().version, 1);
    }
    let (epoch, pin) = ready(&store);
    let started = store.commit(starting(start(&pin, "more", epoch, Wake::Owned))).unwrap().starts;
    assert!(matches!(started[..], [Started::New(_)]), "there is room again");
}

/// Starts executions until the disk is full, and says which were acknowledged.
fn fill(path: &std::path::Path) {
    let store = SqliteStore::open(path).unwrap();
    let (epoch, pin) = ready(&store);
    let mut out = std::io::stdout();
    let new = |number: usize| {
        let mut new = start(&pin, &format!("n{number}"), epoch, Wake::Owned);
        new.header = blob(&"x".repeat(40_000));
        starting(new)
    };
    for number in 0..100_000 {
        match store.commit(new(number)) {
            Ok(_) => writeln!(out, "ack n{number}").unwrap(),
            Err(error) => {
                assert!(matches!(error, Error::Full { .. }), "{error:?}");
                let text = error.to_string();
                assert!(text.contains("test.db cannot grow: the disk is full"), "{text}");
                let again = store.commit(new(number)).unwrap_err();
                assert!(matches!(again, Error::Full { .. }), "not final: {again}");
                return;
            }
        }
        store.checkpoint().unwrap_or_else(|error| assert!(matches!(error, Error::Full { .. })));
    }
    panic!("the limit does not hold");
}
