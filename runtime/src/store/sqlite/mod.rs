//! The embedded default: one SQLite file, one writer, any number of readers.
//!
//! A group is one transaction with one fsync of the write-ahead log. Each handle has a connection
//! that writes and as many that read as are in use at a time. The owner's lock is a file beside the
//! database (`lock`), the log is written back between groups (`log`), and the tables are in
//! `schema`. After a write that may have reached the disk in part, the handle accepts no more: SQLite
//! itself would go on.

mod claim;
mod fault;
mod lock;
mod log;
mod pages;
mod read;
mod registration;
mod schema;
mod write;

use super::{
    Answer, Batch, Blob, Claim, Claimed, Committed, Epoch, Error, EventGroup, ExecutionId,
    ExecutionRecord, FORMAT, Facts, Filter, HistoryPage, MachineRecord, MapRunRow, Message,
    MessageId, Page, Pin, Received, Register, Registration, Result, Revision, Store, Stored,
    ValueId,
};
use indexmap::IndexMap;
use jiff::Timestamp;
use rusqlite::Connection;
use schema::Access;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Readers beyond these are closed when they are not in use.
const IDLE_READERS: usize = 8;

/// Keeps executions in an SQLite database.
#[derive(Debug)]
pub struct SqliteStore {
    /// As it was given: for people.
    path: PathBuf,
    access: Access,
    /// Where it really is: what stands beside it must be the same by whatever name it is opened.
    place: PathBuf,
    writer: Mutex<Writer>,
    readers: Mutex<Vec<Connection>>,
    /// Why nothing is written any more.
    poison: OnceLock<String>,
    commits: AtomicU64,
    sent: AtomicU64,
}

/// What only one thread at a time may use.
#[derive(Debug)]
struct Writer {
    connection: Connection,
    log: log::Log,
    epoch: Option<Epoch>,
    lock: Option<lock::OwnerLock>,
    /// Claimed in this epoch and not changed since.
    claimed: BTreeSet<ExecutionId>,
    orphans: claim::Orphans,
    /// Numbers of machines by ARN, which never change, for the revisions that were asked for.
    machines: IndexMap<(String, u64), i64>,
}

