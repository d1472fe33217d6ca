//! What can be run: machines by name and ARN, programs by the hash of their definition.
//!
//! An execution is pinned to the definition that it started with. As long as the binary holds the
//! same definition it goes on with native code; otherwise the stored definition is interpreted,
//! with tasks bound by name.

mod arn;
pub mod created;
mod resource;

pub use arn::{activity_arn, execution_arn, machine_arn, machine_of, name_of};
pub use resource::{Home, Qualifier, Resource, execution_of};

use crate::{
    asl,
    program::{Interpreter, Program, interpreter::CompileError},
    registry::Registry,
    store::{self, MachineRecord, Pin, Store},
    workflow::Mismatch,
};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

/// Says whether a value fits a workflow's parameters.
pub type CheckInput = fn(&Value) -> Result<(), Mismatch>;

/// A workflow or definition that executions can be started of.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The revision that new executions run.
    pub pin: Pin,
    /// What they run.
    pub program: Arc<dyn Program>,
    /// Says whether an input fits; a machine without Rust types takes any.
    pub check_input: Option<CheckInput>,
    /// Whether its definition says all that its native code does.
    pub exportable: bool,
    /// ARN of the role that its executions have, if any.
    pub role_arn: String,
    /// How its executions are kept. The name of an express execution is followed by `:` and an id,
    /// because names may repeat.
    pub kind: created::Kind,
}

impl Machine {
    /// The ARN of its execution of that name.
    pub fn execution_arn(&self, name: &str) -> String {
        let standard = execution_of(&self.arn, name);
        match self.kind {
            created::Kind::Standard => standard,
            created::Kind::Express => standard.replacen(":execution:", ":express:", 1),
        }
    }

    /// What an execution of that name is called; see [`Machine::kind`].
    pub fn execution_name(name: &str) -> &str {
        name.split(':').next().unwrap_or(name)
    }
}

/// All machines of a process.
#[derive(Debug, Default)]
pub struct Catalog {
    by_name: IndexMap<String, Arc<Machine>>,
    created: created::Machines,
    programs: Mutex<BTreeMap<String, Arc<dyn Program>>>,
}

