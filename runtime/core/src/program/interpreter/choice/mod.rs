//! Choice: the first rule that is true decides.

mod test;

use super::{
    compile::{CompileError, Compiler, Field},
    exit::Exit,
    paths::Picked,
    visit::{Evaluated, Outcome, Visit, failed, state_failed},
};
use crate::asl;
use serde_json::Value;
use test::Test;

/// What AWS says where no rule is true and there is no Default. The language has the error
/// `States.NoChoiceMatched` for it; AWS fails with `States.Runtime`.
const NO_WAY_OUT: &str =
    "Failed to transition out of the state. The state does not point to a next state.";

#[derive(Debug)]
pub(super) struct Choice {
    /// What the tests of JSONPath see.
    input: Picked,
    rules: Vec<Rule>,
    /// With the state's own Assign and Output.
    default: Option<Exit>,
}

#[derive(Debug)]
struct Rule {
    condition: Condition,
    exit: Exit,
}

#[derive(Debug)]
enum Condition {
    Expression(Field),
    Test(Test),
}

impl Choice {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Choice,
    ) -> Result<Self, CompileError> {
        let rule = |(index, rule): (usize, &asl::ChoiceRule)| {
            let condition = match &rule.condition {
                asl::Condition::Jsonata(condition) => {
                    Condition::Expression(compiler.field(&condition_field(index), condition)?)
                }
                asl::Condition::Test(test) => Condition::Test(Test::compile(compiler, test)?),
            };
            let exit = Exit::of_rule(compiler, &state.flow, (index, rule))?;
            Ok(Rule { condition, exit })
        };
        let input = state.flow.paths.input_path.as_ref();
        let default = state.default.clone();
        let default = default.map(|next| Exit::to(compiler, &state.flow, Some(next)));
        Ok(Self {
            input: Picked::compile(compiler, "InputPath", input)?,
            rules: state.choices.iter().enumerate().map(rule).collect::<Result<_, _>>()?,
            default: default.transpose()?,
        })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        match self.decide(visit) {
            Ok(exit) => exit.leave(visit),
            Err(then) => Outcome::Fail(then),
        }
    }

    fn decide(&self, visit: &Visit<'_>) -> Evaluated<&Exit> {
        let input = self.input.pick_input(visit)?;
        for (index, Rule { condition, exit }) in self.rules.iter().enumerate() {
            let holds = match condition {
                Condition::Expression(condition) => is_true(visit, condition, index)?,
                Condition::Test(test) => test.holds(visit, &input)?,
            };
            if holds {
                return Ok(exit);
            }
        }
        self.default.as_ref().ok_or_else(|| state_failed(NO_WAY_OUT))
    }
}

fn is_true(visit: &Visit<'_>, condition: &Field, index: usize) -> Evaluated<bool> {
    let field = condition_field(index);
    match visit.evaluate(condition, &field)?.into_value() {
        Value::Bool(holds) => Ok(holds),
        other => Err(failed(&condition.unexpected(&field, "boolean", other))),
    }
}

fn condition_field(index: usize) -> String {
    format!("Choices[{index}]/Condition")
}
