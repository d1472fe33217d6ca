//! Changes of machines: each is decided on what is in force, written to the store, then in force.

use super::{
    Created, Entry, Kind, Machines, Published, Refused, Revision, Settings,
    record::{Facts, State, encode},
};
use crate::{
    catalog::hash,
    store::{self, Answer, Register, Store},
};
use indexmap::IndexMap;
use jiff::Timestamp;
use std::sync::Arc;

/// Versions that a machine may have.
const VERSIONS: usize = 1_000;

/// The name that a client may give the first revision of a machine.
const FIRST: &str = "INITIAL";

/// A machine to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// How its executions are kept.
    pub kind: Kind,
    /// Its definition, as the client wrote it.
    pub definition: String,
    /// What is said beside the definition.
    pub settings: Settings,
    /// Its tags.
    pub tags: IndexMap<String, String>,
    /// Whether it is published at once.
    pub publish: Publish,
}

/// What is to change of a machine; the rest stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// A new definition.
    pub definition: Option<String>,
    /// What is to be said beside it.
    pub settings: Settings,
    /// Whether the outcome is published.
    pub publish: Publish,
    /// The id of the new revision, if there is one.
    pub id: String,
}

/// Whether a revision is published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Publish {
    /// It is not.
    #[default]
    No,
    /// It is, for this.
    Yes(Option<String>),
}

impl Machines {
    /// Makes a machine. One that is there already and is the same, is given back as it is: then
    /// role and tags may differ.
    pub fn create(
        &self,
        store: &dyn Store,
        new: New,
        now: Timestamp,
    ) -> Result<(Arc<Created>, Option<Published>), Refused> {
        let _changing = self.change();
        let New { arn, name, kind, definition, settings, tags, publish } = new;
        let known = self.entry(&arn);
        if let Some(machine) = known.as_ref().and_then(|known| known.machine.clone()) {
            if !machine.is(kind, &definition, &settings) {
                return Err(Refused::Exists);
            }
            let version = machine.published_as(&publish)?;
            return Ok((machine, version));
        }
        let last = store.machine(&arn)?.map_or(0, |latest| latest.revision);
        let revision = Revision {
            number: last + 1,
            id: None,
            hash: hash(&definition),
            definition: definition.into(),
            settings,
            created: now,
        };
        let machine = Created {
            arn,
            name,
            kind,
            created: now,
            tags,
            revision: Arc::new(revision),
            versions: Vec::new(),
            last_version: 0,
        };
        let stored = known.map_or(0, |known| known.stored);
        self.finish(store, machine, stored, Written::Revision, &publish, now)
    }

    /// Changes a machine. What is as it was, makes no revision.
    pub fn update(
        &self,
        store: &dyn Store,
        arn: &str,
        change: impl FnOnce(&Revision) -> Change,
        now: Timestamp,
    ) -> Result<(Arc<Created>, Option<Published>), Refused> {
        let _changing = self.change();
        let (machine, stored) = self.live(arn)?;
        let Change { definition, settings, publish, id } = change(&machine.revision);
        let before = &machine.revision;
        let definition = definition.map_or_else(|| Arc::clone(&before.definition), Into::into);
        if definition == before.definition && settings == before.settings {
            return self.finish(store, (*machine).clone(), stored, Written::State, &publish, now);
        }
        let last = store.machine(arn)?.map_or(0, |latest| latest.revision);
        let revision = Arc::new(Revision {
            number: last + 1,
            id: Some(id),
            hash: hash(&definition),
            definition,
            settings,
            created: now,
        });
        let machine = Created { revision, ..(*machine).clone() };
        self.finish(store, machine, stored, Written::Revision, &publish, now)
    }

    /// Publishes the revision in force, if it is the one that is meant.
    pub fn publish(
        &self,
        store: &dyn Store,
        arn: &str,
        meant: Option<&str>,
        description: Option<String>,
        now: Timestamp,
    ) -> Result<Published, Refused> {
        let _changing = self.change();
        let (machine, stored) = self.live(arn)?;
        let id = machine.revision.id.as_deref();
        if meant.is_some_and(|meant| meant != id.unwrap_or(FIRST)) {
            return Err(Refused::Stale(machine.revision.id.clone()));
        }
        let publish = Publish::Yes(description);
        let (_, published) =
            self.finish(store, (*machine).clone(), stored, Written::State, &publish, now)?;
        published.ok_or(Refused::Absent)
    }

