//! Durability behind one small trait: what is written, and what a crash before or after means.
//!
//! A [`Store`] keeps encoded records and knows nothing of the engine; `codec` turns the engine's
//! types into records and back, on the caller's thread, so that the one thread that writes has
//! nothing to do but write. The memory store and the SQLite store have the same semantics and run
//! the same tests.
//!
//! *Invariants.* (1) What [`Store::commit`] answered is durable; what it did not answer is there
//! whole or not at all. (2) An execution changes only under the version and the owner's epoch that
//! its change names. (3) Histories are only appended to. (4) Only the inbox may be written by
//! processes that do not own the store.

mod checksum;
pub mod codec;
mod error;
mod memory;
mod record;
mod registration;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use error::Error;
pub use memory::MemoryStore;
pub use record::{
    Answer, Batch, Blob, Change, Claim, Claimed, Committed, Cursor, Epoch, EventGroup, ExecutionId,
    ExecutionRecord, Filter, FrameId, FrameRow, HistoryPage, MachineRecord, MapRunRow, Message,
    MessageId, Order, Outcome, Page, Pin, Received, ResultRow, Start, Started, Status, Stored,
    StoredValue, ValueId, Version, Wake,
};
pub use registration::{Register, Registration, Revision};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

use jiff::Timestamp;
use std::collections::BTreeSet;