impl SqliteStore {
    /// Opens a database, or creates it. Takes no lock: see [`Store::own`].
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::NewerFormat`] and [`Error::Corrupt`] if the file is not one
    /// that this version can use, [`Error::Io`] if it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::with(path, schema::open(path)?, Access::Existing)
    }

    /// Opens a database to look at, also one that may not be written. Creates nothing, and fails as
    /// [`open`](Self::open) does; only [`Store::send`] needs more than to read.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let (connection, access) = schema::open_existing(path)?;
        Self::with(path, connection, access)
    }

    fn with(path: &Path, mut connection: Connection, access: Access) -> Result<Self> {
        let log =
            log::Log::watch(&mut connection).map_err(|error| fault::of(path, "watch", error))?;
        let writer = Writer {
            connection,
            log,
            epoch: None,
            lock: None,
            claimed: BTreeSet::new(),
            orphans: claim::Orphans::default(),
            machines: IndexMap::new(),
        };
        // It was opened, so that it is there; a file system that can't tell has the name given.
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Ok(Self {
            path: path.to_owned(),
            access,
            place,
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            poison: OnceLock::new(),
            commits: AtomicU64::new(0),
            sent: AtomicU64::new(0),
        })
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        // A panic in between rolls the transaction back.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs what writes, unless an earlier write failed for good.
    fn write<T>(
        &self,
        what: &str,
        write: impl FnOnce(&mut Writer) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let mut writer = self.writer();
        if let Some(cause) = self.poison.get() {
            return Err(Error::Poisoned { path: self.path.clone(), cause: cause.clone() });
        }
        write(&mut writer).map_err(|error| {
            let error = fault::of(&self.path, what, error);
            if fault::is_final(&error) {
                let _first = self.poison.set(error.to_string());
            }
            error
        })
    }

    fn read<T>(
        &self,
        what: &str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let idle = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = |error| fault::of(&self.path, what, error);
        let reader = idle().pop();
        let reader =
            reader.map_or_else(|| schema::connect(&self.path, self.access), Ok).map_err(fault)?;
        let result = read(&reader).map_err(fault)?;
        let mut readers = idle();
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        Ok(result)
    }

    fn owned(writer: &Writer, epoch: Epoch) -> Result<()> {
        if writer.epoch == Some(epoch) { Ok(()) } else { Err(Error::NotOwner) }
    }
}

impl Store for SqliteStore {
    fn own(&self, owner: &str) -> Result<Epoch> {
        if self.writer().lock.is_none() {
            let lock = lock::take(&self.path, &self.place)?;
            self.writer().lock = Some(lock);
        }
        self.write("take it over", |writer| {
            let epoch = write::own(&mut writer.connection, owner)?;
            log::make_room(&self.place);
            writer.epoch = Some(epoch);
            writer.claimed.clear();
            writer.orphans = claim::Orphans::default();
            Ok(epoch)
        })
    }

    fn claim(&self, claim: &Claim) -> Result<Vec<ExecutionId>> {
        let mut writer = self.writer();
        Self::owned(&writer, claim.epoch)?;
        claim::claim(&mut writer, claim).map_err(|error| fault::of(&self.path, "claim", error))
    }

    fn claim_among(&self, claim: &Claim, these: &BTreeSet<ExecutionId>) -> Result<Claimed> {
        let mut writer = self.writer();
        Self::owned(&writer, claim.epoch)?;
        let claimed = claim::claim_among(&mut writer, claim, these);
        claimed.map_err(|error| fault::of(&self.path, "claim", error))
    }

    fn next_due(&self) -> Result<Option<Timestamp>> {
        let next = claim::next(&self.writer());
        next.map_err(|error| fault::of(&self.path, "read due times", error))
    }

    fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ExecutionId)>> {
        let due = claim::due(&self.writer(), until, limit);
        due.map_err(|error| fault::of(&self.path, "read due times", error))
    }

    fn commit(&self, batch: Batch) -> Result<Committed> {
        match batch.starts.first() {
            Some(start) => Self::owned(&self.writer(), start.first.epoch)?,
            // Changes find their conflicts by themselves.
            None if batch.is_for_owners() && self.writer().epoch.is_none() => {
                return Err(Error::NotOwner);
            }
            None => {}
        }
        let committed = self.write("commit", |writer| write::commit(writer, &batch))?;
        self.commits.fetch_add(1, Ordering::Relaxed);
        let firsts = batch.starts.iter().map(|start| &start.first);
        let mut changes = firsts.chain(&batch.changes);
        if !batch.messages.is_empty() || changes.any(|change| !change.messages.is_empty()) {
            self.sent.fetch_add(1, Ordering::Relaxed);
        }
        Ok(committed)
    }

    fn checkpoint(&self) -> Result<()> {
        self.write("write the log back", |writer| writer.log.write_back(&writer.connection))
    }

    fn load(&self, execution: ExecutionId) -> Result<Option<Stored>> {
        let stored = self.read("read an execution", |reader| read::load(reader, execution))?;
        let writer = self.writer();
        let claimed = writer.claimed.contains(&execution);
        Ok(stored.map(|stored| {
            let owner = if claimed { writer.epoch } else { stored.owner };
            Stored { owner, ..stored }
        }))
    }

    fn value(&self, execution: ExecutionId, id: &ValueId) -> Result<Option<Blob>> {
        self.read("read a value", |reader| read::value(reader, execution, id))
    }

    fn describe(&self, execution: ExecutionId) -> Result<Option<ExecutionRecord>> {
        self.read("read an execution", |reader| read::describe(reader, execution))
    }

    fn find(&self, machine: &str, name: &str) -> Result<Option<ExecutionId>> {
        self.read("find an execution", |reader| read::find(reader, machine, name))
    }

    fn map_run(&self, arn: &str) -> Result<Option<(ExecutionId, MapRunRow)>> {
        self.read("find a Map Run", |reader| read::map_run(reader, arn))
    }

    fn map_runs(&self, execution: ExecutionId) -> Result<Vec<MapRunRow>> {
        self.read("list Map Runs", |reader| read::map_runs(reader, execution))
    }

    fn running(&self) -> Result<u64> {
        self.read("count executions", read::running)
    }

    fn list(&self, filter: &Filter, page: &Page) -> Result<Vec<ExecutionRecord>> {
        self.read("list executions", |reader| read::list(reader, filter, page))
    }

    fn history(&self, execution: ExecutionId, page: &HistoryPage) -> Result<Vec<EventGroup>> {
        self.read("read a history", |reader| read::history(reader, execution, page))
    }

    fn send(&self, messages: &[Message]) -> Result<()> {
        self.write("send a message", |writer| {
            let transaction = writer.connection.transaction()?;
            write::send(&transaction, messages)?;
            transaction.commit()
        })?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn inbox(&self, after: MessageId, limit: usize) -> Result<Vec<Received>> {
        self.read("read the inbox", |reader| read::inbox(reader, after, limit))
    }

    fn hint(&self) -> Result<u64> {
        // SQLite counts the commits of other connections, and we those of this one.
        let writer = self.writer();
        let others: rusqlite::Result<u32> =
            writer.connection.pragma_query_value(None, "data_version", |row| row.get(0));
        let fault = |error| fault::of(&self.path, "read", error);
        let others = others.map_err(fault)?;
        // The lock is a file that somebody may have deleted: the latest owner is in the database.
        if let Some(epoch) = writer.epoch
            && write::latest(&writer.connection).map_err(fault)? != epoch
        {
            return Err(Error::NotOwner);
        }
        drop(writer);
        Ok(u64::from(others).wrapping_shl(32).wrapping_add(self.sent.load(Ordering::Relaxed)))
    }

    fn put_machine(&self, machine: &MachineRecord) -> Result<Pin> {
        if self.writer().epoch.is_none() {
            return Err(Error::NotOwner);
        }
        self.write("record a definition", |writer| {
            write::put_machine(&mut writer.connection, machine)
        })
    }

    fn machine(&self, arn: &str) -> Result<Option<MachineRecord>> {
        let found = self.read("read machines", |reader| read::machines(reader, Some(arn)))?;
        Ok(found.into_iter().next())
    }

    fn machines(&self) -> Result<Vec<MachineRecord>> {
        self.read("read machines", |reader| read::machines(reader, None))
    }

    fn definition(&self, hash: &str) -> Result<Option<String>> {
        self.read("read a definition", |reader| read::definition(reader, hash))
    }

    fn shapes(&self, hash: &str) -> Result<Option<String>> {
        self.read("read a definition", |reader| read::shapes(reader, hash))
    }

    fn register(&self, change: &Register) -> Result<Answer> {
        self.write("record a machine", |writer| {
            registration::register(&mut writer.connection, change)
        })
    }

    fn registrations(&self) -> Result<Vec<Registration>> {
        self.read("read machines", registration::all)
    }

    fn revision(&self, arn: &str, number: u64) -> Result<Option<Revision>> {
        self.read("read a revision", |reader| registration::revision(reader, arn, number))
    }

    fn facts(&self) -> Result<Facts> {
        let writer = self.writer();
        let fault = |error| fault::of(&self.path, "read its settings", error);
        Ok(Facts {
            place: self.path.display().to_string(),
            format: FORMAT,
            synchronous: schema::synchronous(&writer.connection).map_err(fault)?,
            journal: schema::journal_mode(&writer.connection).map_err(fault)?,
            commits: self.commits.load(Ordering::Relaxed),
        })
    }
}
