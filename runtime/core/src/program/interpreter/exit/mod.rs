//! Leaving a state, by itself, by a rule or by a catcher: variables, output, the next state.

mod jsonata;
mod paths;

use super::{
    compile::{CompileError, Compiler},
    visit::{Outcome, Visit},
};
use crate::{
    asl::{self, QueryLanguage},
    program::Data,
};

/// One way out of a state.
#[derive(Debug)]
pub(super) struct Exit {
    effects: Effects,
    next: Option<String>,
}

#[derive(Debug)]
enum Effects {
    Jsonata(Box<jsonata::Effects>),
    JsonPath(Box<paths::Effects>),
}

impl Exit {
    /// The way on to the state's own Next.
    pub(super) fn of_state(
        compiler: &Compiler<'_>,
        flow: &asl::Flow,
    ) -> Result<Self, CompileError> {
        Self::to(compiler, flow, flow.next.clone())
    }

    /// The way on to `next` with the state's own Assign and Output.
    pub(super) fn to(
        compiler: &Compiler<'_>,
        flow: &asl::Flow,
        next: Option<String>,
    ) -> Result<Self, CompileError> {
        let effects = match compiler.language {
            QueryLanguage::Jsonata => {
                let fields = (flow.assign.as_ref(), flow.output.as_ref());
                Effects::Jsonata(Box::new(jsonata::Effects::compile(
                    compiler,
                    String::new(),
                    fields,
                )?))
            }
            QueryLanguage::JsonPath => {
                let assign = flow.assign.as_ref();
                let effects = paths::Effects::of_state(compiler, &flow.paths, assign)?;
                Effects::JsonPath(Box::new(effects))
            }
        };
        Ok(Self { effects, next })
    }

    /// The way on by the rule of that index.
    pub(super) fn of_rule(
        compiler: &Compiler<'_>,
        flow: &asl::Flow,
        (index, rule): (usize, &asl::ChoiceRule),
    ) -> Result<Self, CompileError> {
        let effects = match compiler.language {
            QueryLanguage::Jsonata => {
                let fields = (rule.assign.as_ref(), rule.output.as_ref());
                let prefix = format!("Choices[{index}]/");
                Effects::Jsonata(Box::new(jsonata::Effects::compile(compiler, prefix, fields)?))
            }
            QueryLanguage::JsonPath => {
                let assign = rule.assign.as_ref();
                let effects = paths::Effects::of_state(compiler, &flow.paths, assign)?;
                Effects::JsonPath(Box::new(effects))
            }
        };
        Ok(Self { effects, next: Some(rule.next.clone()) })
    }

    fn of_catcher(
        compiler: &Compiler<'_>,
        (index, catcher): (usize, &asl::Catcher),
    ) -> Result<Self, CompileError> {
        let assign = catcher.assign.as_ref();
        let effects = match compiler.language {
            QueryLanguage::Jsonata => {
                let fields = (assign, catcher.output.as_ref());
                let prefix = format!("Catch[{index}]/");
                Effects::Jsonata(Box::new(jsonata::Effects::compile(compiler, prefix, fields)?))
            }
            QueryLanguage::JsonPath => {
                let place = catcher.result_path.as_ref();
                let effects = paths::Effects::of_catcher(compiler, place, assign)?;
                Effects::JsonPath(Box::new(effects))
            }
        };
        Ok(Self { effects, next: Some(catcher.next.clone()) })
    }

    /// Leaves the state with its result, or with `result`.
    pub(super) fn leave_with(&self, visit: &Visit<'_>, result: Option<&Data>) -> Outcome {
        let evaluated = match &self.effects {
            Effects::Jsonata(effects) => {
                effects.evaluate(visit, result.unwrap_or_else(|| visit.input()))
            }
            Effects::JsonPath(effects) => effects.evaluate(visit, result),
        };
        match evaluated {
            Ok((assigned, output)) => Outcome::Exit { output, assigned, next: self.next.clone() },
            Err(then) => Outcome::Fail(then),
        }
    }

    /// Leaves the state with the result that the visit has, if it has one.
    pub(super) fn leave(&self, visit: &Visit<'_>) -> Outcome {
        self.leave_with(visit, visit.result())
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
        let exits = catchers.iter().enumerate().map(|catcher| Exit::of_catcher(compiler, catcher));
        Ok(Self(exits.collect::<Result<_, _>>()?))
    }

    /// Leaves the state by a catcher, by default with the Error Output.
    pub(super) fn leave(&self, catcher: usize, visit: &Visit<'_>) -> Option<Outcome> {
        Some(self.0.get(catcher)?.leave_with(visit, visit.error_output()))
    }
}