/// A result of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Keeps executions through crashes.
///
/// All calls block. One thread of the owner calls [`own`](Self::own), [`claim`](Self::claim) and
/// [`commit`](Self::commit); the reading calls and [`send`](Self::send) may come from any thread
/// and, where the store is a file, from any process.
pub trait Store: Send + Sync + std::fmt::Debug {
    /// Makes this process an owner and returns its epoch, larger than every epoch before.
    ///
    /// Crash before: nothing has changed. Crash after: the next owner gets a larger epoch, and
    /// what this one owned becomes claimable: at once where there is one owner at a time, as in the
    /// stores of this crate, otherwise when the lease has passed. Whoever still has the old epoch
    /// writes nothing any more: changes get [`Answer::Conflict`], releases are passed over, claims
    /// and starts get [`Error::NotOwner`].
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] where another process owns the store.
    fn own(&self, owner: &str) -> Result<Epoch>;

    /// Takes executions that nobody owns and that are due: their time has come, a message waits
    /// for them, or their owner is gone. Renews the lease of everything the epoch owns already.
    ///
    /// Each execution is handed out once per epoch until it is released by a change's [`Wake`].
    /// Crash before: nothing has changed. Crash after: the executions are claimable again, as with
    /// `own`; nothing else is lost, because claiming changes no execution.
    ///
    /// # Errors
    ///
    /// [`Error::NotOwner`] to all but the latest epoch.
    fn claim(&self, claim: &Claim) -> Result<Vec<ExecutionId>>;

    /// Does the same among these executions alone, and tells when the next of them is due.
    fn claim_among(&self, claim: &Claim, these: &BTreeSet<ExecutionId>) -> Result<Claimed>;

    /// The time at which [`claim`](Self::claim) next has something to hand out, as far as is known
    /// now: the earliest due time of an execution that nobody owns. `None`: only a message helps.
    fn next_due(&self) -> Result<Option<Timestamp>>;

    /// Executions that nobody owns or has claimed and that are due by `until`, earliest first.
    /// Claims nothing.
    fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ExecutionId)>>;

    /// Writes one group: new executions, changes of executions and messages, in this order.
    ///
    /// The group is atomic and durable when the call returns, but for the changes answered with
    /// [`Answer::Conflict`] and the starts answered with [`Started::Exists`], of which nothing is
    /// written. Crash before: nothing of the group is there. Crash during: all of it or nothing.
    /// Crash after: all of it. So effects and acknowledgements wait for the answer.
    ///
    /// # Errors
    ///
    /// [`Error::Full`]: nothing of the group was written, and the same call may be made again when
    /// there is room. [`Error::Poisoned`] and [`Error::Io`]: it is unknown whether the group is
    /// there, and this store accepts no more writes; a reopened store tells.
    fn commit(&self, batch: Batch) -> Result<Committed>;

    /// Tidies up between groups, if there is something to tidy. The writer calls it when it has
    /// handed on a group's answers, so that nobody waits for it. Changes nothing that is stored.
    ///
    /// # Errors
    ///
    /// As of `commit`.
    fn checkpoint(&self) -> Result<()>;

    /// Reads what an execution needs to run on: its record, its version and its frames.
    ///
    /// Values that the frames refer to are read with [`value`](Self::value).
    fn load(&self, execution: ExecutionId) -> Result<Option<Stored>>;

    /// Reads one value of an execution that a record refers to.
    fn value(&self, execution: ExecutionId, id: &ValueId) -> Result<Option<Blob>>;

    /// Reads the record of an execution.
    fn describe(&self, execution: ExecutionId) -> Result<Option<ExecutionRecord>>;

    /// Finds an execution by the ARN of its machine (without version or alias) and its name.
    fn find(&self, machine: &str, name: &str) -> Result<Option<ExecutionId>>;

    /// Finds a Map Run by its ARN: its execution, and where it began.
    fn map_run(&self, arn: &str) -> Result<Option<(ExecutionId, MapRunRow)>>;

    /// The Map Runs of an execution, in the order in which they began.
    fn map_runs(&self, execution: ExecutionId) -> Result<Vec<MapRunRow>>;

    /// How many executions have not ended.
    fn running(&self) -> Result<u64>;

    /// Lists executions, newest first.
    fn list(&self, filter: &Filter, page: &Page) -> Result<Vec<ExecutionRecord>>;

    /// Reads a page of an execution's history: groups of events in the order asked for.
    fn history(&self, execution: ExecutionId, page: &HistoryPage) -> Result<Vec<EventGroup>>;

    /// Puts messages into the inbox; any process may.
    ///
    /// Crash before: the message was never sent. Crash after: the owner, this one or the next,
    /// will read it, and it stays until a change of its execution lists it in
    /// [`Change::applied`]. A message may therefore be read twice, but is applied once.
    fn send(&self, messages: &[Message]) -> Result<()>;

    /// Reads messages that nobody has applied, oldest first, from after the cursor on.
    ///
    /// Reading changes nothing. Ids rise in the order of sending.
    fn inbox(&self, after: MessageId, limit: usize) -> Result<Vec<Received>>;

    /// A number that changes when another process may have written: a hint to look into the inbox
    /// early. Whoever relies on it alone may miss messages; look at least every second.
    ///
    /// [`Error::NotOwner`] to an owner that another has replaced.
    fn hint(&self) -> Result<u64>;

    /// Records a machine's definition: a new revision if its hash differs from the latest one's.
    ///
    /// Crash before: the machine is as it was. Crash after: the revision is there, and executions
    /// may be pinned to it. Definitions are kept by hash and never change.
    ///
    /// # Errors
    ///
    /// [`Error::NotOwner`] before [`own`](Self::own): what others run is not this process's matter.
    fn put_machine(&self, machine: &MachineRecord) -> Result<Pin>;

    /// The latest revision of a machine, by its ARN.
    fn machine(&self, arn: &str) -> Result<Option<MachineRecord>>;

    /// The latest revision of every machine, by ARN.
    fn machines(&self) -> Result<Vec<MachineRecord>>;

    /// Writes a machine that is made, changed or deleted at run time. The group is atomic and
    /// durable when the call returns.
    ///
    /// [`Answer::Conflict`]: its version or the number of its last revision is another one, and
    /// nothing was written.
    fn register(&self, change: &Register) -> Result<Answer>;

    /// All machines that were made at run time, by ARN, deleted ones included.
    fn registrations(&self) -> Result<Vec<Registration>>;

    /// A revision of a machine, by the machine's ARN and the revision's number.
    fn revision(&self, arn: &str, number: u64) -> Result<Option<Revision>>;

    /// The text of a definition by its hash.
    fn definition(&self, hash: &str) -> Result<Option<String>>;

    /// The shapes that the definition of this hash was made with, if they are known.
    fn shapes(&self, hash: &str) -> Result<Option<String>>;

    /// What is in force and how much was written, to be shown and tested.
    fn facts(&self) -> Result<Facts>;
}

/// What a store is and has done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// What holds the data: `memory`, or the path of a file.
    pub place: String,
    /// Version of the format.
    pub format: u32,
    /// How a commit is made durable: SQLite's `synchronous`, as read back (`FULL`).
    pub synchronous: String,
    /// SQLite's `journal_mode`, as read back (`wal`).
    pub journal: String,
    /// Groups committed through this handle, with anything in them.
    pub commits: u64,
}

/// The newest format that this version reads, and the one it writes.
pub const FORMAT: u32 = 3;
