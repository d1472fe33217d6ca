//! Published versions of machines.

use super::{Published, Target};
use crate::{
    catalog::created::Refused,
    service::{Engine, Exception},
};

/// The versions of a machine, newest first.
#[derive(Debug, Clone)]
pub struct Versions {
    /// ARN of the machine.
    pub machine: String,
    /// The versions.
    pub versions: Vec<Published>,
}

impl Versions {
    /// The ARN of one of them.
    pub fn arn(&self, version: &Published) -> String {
        format!("{}:{}", self.machine, version.number)
    }
}

impl Engine {
    /// Publishes what a machine is now. Asked for again, it gives the version that is there.
    pub async fn publish_state_machine_version(
        &self,
        arn: &str,
        revision: Option<String>,
        description: Option<String>,
    ) -> Result<(String, Published), Exception> {
        let machine = Target::unqualified(arn)?;
        let (named, meant) = (machine.clone(), revision.clone());
        let now = self.inner.clock.now();
        let published = self.in_catalog(move |store, catalog| {
            if catalog.native(&machine).is_some() {
                return Err(Refused::Native);
            }
            catalog.created().publish(store, &machine, meant.as_deref(), description, now)
        });
        match published.await? {
            Ok(version) => Ok((format!("{named}:{}", version.number), version)),
            Err(Refused::Stale(current)) => Err(Exception::ConflictException(format!(
                "Failed to publish the State Machine version for revision {}. The current State \
                 Machine revision is {}.",
                revision.unwrap_or_default(),
                current.as_deref().unwrap_or("INITIAL"),
            ))),
            Err(refused) => Err(Exception::of(refused, arn)),
        }
    }

    /// Lists the versions of a machine.
    pub fn state_machine_versions(&self, arn: &str) -> Result<Versions, Exception> {
        let machine = Target::unqualified(arn)?;
        let catalog = &self.inner.catalog;
        if catalog.native(&machine).is_some() {
            return Ok(Versions { machine, versions: Vec::new() });
        }
        let found = catalog.created().get(&machine);
        let found = found.ok_or_else(|| Exception::StateMachineDoesNotExist(arn.to_owned()))?;
        let versions = found.versions.iter().rev().cloned().collect();
        Ok(Versions { machine, versions })
    }

    /// Takes a version back; one that does not exist is taken back already.
    pub async fn delete_state_machine_version(&self, arn: &str) -> Result<(), Exception> {
        let Target { machine, version } = Target::parse(arn)?;
        let Some(version) = version else {
            return Err(Exception::ValidationException(format!(
                "State machine version ARN must be specified: {arn}"
            )));
        };
        let deleted = self.in_catalog(move |store, catalog| {
            catalog.created().delete_version(store, &machine, version)
        });
        match deleted.await? {
            Ok(()) | Err(Refused::Absent) => Ok(()),
            Err(refused) => Err(Exception::of(refused, arn)),
        }
    }
}
