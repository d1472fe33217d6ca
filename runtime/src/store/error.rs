//! What may go wrong with a store, by what the caller can do about it.

use std::{path::PathBuf, sync::Arc};

/// A failure of the store. Failures of an execution are data, not errors.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process owns the store: wait for it, or use another file. Reading still works.
    #[error("the database {} is in use by another process{}", .path.display(), by(*.pid))]
    Locked {
        /// The database.
        path: PathBuf,
        /// The process that owns it, if it is known.
        pid: Option<u32>,
    },
    /// The disk is full or a limit on the size of files is reached. Nothing is lost: make room,
    /// and commit again or reopen.
    #[error(
        "the database {} cannot grow: the disk is full or a limit on file sizes is reached; \
         nothing that was stored is lost", .path.display()
    )]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// What is stored contradicts itself or its checksum: restore a copy.
    #[error("the database {} is damaged: {what}", .path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What was found, and where.
        what: String,
    },
    /// The file is a database of something else, or no database.
    #[error("{} is not a stepwright database: {what}", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        what: String,
    },
    /// A newer stepwright wrote the file: use that one.
    #[error(
        "the database {} has format {found}, and this stepwright knows formats up to {known}: \
         use a newer stepwright", .path.display()
    )]
    NewerFormat {
        /// The database.
        path: PathBuf,
        /// Format of the file.
        found: u32,
        /// Newest format that can be opened.
        known: u32,
    },
    /// An earlier write failed in a way that leaves open what reached the disk. Final: only
    /// reopening helps.
    #[error(
        "the database {} accepts no more writes, because an earlier one failed ({cause}); \
         restart to go on from what is stored", .path.display()
    )]
    Poisoned {
        /// The database.
        path: PathBuf,
        /// The first failure.
        cause: String,
    },
    /// A call that only an owner may make was made before [`own`](super::Store::own), or another
    /// process has become the owner since.
    #[error("this process does not own the database")]
    NotOwner,
    /// Reading or writing failed in another way.
    #[error("the database {}: {what}", .path.display())]
    Io {
        /// The database.
        path: PathBuf,
        /// What was being done.
        what: String,
        /// Why it failed.
        source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    },
}

fn by(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
}
