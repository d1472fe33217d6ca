//! Machines that are made, changed and deleted at run time: what is stored of them beside their
//! definitions.

use super::{Answer, Blob, MachineRecord, Version};
use indexmap::IndexMap;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A machine that was made at run time, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// ARN, without version or alias.
    pub arn: String,
    /// Name.
    pub name: String,
    /// How often it has been written.
    pub version: Version,
    /// What it is besides its revisions, encoded.
    pub state: Blob,
}

/// A write of a machine. All of it is there afterwards, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// ARN, without version or alias.
    pub arn: String,
    /// Name.
    pub name: String,
    /// The version it must have: 0 if it was never written. It has the next one afterwards.
    pub expected: Version,
    /// What it is besides its revisions, encoded.
    pub state: Blob,
    /// A new revision, if there is one.
    pub revision: Option<Revision>,
}

/// A revision of a machine, with what it says beside its definition. Revisions never change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its number: one more than that of the revision before, from 1.
    pub number: u64,
    /// Hash of the definition.
    pub hash: String,
    /// Text of the definition.
    pub definition: String,
    /// When it was made.
    pub created: Timestamp,
    /// What it says beside its definition, encoded; a machine that was not made at run time has
    /// nothing.
    pub facts: Option<Blob>,
}

/// What a store in memory keeps of them.
#[derive(Debug, Default)]
pub(super) struct Registrations {
    by_arn: BTreeMap<String, Registration>,
    facts: IndexMap<(String, u64), Blob>,
}

impl Registrations {
    /// Writes a machine whose revisions so far are these.
    pub(super) fn register(
        &mut self,
        change: &Register,
        revisions: &mut Vec<MachineRecord>,
    ) -> Answer {
        let Register { arn, name, expected, state, revision } = change;
        let version = self.by_arn.get(arn).map_or(0, |known| known.version);
        let next = revisions.len() as u64 + 1;
        if version != *expected || revision.as_ref().is_some_and(|new| new.number != next) {
            return Answer::Conflict;
        }
        if let Some(Revision { number, hash, definition, created, facts }) = revision {
            revisions.push(MachineRecord {
                arn: arn.clone(),
                name: name.clone(),
                revision: *number,
                hash: hash.clone(),
                definition: definition.clone(),
                shapes: None,
                created: *created,
            });
            let facts = facts.iter().map(|facts| ((arn.clone(), *number), facts.clone()));
            self.facts.extend(facts);
        }
        let (arn, name, state) = (arn.clone(), name.clone(), state.clone());
        let written = Registration { arn: arn.clone(), name, version: version + 1, state };
        self.by_arn.insert(arn, written);
        Answer::Ok
    }

    /// All of them, by ARN.
    pub(super) fn all(&self) -> Vec<Registration> {
        self.by_arn.values().cloned().collect()
    }

    /// A revision as it was recorded, with its facts.
    pub(super) fn revision(&self, record: &MachineRecord) -> Revision {
        Revision {
            number: record.revision,
            hash: record.hash.clone(),
            definition: record.definition.clone(),
            created: record.created,
            facts: self.facts.get(&(record.arn.clone(), record.revision)).cloned(),
        }
    }
}
