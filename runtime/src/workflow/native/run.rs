//! One turn of native code: what its segments read and write, and the states they report.

use super::super::{Numbers, ops::Violation};
use crate::program::{Data, Failure, Passed, Scope, Vars};
use serde_json::Value;
use std::{borrow::Cow, cell::Cell, collections::BTreeSet};

/// What the generated code of a workflow works on while a frame makes its turn.
#[derive(Debug)]
pub struct Run<'a> {
    scope: &'a Scope<'a>,
    /// The states of the definition.
    states: &'a BTreeSet<String>,
    vars: Vars,
    /// How the step ended that this turn resumes after.
    ended: Option<Ended>,
    numbers: Numbers,
    /// Whether the failure that a catcher took goes on as it came.
    uncaught: Cell<bool>,
    /// The state that it goes on from.
    hands_on: Option<&'static str>,
    pub(super) path: Path,
}

/// How a step ended.
#[derive(Debug, Clone)]
pub(super) enum Ended {
    /// With a result.
    Given(Data),
    /// With a failure that a catcher took.
    Failed(Failure),
}

/// The states that a turn passes.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) passed: Vec<Passed>,
    /// The state entered and not yet left.
    current: Option<String>,
    /// The last result: what states hand on.
    pub(super) data: Data,
    entered: usize,
    /// Whether the next report may be of the state that the turn began in.
    begun: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        scope: &'a Scope<'a>,
        states: &'a BTreeSet<String>,
        vars: Vars,
        ended: Option<Ended>,
        numbers: Numbers,
        path: Path,
    ) -> Self {
        Self {
            scope,
            states,
            vars,
            ended,
            numbers,
            uncaught: Cell::new(false),
            hands_on: None,
            path,
        }
    }

    pub(super) fn into_vars(self) -> (Vars, Path) {
        (self.vars, self.path)
    }

    /// Reports that control enters a state of the graph.
    ///
    /// A state may be folded into the step before it; then the definition has none of that name.
    pub fn enter(&mut self, state: &str) {
        if self.states.contains(state) {
            self.path.report(state);
        }
    }

    /// Reports that control enters a state if the step before failed and was caught.
    pub fn enter_if_caught(&mut self, state: &str) {
        if self.is_caught() {
            self.enter(state);
        }
    }

    /// If the step before failed and was caught: the errors of a child are told apart in `choice`.
    /// Where nothing takes any of them, the definition has no such state, and the failure goes on.
    pub fn caught(&mut self, choice: &str, failed: &'static str) {
        if self.states.contains(choice) {
            self.enter_if_caught(choice);
            self.hands_on = Some(failed);
        } else {
            self.goes_up(failed);
        }
    }

    /// If the child before failed: its failure goes on as it came, from this state.
    pub fn goes_up(&mut self, failed: &'static str) {
        if self.is_caught() && self.states.contains(failed) {
            self.hands_on = Some(failed);
            self.uncaught();
        }
    }

    fn is_caught(&self) -> bool {
        matches!(self.ended, Some(Ended::Failed(_)))
    }

    /// Drops the variables that are not needed any more.
    pub fn keep(&mut self, keys: &[&str]) {
        self.vars.retain(|key, _| keys.contains(&key.as_str()));
    }

    /// Starts to walk a list.
    pub fn walk(&mut self, list: &str, index: &str, items: Vec<Value>) {
        self.set(list, Value::Array(items));
        self.set(index, Value::from(0));
    }

    pub(super) fn numbers(&self) -> Numbers {
        self.numbers
    }

    pub(super) fn scope(&self) -> &Scope<'a> {
        self.scope
    }

    pub(super) fn set(&mut self, key: &str, value: Value) {
        self.vars.insert(key.to_owned(), value.into());
    }

    fn find(&self, key: &str) -> Option<&Data> {
        self.vars.get(key).or_else(|| self.scope.outer.iter().find_map(|vars| vars.get(key)))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    pub(super) fn variable(&self, key: &str) -> Data {
        match self.find(key) {
            Some(value) => value.clone(),
            None => Violation::misfit(format!("the variable `{key}` is not in the frame")).unwind(),
        }
    }

    /// An absent member reads as null, which only an `Option` takes.
    pub(super) fn parameter(&self, name: Option<&str>) -> &Value {
        let input: &Value = &self.scope.context.input;
        match name {
            Some(name) => input.get(name).unwrap_or(&Value::Null),
            None => input,
        }
    }

    pub(super) fn next_item(&mut self, list: &str, index: &str) -> Option<Value> {
        let at = self.variable(index).as_u64()?;
        let items = self.variable(list);
        let item = items.get(usize::try_from(at).ok()?)?.clone();
        self.set(index, Value::from(at + 1));
        Some(item)
    }

    pub(super) fn item(&self) -> Cow<'_, Value> {
        match self.scope.item {
            Some(item) => Cow::Borrowed(&*item.value),
            None => Violation::misfit("this frame is no iteration").unwind(),
        }
    }

    /// How the step ended that this turn resumes after, if it does.
    pub(super) fn ended_before(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    pub(super) fn ended(&self) -> &Ended {
        match &self.ended {
            Some(ended) => ended,
            None => Violation::new("this segment resumes after a step").unwind(),
        }
    }

    /// A catcher took a failure that nothing here takes.
    pub(super) fn uncaught(&self) -> ! {
        self.uncaught.set(true);
        Violation::new("a failure was caught that the error type has no variant for").unwind()
    }

    /// The failure that goes on as it came.
    pub(super) fn passed_on(&mut self) -> Option<Failure> {
        match &self.ended {
            Some(Ended::Failed(failure)) if self.uncaught.get() => {
                let failure = failure.clone();
                if let Some(state) = self.hands_on {
                    self.enter(state);
                }
                Some(failure)
            }
            _ => None,
        }
    }

    pub(super) fn results(&self) -> &[Value] {
        match self.ended() {
            Ended::Given(value) => value.as_array().map(Vec::as_slice).unwrap_or_default(),
            Ended::Failed(_) => self.uncaught(),
        }
    }

    pub(super) fn branch(&self, index: usize) -> Cow<'_, Value> {
        Cow::Borrowed(self.results().get(index).unwrap_or(&Value::Null))
    }
}

