//! The write-ahead log: long enough from the beginning, and written back between groups.
//!
//! A commit that makes a file grow can cost milliseconds, one that overwrites does not. So the log
//! is filled up once and never cut; as soon as everything in it has reached the database, SQLite
//! begins again at its start.

use super::lock::beside;
use rusqlite::Connection;
use std::{
    fs::OpenOptions,
    io::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

/// Pages after which the log is written back.
const CHECKPOINT: u32 = 1000;

/// Pages that the log has room for: those between two checkpoints and a large group.
const ROOM: u64 = 1400;

/// A page with its header in the log.
const FRAME: u64 = 4096 + 24;

/// Size of a write when the log is filled up. No number of these ends where a limit on file sizes
/// would, so that the first write beyond it is short instead of being answered with a signal.
const CHUNK: usize = 65_519;

/// Counts the pages of the log.
#[derive(Debug, Default)]
pub(super) struct Log {
    pages: Arc<AtomicU32>,
    next: u32,
}

impl Log {
    /// Watches the commits of a connection.
    pub(super) fn watch(connection: &mut Connection) -> rusqlite::Result<Self> {
        let log = Self { pages: Arc::default(), next: CHECKPOINT };
        let pages = Arc::clone(&log.pages);
        connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, count: i32| {
            pages.store(count.unsigned_abs(), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(log)
    }

    /// Writes the log back if it has become long. While another process reads an old state, part of
    /// it must stay; then the next try comes after as many pages again.
    pub(super) fn write_back(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.next {
            return Ok(());
        }
        let (log, done): (i64, i64) =
            connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                Ok((row.get(1)?, row.get(2)?))
            })?;
        self.next = if log == done { CHECKPOINT } else { pages + CHECKPOINT };
        self.pages.store(0, Ordering::Relaxed);
        Ok(())
    }
}

/// Fills the log up with zeros, which SQLite takes for unused room. Only an attempt: without it
/// commits are slower, not less durable.
pub(super) fn make_room(path: &Path) {
    let Ok(mut file) = OpenOptions::new().append(true).open(beside(path, "-wal")) else {
        return;
    };
    let mut length = file.metadata().map_or(u64::MAX, |file| file.len());
    let zeros = vec![0; CHUNK];
    // Appending goes where the file ends at that moment, so that it never hits what another process
    // has just committed.
    while length < ROOM * FRAME {
        match file.write(&zeros) {
            Ok(CHUNK) => length += CHUNK as u64,
            _ => return,
        }
    }
}
