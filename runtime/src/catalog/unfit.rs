//! A program that knows its states and can't run them: enough to stop an execution with.

use crate::{
    asl::{Definition, QueryLanguage, States},
    program::{Program, Resume, Scope, Then, Turn, Vars},
};
use indexmap::IndexMap;

/// Runs nothing, for this reason.
#[derive(Debug)]
pub(super) struct Unfit {
    definition: Definition,
    why: String,
}

impl Unfit {
    /// Of a definition, if it could be read.
    pub(super) fn new(definition: Option<Definition>, why: String) -> Self {
        let nothing = || Definition {
            comment: None,
            query_language: QueryLanguage::Jsonata,
            version: None,
            timeout_seconds: None,
            states: States { start_at: String::new(), states: IndexMap::new() },
        };
        Self { definition: definition.unwrap_or_else(nothing), why }
    }
}

impl Program for Unfit {
    fn definition(&self) -> &Definition {
        &self.definition
    }

    fn resume(&self, _scope: &Scope<'_>, _vars: &mut Vars, _resume: Resume) -> Turn {
        Turn { passed: Vec::new(), then: Then::Misfit(self.why.clone()) }
    }
}
