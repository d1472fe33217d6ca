//! Choice: the first rule that is true decides.

use super::{
    compile::{CompileError, Compiler, Field},
    exit::Exit,
    visit::{Evaluated, Outcome, Visit, failed},
};
use crate::{
    asl,
    program::{Failure, Then, names},
};
use serde_json::Value;

#[derive(Debug)]
pub(super) struct Choice {
    rules: Vec<Rule>,
    /// With the state's own Assign and Output.
    default: Option<Exit>,
}

#[derive(Debug)]
struct Rule {
    condition: Field,
    exit: Exit,
}

impl Choice {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Choice,
    ) -> Result<Self, CompileError> {
        let rule = |(index, rule): (usize, &asl::ChoiceRule)| {
            let fields = (rule.assign.as_ref(), rule.output.as_ref());
            let prefix = format!("Choices[{index}]/");
            let asl::Condition::Jsonata(condition) = &rule.condition else {
                return Err(CompileError::JsonPath { state: compiler.state.to_owned() });
            };
            Ok(Rule {
                condition: compiler.field(&condition_field(index), condition)?,
                exit: Exit::compile(compiler, prefix, fields, Some(rule.next.clone()))?,
            })
        };
        let rules = state.choices.iter().enumerate().map(rule).collect::<Result<_, _>>()?;
        let fields = (state.common.assign.as_ref(), state.common.output.as_ref());
        let default = state
            .default
            .clone()
            .map(|next| Exit::compile(compiler, String::new(), fields, Some(next)));
        Ok(Self { rules, default: default.transpose()? })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        match self.decide(visit) {
            Ok(exit) => exit.leave(visit),
            Err(then) => Outcome::Fail(then),
        }
    }

    fn decide(&self, visit: &Visit<'_>) -> Evaluated<&Exit> {
        for (index, Rule { condition, exit }) in self.rules.iter().enumerate() {
            let field = condition_field(index);
            match visit.evaluate(condition, &field)?.into_value() {
                Value::Bool(true) => return Ok(exit),
                Value::Bool(false) => {}
                other => return Err(failed(&condition.unexpected(&field, "boolean", other))),
            }
        }
        self.default.as_ref().ok_or_else(|| {
            let cause = "No rule of the Choice was true, and it has no Default.";
            Then::Failed(Failure::new(names::NO_CHOICE_MATCHED, cause))
        })
    }
}

fn condition_field(index: usize) -> String {
    format!("Choices[{index}]/Condition")
}
