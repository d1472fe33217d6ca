//! What is written: rows and groups of rows, in the store's own types.

use super::checksum::checksum;
use jiff::Timestamp;

/// The local number of an execution; larger means started later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionId(pub i64);

/// How often an execution has been changed: 1 after its start.
pub type Version = u64;

/// A term of ownership; every owner has a larger one than all before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u64);

/// The number of a frame within its execution; the root frame is 0.
pub type FrameId = u64;

/// The place of a message in the inbox; 0 is before all.
pub type MessageId = i64;

/// Names a value by its content: the first 128 bits of its SHA-256, in hexadecimal.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct ValueId(pub String);

/// Encoded JSON text with its checksum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blob {
    text: String,
    crc: u32,
}

impl Blob {
    /// Computes the checksum of a text.
    pub fn new(text: String) -> Self {
        let crc = checksum(text.as_bytes());
        Self { text, crc }
    }

    /// Puts together what was read; `None` if text and checksum do not fit each other.
    pub fn checked(text: String, crc: u32) -> Option<Self> {
        (checksum(text.as_bytes()) == crc).then_some(Self { text, crc })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// CRC-32 of the text.
    pub fn crc(&self) -> u32 {
        self.crc
    }
}

/// Where an execution is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Status {
    /// It runs or waits.
    Running = 0,
    /// It ended with an output.
    Succeeded = 1,
    /// It ended with an error.
    Failed = 2,
    /// It ran past its own timeout.
    TimedOut = 3,
    /// It was stopped.
    Aborted = 4,
}

/// Which definition an execution runs, forever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// ARN of the machine, without version or alias. In those of Map Runs' executions `/` and the
    /// Map's label follow the machine's name: they are kept and listed apart from the machine's own.
    pub machine: String,
    /// The machine's revision, from 1.
    pub revision: u64,
    /// Hash of the definition.
    pub hash: String,
    /// The published version that was asked for.
    pub version: Option<u64>,
    /// The alias that was asked for.
    pub alias: Option<String>,
}

/// A revision of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineRecord {
    /// ARN, without version or alias.
    pub arn: String,
    /// Name.
    pub name: String,
    /// Revision, from 1; ignored by [`put_machine`](super::Store::put_machine).
    pub revision: u64,
    /// Hash of the definition.
    pub hash: String,
    /// Text of the definition.
    pub definition: String,
    /// The shapes that it was made with, if it is a workflow's: JSON text.
    pub shapes: Option<String>,
    /// When the revision was first seen.
    pub created: Timestamp,
}

/// An execution as lists and descriptions show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionRecord {
    /// Its number.
    pub id: ExecutionId,
    /// Its definition.
    pub pin: Pin,
    /// Its name, unique within the machine.
    pub name: String,
    /// Where it is in its life.
    pub status: Status,
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What never changes: context and input, encoded.
    pub header: Blob,
    /// Output or failure, encoded; there when it has ended.
    pub result: Option<Blob>,
}

/// What an execution needs to run on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The execution.
    pub record: ExecutionRecord,
    /// Its version.
    pub version: Version,
    /// The epoch that owns it, if one does.
    pub owner: Option<Epoch>,
    /// State of the execution as a whole.
    pub control: Blob,
    /// Its frames, by number.
    pub frames: Vec<(FrameId, Blob)>,
    /// Results of open joins.
    pub results: Vec<ResultRow>,
}

/// One durable group of writes.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Executions to create.
    pub starts: Vec<Start>,
    /// Changes of executions. An execution may be changed more than once: each change expects the
    /// version that the one before it makes.
    pub changes: Vec<Change>,
    /// Messages to other executions, as from [`send`](super::Store::send).
    pub messages: Vec<Message>,
    /// Messages that this group applies without a change of an execution: requests to the owner as
    /// such, and messages to executions that have ended.
    pub applied: Vec<MessageId>,
    /// Executions that this epoch has claimed and gives back unchanged; they are due when they were
    /// due before, or when a message comes. Those of another epoch stay as they are.
    pub released: Vec<(ExecutionId, Epoch)>,
}

impl Batch {
    /// Whether it writes more than changes.
    pub(super) fn is_for_owners(&self) -> bool {
        let empty = self.starts.is_empty()
            && self.messages.is_empty()
            && self.applied.is_empty()
            && self.released.is_empty();
        !empty
    }
}

/// What became of a group, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Committed {
    /// Of the starts.
    pub starts: Vec<Started>,
    /// Of the changes.
    pub changes: Vec<Answer>,
}

/// What became of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// The execution was created.
    New(ExecutionId),
    /// The machine has an execution of that name already, and nothing was written.
    Exists(ExecutionId),
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is durable.
    Ok,
    /// Version or owner is another one, and nothing of the change was written: forget what is in
    /// memory and load it anew; go on with it if the epoch still owns it, else wait for a claim.
    Conflict,
}

