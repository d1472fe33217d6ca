//! What a binary can run: its workflows, and the tasks and child workflows they start.

use crate::{
    program::Program,
    workflow::{Def, Need, Register, State, TaskDef, WorkflowDef},
};
use indexmap::IndexMap;
use std::sync::Arc;

/// Workflows and tasks by name.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    tasks: IndexMap<&'static str, TaskDef>,
    workflows: IndexMap<&'static str, Registered>,
    duplicates: Vec<RegistryError>,
}

/// A workflow with its program.
#[derive(Debug, Clone)]
pub struct Registered {
    /// What is known of it.
    pub def: WorkflowDef,
    /// Its native code.
    pub program: Arc<dyn Program>,
}

/// Why a registry can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Two functions have one name: rename one, or give it `name = ".."`.
    #[error(
        "two different {kind}s are named `{name}`: rename one, or give it `name = \"..\"` in its attribute"
    )]
    Duplicate {
        /// `task` or `workflow`.
        kind: &'static str,
        /// The name.
        name: &'static str,
    },
    /// A task asks for state that nobody provides.
    #[error("the task `{task}` needs a `{need}`: provide one with `.state(..)`")]
    MissingState {
        /// The task.
        task: &'static str,
        /// The type that it asks for.
        need: &'static str,
    },
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a workflow or task and all that it can start.
    #[must_use]
    pub fn with<D: Def>(mut self) -> Self {
        D::register(&mut self);
        self
    }

    /// The task of this name.
    pub fn task(&self, name: &str) -> Option<&TaskDef> {
        self.tasks.get(name)
    }

    /// The workflow of this name.
    pub fn workflow(&self, name: &str) -> Option<&Registered> {
        self.workflows.get(name)
    }

    /// All tasks, in the order of registration.
    pub fn tasks(&self) -> impl Iterator<Item = &TaskDef> {
        self.tasks.values()
    }

    /// All workflows, in the order of registration.
    pub fn workflows(&self) -> impl Iterator<Item = &Registered> {
        self.workflows.values()
    }

    /// Everything that is wrong: two functions of one name, tasks whose state nobody provides.
    pub fn problems(&self, state: &State) -> Vec<RegistryError> {
        let missing = self.tasks.values().flat_map(|task| {
            let name = task.descriptor.name;
            let needs = (task.descriptor.needs)();
            let missing = needs.into_iter().filter(|need: &Need| !state.has(need));
            missing.map(move |need| RegistryError::MissingState { task: name, need: need.name })
        });
        self.duplicates.iter().cloned().chain(missing).collect()
    }
}

impl Register for Registry {
    fn task(&mut self, task: TaskDef) {
        let name = task.descriptor.name;
        let known = *self.tasks.entry(name).or_insert(task);
        if (known.id)() != (task.id)() {
            self.duplicates.push(RegistryError::Duplicate { kind: "task", name });
        }
    }

    fn workflow(&mut self, workflow: WorkflowDef) -> bool {
        let name = workflow.name;
        if let Some(known) = self.workflows.get(name) {
            if (known.def.id)() != (workflow.id)() {
                self.duplicates.push(RegistryError::Duplicate { kind: "workflow", name });
            }
            return false;
        }
        let program = (workflow.program)();
        self.workflows.insert(name, Registered { def: workflow, program });
        true
    }
}
