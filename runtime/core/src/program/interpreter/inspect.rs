//! Looking at one visit of one state: what its fields made on the way.
//!
//! The same code runs as in an execution; it notes values only where somebody looks.

use super::{Interpreter, Outcome, error_output, visit::Visit};
use crate::program::{Data, Failure, Resume, Scope, Step, Then, Tolerance, Vars, names};
use serde_json::Value;
use std::cell::RefCell;

/// What a visit is given beside its input, and what is seen of it.
#[derive(Debug, Default)]
pub struct Inspection {
    /// The context object, whole.
    context: Value,
    /// Items of a Map that does not find them in its input.
    items: Option<Vec<Data>>,
    trace: RefCell<Trace>,
}

/// What the fields of a state made.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "fields are the language's own, each after it was applied")]
pub struct Trace {
    pub arguments: Option<Data>,
    pub input_path: Option<Data>,
    pub parameters: Option<Data>,
    /// The result, of a state that has one of its own.
    pub result: Option<Data>,
    pub result_selector: Option<Data>,
    pub result_path: Option<Data>,
    pub items_path: Option<Vec<Data>>,
    /// The items of an `ItemReader`.
    pub items_read: Option<Vec<Data>>,
    pub item_selector: Option<Vec<Data>>,
    pub item_batcher: Option<Vec<Data>>,
    pub max_concurrency: Option<u32>,
    pub tolerance: Tolerance,
}

/// What came of a visit.
#[derive(Debug)]
pub enum Visited {
    /// The state is left; without `next` its scope ends.
    Left {
        /// The state's output.
        output: Data,
        /// Variables that its Assign set.
        assigned: Vars,
        /// Name of the next state.
        next: Option<String>,
    },
    /// The state waits.
    Step(Step),
    /// The state failed, in one of the ways in which [`Then`] says so.
    Failed(Then),
}

impl Inspection {
    /// Looks at a visit that sees this context object, and these items if it is one of a Map that
    /// reads them elsewhere.
    pub fn new(context: Value, items: Option<Vec<Data>>) -> Self {
        Self { context, items, trace: RefCell::default() }
    }

    /// What the visits have shown so far.
    pub fn trace(&self) -> Trace {
        self.trace.borrow().clone()
    }

    pub(super) fn context(&self) -> &Value {
        &self.context
    }

    pub(super) fn items(&self) -> Option<&[Data]> {
        self.items.as_deref()
    }

    pub(super) fn note(&self, note: impl FnOnce(&mut Trace)) {
        note(&mut self.trace.borrow_mut());
    }
}

impl Interpreter {
    /// Visits one state, and no other.
    pub fn inspect(
        &self,
        scope: &Scope<'_>,
        vars: &Vars,
        inspection: &Inspection,
        resume: &Resume,
    ) -> Visited {
        let (Resume::Begin { start_at: state, input }
        | Resume::Enter { state, input }
        | Resume::Done { state, input, .. }
        | Resume::Items { state, input, .. }
        | Resume::Item { state, input, .. }
        | Resume::Caught { state, input, .. }) = resume;
        let Some(compiled) = self.states.get(state) else {
            let cause = format!("the definition has no state '{state}'");
            return Visited::Failed(Then::Failed(Failure::new(names::RUNTIME, cause)));
        };
        let visit = Visit::new(scope, vars, state, input, scope.seed).inspected(inspection);
        let outcome = match resume {
            Resume::Begin { .. } | Resume::Enter { .. } => compiled.enter(&visit),
            Resume::Items { items, .. } => compiled.items(&visit, items),
            Resume::Item { item, .. } => compiled.item(&visit, item),
            Resume::Done { result, .. } => compiled.done(visit.with_result(result)),
            Resume::Caught { catcher, failure, .. } => {
                let error_output = error_output(failure);
                compiled.caught(*catcher, &visit.with_error(&error_output))
            }
        };
        match outcome {
            Outcome::Exit { output, assigned, next } => Visited::Left { output, assigned, next },
            Outcome::Step(step) => Visited::Step(step),
            Outcome::Fail(then) => Visited::Failed(then),
        }
    }
}
