//! What an expression may read: `$states`, variables, the time, randomness.

use super::{
    limits::Limits,
    value::{from_json, inexact, loses_digits},
};
use crate::query::random::Random;
use indexmap::IndexMap;
use jsonata_core::value::JValue;
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// The variables of a frame and of those around it.
pub trait Variables {
    /// The value of a variable, or `None` where it was never assigned.
    fn variable(&self, name: &str) -> Option<&Value>;
}

/// No variables at all.
#[derive(Debug, Clone, Copy)]
pub struct NoVariables;

impl Variables for NoVariables {
    fn variable(&self, _name: &str) -> Option<&Value> {
        None
    }
}

impl Variables for serde_json::Map<String, Value> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

/// The event being handled: where `$now`, `$millis`, `$random`, `$shuffle` and `$uuid` come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970-01-01 UTC.
    pub millis: i64,
    /// Seed of everything random.
    pub seed: u64,
}

/// Everything that the expressions of one visit of one state see. Values are converted when an
/// expression first asks for them, and once.
#[derive(Clone)]
pub struct Environment<'a> {
    input: Option<&'a Value>,
    result: Option<&'a Value>,
    error_output: Option<&'a Value>,
    context: Option<&'a Value>,
    execution_input: Option<&'a Value>,
    focus: Option<&'a Value>,
    variables: &'a dyn Variables,
    pub(super) millis: i64,
    pub(super) random: Rc<Random>,
    pub(super) limits: Limits,
    converted: RefCell<IndexMap<Key, JValue>>,
    /// Parts with an integer that would lose digits, and what is thrown then.
    refused: RefCell<BTreeMap<Key, String>>,
}

/// A part of the environment that is converted at most once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key {
    Input,
    Result,
    ErrorOutput,
    Context,
    ExecutionInput,
    Focus,
    Variable(String),
}

impl std::fmt::Debug for Environment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("input", &self.input)
            .field("result", &self.result)
            .field("error_output", &self.error_output)
            .field("context", &self.context)
            .field("millis", &self.millis)
            .finish_non_exhaustive()
    }
}

impl<'a> Environment<'a> {
    /// Makes an environment that has nothing but the time and randomness.
    pub fn new(moment: Moment) -> Self {
        Self {
            input: None,
            result: None,
            error_output: None,
            context: None,
            execution_input: None,
            focus: None,
            variables: &NoVariables,
            millis: moment.millis,
            random: Rc::new(Random::new(moment.seed)),
            limits: Limits::STEP_FUNCTIONS,
            converted: RefCell::default(),
            refused: RefCell::default(),
        }
    }

    /// Sets `$states.input`.
    #[must_use]
    pub fn input(mut self, input: &'a Value) -> Self {
        self.input = Some(input);
        self
    }

    /// Sets `$states.result`, of a Task, Parallel or Map that has one.
    #[must_use]
    pub fn result(mut self, result: &'a Value) -> Self {
        self.result = Some(result);
        self
    }

    /// Sets `$states.errorOutput`, for a catcher.
    #[must_use]
    pub fn error_output(mut self, error_output: &'a Value) -> Self {
        self.error_output = Some(error_output);
        self
    }

    /// Sets `$states.context`. `Execution.Input` may be left out of it and given as
    /// [`Environment::execution_input`], which saves copying it.
    #[must_use]
    pub fn context(mut self, context: &'a Value) -> Self {
        self.context = Some(context);
        self
    }

    /// Sets `$states.context.Execution.Input`.
    #[must_use]
    pub fn execution_input(mut self, input: &'a Value) -> Self {
        self.execution_input = Some(input);
        self
    }

    /// Sets `$` and `$$`, which are undefined in every field of a state: only expressions of
    /// [`Dialect::Reference`](super::Dialect::Reference) can read them.
    #[must_use]
    pub fn focus(mut self, focus: &'a Value) -> Self {
        self.focus = Some(focus);
        self
    }

    /// Sets other bounds than those of Step Functions.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the variables.
    #[must_use]
    pub fn variables(mut self, variables: &'a dyn Variables) -> Self {
        self.variables = variables;
        self
    }