impl Path {
    /// A turn that resumes in a state.
    pub(super) fn resumed(state: String, data: Data) -> Self {
        Self { passed: Vec::new(), current: Some(state), data, entered: 0, begun: false }
    }

    /// A turn that enters a state.
    pub(super) fn begun(state: &str, input: Data) -> Self {
        let mut path =
            Self { passed: Vec::new(), current: None, data: input, entered: 0, begun: true };
        path.enter(state);
        path
    }

    /// Enters a state, unless it is the one that the turn began in.
    fn report(&mut self, state: &str) {
        let begun = std::mem::take(&mut self.begun);
        if !begun || self.current.as_deref() != Some(state) {
            self.enter(state);
        }
    }

    fn enter(&mut self, state: &str) {
        self.leave();
        self.passed.push(Passed::Entered { state: state.to_owned(), input: self.data.clone() });
        self.current = Some(state.to_owned());
        self.entered += 1;
    }

    /// Leaves the state that stands entered.
    pub(super) fn leave(&mut self) {
        if let Some(state) = self.current.take() {
            let (output, assigned) = (self.data.clone(), Vars::new());
            self.passed.push(Passed::Exited { state, output, assigned });
        }
    }

    pub(super) fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    /// How many states were entered in this turn.
    pub(super) fn entered(&self) -> usize {
        self.entered
    }

    /// What the turn assigned belongs to the last state that it left.
    pub(super) fn assign(&mut self, changed: Vars) {
        let last = self.passed.iter_mut().rev().find_map(|passed| match passed {
            Passed::Exited { assigned, .. } => Some(assigned),
            Passed::Entered { .. } => None,
        });
        if let Some(assigned) = last {
            *assigned = changed;
        }
    }
}
