//! One turn of native code: what its segments read and write, and the states they report.

use super::super::{Numbers, ops::Violation};
use crate::program::{Data, Failure, Passed, Scope, Vars};
use serde_json::Value;
use std::{borrow::Cow, panic};

/// What the generated code of a workflow works on while a frame makes its turn.
#[derive(Debug)]
pub struct Run<'a> {
    scope: &'a Scope<'a>,
    vars: Vars,
    /// How the step ended that this turn resumes after.
    ended: Option<Ended>,
    numbers: Numbers,
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
}

/// A failure that native code hands on as it is.
#[derive(Debug)]
pub(super) struct Uncaught(pub(super) Failure);

impl<'a> Run<'a> {
    pub(super) fn new(
        scope: &'a Scope<'a>,
        vars: Vars,
        ended: Option<Ended>,
        numbers: Numbers,
        path: Path,
    ) -> Self {
        Self { scope, vars, ended, numbers, path }
    }

    pub(super) fn into_vars(self) -> (Vars, Path) {
        (self.vars, self.path)
    }

    /// Reports that control enters a state of the graph.
    pub fn enter(&mut self, state: &str) {
        self.path.enter(state);
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
            None => Violation::new(format!("the variable `{key}` is not in the frame")).unwind(),
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
            None => Violation::new("this frame is no iteration").unwind(),
        }
    }

    pub(super) fn ended(&self) -> &Ended {
        match &self.ended {
            Some(ended) => ended,
            None => Violation::new("this segment resumes after a step").unwind(),
        }
    }

    /// A catcher took a failure that no variant can hold: it goes on as it came.
    pub(super) fn uncaught(&self) -> ! {
        match self.ended() {
            Ended::Failed(failure) => panic::resume_unwind(Box::new(Uncaught(failure.clone()))),
            Ended::Given(_) => Violation::new("a step that did not fail was caught").unwind(),
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
    pub(super) fn new(current: Option<String>, data: Data) -> Self {
        Self { passed: Vec::new(), current, data, entered: 0 }
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