    /// What `$` is.
    pub(super) fn root(&self) -> JValue {
        self.focus.map_or(JValue::Undefined, |focus| self.once(&Key::Focus, focus))
    }

    /// A variable in the evaluator's form.
    pub(super) fn variable(&self, name: &str) -> Option<JValue> {
        let value = self.variables.variable(name)?;
        Some(self.once(&Key::Variable(name.to_owned()), value))
    }

    /// The `$states` object with the parts that `reads` asks for.
    pub(super) fn states(&self, reads: StatesReads) -> JValue {
        let mut states = IndexMap::new();
        let parts = [
            (reads.input, "input", Key::Input, self.input),
            (reads.result, "result", Key::Result, self.result),
            (reads.error_output, "errorOutput", Key::ErrorOutput, self.error_output),
        ];
        for (wanted, name, key, value) in parts {
            if let Some(value) = value.filter(|_| wanted) {
                states.insert(name.to_owned(), self.once(&key, value));
            }
        }
        if reads.context || reads.execution_input {
            states.insert("context".to_owned(), self.context_object(reads));
        }
        JValue::object(states)
    }

    /// `$states.context`, with `Execution.Input` put in its place.
    fn context_object(&self, reads: StatesReads) -> JValue {
        let context = match self.context {
            Some(context) if reads.context || self.execution_input.is_none() => {
                self.once(&Key::Context, context)
            }
            _ => JValue::object(IndexMap::new()),
        };
        let Some(input) = self.execution_input.filter(|_| reads.execution_input) else {
            return context;
        };
        let mut context = context.as_object().cloned().unwrap_or_default();
        let execution = context.get("Execution").and_then(JValue::as_object).cloned();
        let mut execution = execution.unwrap_or_default();
        execution.insert("Input".to_owned(), self.once(&Key::ExecutionInput, input));
        context.insert("Execution".to_owned(), JValue::object(execution));
        JValue::object(context)
    }

    fn once(&self, key: &Key, value: &Value) -> JValue {
        let convert = || {
            if let Some(number) = inexact(value) {
                self.refused.borrow_mut().insert(key.clone(), loses_digits(number));
            }
            from_json(value)
        };
        self.converted.borrow_mut().entry(key.clone()).or_insert_with(convert).clone()
    }

    /// What is thrown where an expression reads these: an integer in them would lose digits.
    pub(super) fn refusal(
        &self,
        variables: &BTreeSet<String>,
        reads: StatesReads,
    ) -> Option<String> {
        let refused = self.refused.borrow();
        let reads = |key: &Key| match key {
            Key::Input => reads.input,
            Key::Result => reads.result,
            Key::ErrorOutput => reads.error_output,
            Key::Context => reads.context,
            Key::ExecutionInput => reads.execution_input,
            Key::Variable(name) => variables.contains(name),
            // only the reference has one
            Key::Focus => false,
        };
        refused.iter().find(|(key, _)| reads(key)).map(|(_, why)| why.clone())
    }
}

/// Which parts of `$states` an expression reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct StatesReads {
    pub(super) input: bool,
    pub(super) result: bool,
    pub(super) error_output: bool,
    /// Anything of the context but `Execution.Input`.
    pub(super) context: bool,
    pub(super) execution_input: bool,
}

impl StatesReads {
    /// Every part: for an expression that names `$states` as a whole.
    pub(super) const ALL: Self = Self {
        input: true,
        result: true,
        error_output: true,
        context: true,
        execution_input: true,
    };

    /// Adds what a path below `$states` reads, `names` being its leading names.
    pub(super) fn add(&mut self, names: &[&str]) {
        match names {
            ["input", ..] => self.input = true,
            ["result", ..] => self.result = true,
            ["errorOutput", ..] => self.error_output = true,
            ["context", "Execution", "Input", ..] => self.execution_input = true,
            ["context", "Execution"] | ["context"] => {
                self.context = true;
                self.execution_input = true;
            }
            ["context", ..] => self.context = true,
            [] => *self = Self::ALL,
            [_, ..] => {}
        }
    }

    /// Whether it reads nothing.
    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }
}
