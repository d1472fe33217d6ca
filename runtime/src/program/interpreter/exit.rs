//! Leaving a state: Assign, Output, Next, of the state itself, of a rule or of a catcher.

use super::{
    compile::{CompileError, Compiler, Field},
    visit::{Evaluated, Outcome, Visit},
};
use crate::{
    asl,
    program::{Data, Vars},
};
use indexmap::IndexMap;

/// One way out of a state.
#[derive(Debug)]
pub(super) struct Exit {
    /// What stands before the fields' names in causes: `Choices[1]/`, or nothing.
    prefix: String,
    assign: Vec<(String, Field)>,
    output: Option<Field>,
    next: Option<String>,
}

impl Exit {
    pub(super) fn of_state(
        compiler: &Compiler<'_>,
        common: &asl::Common,
    ) -> Result<Self, CompileError> {
        let fields = (common.assign.as_ref(), common.output.as_ref());
        Self::compile(compiler, String::new(), fields, common.next.clone())
    }

    pub(super) fn compile(
        compiler: &Compiler<'_>,
        prefix: String,
        (assign, output): (Option<&IndexMap<String, asl::Template>>, Option<&asl::Template>),
        next: Option<String>,
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
        Ok(Self { prefix, assign, output, next })
    }

    /// Leaves the state; without an Output of its own, with `default`.
    pub(super) fn leave_with(&self, visit: &Visit<'_>, default: &Data) -> Outcome {
        self.evaluate(visit, default).unwrap_or_else(Outcome::Fail)
    }

    /// Leaves the state; without an Output of its own, with its result or else its input.
    pub(super) fn leave(&self, visit: &Visit<'_>) -> Outcome {
        self.leave_with(visit, visit.result().unwrap_or_else(|| visit.input()))
    }

    fn evaluate(&self, visit: &Visit<'_>, default: &Data) -> Evaluated<Outcome> {
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
        Ok(Outcome::Exit { output, assigned, next: self.next.clone() })
    }
}

/// The catchers of a state.
#[derive(Debug, Default)]
pub(super) struct Catchers(Vec<Exit>);

impl Catchers {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        catchers: &[asl::Catcher],
    ) -> Result<Self, CompileError> {
        let exits = catchers.iter().enumerate().map(|(index, catcher)| {
            let fields = (catcher.assign.as_ref(), catcher.output.as_ref());
            Exit::compile(compiler, format!("Catch[{index}]/"), fields, Some(catcher.next.clone()))
        });
        Ok(Self(exits.collect::<Result<_, _>>()?))
    }

    /// Leaves the state by a catcher, by default with the Error Output.
    pub(super) fn leave(&self, catcher: usize, visit: &Visit<'_>) -> Option<Outcome> {
        let default = visit.error_output().unwrap_or_else(|| visit.input());
        Some(self.0.get(catcher)?.leave_with(visit, default))
    }
}
