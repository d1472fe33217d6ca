//! What can be run: machines by name and ARN, programs by the hash of their definition.
//!
//! An execution is pinned to the definition that it started with, and to the shapes of its data.
//! As long as the binary has both it goes on with native code; otherwise the stored definition is
//! interpreted, with tasks bound by name.

mod arn;
pub mod created;
mod name;
mod resource;
mod shapes;
mod unfit;

pub use arn::{activity_arn, execution_arn, find, machine_arn, machine_of, name_of, unlabelled};
pub(crate) use name::check_name;
pub use resource::{Home, Qualifier, Resource, execution_of};
pub(crate) use shapes::still_gives;

use crate::{
    asl,
    program::{Interpreter, Program, interpreter::CompileError},
    registry::Registry,
    store::{self, MachineRecord, Pin, Store},
    workflow::{Mismatch, WorkflowDef},
};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};
use unfit::Unfit;

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
    /// JSON schema of what it returns, if it has Rust types.
    pub gives: Option<fn() -> Value>,
    /// ARN of the role that its executions have, if any.
    pub role_arn: String,
    /// How its executions are kept. The name of an express execution is followed by `:` and an id,
    /// because names may repeat.
    pub kind: created::Kind,
}

impl Machine {
    /// The ARN of its execution of that name.
    pub fn execution_arn(&self, name: &str) -> String {
        execution_of(&self.arn, name)
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
    /// The machines' own, by hash.
    own: IndexMap<String, Arc<dyn Program>>,
    /// Stored definitions that were asked for.
    stored: Mutex<IndexMap<String, Code>>,
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

/// What an execution runs in this process.
#[derive(Debug, Clone)]
pub struct Code {
    /// Its program.
    pub program: Arc<dyn Program>,
    /// How it fits the execution.
    pub fit: Fit,
}

/// How a program fits an execution.
#[derive(Debug, Clone)]
pub enum Fit {
    /// It is this binary's, with the definition and the shapes that the execution began with.
    Own,
    /// It interprets the stored definition, made with these shapes if it was a workflow's. What it
    /// calls may have changed or gone.
    Stored(Arc<Value>),
    /// It knows the states and can't run them, for this reason.
    Unfit(String),
}

/// Marks the hash of a definition that says less than the native code did: it is not interpreted.
const NATIVE: &str = "native-";

impl Catalog {
    /// Takes the registered workflows and the given definitions, and puts new revisions into the
    /// store. A definition given by name comes before a workflow of that name.
    pub fn open(
        store: &dyn Store,
        registry: &Registry,
        definitions: IndexMap<String, asl::Definition>,
        now: Timestamp,
    ) -> Result<Self, OpenError> {
        let created = created::Machines::open(store)?;
        let filled = Self::fill(registry, definitions, now, |machine| store.put_machine(&machine))?;
        Ok(Self { created, ..filled })
    }

    /// The same where nothing is started and nothing is put into a store.
    pub fn reading(
        registry: &Registry,
        definitions: IndexMap<String, asl::Definition>,
    ) -> Result<Self, OpenError> {
        Self::fill(registry, definitions, Timestamp::UNIX_EPOCH, |machine| {
            let MachineRecord { arn: machine, revision, hash, .. } = machine;
            Ok(Pin { machine, revision, hash, version: None, alias: None })
        })
    }

    fn fill(
        registry: &Registry,
        definitions: IndexMap<String, asl::Definition>,
        now: Timestamp,
        put: impl Fn(MachineRecord) -> Result<Pin, store::Error>,
    ) -> Result<Self, OpenError> {
        let mut catalog = Self::default();
        for workflow in registry.workflows() {
            let program = Arc::clone(&workflow.program);
            let def = &workflow.def;
            let definition = program.definition().to_text();
            let shapes = shapes::of(def).to_string();
            let kind = if def.export { "" } else { NATIVE };
            let hash = format!("{kind}{}", hash(&format!("{definition}\n{shapes}")));
            let pin = put(MachineRecord {
                arn: machine_arn(def.name),
                name: def.name.to_owned(),
                revision: 0,
                hash,
                definition,
                shapes: Some(shapes),
                created: now,
            })?;
            catalog.add(def.name, pin, program, Some(def));
        }
        for (name, definition) in definitions {
            let program = Interpreter::new(definition)
                .map_err(|error| OpenError::Definition(name.clone(), Box::new(error)))?;
            let program = Arc::new(program);
            let definition = program.definition().to_text();
            let pin = put(MachineRecord {
                arn: machine_arn(&name),
                name: name.clone(),
                revision: 0,
                hash: hash(&definition),
                definition,
                shapes: None,
                created: now,
            })?;
            catalog.add(&name, pin, program, None);
        }
        Ok(catalog)
    }

    fn add(&mut self, name: &str, pin: Pin, program: Arc<dyn Program>, def: Option<&WorkflowDef>) {
        self.own.insert(pin.hash.clone(), Arc::clone(&program));
        let (name, arn) = (name.to_owned(), machine_arn(name));
        let (check_input, gives) =
            (def.map(|def| def.check_input), def.map(|def| def.output_schema));
        let machine = Machine {
            name: name.clone(),
            arn,
            pin,
            program,
            check_input,
            gives,
            role_arn: String::new(),
            kind: created::Kind::Standard,
        };
        self.by_name.insert(name, Arc::new(machine));
    }

    /// Puts something around the programs of all workflows.
    pub(crate) fn wrap_native(
        &mut self,
        wrap: impl Fn(&str, Arc<dyn Program>) -> Arc<dyn Program>,
    ) {
        let workflows = self.by_name.values_mut().filter(|machine| machine.check_input.is_some());
        for machine in workflows {
            let program = wrap(&machine.name, Arc::clone(&machine.program));
            self.own.insert(machine.pin.hash.clone(), Arc::clone(&program));
            *machine = Arc::new(Machine { program, ..Machine::clone(machine) });
        }
    }

    /// The machine of this name.
    pub fn by_name(&self, name: &str) -> Option<&Arc<Machine>> {
        self.by_name.get(name)
    }

    /// The machine of this ARN, to be run durably. Workflows of the binary come before machines
    /// that were made at run time.
    pub fn by_arn(&self, arn: &str) -> Option<Arc<Machine>> {
        if let Some(native) = self.native(arn) {
            return Some(Arc::clone(native));
        }
        self.created.get(arn).filter(|created| created.kind == created::Kind::Standard)?;
        self.created.startable(arn, created::Kind::Standard).ok()
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

    /// What an execution runs that is pinned to this definition.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub fn code(&self, store: &dyn Store, pin: &Pin) -> Result<Code, store::Error> {
        match self.own.get(&pin.hash) {
            Some(program) => Ok(Code { program: Arc::clone(program), fit: Fit::Own }),
            None => {
                let code = self.stored(store, pin)?;
                // The interpreter of its definition is all that a machine made at run time has.
                let machine = unlabelled(&pin.machine);
                let is_created =
                    self.native(machine).is_none() && self.created.get(machine).is_some();
                Ok(match code.fit {
                    Fit::Stored(_) if is_created => Code { fit: Fit::Own, ..code },
                    _ => code,
                })
            }
        }
    }

    /// The stored definition, although the binary may have it: what the execution keeps does not
    /// fit the binary's own program.
    pub fn stored(&self, store: &dyn Store, pin: &Pin) -> Result<Code, store::Error> {
        let known = || self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(code) = known().get(&pin.hash) {
            return Ok(code.clone());
        }
        let code = read(store, pin)?;
        known().insert(pin.hash.clone(), code.clone());
        Ok(code)
    }
}

/// Reads a definition from the store.
fn read(store: &dyn Store, pin: &Pin) -> Result<Code, store::Error> {
    let unreadable = |why: String| format!("its definition {} {why}", pin.hash);
    let Some(text) = store.definition(&pin.hash)? else {
        return Ok(unfit(None, unreadable("is not in the database".to_owned())));
    };
    let (definition, findings) = asl::Definition::parse(&text);
    let Some(definition) = definition else {
        let first = findings.first().map(|finding| finding.message.clone());
        let why = unreadable(format!("can't be read: {}", first.unwrap_or_default()));
        return Ok(unfit(None, why));
    };
    if pin.hash.starts_with(NATIVE) {
        let machine = name_of(&pin.machine);
        let why = format!(
            "it began with a `{machine}` whose code or data this program no longer has, and \
             `{machine}` can't be exported, so its stored definition can't be run"
        );
        return Ok(unfit(Some(definition), why));
    }
    let shapes = store.shapes(&pin.hash)?.and_then(|text| serde_json::from_str(&text).ok());
    Ok(match Interpreter::new(definition.clone()) {
        Ok(program) => Code {
            program: Arc::new(program),
            fit: Fit::Stored(Arc::new(shapes.unwrap_or_default())),
        },
        Err(error) => unfit(Some(definition), unreadable(format!("can't be run: {error}"))),
    })
}

fn unfit(definition: Option<asl::Definition>, why: String) -> Code {
    let program = Arc::new(Unfit::new(definition, why.clone()));
    Code { program, fit: Fit::Unfit(why) }
}

/// Names a text: SHA-256, in hexadecimal.
pub fn hash(text: &str) -> String {
    let digest = Sha256::digest(text);
    let mut name = String::with_capacity(64);
    for byte in digest {
        let _infallible = write!(name, "{byte:02x}");
    }
    name
}
