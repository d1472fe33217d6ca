//! State machines: made, described, changed, deleted and listed at run time.

mod settings;
mod validate;
mod versions;

pub use crate::{
    asl::Severity,
    catalog::created::{
        Encryption, EncryptionKind, Kind, LogLevel, Logging, Published, Revision, Settings,
    },
};
pub use settings::Given;
pub use validate::Finding;
pub use versions::Versions;

use super::{Engine, Error, Exception, name};
use crate::{
    catalog::{
        Catalog, Qualifier, Resource,
        created::{self, Change, Created, New, Publish, Refused},
    },
    store::Store,
};
use indexmap::IndexMap;
use jiff::Timestamp;
use std::sync::Arc;

/// Tags that a resource may have.
const TAGS: usize = 50;

/// A machine to be made.
#[derive(Debug, Clone, Default)]
pub struct CreateStateMachine {
    /// Its name.
    pub name: String,
    /// Its definition, kept as it is written.
    pub definition: String,
    /// How its executions are kept.
    pub kind: Kind,
    /// What is said beside the definition.
    pub given: Given,
    /// Its tags.
    pub tags: IndexMap<String, String>,
    /// Whether it is published at once.
    pub publish: bool,
    /// What for.
    pub version_description: Option<String>,
}

/// What is to change of a machine.
#[derive(Debug, Clone, Default)]
pub struct UpdateStateMachine {
    /// Its ARN.
    pub arn: String,
    /// A new definition.
    pub definition: Option<String>,
    /// What is to be said beside it.
    pub given: Given,
    /// Whether the outcome is published.
    pub publish: bool,
    /// What for.
    pub version_description: Option<String>,
}

/// A machine after a change.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Its ARN.
    pub arn: String,
    /// When it was made.
    pub created: Timestamp,
    /// When this change of it came; the last one, if there was nothing to change.
    pub updated: Timestamp,
    /// The id of its revision; the first one has none.
    pub revision: Option<String>,
    /// The ARN of the version that was published.
    pub version_arn: Option<String>,
}

/// A machine as it is shown.
#[derive(Debug, Clone)]
pub struct StateMachine {
    /// The ARN that was asked for.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// How its executions are kept.
    pub kind: Kind,
    /// When the machine or the version was made.
    pub created: Timestamp,
    /// The revision that is shown.
    pub revision: Arc<Revision>,
    /// What the version was published for.
    pub description: Option<String>,
}

/// A line of the list of machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMachine {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// How its executions are kept.
    pub kind: Kind,
    /// When it was made.
    pub created: Timestamp,
}

/// A machine, or a version of it, named by an ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// ARN of the machine.
    pub(super) machine: String,
    pub(super) version: Option<u64>,
}

impl Target {
    /// Reads an ARN that may have a version.
    pub(super) fn parse(arn: &str) -> Result<Self, Exception> {
        match Resource::parse(arn).map_err(Exception::InvalidArn)? {
            Resource::Machine { machine, qualifier: None } => Ok(Self { machine, version: None }),
            Resource::Machine { machine, qualifier: Some(Qualifier::Version(version)) } => {
                Ok(Self { machine, version: Some(version) })
            }
            Resource::Machine { .. } => Err(Exception::StateMachineDoesNotExist(arn.to_owned())),
            other => Err(out_of_place(&other)),
        }
    }

    /// Reads an ARN that may have none.
    fn unqualified(arn: &str) -> Result<String, Exception> {
        match Self::parse(arn)? {
            Self { machine, version: None } => Ok(machine),
            Self { .. } => Err(Exception::StateMachineDoesNotExist(arn.to_owned())),
        }
    }
}

/// The refusal of an ARN of another type.
pub(super) fn out_of_place(resource: &Resource) -> Exception {
    let kind = resource.kind();
    Exception::InvalidArn(format!("Resource type not valid in this context: {kind}"))
}

impl Engine {
    /// Makes a machine. Asked for again with the same definition and settings, it answers as it
    /// did at first.
    pub async fn create_state_machine(
        &self,
        asked: CreateStateMachine,
    ) -> Result<Changed, Exception> {
        let CreateStateMachine { name, definition, kind, given, tags, publish, .. } = asked;
        name::check(&name).map_err(|_| Exception::InvalidName(name.clone()))?;
        let publish = published_for(publish, asked.version_description)?;
        if tags.len() > TAGS {
            return Err(Exception::TooManyTags(TAGS));
        }
        given.check()?;
        let settings = given.over(&Settings::default());
        let definition = validate::refuse(definition, kind).await?;
        let arn = self.inner.home.machine(&name);
        let named = arn.clone();
        let now = self.inner.clock.now();
        let made = self.in_catalog(move |store, catalog| {
            if catalog.native(&arn).is_some() {
                return Err(Refused::Exists);
            }
            let new = New { arn, name, kind, definition, settings, tags, publish };
            catalog.created().create(store, new, now)
        });
        let (machine, version) = made.await?.map_err(|refused| Exception::of(refused, &named))?;
        Ok(Changed::of(&machine, version.as_ref(), machine.created))
    }

