//! Payload templates of a state in JSONPath mode: Parameters, ResultSelector, Assign and their like.

use super::{
    compile::{CompileError, Compiler},
    paths::look_up,
    visit::{Evaluated, Visit, state_failed},
};
use crate::{asl::Template, program::Data, query::jsonpath::Path};
use serde_json::{Map, Value};

/// A compiled template.
#[derive(Debug)]
pub(super) enum Filled {
    Constant(Value),
    Path(String, Path),
    Object(Vec<(String, Filled)>),
    Array(Vec<Filled>),
}

impl Filled {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        field: &str,
        template: &Template,
    ) -> Result<Self, CompileError> {
        Ok(match template {
            Value::Object(fields) => {
                let fields =
                    fields.iter().map(|(key, value)| match (key.strip_suffix(".$"), value) {
                        (Some(name), Value::String(text)) => {
                            let path = compiler.path(field, text)?;
                            Ok((name.to_owned(), Self::Path(key.clone(), path)))
                        }
                        _ => Ok((key.clone(), Self::compile(compiler, field, value)?)),
                    });
                Self::Object(fields.collect::<Result<_, _>>()?)
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| Self::compile(compiler, field, item));
                Self::Array(items.collect::<Result<_, _>>()?)
            }
            other => Self::Constant(other.clone()),
        })
    }

    /// Compiles a path or an intrinsic function.
    pub(super) fn of_text(
        compiler: &Compiler<'_>,
        field: &str,
        text: &str,
    ) -> Result<Self, CompileError> {
        Ok(Self::Path(field.to_owned(), compiler.path(field, text)?))
    }

    /// Fills the template; `$` stands for `input`.
    pub(super) fn fill(&self, visit: &Visit<'_>, input: &Data) -> Evaluated {
        self.value(visit, input).map(Into::into)
    }

    fn value(&self, visit: &Visit<'_>, input: &Data) -> Evaluated<Value> {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Path(field, path) => look_up(visit, path, input).map_err(|_nothing| {
                let (shown, input) = (path.text(), &**input);
                state_failed(format!(
                    "The JSONPath '{shown}' specified for the field '{field}' could not be found \
                     in the input '{input}'"
                ))
            })?,
            Self::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, field)| Ok((name.clone(), field.value(visit, input)?)));
                Value::Object(fields.collect::<Evaluated<Map<_, _>>>()?)
            }
            Self::Array(items) => {
                let items = items.iter().map(|item| item.value(visit, input));
                Value::Array(items.collect::<Evaluated<_>>()?)
            }
        })
    }
}
