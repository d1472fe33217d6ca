//! From a definition to compiled states.

pub(super) use super::filled::Filled;

use super::{context, state::Compiled};
use crate::{
    asl::{self, Definition, QueryLanguage, States},
    query::{
        jsonata::{EvaluationError, Template, TemplateError},
        jsonpath::{Path, PathError, ReferencePath},
        payload,
    },
};
use indexmap::IndexMap;

/// A definition that the interpreter refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// A field of JSONata does not compile.
    #[error("the state `{state}`, {field}: {source}")]
    Template {
        /// Name of the state.
        state: String,
        /// Name of the field.
        field: String,
        /// Why.
        source: Box<TemplateError>,
    },
    /// A payload template of JSONPath does not compile.
    #[error("the state `{state}`, {field}: {source}")]
    Payload {
        /// Name of the state.
        state: String,
        /// Name of the field.
        field: String,
        /// Why.
        source: Box<payload::TemplateError>,
    },
    /// A field that must be a path or an intrinsic function is neither.
    #[error("the state `{state}`, {field}: {source}")]
    Expression {
        /// Name of the state.
        state: String,
        /// Name of the field.
        field: String,
        /// Why.
        source: Box<payload::ExpressionError>,
    },
    /// A path does not compile.
    #[error("the state `{state}`, {field}: {source}")]
    Path {
        /// Name of the state.
        state: String,
        /// Name of the field.
        field: String,
        /// Why.
        source: Box<PathError>,
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

/// What a compiler of a state knows.
#[derive(Debug)]
pub(super) struct Compiler<'a> {
    /// The state's name.
    pub(super) state: &'a str,
    /// The state's language.
    pub(super) language: QueryLanguage,
}

impl Compiler<'_> {
    /// Compiles a field that both languages have: what looks like an expression of JSONata is one
    /// only there.
    pub(super) fn field(
        &self,
        field: &str,
        template: &asl::Template,
    ) -> Result<Field, CompileError> {
        if self.language == QueryLanguage::JsonPath {
            return Ok(Field {
                template: Template::constant(template.clone()),
                reads_context: false,
            });
        }
        let template = Template::compile(template).map_err(|source| CompileError::Template {
            state: self.state.to_owned(),
            field: field.to_owned(),
            source: Box::new(source),
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

    /// Compiles a path.
    pub(super) fn path(&self, field: &str, text: &str) -> Result<Path, CompileError> {
        Path::parse(text).map_err(|source| self.refused(field, source))
    }

    /// Compiles a path, if there is one.
    pub(super) fn optional_path(
        &self,
        field: &str,
        text: Option<&str>,
    ) -> Result<Option<Path>, CompileError> {
        text.map(|text| self.path(field, text)).transpose()
    }

    /// Compiles a path that names one place.
    pub(super) fn reference_path(
        &self,
        field: &str,
        text: &str,
    ) -> Result<ReferencePath, CompileError> {
        ReferencePath::parse(text).map_err(|source| self.refused(field, source))
    }

    /// Compiles a payload template of JSONPath.
    pub(super) fn filled(
        &self,
        field: &str,
        template: Option<&asl::Template>,
    ) -> Result<Option<Filled>, CompileError> {
        template.map(|template| Filled::compile(self, field, template)).transpose()
    }

    pub(super) fn refused(&self, field: &str, source: PathError) -> CompileError {
        CompileError::Path {
            state: self.state.to_owned(),
            field: field.to_owned(),
            source: Box::new(source),
        }
    }
}

pub(super) fn states(definition: &Definition) -> Result<IndexMap<String, Compiled>, CompileError> {
    let mut compiled = IndexMap::new();
    scope(&definition.states, definition.query_language, &mut compiled)?;
    Ok(compiled)
}

fn scope(
    states: &States,
    machine: QueryLanguage,
    compiled: &mut IndexMap<String, Compiled>,
) -> Result<(), CompileError> {
    for (name, state) in &states.states {
        let compiler = Compiler { state: name, language: state.query_language(machine) };
        compiled.insert(name.clone(), Compiled::compile(&compiler, state)?);
        for (_, inner) in state.scopes() {
            scope(inner, machine, compiled)?;
        }
    }
    Ok(())
}