    /// Changes a machine. Executions that run stay as they began.
    pub async fn update_state_machine(
        &self,
        asked: UpdateStateMachine,
    ) -> Result<Changed, Exception> {
        let UpdateStateMachine { arn, definition, given, publish, version_description } = asked;
        let machine = Target::unqualified(&arn)?;
        if definition.is_none() && given.is_empty() {
            return Err(Exception::MissingRequiredParameter(
                "Either the definition, the role ARN, the LoggingConfiguration, the \
                 TracingConfiguration, or the EncryptionConfiguration must be specified"
                    .to_owned(),
            ));
        }
        let publish = published_for(publish, version_description)?;
        given.check()?;
        let known = self.kind_of(&machine);
        let kind = known.ok_or_else(|| Exception::StateMachineDoesNotExist(arn.clone()))?;
        let definition = match definition {
            Some(definition) => Some(validate::refuse(definition, kind).await?),
            None => None,
        };
        let (now, id) = (self.inner.clock.now(), self.inner.entropy.uuid().to_string());
        let changed = self.in_catalog(move |store, catalog| {
            if catalog.native(&machine).is_some() {
                return Err(Refused::Native);
            }
            let change = |before: &Revision| Change {
                definition,
                settings: given.over(&before.settings),
                publish,
                id,
            };
            catalog.created().update(store, &machine, change, now)
        });
        let (machine, version) = changed.await?.map_err(|refused| Exception::of(refused, &arn))?;
        Ok(Changed::of(&machine, version.as_ref(), now))
    }

    /// Deletes a machine with its versions. Executions that run go on; one that does not exist is
    /// deleted already.
    pub async fn delete_state_machine(&self, arn: &str) -> Result<(), Exception> {
        let Target { machine, version } = Target::parse(arn)?;
        if version.is_some() {
            return Err(Exception::ValidationException(format!(
                "Qualified state machine ARNs are not supported: {arn}"
            )));
        }
        let deleted = self.in_catalog(move |store, catalog| {
            if catalog.native(&machine).is_some() {
                return Err(Refused::Native);
            }
            catalog.created().delete(store, &machine)
        });
        match deleted.await? {
            Ok(()) | Err(Refused::Absent) => Ok(()),
            Err(refused) => Err(Exception::of(refused, arn)),
        }
    }

    /// Describes a machine, or a version of it.
    pub async fn state_machine(&self, arn: &str) -> Result<StateMachine, Exception> {
        let target = Target::parse(arn)?;
        let shown = arn.to_owned();
        let found = self.in_catalog(move |store, catalog| describe(store, catalog, &target, shown));
        found.await?.map_err(|refused| Exception::of(refused, arn))
    }

    /// All machines, by ARN: those made at run time and the workflows of this program.
    pub async fn state_machines(&self) -> Result<Vec<ListedMachine>, Exception> {
        let listed = self.in_catalog(|store, catalog| {
            let mut machines: Vec<_> = catalog.created().all().iter().map(listed).collect();
            for native in catalog.natives() {
                let record = store.machine(&native.arn)?;
                machines.retain(|machine| machine.arn != native.arn);
                machines.push(ListedMachine {
                    arn: native.arn.clone(),
                    name: native.name.clone(),
                    kind: native.kind,
                    created: record.map_or(Timestamp::UNIX_EPOCH, |record| record.created),
                });
            }
            machines.sort_by(|one, other| one.arn.cmp(&other.arn));
            Ok(machines)
        });
        listed.await?.map_err(|refused| Exception::of(refused, ""))
    }

    /// How executions of a machine are kept, if there is one.
    pub(super) fn kind_of(&self, machine: &str) -> Option<Kind> {
        let catalog = &self.inner.catalog;
        let native = catalog.native(machine).map(|native| native.kind);
        native.or_else(|| catalog.created().get(machine).map(|machine| machine.kind))
    }

    /// Uses the catalog and the store off the async threads.
    pub(super) async fn in_catalog<T: Send + 'static>(
        &self,
        using: impl FnOnce(&dyn Store, &Catalog) -> Result<T, Refused> + Send + 'static,
    ) -> Result<Result<T, Refused>, Error> {
        let catalog = Arc::clone(&self.inner.catalog);
        self.with_store(move |store| Ok(using(store, &catalog))).await
    }
}

/// Whether something is published, and what for.
fn published_for(publish: bool, description: Option<String>) -> Result<Publish, Exception> {
    match (publish, description) {
        (true, description) => Ok(Publish::Yes(description)),
        (false, None) => Ok(Publish::No),
        (false, Some(_)) => Err(Exception::ValidationException(
            "Version description can only be set when publish is true".to_owned(),
        )),
    }
}

fn describe(
    store: &dyn Store,
    catalog: &Catalog,
    target: &Target,
    arn: String,
) -> Result<StateMachine, Refused> {
    if let Some(native) = catalog.native(&target.machine) {
        if target.version.is_some() {
            return Err(Refused::Absent);
        }
        let revision = created::read(store, &native.arn, native.pin.revision)?;
        return Ok(StateMachine {
            arn,
            name: native.name.clone(),
            kind: native.kind,
            created: revision.created,
            revision,
            description: None,
        });
    }
    let machine = catalog.created().get(&target.machine).ok_or(Refused::Absent)?;
    let (created, revision, description) = match target.version {
        None => (machine.created, Arc::clone(&machine.revision), None),
        Some(version) => {
            let (published, revision) = machine.published(store, version)?;
            (published.created, revision, published.description)
        }
    };
    let (name, kind) = (machine.name.clone(), machine.kind);
    Ok(StateMachine { arn, name, kind, created, revision, description })
}

fn listed(machine: &Arc<Created>) -> ListedMachine {
    ListedMachine {
        arn: machine.arn.clone(),
        name: machine.name.clone(),
        kind: machine.kind,
        created: machine.created,
    }
}

impl Changed {
    fn of(machine: &Created, version: Option<&Published>, updated: Timestamp) -> Self {
        Self {
            arn: machine.arn.clone(),
            created: machine.created,
            updated,
            revision: machine.revision.id.clone(),
            version_arn: version.map(|version| format!("{}:{}", machine.arn, version.number)),
        }
    }
}
