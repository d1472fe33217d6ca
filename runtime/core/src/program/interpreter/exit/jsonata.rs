//! Leaving a state in JSONata mode: Assign and Output.

use super::super::{
    compile::{CompileError, Compiler, Field},
    visit::{Evaluated, Visit},
};
use crate::{
    asl,
    program::{Data, Vars},
};
use indexmap::IndexMap;

/// What is done on one way out of a state.
#[derive(Debug)]
pub(super) struct Effects {
    /// What stands before the fields' names in causes: `Choices[1]/`, or nothing.
    prefix: String,
    assign: Vec<(String, Field)>,
    output: Option<Field>,
}

impl Effects {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        prefix: String,
        (assign, output): (Option<&IndexMap<String, asl::Template>>, Option<&asl::Template>),
    ) -> Result<Self, CompileError> {
        let assign = assign
            .into_iter()
            .flatten()
            .map(|(name, template)| {
                let field = format!("{prefix}Assign/{name}");
                Ok((name.clone(), compiler.field(&field, template)?))
            })
            .collect::<Result<_, _>>()?;
        let output = compiler.optional(&format!("{prefix}Output"), output)?;
        Ok(Self { prefix, assign, output })
    }

    /// The variables to set, and the output; without an Output that is `default`.
    pub(super) fn evaluate(&self, visit: &Visit<'_>, default: &Data) -> Evaluated<(Vars, Data)> {
        let assigned = self
            .assign
            .iter()
            .map(|(name, template)| {
                let value = visit.evaluate(template, &format!("{}Assign/{name}", self.prefix))?;
                Ok((name.clone(), value))
            })
            .collect::<Evaluated<Vars>>()?;
        let output = match &self.output {
            Some(template) => visit.evaluate(template, &format!("{}Output", self.prefix))?,
            None => default.clone(),
        };
        Ok((assigned, output))
    }
}
