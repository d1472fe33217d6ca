//! From a definition to compiled states.

use super::{context, state::Compiled};
use crate::{
    asl::{self, Definition, QueryLanguage, State, States},
    query::jsonata::{EvaluationError, Template, TemplateError},
};
use indexmap::IndexMap;

/// A definition that the interpreter refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// A state is not in JSONata mode.
    #[error("the state `{state}` is in JSONPath mode, which is not interpreted")]
    JsonPath {
        /// Name of the state.
        state: String,
    },
    /// A field does not compile.
    #[error("the state `{state}`, {field}: {source}")]
    Template {
        /// Name of the state.
        state: String,
        /// Name of the field.
        field: String,
        /// Why.
        source: TemplateError,
    },
}

/// A compiled field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) template: Template,
    /// Whether an expression in it reads `$states.context`, which is made only then.
    pub(super) reads_context: bool,
}

impl Field {
    /// Returns the error for a value of the wrong type.
    pub(super) fn unexpected(
        &self,
        field: &str,
        expected: &'static str,
        value: serde_json::Value,
    ) -> EvaluationError {
        self.template.unexpected(field, expected, value)
    }
}

/// What a compiler of a state knows: its name.
#[derive(Debug)]
pub(super) struct Compiler<'a> {
    pub(super) state: &'a str,
}

impl Compiler<'_> {
    pub(super) fn field(
        &self,
        field: &str,
        template: &asl::Template,
    ) -> Result<Field, CompileError> {
        let template = Template::compile(template).map_err(|source| CompileError::Template {
            state: self.state.to_owned(),
            field: field.to_owned(),
            source,
        })?;
        Ok(Field { reads_context: context::is_read(&template), template })
    }

    pub(super) fn optional(
        &self,
        field: &str,
        template: Option<&asl::Template>,
    ) -> Result<Option<Field>, CompileError> {
        template.map(|template| self.field(field, template)).transpose()
    }
}

pub(super) fn states(definition: &Definition) -> Result<IndexMap<String, Compiled>, CompileError> {
    let mut compiled = IndexMap::new();
    scope(&definition.states, definition.query_language, &mut compiled)?;
    Ok(compiled)
}

fn scope(
    states: &States,
    language: QueryLanguage,
    compiled: &mut IndexMap<String, Compiled>,
) -> Result<(), CompileError> {
    for (name, state) in &states.states {
        if common(state).query_language.unwrap_or(language) != QueryLanguage::Jsonata {
            return Err(CompileError::JsonPath { state: name.clone() });
        }
        compiled.insert(name.clone(), Compiled::compile(&Compiler { state: name }, state)?);
        match state {
            State::Parallel(parallel) => {
                for branch in &parallel.branches {
                    scope(&branch.states, language, compiled)?;
                }
            }
            State::Map(map) => scope(&map.processor.states, language, compiled)?,
            _ => {}
        }
    }
    Ok(())
}

fn common(state: &State) -> &asl::Common {
    match state {
        State::Task(state) => &state.common,
        State::Pass(state) => &state.common,
        State::Choice(state) => &state.common,
        State::Wait(state) => &state.common,
        State::Succeed(state) => &state.common,
        State::Fail(state) => &state.common,
        State::Parallel(state) => &state.common,
        State::Map(state) => &state.common,
    }
}