/// Why a catalog can't be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A definition can't be interpreted.
    #[error("the definition of `{0}` can't be run: {1}")]
    Definition(String, #[source] Box<CompileError>),
    /// A machine that was made at run time can't be read.
    #[error(transparent)]
    Created(#[from] created::Refused),
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Why an execution can't run on in this process.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Stranded {
    /// Its workflow has changed, and its code says more than a definition can.
    #[error(
        "it runs a definition of `{machine}` that this binary no longer has, and `{machine}` is \
         not exportable, so the stored definition can't be run: start the binary that it began with"
    )]
    Changed {
        /// ARN of the machine.
        machine: String,
    },
    /// Its definition is not in the store, or can't be read.
    #[error("its definition {hash} {why}")]
    Unreadable {
        /// Hash of the definition.
        hash: String,
        /// What is wrong with it.
        why: String,
    },
    /// The store can't be read.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Catalog {
    /// Takes the registered workflows and the given definitions, and puts new revisions into the
    /// store. A definition given by name comes before a workflow of that name.
    pub fn open(
        store: &dyn Store,
        registry: &Registry,
        definitions: IndexMap<String, asl::Definition>,
        now: Timestamp,
    ) -> Result<Self, OpenError> {
        let mut catalog = Self { created: created::Machines::open(store)?, ..Self::default() };
        for workflow in registry.workflows() {
            let program = Arc::clone(&workflow.program);
            let pin = pin(store, workflow.def.name, &*program, now)?;
            let (check, export) = (Some(workflow.def.check_input), workflow.def.export);
            catalog.add(workflow.def.name, pin, program, check, export);
        }
        for (name, definition) in definitions {
            let program = Interpreter::new(definition)
                .map_err(|error| OpenError::Definition(name.clone(), Box::new(error)))?;
            let program = Arc::new(program);
            let pin = pin(store, &name, &*program, now)?;
            catalog.add(&name, pin, program, None, true);
        }
        Ok(catalog)
    }

    fn add(
        &mut self,
        name: &str,
        pin: Pin,
        program: Arc<dyn Program>,
        check_input: Option<CheckInput>,
        exportable: bool,
    ) {
        let programs = self.programs.get_mut().unwrap_or_else(PoisonError::into_inner);
        programs.insert(pin.hash.clone(), Arc::clone(&program));
        let (name, arn) = (name.to_owned(), machine_arn(name));
        let machine = Machine {
            name: name.clone(),
            arn,
            pin,
            program,
            check_input,
            exportable,
            role_arn: String::new(),
            kind: created::Kind::Standard,
        };
        self.by_name.insert(name, Arc::new(machine));
    }

    /// The machine of this name.
    pub fn by_name(&self, name: &str) -> Option<&Arc<Machine>> {
        self.by_name.get(name)
    }

    /// The machine of this ARN, to be run durably. Workflows of the binary come before machines
    /// that were made at run time.
    pub fn by_arn(&self, arn: &str) -> Option<Arc<Machine>> {
        let native = self.native(arn).map(Arc::clone);
        native.or_else(|| self.created.startable(arn, created::Kind::Standard).ok())
    }

    /// The workflow or given definition of this ARN.
    pub fn native(&self, arn: &str) -> Option<&Arc<Machine>> {
        self.by_name.get(name_of(arn)).filter(|machine| machine.arn == arn)
    }

    /// All workflows and given definitions.
    pub fn natives(&self) -> impl Iterator<Item = &Arc<Machine>> {
        self.by_name.values()
    }

    /// The machines that were made at run time.
    pub fn created(&self) -> &created::Machines {
        &self.created
    }

    /// What an execution of this machine runs, or of this version of it.
    ///
    /// # Errors
    ///
    /// There is none, or its definition can't be run.
    pub fn startable(
        &self,
        store: &dyn Store,
        arn: &str,
        version: Option<u64>,
    ) -> Result<Arc<Machine>, created::Refused> {
        match (self.native(arn), version) {
            (Some(native), None) => Ok(Arc::clone(native)),
            (Some(_), Some(_)) => Err(created::Refused::Absent),
            (None, Some(version)) => self.created.startable_version(store, arn, version),
            (None, None) => {
                let machine = self.created.get(arn).ok_or(created::Refused::Absent)?;
                self.created.startable(arn, machine.kind)
            }
        }
    }

    /// The names of all machines.
    pub fn names(&self) -> Vec<String> {
        self.by_name.keys().cloned().collect()
    }

    /// The program of a definition that an execution is pinned to.
    ///
    /// # Errors
    ///
    /// The definition can neither be run natively nor interpreted: the execution is stranded until
    /// a binary comes that has it.
    pub fn program(&self, store: &dyn Store, pin: &Pin) -> Result<Arc<dyn Program>, Stranded> {
        let mut programs = self.programs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = programs.get(&pin.hash) {
            return Ok(Arc::clone(program));
        }
        if self.native(&pin.machine).is_some_and(|machine| !machine.exportable) {
            return Err(Stranded::Changed { machine: pin.machine.clone() });
        }
        let unreadable = |why: String| Stranded::Unreadable { hash: pin.hash.clone(), why };
        let text = store.definition(&pin.hash)?;
        let text = text.ok_or_else(|| unreadable("is not in the store".to_owned()))?;
        let (definition, findings) = asl::Definition::parse(&text);
        let definition = definition.ok_or_else(|| {
            let first = findings.first().map(|finding| finding.message.clone());
            unreadable(format!("can't be read: {}", first.unwrap_or_default()))
        })?;
        let program = Interpreter::new(definition);
        let program = program.map_err(|error| unreadable(format!("can't be run: {error}")))?;
        let program: Arc<dyn Program> = Arc::new(program);
        programs.insert(pin.hash.clone(), Arc::clone(&program));
        Ok(program)
    }
}

/// Puts the definition of a machine into the store, if it is not the latest there.
fn pin(
    store: &dyn Store,
    name: &str,
    program: &dyn Program,
    now: Timestamp,
) -> Result<Pin, store::Error> {
    let definition = program.definition().to_text();
    store.put_machine(&MachineRecord {
        arn: machine_arn(name),
        name: name.to_owned(),
        revision: 0,
        hash: hash(&definition),
        definition,
        created: now,
    })
}

/// Names a definition by its canonical text: SHA-256, in hexadecimal.
pub fn hash(definition: &str) -> String {
    let digest = Sha256::digest(definition);
    let mut name = String::with_capacity(64);
    for byte in digest {
        let _infallible = write!(name, "{byte:02x}");
    }
    name
}
