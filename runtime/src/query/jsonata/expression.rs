//! One expression: compiled once, evaluated often.

use super::{
    Environment, SyntaxError, Thrown,
    functions::register,
    record::record,
    rewrite::rewrite,
    rules,
    value::{TooDeep, to_json},
    walk::{Names, names},
};
use jsonata_core::{
    ast::AstNode,
    evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions, error_code_prefix},
    parser,
    value::JValue,
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Nesting of one evaluation; AWS allows recursion about 100 deep, and a call takes a few levels.
const MAX_DEPTH: usize = 500;
/// Longest list inside an expression: far beyond what fits a payload.
const MAX_SEQUENCE: usize = 1_000_000;
/// Wall time after which an expression counts as endless. AWS stops after one second; a busy
/// machine gets more, since what this bounds is not meant to depend on its speed.
const MAX_MILLIS: u64 = 5_000;

/// A compiled expression.
#[derive(Debug)]
pub struct Expression {
    text: String,
    tree: AstNode,
    names: Names,
}

impl Expression {
    /// Compiles the text between `{%` and `%}`.
    ///
    /// # Errors
    /// The first thing in it that AWS refuses at create.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        let (expression, mut refused) = Self::compile_all(text)?;
        if refused.is_empty() { Ok(expression) } else { Err(refused.swap_remove(0)) }
    }

    /// Compiles the text and lists everything in it that AWS refuses.
    ///
    /// # Errors
    /// The text does not parse.
    pub fn compile_all(text: &str) -> Result<(Self, Vec<SyntaxError>), SyntaxError> {
        let mut tree = parser::parse(text)
            .map_err(|error| SyntaxError::Unparsable(from_code(error.to_string())))?;
        let refused = rules::check(&tree);
        let names = names(&tree);
        rewrite(&mut tree, &names.bound);
        Ok((Self { text: text.trim().to_owned(), tree, names }, refused))
    }

    /// The text, without brackets and outer blanks.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The variables that it reads, `states` among them, without those it binds itself.
    pub fn variables(&self) -> &BTreeSet<String> {
        &self.names.variables
    }

    /// The functions that it calls by name, without those it binds itself.
    pub fn functions(&self) -> &BTreeSet<String> {
        &self.names.functions
    }

    /// The variables whose presence it tests with `$exists`.
    pub fn tests(&self) -> &BTreeSet<String> {
        &self.names.tested
    }

    /// What it reads below `$states`, each as the names of its path; an empty path means the whole.
    pub fn states_paths(&self) -> &BTreeSet<Vec<String>> {
        &self.names.states_paths
    }

    /// Evaluates it; `None` is undefined.
    ///
    /// # Errors
    /// What the expression threw, limits among it.
    pub fn evaluate(&self, environment: &Environment<'_>) -> Result<Option<Value>, Thrown> {
        // The evaluator overflows and panics on some absurd arguments. Nothing of it outlives the call.
        let run = AssertUnwindSafe(|| self.run(environment, &JValue::Undefined));
        let result = catch_unwind(run).unwrap_or_else(|_panic| {
            let message = "The evaluator cannot handle an argument".to_owned();
            Err(EvaluatorError::EvaluationError(message))
        });
        if let Some(message) = environment.refusal(&self.names.variables, self.names.states) {
            // no other evaluator would see it: it is not recorded
            return Err(Thrown { message, coded: false });
        }
        let outcome = match result {
            Ok(value) => to_json(&value).map_err(|TooDeep| Thrown {
                message: "The result is nested too deep".to_owned(),
                coded: false,
            }),
            Err(error) => Err(thrown(&error)),
        };
        record(self, environment, &outcome);
        outcome
    }

    /// What it reads of the environment, by name.
    pub(super) fn bindings(&self, environment: &Environment<'_>) -> Vec<(String, JValue)> {
        let names = self.names.variables.iter().chain(&self.names.functions);
        let bound = names.filter_map(|name| {
            let value = match name.as_str() {
                "states" if self.names.states.is_empty() => return None,
                "states" => environment.states(self.names.states),
                name => environment.variable(name)?,
            };
            Some((name.clone(), value))
        });
        bound.collect()
    }

    /// Runs it with `focus` as `$`, which is undefined in every field of a state.
    fn run(&self, environment: &Environment<'_>, focus: &JValue) -> Result<JValue, EvaluatorError> {
        let mut context = Context::new();
        for (name, value) in self.bindings(environment) {
            context.bind(name, value);
        }
        let options = EvaluatorOptions {
            timeout_ms: Some(MAX_MILLIS),
            cancel: None,
            max_stack_depth: Some(MAX_DEPTH),
            max_sequence_length: Some(MAX_SEQUENCE),
        };
        let mut evaluator = Evaluator::with_options(context, options);
        register(&mut evaluator, &self.names, environment)?;
        evaluator.evaluate(&self.tree, focus)
    }
}

fn thrown(error: &EvaluatorError) -> Thrown {
    Thrown { message: error.message().to_owned(), coded: error.code().is_some() }
}

/// Leaves out what `jsonata-core` writes before JSONata's own code.
fn from_code(message: String) -> String {
    message
        .match_indices(": ")
        .map(|(i, separator)| &message[i + separator.len()..])
        .find(|rest| error_code_prefix(rest).is_some())
        .map(str::to_owned)
        .unwrap_or(message)
}
