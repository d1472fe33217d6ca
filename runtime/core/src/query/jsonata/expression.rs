//! One expression: compiled once, evaluated often.

use super::{
    Environment, SyntaxError, Thrown,
    explain::explained,
    functions::Host,
    limits::Meter,
    message,
    record::record,
    rewrite::rewrite,
    rules,
    value::to_json,
    walk::{Names, names},
};
use crate::query::random::Random;
use jsonata_core::{
    ast::AstNode,
    evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions},
    parser,
    value::JValue,
};
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

/// Which JSONata an expression is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// What Step Functions accepts.
    StepFunctions,
    /// All that the reference implementation accepts, with a value for `$` at the top. No field of a
    /// state is compiled so; it lets the reference's own tests ask this evaluator.
    Reference,
}

/// A compiled expression.
#[derive(Debug)]
pub struct Expression {
    text: String,
    tree: AstNode,
    names: Names,
    /// Our functions that the tree calls.
    called: BTreeSet<&'static str>,
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
        Self::compile_in(Dialect::StepFunctions, text)
    }

    /// Compiles the text and lists everything in it that the dialect refuses.
    ///
    /// # Errors
    /// The text does not parse.
    pub fn compile_in(
        dialect: Dialect,
        text: &str,
    ) -> Result<(Self, Vec<SyntaxError>), SyntaxError> {
        let mut tree = parser::parse(text)
            .map_err(|error| SyntaxError::Unparsable(message::unparsable(&error.to_string())))?;
        let refused = match dialect {
            Dialect::StepFunctions => rules::check(&tree),
            Dialect::Reference => Vec::new(),
        };
        let names = names(&tree);
        let called = rewrite(&mut tree, &names.bound);
        Ok((Self { text: text.trim().to_owned(), tree, names, called }, refused))
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
        let random = Random::clone(&environment.random);
        let result = self.run(environment, &self.tree, None);
        if let Some(message) = environment.refusal(&self.names.variables, self.names.states) {
            // no other evaluator would see it: it is not recorded
            return Err(Thrown { message, coded: false });
        }
        let outcome = match result {
            Ok(value) => to_json(&value, environment.limits).map_err(|error| said(&error)),
            Err(error) => Err(self.explain(environment, &random, &error)),
        };
        record(self, environment, &outcome);
        outcome
    }

    /// What it threw, in the reference's words.
    fn explain(
        &self,
        environment: &Environment<'_>,
        random: &Random,
        error: &EvaluatorError,
    ) -> Thrown {
        let short = said(error);
        if !message::is_vague(&short.message) {
            return short;
        }
        environment.random.swap(random);
        let entered = Rc::default();
        let again = self.run(environment, &explained(&self.tree), Some(&entered));
        environment.random.swap(random);
        let long = again.err().map(|error| said(&error));
        let code = short.message.get(..5);
        match long.filter(|long| long.message.get(..5) == code) {
            Some(long) => message::completed(&long, entered.borrow().as_deref()),
            None => short,
        }
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

    /// Runs the tree, explained if it has to say which call it entered last.
    fn run(
        &self,
        environment: &Environment<'_>,
        tree: &AstNode,
        entered: Option<&Rc<RefCell<Option<Rc<str>>>>>,
    ) -> Result<JValue, EvaluatorError> {
        let mut context = Context::new();
        for (name, value) in self.bindings(environment) {
            context.bind(name, value);
        }
        let limits = environment.limits;
        let depth = if entered.is_some() { limits.depth * EXPLAINED_DEPTH } else { limits.depth };
        let options = EvaluatorOptions {
            timeout_ms: Some(limits.millis),
            cancel: None,
            // Constants and names are nodes too, and the evaluator does not count them.
            max_stack_depth: Some(depth.saturating_sub(1)),
            max_sequence_length: Some(limits.items),
        };
        let mut evaluator = Evaluator::with_options(context, options);
        let mut host = Host::new(environment, &Rc::new(Meter::new(limits)));
        if let Some(entered) = entered {
            host.entered = Rc::clone(entered);
            host.register_checks(&mut evaluator)?;
        }
        host.register(&mut evaluator, &self.called)?;
        let focus = environment.root();
        // The evaluator overflows and panics on some absurd arguments. Nothing of it outlives the call.
        let run = AssertUnwindSafe(|| evaluator.evaluate(tree, &focus));
        catch_unwind(run).unwrap_or_else(|_panic| {
            let message = "The evaluator cannot handle an argument".to_owned();
            Err(EvaluatorError::EvaluationError(message))
        })
    }
}

/// Checks and the blocks that hold them make a tree deeper.
const EXPLAINED_DEPTH: usize = 4;

fn said(error: &EvaluatorError) -> Thrown {
    message::thrown(error.message())
}
