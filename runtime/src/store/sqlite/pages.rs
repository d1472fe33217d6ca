//! Whether a database has all its pages. SQLite reads what lies behind the end of a file as zeros,
//! and would write on.

use super::lock::beside;
use rusqlite::Connection;
use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufReader, Read as _},
    path::Path,
};

/// The header of the log.
const HEADER: usize = 32;

/// The header of a page in the log.
const FRAME: usize = 24;

/// How many bytes the file is too short, in the state that the connection reads now: it keeps the
/// log from beginning anew.
pub(super) fn missing(snapshot: &Connection, path: &Path) -> rusqlite::Result<u64> {
    let read = |name| snapshot.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let (size, count) = (read("page_size")?.max(1), read("page_count")?);
    // SQLite resolves links, and has its log beside what they lead to.
    let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let length = std::fs::metadata(&place).map_or(u64::MAX, |file| file.len());
    let whole = u32::try_from(length / u64::from(size)).unwrap_or(u32::MAX);
    if whole >= count {
        return Ok(0);
    }
    // What has not been written back is in the log alone.
    let logged = logged(&beside(&place, "-wal"), size).unwrap_or_default();
    if (whole + 1..=count).all(|page| logged.contains(&page)) {
        return Ok(0);
    }
    Ok(u64::from(count) * u64::from(size) - length)
}

/// The pages in the log.
fn logged(log: &Path, size: u32) -> io::Result<BTreeSet<u32>> {
    let mut log = BufReader::new(File::open(log)?);
    let mut header = [0; HEADER];
    log.read_exact(&mut header)?;
    let mut found = BTreeSet::new();
    let mut frame = [0; FRAME];
    while log.read_exact(&mut frame).is_ok() {
        // What follows is from before the log began anew.
        if frame.get(8..16) != header.get(16..24) {
            break;
        }
        if let Some(page) = frame.first_chunk() {
            found.insert(u32::from_be_bytes(*page));
        }
        log.seek_relative(i64::from(size))?;
    }
    Ok(found)
}
