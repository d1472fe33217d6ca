//! What a state hands to its step: its Arguments, or what `InputPath` and Parameters make.

use super::{
    compile::{CompileError, Compiler, Field, Filled},
    paths::Picked,
    visit::{Evaluated, Visit},
};
use crate::{
    asl::{Flow, QueryLanguage, Template},
    program::Data,
};

/// How the payload is made.
#[derive(Debug)]
pub(super) enum Payload {
    /// In JSONata mode: the Arguments, or the state's input.
    Arguments(Option<Field>),
    /// In JSONPath mode.
    Parameters {
        /// What the parameters and the step see of the state's input.
        input: Picked,
        parameters: Option<Filled>,
    },
}

impl Payload {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        arguments: Option<&Template>,
        flow: &Flow,
    ) -> Result<Self, CompileError> {
        match compiler.language {
            QueryLanguage::Jsonata => {
                Ok(Self::Arguments(compiler.optional("Arguments", arguments)?))
            }
            QueryLanguage::JsonPath => Ok(Self::Parameters {
                input: Picked::compile(compiler, "InputPath", flow.paths.input_path.as_ref())?,
                parameters: compiler.filled("Parameters", flow.paths.parameters.as_ref())?,
            }),
        }
    }

    pub(super) fn evaluate(&self, visit: &Visit<'_>) -> Evaluated<Data> {
        match self {
            Self::Arguments(template) => {
                let arguments = match template {
                    Some(template) => visit.evaluate(template, "Arguments")?,
                    None => visit.input().clone(),
                };
                visit.note(|trace| trace.arguments = Some(arguments.clone()));
                Ok(arguments)
            }
            Self::Parameters { input, parameters } => {
                let input = input.pick_input(visit)?;
                let parameters = match parameters {
                    Some(parameters) => parameters.fill(visit, &input)?,
                    None => input,
                };
                visit.note(|trace| trace.parameters = Some(parameters.clone()));
                Ok(parameters)
            }
        }
    }

    /// What `$` stands for in the state's other fields: the state's input, after `InputPath`.
    pub(super) fn effective_input(&self, visit: &Visit<'_>) -> Evaluated<Data> {
        match self {
            Self::Arguments(_) => Ok(visit.input().clone()),
            Self::Parameters { input, .. } => input.pick(visit, visit.input()),
        }
    }
}
