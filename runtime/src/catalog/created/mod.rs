//! Machines that are made, changed and deleted at run time, with their revisions and versions.
//!
//! What is in force is in memory and in the store; a change is written there first. Revisions never
//! change, and an execution is pinned to one, so that it goes on whatever becomes of its machine.

mod change;
mod record;

pub use change::{Change, New, Publish};
pub use record::{Encryption, EncryptionKind, Kind, LogLevel, Logging, Published, Settings};

use super::Machine;
use crate::{
    asl,
    program::{Interpreter, Program},
    store::{self, Pin, Store},
};
use indexmap::IndexMap;
use jiff::Timestamp;
use record::{Facts, State, decode};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

/// How long an execution of an express machine may take, in seconds.
const EXPRESS_SECONDS: u64 = 300;

/// A machine that was made at run time, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "machines and versions have the same field")]
pub struct Created {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// How its executions are kept.
    pub kind: Kind,
    /// When it was made.
    pub created: Timestamp,
    /// Its tags.
    pub tags: IndexMap<String, String>,
    /// What new executions run.
    pub revision: Arc<Revision>,
    /// What was published of it, oldest first.
    pub versions: Vec<Published>,
    last_version: u64,
}

/// A revision of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its number, from 1.
    pub number: u64,
    /// The id that clients see; the first revision of a machine has none.
    pub id: Option<String>,
    /// Its definition, as the client wrote it.
    pub definition: Arc<str>,
    /// Hash of that text.
    pub hash: String,
    /// What it says beside its definition.
    pub settings: Settings,
    /// When it was made.
    pub created: Timestamp,
}

/// Why a machine is not made, changed or started.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// A machine has the name and is another one.
    #[error("a machine of that name exists and is another one")]
    Exists,
    /// There is no such machine, or no such version of it.
    #[error("there is no such machine")]
    Absent,
    /// The workflows of a binary change with the binary.
    #[error("it is a workflow of this program: change it there")]
    Native,
    /// The revision asked for is not the one in force.
    #[error("the revision in force is {}", .0.as_deref().unwrap_or("the first"))]
    Stale(Option<String>),
    /// It has as many versions as there may be.
    #[error("it has {0} versions")]
    TooManyVersions(usize),
    /// Another process has changed it at the same time.
    #[error("another process has changed it at the same time")]
    Conflict,
    /// Its definition can't be run.
    #[error("its definition can't be run: {0}")]
    NotRunnable(String),
    /// What is stored of it can't be read.
    #[error("what is stored of the machine {arn} can't be read: {why}")]
    Unreadable {
        /// The machine.
        arn: String,
        /// What is wrong.
        why: String,
    },
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// All machines that were made at run time.
#[derive(Debug, Default)]
pub struct Machines {
    by_arn: RwLock<BTreeMap<String, Entry>>,
    /// Held while a machine is changed.
    changing: Mutex<()>,
    programs: Mutex<IndexMap<(String, Kind), Arc<dyn Program>>>,
}

/// What is known of an ARN.
#[derive(Debug, Clone)]
struct Entry {
    /// Its version in the store.
    stored: store::Version,
    /// None if it was deleted.
    machine: Option<Arc<Created>>,
}

impl Machines {
    /// Reads them from the store.
    pub(super) fn open(store: &dyn Store) -> Result<Self, Refused> {
        let mut by_arn = BTreeMap::new();
        for registration in store.registrations()? {
            let store::Registration { arn, name, version, state } = registration;
            let state: State =
                decode(&state).map_err(|why| Refused::Unreadable { arn: arn.clone(), why })?;
            let machine = if state.deleted {
                None
            } else {
                let revision = read(store, &arn, state.revision)?;
                Some(Arc::new(Created::new(&arn, &name, state, revision)))
            };
            by_arn.insert(arn, Entry { stored: version, machine });
        }
        Ok(Self { by_arn: RwLock::new(by_arn), ..Self::default() })
    }

    /// The machine of this ARN.
    pub fn get(&self, arn: &str) -> Option<Arc<Created>> {
        self.entry(arn).and_then(|entry| entry.machine)
    }

    /// All machines, by ARN.
    pub fn all(&self) -> Vec<Arc<Created>> {
        let by_arn = self.by_arn.read().unwrap_or_else(PoisonError::into_inner);
        by_arn.values().filter_map(|entry| entry.machine.clone()).collect()
    }

    /// What an execution of the machine runs that starts now.
    pub(super) fn startable(&self, arn: &str, kind: Kind) -> Result<Arc<Machine>, Refused> {
        let machine = self.get(arn).ok_or(Refused::Absent)?;
        self.machine(&machine, &machine.revision, None, kind)
    }

    /// What an execution of a published version runs.
    pub(super) fn startable_version(
        &self,
        store: &dyn Store,
        arn: &str,
        version: u64,
    ) -> Result<Arc<Machine>, Refused> {
        let machine = self.get(arn).ok_or(Refused::Absent)?;
        let revision = machine.published(store, version)?.1;
        self.machine(&machine, &revision, Some(version), machine.kind)
    }

