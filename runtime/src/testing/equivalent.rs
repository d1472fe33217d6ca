//! `equivalent`: a workflow's native form and its exported form do the same.

use super::{
    compare::{self, Difference},
    doubles::Doubles,
    judges,
    run::Run,
    world::{World, WorldError, interpreter},
};
use crate::{
    asl::{Definition, Diagnostic},
    export::asl::{Tasks, bind},
    program::Program,
    registry::Registry,
    workflow::{Mismatch, State, Workflow},
};
use serde_json::Value;
use std::{fmt, sync::Arc};

/// Compares the two forms of a workflow: outcome, order of states, arguments of every task, types
/// of events. Name the workflow without parentheses: `equivalent::<fulfil>()`.
///
/// The exported form is the definition printed to JSON, read again and interpreted, once for each
/// way in which `export --tasks` can bind the tasks: as activities, and as Lambda functions, which
/// put results and errors into envelopes of their own. Tasks that have no double run their own code.
///
/// Arguments are compared as the task reads them: members of the input that no type names travel
/// along in the exported form. A failure that nobody catches keeps Lambda's envelope as its cause:
/// what is in it is compared.
pub fn equivalent<W: Workflow>() -> Equivalent {
    Equivalent {
        registry: Arc::new(Registry::new().with::<W>()),
        workflow: W::workflow().name,
        doubles: Doubles::new(),
        state: State::new(),
        inputs: Vec::new(),
    }
}

/// A comparison that is being put together.
#[derive(Debug, Clone)]
pub struct Equivalent {
    registry: Arc<Registry>,
    workflow: &'static str,
    doubles: Doubles,
    state: State,
    inputs: Vec<Value>,
}

/// An input for which the forms differ.
#[derive(Debug, Clone, PartialEq)]
pub struct NotEquivalent {
    /// The workflow.
    pub workflow: String,
    /// The input.
    pub input: Value,
    /// What ran the tasks of the exported form.
    pub tasks: Tasks,
    /// What is wrong.
    pub why: Why,
}

/// What is wrong with a comparison.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Why {
    /// The forms differ.
    Differs {
        /// In what.
        difference: Difference,
        /// What the native form did.
        native: Box<Run>,
        /// What the exported form did.
        exported: Box<Run>,
    },
    /// This workflow, or one that it starts, is marked `export = false`.
    NotExported(String),
    /// No execution starts with this input.
    Refused(Mismatch),
    /// The native form comes to no end.
    Native(WorldError),
    /// The exported form comes to no end.
    Exported(WorldError),
}

impl Equivalent {
    /// Lets doubles answer tasks.
    #[must_use]
    pub fn doubles(self, doubles: Doubles) -> Self {
        Self { doubles, ..self }
    }

    /// Provides what tasks ask for with `#[state]`.
    #[must_use]
    pub fn state(self, state: State) -> Self {
        Self { state, ..self }
    }

    /// Adds an input to compare with.
    #[must_use]
    pub fn input(mut self, input: impl Into<Value>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// Adds inputs to compare with.
    #[must_use]
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = Value>) -> Self {
        self.inputs.extend(inputs);
        self
    }

    /// Runs both forms with every input; gives the native runs.
    ///
    /// # Errors
    /// The first input for which they differ or come to no end.
    pub fn try_check(&self) -> Result<Vec<Run>, Box<NotEquivalent>> {
        let inputs = if self.inputs.is_empty() { &vec![Value::Null] } else { &self.inputs };
        inputs.iter().map(|input| self.compare(input)).collect()
    }

    /// Runs both forms with every input; gives the native runs.
    ///
    /// # Panics
    /// If they differ, with the difference.
    #[track_caller]
    #[expect(clippy::panic, reason = "an assertion for tests")]
    pub fn check(&self) -> Vec<Run> {
        match self.try_check() {
            Ok(runs) => runs,
            Err(found) => panic!("{found}"),
        }
    }

    fn compare(&self, input: &Value) -> Result<Run, Box<NotEquivalent>> {
        let wrong = |tasks, why| {
            let workflow = self.workflow.to_owned();
            Box::new(NotEquivalent { workflow, input: input.clone(), tasks, why })
        };
        let native_only = self.registry.workflows().find(|known| !known.def.export);
        if let Some(known) = native_only {
            let why = Why::NotExported(known.def.name.to_owned());
            return Err(wrong(Tasks::Activity, why));
        }
        let native = self.world(Ok).and_then(|world| world.run(input.clone()));
        let native = native.map_err(|error| {
            let why = match error {
                WorldError::InvalidInput { mismatch, .. } => Why::Refused(mismatch),
                error => Why::Native(error),
            };
            wrong(Tasks::Activity, why)
        })?;
        for tasks in [Tasks::Activity, Tasks::Lambda] {
            let exported = judges::dumping(|| {
                let world = self.world(|program| self.exported(&*program, tasks))?;
                world.run(input.clone())
            });
            let exported = exported.map_err(|error| wrong(tasks, Why::Exported(error)))?;
            if let Err(difference) = compare::compare(&native, &exported, &self.registry) {
                let (native, exported) = (Box::new(native), Box::new(exported));
                return Err(wrong(tasks, Why::Differs { difference, native, exported }));
            }
        }
        Ok(native)
    }

    /// Makes the exported form: through its text, as it would leave the process.
    fn exported(
        &self,
        program: &dyn Program,
        tasks: Tasks,
    ) -> Result<Arc<dyn Program>, WorldError> {
        let text = bind(program.definition().clone(), tasks, &self.registry).to_text();
        let (definition, mut found) = Definition::check(&text);
        found.retain(Diagnostic::is_error);
        match definition {
            Some(definition) if found.is_empty() => interpreter(definition),
            _ => {
                let messages: Vec<_> = found.into_iter().map(|found| found.message).collect();
                Err(WorldError::Definition(messages.join("; ")))
            }
        }
    }

    /// Makes the world of one form of the workflow.
    fn world(
        &self,
        form: impl Fn(Arc<dyn Program>) -> Result<Arc<dyn Program>, WorldError>,
    ) -> Result<World, WorldError> {
        let world = World::of_registered(&self.registry, self.workflow, form)?;
        Ok(world.doubles(self.doubles.clone()).state(self.state.clone()))
    }
}

impl fmt::Display for NotEquivalent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Why::NotExported(name) = &self.why {
            return write!(
                f,
                "`{name}` is not exported (`export = false`), so it has one form only: run it with `World::of`"
            );
        }
        let bound = match self.tasks {
            Tasks::Activity => "activities",
            Tasks::Lambda => "Lambda functions",
        };
        writeln!(f, "`{}` with {bound} and input {}:", self.workflow, self.input)?;
        match &self.why {
            Why::Differs { difference: difference @ Difference::Outcome { .. }, .. } => {
                difference.fmt(f)
            }
            Why::Differs { difference, native, exported } => {
                writeln!(f, "{difference}")?;
                writeln!(f, "the native form {}", compare::outcome(&native.status))?;
                write!(f, "the exported form {}", compare::outcome(&exported.status))
            }
            Why::NotExported(_) => Ok(()),
            Why::Refused(mismatch) => write!(f, "no execution starts with this input: {mismatch}"),
            Why::Native(error) => write!(f, "the native form: {error}"),
            Why::Exported(error) => write!(f, "the exported form: {error}"),
        }
    }
}

impl std::error::Error for NotEquivalent {}
