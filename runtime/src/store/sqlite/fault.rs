//! What SQLite's errors mean for the caller.

use super::lock::beside;
use crate::store::Error;
use rusqlite::{ErrorCode, ffi};
use std::{
    fs::OpenOptions,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The length of the header with which every SQLite database begins.
const HEADER: u64 = 100;

/// Names an error by what the caller can do.
pub(super) fn of(path: &Path, what: &str, error: rusqlite::Error) -> Error {
    let path = path.to_owned();
    // Columns with what we never write there.
    if let rusqlite::Error::FromSqlConversionFailure(..)
    | rusqlite::Error::InvalidColumnType(..)
    | rusqlite::Error::IntegralValueOutOfRange(..)
    | rusqlite::Error::QueryReturnedNoRows = &error
    {
        return Error::Corrupt { path, what: format!("cannot {what}: {error}") };
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Full { path },
        Some(ErrorCode::DatabaseCorrupt) => Error::Corrupt { path, what: error.to_string() },
        Some(ErrorCode::NotADatabase) => {
            Error::Foreign { path, what: "it is no database, or its header is damaged".to_owned() }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Error::Locked { path, pid: None }
        }
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            match refusal(&path) {
                Some(why) => refused(&path, what, why),
                None => io(path, what, error),
            }
        }
        _ if is_refused_write(&error) && cannot_grow(&path) => Error::Full { path },
        _ => io(path, what, error),
    }
}

fn io(path: PathBuf, what: &str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Io { path, what: format!("cannot {what}: {error}"), source: Some(Arc::new(error)) }
}

/// What the system itself does not allow; its error is the source.
pub(super) fn refused(path: &Path, what: &str, error: std::io::Error) -> Error {
    io(path.to_owned(), what, error)
}

/// What is in the way of a database there, as far as the path itself shows. SQLite would say only
/// that it cannot open it, or keep everything in memory.
pub(super) fn of_file(path: &Path) -> Result<(), Error> {
    let io = |what: String| Error::Io { path: path.to_owned(), what, source: None };
    let foreign = |what: &str| Error::Foreign { path: path.to_owned(), what: what.to_owned() };
    if path.as_os_str().is_empty() {
        return Err(io("its path is empty".to_owned()));
    }
    if path.as_os_str() == ":memory:" {
        return Err(foreign("it would be in memory and end with the process"));
    }
    if let Ok(file) = std::fs::metadata(path) {
        return match file.is_file() {
            // SQLite would take a single byte for an empty file, and write over it. The file is not
            // read here: to close it would take SQLite's locks away.
            true if (1..HEADER).contains(&file.len()) => {
                Err(foreign("it is no database, or its header is damaged"))
            }
            // SQLite's log and our lock stand beside the name by which it is opened.
            true if names(&file) > 1 => Err(io("the file has more names than one (hard links), \
                and each would have a log and an owner of its own: remove the others, or copy it"
                .to_owned())),
            true => Ok(()),
            false if file.is_dir() => Err(foreign("it is a folder")),
            false => Err(foreign("it is no regular file")),
        };
    }
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => {
            Err(io(format!("there is no folder {}: make it first", folder.display())))
        }
        _ => Ok(()),
    }
}

/// How many names a file has.
#[cfg(unix)]
fn names(file: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(file)
}

/// How many names a file has: here the system does not tell.
#[cfg(not(unix))]
fn names(_file: &std::fs::Metadata) -> u64 {
    1
}

/// Why the system refuses what SQLite needs, in the system's own words: to write to the file, and to
/// make files beside it.
fn refusal(path: &Path) -> Option<std::io::Error> {
    if path.exists()
        && let Err(error) = OpenOptions::new().read(true).write(true).open(path)
    {
        return Some(error);
    }
    let probe = beside(path, "-probe");
    let made = std::fs::File::create(&probe);
    let _gone = std::fs::remove_file(&probe);
    made.err()
}

/// Whether a failed commit leaves open what reached the disk. After a full disk or a lock nothing
/// did: SQLite has taken the group back.
pub(super) fn is_final(error: &Error) -> bool {
    matches!(error, Error::Io { .. } | Error::Corrupt { .. } | Error::Foreign { .. })
}

/// SQLite knows a full disk by ENOSPC alone; a limit on file sizes or a quota is to it a write that
/// went wrong.
fn is_refused_write(error: &rusqlite::Error) -> bool {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    matches!(
        extended,
        Some(ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_TRUNCATE | ffi::SQLITE_IOERR_SHMSIZE)
    )
}

/// Asks the system itself whether a file beside the database may be as large as the database and a
/// bit more. Makes no file larger that is needed later.
fn cannot_grow(path: &Path) -> bool {
    let length = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        std::fs::metadata(name).map_or(0, |file| file.len())
    };
    let wanted = length("").max(length("-wal")) + (1 << 20);
    let mut name = path.as_os_str().to_owned();
    name.push("-probe");
    let grown = std::fs::File::create(&name).and_then(|probe| probe.set_len(wanted));
    let _gone = std::fs::remove_file(&name);
    let full = [ErrorKind::FileTooLarge, ErrorKind::StorageFull, ErrorKind::QuotaExceeded];
    grown.is_err_and(|error| full.contains(&error.kind()))
}
