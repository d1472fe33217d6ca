//! One visit of one state: what its expressions see, and what comes of it.

use super::{
    compile::Field,
    context,
    inspect::{Inspection, Trace},
};
use crate::{
    program::{Data, Scope, Step, TaskToken, Then, Vars, names},
    query::{
        jsonata::{Environment, EvaluationError, Moment, Variables},
        jsonpath as paths,
    },
};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::cell::OnceCell;

/// What comes of a visit.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The state is left; without `next` its scope ends.
    Exit { output: Data, assigned: Vars, next: Option<String> },
    /// The state waits.
    Step(Step),
    /// The state failed.
    Fail(Then),
}

/// A value, or how the state failed.
pub(super) type Evaluated<T = Data> = Result<T, Then>;

/// A visit of a state.
#[derive(Debug)]
pub(super) struct Visit<'a> {
    scope: &'a Scope<'a>,
    variables: Layers<'a>,
    state: &'a str,
    input: &'a Data,
    result: Option<&'a Data>,
    error_output: Option<&'a Data>,
    entered: Timestamp,
    retry_count: Option<u32>,
    seed: u64,
    context: OnceCell<Value>,
    item: Option<(u64, &'a Data)>,
    /// The random part of the task's token, in the payload of a task that has one.
    token: Option<u64>,
    /// Somebody looks.
    inspection: Option<&'a Inspection>,
}

/// Variables of the frame and, behind them, of the frames around it.
#[derive(Debug, Clone, Copy)]
struct Layers<'a> {
    own: &'a Vars,
    outer: &'a [&'a Vars],
}

impl Variables for Layers<'_> {
    fn variable(&self, name: &str) -> Option<&Value> {
        let found = self.own.get(name);
        let found = found.or_else(|| self.outer.iter().find_map(|vars| vars.get(name)));
        found.map(|data| &**data)
    }
}

impl<'a> Visit<'a> {
    pub(super) fn new(
        scope: &'a Scope<'a>,
        own: &'a Vars,
        state: &'a str,
        input: &'a Data,
        seed: u64,
    ) -> Self {
        Self {
            variables: Layers { own, outer: scope.outer },
            state,
            input,
            result: None,
            error_output: None,
            entered: scope.now,
            retry_count: None,
            seed,
            context: OnceCell::new(),
            item: scope.item.map(|item| (item.index, &item.value)),
            token: None,
            inspection: None,
            scope,
        }
    }

    /// Says since when the state is visited, and how often it was retried if it can be.
    pub(super) fn since(self, entered: Timestamp, retry_count: Option<u32>) -> Self {
        Self { entered, retry_count, ..self }
    }

    pub(super) fn inspected(self, inspection: &'a Inspection) -> Self {
        Self { inspection: Some(inspection), ..self }
    }

    /// Shows what a field made to those who look.
    pub(super) fn note(&self, note: impl FnOnce(&mut Trace)) {
        if let Some(inspection) = self.inspection {
            inspection.note(note);
        }
    }

    /// How the visit is looked at, if it is.
    pub(super) fn inspection(&self) -> Option<&'a Inspection> {
        self.inspection
    }

    pub(super) fn with_result(self, result: &'a Data) -> Self {
        Self { result: Some(result), ..self }
    }

    pub(super) fn without_result(self) -> Self {
        Self { result: None, ..self }
    }

    pub(super) fn with_error(self, error_output: &'a Data) -> Self {
        Self { error_output: Some(error_output), ..self }
    }

    /// Sets `$states.context.Map.Item`, for an `ItemSelector`.
    pub(super) fn of_item(&self, index: u64, value: &'a Data) -> Self {
        Self {
            item: Some((index, value)),
            context: OnceCell::new(),
            seed: self.seed.wrapping_add(index + 1),
            ..*self
        }
    }

    /// Sets `$states.context.Task.Token`.
    pub(super) fn with_token(&self) -> Self {
        Self { token: Some(secret(self.seed)), context: OnceCell::new(), ..*self }
    }

    pub(super) fn token(&self) -> Option<u64> {
        self.token
    }

    pub(super) fn input(&self) -> &'a Data {
        self.input
    }

    pub(super) fn result(&self) -> Option<&'a Data> {
        self.result
    }

    pub(super) fn error_output(&self) -> Option<&'a Data> {
        self.error_output
    }

    /// What paths and intrinsic functions see, where `$` stands for `input`. The context object is
    /// made only for a field that reads it.
    pub(super) fn paths<'v>(&'v self, input: &'v Value, reads_context: bool) -> paths::Scope<'v> {
        let scope = paths::Scope::new(input, self.seed).variables(&self.variables);
        let scope = match self.execution_input() {
            Some(input) => scope.execution_input(input),
            None => scope,
        };
        if reads_context { scope.context(self.context()) } else { scope }
    }

    /// The wall clock of the event.
    pub(super) fn wall(&self) -> Timestamp {
        self.scope.wall
    }

    /// Evaluates a field.
    pub(super) fn evaluate(&self, field: &Field, name: &str) -> Evaluated {
        field
            .template
            .evaluate(&self.environment(field), name)
            .map(Into::into)
            .map_err(|error| failed(&error))
    }

    fn environment(&self, field: &Field) -> Environment<'_> {
        let moment = Moment { millis: self.scope.now.as_millisecond(), seed: self.seed };
        let environment = Environment::new(moment).input(self.input).variables(&self.variables);
        let environment = match self.execution_input() {
            Some(input) => environment.execution_input(input),
            None => environment.context(self.context()),
        };
        let environment = match self.result {
            Some(result) => environment.result(result),
            None => environment,
        };
        let environment = match self.error_output {
            Some(error_output) => environment.error_output(error_output),
            None => environment,
        };
        if field.reads_context { environment.context(self.context()) } else { environment }
    }

    /// The execution's input, unless it is in a context object that is given whole.
    fn execution_input(&self) -> Option<&'a Data> {
        self.inspection.is_none().then_some(&self.scope.context.input)
    }

    fn context(&self) -> &Value {
        self.context.get_or_init(|| {
            if let Some(inspection) = self.inspection {
                return context::of_item(inspection.context().clone(), self.item);
            }
            let state = context::State {
                name: self.state,
                entered: self.entered,
                retry_count: self.retry_count,
            };
            let token = self.token.map(|random| TaskToken {
                execution: self.scope.context.execution_arn.clone(),
                frame: self.scope.frame,
                random,
            });
            context::object(self.scope.context, &state, self.item, token.as_ref())
        })
    }
}

/// Makes the failure of an expression.
pub(super) fn failed(error: &EvaluationError) -> Then {
    let location = match error {
        EvaluationError::Threw { field, .. }
        | EvaluationError::Undefined { field, .. }
        | EvaluationError::Type { field, .. } => Some(field.clone()),
    };
    Then::EvaluationFailed { location, message: error.to_string() }
}

/// Makes the failure of a field whose value is of no use, in the words given.
pub(super) fn unusable(field: &str, message: impl Into<String>) -> Then {
    Then::EvaluationFailed { location: Some(field.to_owned()), message: message.into() }
}

/// Makes the failure of a state in JSONPath mode, in AWS's words.
pub(super) fn state_failed(message: impl Into<String>) -> Then {
    Then::StateFailed { error: names::RUNTIME, message: message.into() }
}

/// Randomness for a token from that of a visit, of which expressions may show something: one way
/// only.
fn secret(seed: u64) -> u64 {
    let digest = Sha256::new().chain_update("task token").chain_update(seed.to_le_bytes());
    digest.finalize().iter().take(8).fold(0, |random, byte| random << 8 | u64::from(*byte))
}
