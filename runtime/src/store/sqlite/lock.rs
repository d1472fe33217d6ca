//! The owner's lock: a file beside the database, locked as long as the owner lives.
//!
//! The lock is the system's, so that it goes with the process however that ends. The database
//! itself stays open to other processes, which read it and write to the inbox.

use crate::store::{Error, Result};
use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// How often the lock is tried, over a quarter of a second.
const TRIES: u32 = 26;

/// Time between two tries.
const BETWEEN: Duration = Duration::from_millis(10);

/// Holds the lock until it is dropped.
#[derive(Debug)]
pub(super) struct OwnerLock {
    _file: File,
}

/// Takes the lock of the database at `place`, known as `path`, or tells who has it.
pub(super) fn take(path: &Path, place: &Path) -> Result<OwnerLock> {
    let io = |what: &str, source: std::io::Error| Error::Io {
        path: path.to_owned(),
        what: format!("cannot {what}: {source}"),
        source: Some(Arc::new(source)),
    };
    let name = beside(place, "-owner");
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(name);
    let mut file = opened.map_err(|error| io("open the owner's lock", error))?;
    match patiently(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
            return Err(Error::Locked { path: path.to_owned(), pid });
        }
        Err(TryLockError::Error(error)) => return Err(io("take the owner's lock", error)),
    }
    // Only for people and error texts: the lock itself is what counts.
    let _unwritten = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(OwnerLock { _file: file })
}

/// Whoever has the lock may be gone in a moment: a process that ends, or one that was forked from an
/// owner that has closed the database, and has not yet become another program. That takes real time,
/// whatever clock the executions have, so this is no matter of `driver::clock`.
fn patiently(file: &File) -> std::result::Result<(), TryLockError> {
    for _try in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN),
            other => return other,
        }
    }
    file.try_lock()
}

/// The name of a file beside the database.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