/// A new execution, with all that its first commit holds.
#[derive(Debug, Clone)]
pub struct Start {
    /// Its definition; the revision must have been put before, without a label.
    pub pin: Pin,
    /// Its name; the machine has no other execution of that name, ended ones included.
    pub name: String,
    /// When it starts.
    pub started: Timestamp,
    /// What never changes: context and input, encoded.
    pub header: Blob,
    /// The first change. `execution` is ignored and `expected` is 0.
    pub first: Change,
}

/// A change of one execution.
#[derive(Debug, Clone)]
pub struct Change {
    /// The execution.
    pub execution: ExecutionId,
    /// The version it must have; it has the next one afterwards.
    pub expected: Version,
    /// The epoch that must own it.
    pub epoch: Epoch,
    /// State of the execution as a whole.
    pub control: Blob,
    /// Frames that differ from what is stored.
    pub frames: Vec<FrameRow>,
    /// Results that are new; they are only added, until their join ends.
    pub results: Vec<ResultRow>,
    /// Joins that have ended: all their results are removed.
    pub ended_joins: Vec<u64>,
    /// Events of this commit.
    pub events: Option<EventGroup>,
    /// Map Runs that begin with it.
    pub map_runs: Vec<MapRunRow>,
    /// Values that the blobs of this change refer to and that may not be stored yet.
    pub values: Vec<StoredValue>,
    /// Who looks after the execution from now on.
    pub wake: Wake,
    /// Messages that this change applies; they leave the inbox.
    pub applied: Vec<MessageId>,
    /// Messages to other executions that are sent with this change, and not sent if it conflicts.
    pub messages: Vec<Message>,
    /// The end of the execution, or its new beginning by a redrive.
    pub outcome: Option<Outcome>,
}

/// A frame's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameRow {
    /// The frame.
    pub id: FrameId,
    /// Its state; `None` removes the row.
    pub state: Option<Blob>,
}

/// The result of one branch or iteration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRow {
    /// The join that waits for it; never used twice within an execution.
    pub join: u64,
    /// Position of the branch or item.
    pub index: u32,
    /// The result, encoded.
    pub result: Blob,
}

/// The history events of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventGroup {
    /// Id of the first event; ids count from 1 within an execution, without gaps.
    pub first: u64,
    /// How many events there are, at least 1.
    pub count: u32,
    /// The events, encoded.
    pub events: Blob,
}

/// Where a Map Run began: by its ARN the execution is found, by the event all the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapRunRow {
    /// Its ARN.
    pub arn: String,
    /// Id of the event with which it began.
    pub event: u64,
}

/// A value that is stored once per execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredValue {
    /// Its name.
    pub id: ValueId,
    /// The value, encoded.
    pub value: Blob,
}

/// Who looks after an execution after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// The owner keeps it in memory. If the owner goes, it is due at once.
    Owned,
    /// Nobody until then: it is claimable from that time on, or when a message comes.
    At(Timestamp),
    /// Nobody until a message comes. Also for an execution that has ended.
    Message,
}

/// How an execution ends or begins anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The new status.
    pub status: Status,
    /// When it ended; `None` when it runs again.
    pub ended: Option<Timestamp>,
    /// Output or failure, encoded.
    pub result: Option<Blob>,
}

/// What [`claim`](super::Store::claim) looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Who claims.
    pub epoch: Epoch,
    /// The time now.
    pub now: Timestamp,
    /// Until when others keep off, in a store with several owners at a time. Where there is one,
    /// as in both of ours, every later owner's larger epoch keeps the earlier ones off at once.
    pub lease: Timestamp,
    /// At most so many executions.
    pub limit: usize,
}

/// What a claim among some executions gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claimed {
    /// The executions that were due.
    pub executions: Vec<ExecutionId>,
    /// When the next of those that nobody owns is due.
    pub next_due: Option<Timestamp>,
}

/// Something from outside that an execution, or the owner as such, must learn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The execution; `None` is the owner as such (a start asked for by another process).
    pub execution: Option<ExecutionId>,
    /// When it was sent.
    pub sent: Timestamp,
    /// What it says, encoded.
    pub body: Blob,
}

/// A message in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its place.
    pub id: MessageId,
    /// The message.
    pub message: Message,
}

/// Which executions to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Of this machine only.
    pub machine: Option<String>,
    /// With this status only.
    pub status: Option<Status>,
}

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Only executions with a smaller number: the last one of the page before.
    pub before: Option<ExecutionId>,
    /// At most so many.
    pub limit: usize,
}

/// A page of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryPage {
    /// Which way to go.
    pub order: Order,
    /// Where to begin: with the group that holds this event. `None` is the end that `order` begins
    /// with.
    pub from: Option<Cursor>,
    /// At most so many groups.
    pub limit: usize,
}

/// An event id.
pub type Cursor = u64;

/// A direction through a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    Forward,
    /// Newest first: groups with larger ids first, events within a group in their own order.
    Reverse,
}