    fn machine(
        &self,
        of: &Created,
        revision: &Revision,
        version: Option<u64>,
        kind: Kind,
    ) -> Result<Arc<Machine>, Refused> {
        let program = self.program(revision, kind)?;
        let pin = Pin {
            machine: of.arn.clone(),
            revision: revision.number,
            hash: revision.hash.clone(),
            version,
            alias: None,
        };
        Ok(Arc::new(Machine {
            name: of.name.clone(),
            arn: of.arn.clone(),
            pin,
            program,
            check_input: None,
            gives: None,
            role_arn: revision.settings.role_arn.clone(),
            kind,
        }))
    }

    /// The compiled definition of a revision. An express execution ends by itself in time.
    fn program(&self, revision: &Revision, kind: Kind) -> Result<Arc<dyn Program>, Refused> {
        let known = || self.programs.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (revision.hash.clone(), kind);
        if let Some(program) = known().get(&key) {
            return Ok(Arc::clone(program));
        }
        let (definition, findings) = asl::Definition::parse(&revision.definition);
        let mut definition = definition.ok_or_else(|| {
            let first = findings.first().map(|finding| finding.message.clone());
            Refused::NotRunnable(first.unwrap_or_default())
        })?;
        if kind == Kind::Express {
            let asked = definition.timeout_seconds.take();
            let within = |seconds: &u64| *seconds <= EXPRESS_SECONDS;
            let seconds = asked.and_then(|seconds| seconds.as_u64()).filter(within);
            definition.timeout_seconds = Some(seconds.unwrap_or(EXPRESS_SECONDS).into());
        }
        let program = Interpreter::new(definition);
        let program = program.map_err(|error| Refused::NotRunnable(error.to_string()))?;
        let program: Arc<dyn Program> = Arc::new(program);
        known().insert(key, Arc::clone(&program));
        Ok(program)
    }

    fn entry(&self, arn: &str) -> Option<Entry> {
        self.by_arn.read().unwrap_or_else(PoisonError::into_inner).get(arn).cloned()
    }

    fn put(&self, arn: &str, entry: Entry) {
        let mut by_arn = self.by_arn.write().unwrap_or_else(PoisonError::into_inner);
        by_arn.insert(arn.to_owned(), entry);
    }

    fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Revision {
    /// The variables that each state reads, by the state's name.
    pub fn variable_references(&self) -> IndexMap<String, BTreeSet<String>> {
        let (definition, _) = asl::Definition::parse(&self.definition);
        definition.map(|definition| definition.variable_references()).unwrap_or_default()
    }
}

impl Created {
    fn new(arn: &str, name: &str, state: State, revision: Arc<Revision>) -> Self {
        let State { kind, created, deleted: _, tags, revision: _, versions, last_version } = state;
        Self {
            arn: arn.to_owned(),
            name: name.to_owned(),
            kind,
            created,
            tags,
            revision,
            versions,
            last_version,
        }
    }

    fn state(&self) -> State {
        State {
            kind: self.kind,
            created: self.created,
            deleted: false,
            tags: self.tags.clone(),
            revision: self.revision.number,
            versions: self.versions.clone(),
            last_version: self.last_version,
        }
    }

    /// A published version, with the revision that it is.
    pub fn published(
        &self,
        store: &dyn Store,
        version: u64,
    ) -> Result<(Published, Arc<Revision>), Refused> {
        let published = self.versions.iter().find(|published| published.number == version);
        let published = published.ok_or(Refused::Absent)?;
        let revision = if published.revision == self.revision.number {
            Arc::clone(&self.revision)
        } else {
            read(store, &self.arn, published.revision)?
        };
        Ok((published.clone(), revision))
    }

    /// The version that the revision in force was published as.
    fn current_version(&self) -> Option<&Published> {
        self.versions.iter().rev().find(|version| version.revision == self.revision.number)
    }
}

/// Reads a revision of a machine from the store; also one of a workflow, or of a machine that has
/// been deleted.
///
/// # Errors
///
/// The store has it not, or can't be read.
pub fn read(store: &dyn Store, arn: &str, number: u64) -> Result<Arc<Revision>, Refused> {
    let unreadable = |why: String| Refused::Unreadable { arn: arn.to_owned(), why };
    let found = store.revision(arn, number)?;
    let found = found.ok_or_else(|| unreadable(format!("it has no revision {number}")))?;
    let store::Revision { number, hash, definition, created, facts } = found;
    let facts = facts.map(|facts| decode::<Facts>(&facts)).transpose().map_err(unreadable)?;
    let (id, settings) = match facts {
        Some(Facts { id, settings }) => (id, settings),
        None => (None, Settings::default()),
    };
    let definition = definition.into();
    Ok(Arc::new(Revision { number, id, definition, hash, settings, created }))
}