    /// Deletes a machine and what was published of it. Its executions go on.
    pub fn delete(&self, store: &dyn Store, arn: &str) -> Result<(), Refused> {
        let _changing = self.change();
        let (machine, stored) = self.live(arn)?;
        let state = State { deleted: true, versions: Vec::new(), ..machine.state() };
        register(store, &machine, stored, &state, None)?;
        self.put(arn, Entry { stored: stored + 1, machine: None });
        Ok(())
    }

    /// Takes a version back. Executions that it started go on.
    pub fn delete_version(
        &self,
        store: &dyn Store,
        arn: &str,
        version: u64,
    ) -> Result<(), Refused> {
        let _changing = self.change();
        let (machine, stored) = self.live(arn)?;
        let mut machine = (*machine).clone();
        let before = machine.versions.len();
        machine.versions.retain(|published| published.number != version);
        if machine.versions.len() == before {
            return Err(Refused::Absent);
        }
        self.write(store, machine, stored, Written::State)?;
        Ok(())
    }

    fn live(&self, arn: &str) -> Result<(Arc<Created>, store::Version), Refused> {
        let entry = self.entry(arn).ok_or(Refused::Absent)?;
        Ok((entry.machine.ok_or(Refused::Absent)?, entry.stored))
    }

    /// Publishes a machine if that is asked for, and writes what has changed.
    fn finish(
        &self,
        store: &dyn Store,
        mut machine: Created,
        stored: store::Version,
        written: Written,
        publish: &Publish,
        now: Timestamp,
    ) -> Result<(Arc<Created>, Option<Published>), Refused> {
        let mut changed = written == Written::Revision;
        let mut published = None;
        if let Publish::Yes(description) = publish {
            published = machine.current_version().cloned();
            if published.is_none() {
                let version = machine.publish(description.clone(), now)?;
                changed = true;
                published = Some(version);
            }
        }
        if !changed {
            return Ok((Arc::new(machine), published));
        }
        Ok((self.write(store, machine, stored, written)?, published))
    }

    fn write(
        &self,
        store: &dyn Store,
        machine: Created,
        stored: store::Version,
        written: Written,
    ) -> Result<Arc<Created>, Refused> {
        let revision = (written == Written::Revision).then(|| record(&machine.revision));
        register(store, &machine, stored, &machine.state(), revision)?;
        let machine = Arc::new(machine);
        let entry = Entry { stored: stored + 1, machine: Some(Arc::clone(&machine)) };
        self.put(&machine.arn, entry);
        Ok(machine)
    }
}

/// What of a machine is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// What it is besides its revisions.
    State,
    /// A new revision too.
    Revision,
}

impl Created {
    /// Whether it is what somebody wants to make.
    fn is(&self, kind: Kind, definition: &str, settings: &Settings) -> bool {
        let Settings { role_arn: _, logging, tracing, encryption } = settings;
        let own = &self.revision.settings;
        self.kind == kind
            && *self.revision.definition == *definition
            && own.logging == *logging
            && own.tracing == *tracing
            && own.encryption == *encryption
    }

    /// The version that was asked for, if it is published as that.
    fn published_as(&self, publish: &Publish) -> Result<Option<Published>, Refused> {
        let Publish::Yes(description) = publish else { return Ok(None) };
        let version = self.current_version().filter(|it| it.description == *description);
        version.cloned().map(Some).ok_or(Refused::Exists)
    }

    fn publish(
        &mut self,
        description: Option<String>,
        now: Timestamp,
    ) -> Result<Published, Refused> {
        if self.versions.len() >= VERSIONS {
            return Err(Refused::TooManyVersions(VERSIONS));
        }
        self.last_version += 1;
        let revision = self.revision.number;
        let version = Published { number: self.last_version, revision, description, created: now };
        self.versions.push(version.clone());
        Ok(version)
    }
}

fn record(revision: &Revision) -> store::Revision {
    let Revision { number, id, definition, hash, settings, created } = revision;
    let facts = encode(&Facts { id: id.clone(), settings: settings.clone() });
    store::Revision {
        number: *number,
        hash: hash.clone(),
        definition: definition.to_string(),
        created: *created,
        facts: Some(facts),
    }
}

fn register(
    store: &dyn Store,
    machine: &Created,
    expected: store::Version,
    state: &State,
    revision: Option<store::Revision>,
) -> Result<(), Refused> {
    let (arn, name, state) = (machine.arn.clone(), machine.name.clone(), encode(state));
    match store.register(&Register { arn, name, expected, state, revision })? {
        Answer::Ok => Ok(()),
        Answer::Conflict => Err(Refused::Conflict),
    }
}
