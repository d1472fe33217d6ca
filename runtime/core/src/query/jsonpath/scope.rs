//! What paths and intrinsic functions may read: the input, the context object, variables, randomness.

use super::{Path, Root, Selection, Unmatched, evaluate, path::Step};
use crate::query::{
    jsonata::{NoVariables, Variables},
    random::Random,
};
use serde_json::{Map, Value};
use std::{fmt, rc::Rc};

/// Everything that the fields of one visit of one state see.
#[derive(Clone)]
pub struct Scope<'a> {
    input: &'a Value,
    context: &'a Value,
    execution_input: Option<&'a Value>,
    variables: &'a dyn Variables,
    random: Rc<Random>,
}

/// The context object of a scope that was given none.
static NO_CONTEXT: Value = Value::Null;

impl fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("input", &self.input)
            .field("context", &self.context)
            .field("random", &self.random)
            .finish_non_exhaustive()
    }
}

impl<'a> Scope<'a> {
    /// Makes a scope that has nothing but an input. `seed` is where everything random comes from:
    /// that of the event being handled.
    pub fn new(input: &'a Value, seed: u64) -> Self {
        let random = Rc::new(Random::new(seed));
        Self { input, context: &NO_CONTEXT, execution_input: None, variables: &NoVariables, random }
    }

    /// Sets the context object. `Execution.Input` may be left out of it and given as
    /// [`Scope::execution_input`], which saves copying it.
    #[must_use]
    pub fn context(mut self, context: &'a Value) -> Self {
        self.context = context;
        self
    }

    /// Sets `Execution.Input` of the context object.
    #[must_use]
    pub fn execution_input(mut self, input: &'a Value) -> Self {
        self.execution_input = Some(input);
        self
    }

    /// Sets the variables.
    #[must_use]
    pub fn variables(mut self, variables: &'a dyn Variables) -> Self {
        self.variables = variables;
        self
    }

    /// The scope of a field with another input, such as a result; both draw from one sequence of
    /// random numbers.
    #[must_use]
    pub fn with_input(&self, input: &'a Value) -> Self {
        Self { input, ..self.clone() }
    }

    /// The document of `$`.
    pub fn input(&self) -> &'a Value {
        self.input
    }

    /// The context object as a whole.
    pub(crate) fn whole_context(&self) -> Value {
        let mut context = self.context.clone();
        if let (Some(input), Value::Object(map)) = (self.execution_input, &mut context) {
            let execution = map.entry("Execution").or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(execution) = execution {
                execution.insert("Input".to_owned(), input.clone());
            }
        }
        context
    }

    /// The value of a variable.
    pub(crate) fn variable(&self, name: &str) -> Option<&'a Value> {
        self.variables.variable(name)
    }

    /// Where random numbers come from.
    pub(crate) fn random(&self) -> &Random {
        &self.random
    }

    /// Applies a path to what its root stands for.
    pub(super) fn apply(&self, path: &Path) -> Result<Selection<'a>, Unmatched> {
        match path.root() {
            Root::Input => path.select(self.input),
            Root::Variable(name) => {
                let value = self.variable(name);
                path.select(value.ok_or_else(|| Unmatched::Unassigned(name.clone()))?)
            }
            Root::Context => match (context_part(path.steps()), self.execution_input) {
                (_, None) | (ContextPart::Other, _) => path.select(self.context),
                (ContextPart::ExecutionInput, Some(input)) => evaluate::select(path, 2, input),
                (ContextPart::Whole, Some(_)) => {
                    let context = self.whole_context();
                    path.select(&context).map(Selection::into_owned)
                }
            },
        }
    }
}

/// What a path reads of the context object.
enum ContextPart {
    ExecutionInput,
    /// Something that has `Execution.Input` in it, or may have.
    Whole,
    Other,
}

fn context_part(steps: &[Step]) -> ContextPart {
    let mut names = steps.iter().map(|step| match step {
        Step::Members { names, .. } => match names.as_slice() {
            [name] => Some(name.as_str()),
            _ => None,
        },
        _ => None,
    });
    match (names.next(), names.next()) {
        (Some(Some("Execution")), Some(Some("Input"))) => ContextPart::ExecutionInput,
        (Some(Some("Execution")), Some(Some(_))) => ContextPart::Other,
        (Some(Some("Execution") | None) | None, _) => ContextPart::Whole,
        (Some(Some(_)), _) => ContextPart::Other,
    }
}
