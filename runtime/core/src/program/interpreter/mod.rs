//! The program that interprets a definition in JSONata mode.
//!
//! Enter at [`Interpreter::new`], which compiles every expression once. Each kind of state has its
//! file, with the same functions: `compile`, `enter`, and `done` where the state is a step.
//!
//! Invariant: a state's Assign and Output see the variables as they were when it was entered, and
//! a state that fails assigns nothing.

mod batch;
mod choice;
mod compile;
mod context;
mod distributed;
mod filled;
mod paths;
mod payload;
mod setting;
mod exit;
mod fail;
mod inspect;
mod map;
mod parallel;
mod pass;
mod state;
mod succeed;
mod task;
mod visit;
mod wait;

pub use compile::CompileError;
pub use inspect::{Inspection, Trace, Visited};

use super::{Data, Failure, Passed, Program, Resume, Scope, Then, Turn, Vars, names, size};
use crate::asl;
use indexmap::IndexMap;
use state::Compiled;
use visit::{Outcome, Visit};

/// States that one turn enters at most.
const TRANSITIONS: usize = 64;

/// Bytes of an output, or of the variables that a state assigns, after which a turn ends, so that the
/// engine looks at the limits: data that doubles with every state would take all memory in one turn.
const LARGE: usize = 262_144;

/// A definition that is ready to run.
#[derive(Debug)]
pub struct Interpreter {
    definition: asl::Definition,
    states: IndexMap<String, Compiled>,
}

impl Interpreter {
    /// Compiles a definition.
    ///
    /// # Errors
    /// The first state that is not in JSONata mode, or the first expression that is refused.
    /// Graph rules are the validator's.
    pub fn new(definition: asl::Definition) -> Result<Self, CompileError> {
        let states = compile::states(&definition)?;
        Ok(Self { definition, states })
    }
}

impl Program for Interpreter {
    fn definition(&self) -> &asl::Definition {
        &self.definition
    }

    fn resume(&self, scope: &Scope<'_>, vars: &mut Vars, resume: Resume) -> Turn {
        let mut run =
            Run { interpreter: self, scope, vars, passed: Vec::new(), entered: 0, visits: 0 };
        let then = run.resume(resume);
        Turn { passed: run.passed, then }
    }
}

/// One turn.
struct Run<'a, 'v> {
    interpreter: &'a Interpreter,
    scope: &'a Scope<'a>,
    vars: &'v mut Vars,
    passed: Vec<Passed>,
    entered: usize,
    visits: u64,
}

impl Run<'_, '_> {
    fn resume(&mut self, resume: Resume) -> Then {
        match resume {
            Resume::Begin { start_at, input } => self.enter(start_at, input),
            Resume::Enter { state, input } => self.enter(state, input),
            Resume::Done { state, input, result } => {
                let outcome = self.visit(&state, &input, |compiled, visit| {
                    compiled.done(visit.with_result(&result))
                });
                self.go_on(state, outcome)
            }
            Resume::Items { state, input, items } => {
                let outcome =
                    self.visit(&state, &input, |compiled, visit| compiled.items(&visit, &items));
                self.go_on(state, outcome)
            }
            Resume::Item { state, input, item } => {
                let outcome =
                    self.visit(&state, &input, |compiled, visit| compiled.item(&visit, &item));
                self.go_on(state, outcome)
            }
            Resume::Caught { state, input, catcher, failure } => {
                let error_output = error_output(&failure);
                let outcome = self.visit(&state, &input, |compiled, visit| {
                    compiled.caught(catcher, &visit.with_error(&error_output))
                });
                self.go_on(state, outcome)
            }
        }
    }

    /// Enters states, one after another, to a step or an end.
    fn enter(&mut self, mut state: String, mut input: Data) -> Then {
        loop {
            if self.entered >= TRANSITIONS {
                return Then::Yield { state, input };
            }
            self.entered += 1;
            self.passed.push(Passed::Entered { state: state.clone(), input: input.clone() });
            let outcome = self.visit(&state, &input, |compiled, visit| compiled.enter(&visit));
            match self.leave(state, outcome) {
                Left::To(next, output) => (state, input) = (next, output),
                Left::Then(then) => return then,
            }
        }
    }

    fn go_on(&mut self, state: String, outcome: Outcome) -> Then {
        match self.leave(state, outcome) {
            Left::To(next, output) => self.enter(next, output),
            Left::Then(then) => then,
        }
    }

    fn visit(
        &mut self,
        state: &str,
        input: &Data,
        run: impl FnOnce(&Compiled, Visit<'_>) -> Outcome,
    ) -> Outcome {
        let Some(compiled) = self.interpreter.states.get(state) else {
            let cause = format!("the definition has no state '{state}'");
            return Outcome::Fail(Then::Failed(Failure::new(names::RUNTIME, cause)));
        };
        let first = self.visits == 0;
        let seed = self.scope.seed.wrapping_add(self.visits.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        self.visits += 1;
        let (entered, retry_count) =
            if first { (self.scope.entered, self.scope.retry_count) } else { (self.scope.now, 0) };
        let retry_count = compiled.can_be_retried().then_some(retry_count);
        let visit =
            Visit::new(self.scope, self.vars, state, input, seed).since(entered, retry_count);
        run(compiled, visit)
    }

    fn leave(&mut self, state: String, outcome: Outcome) -> Left {
        match outcome {
            Outcome::Exit { output, assigned, next } => {
                self.vars.extend(assigned.iter().map(|(name, data)| (name.clone(), data.clone())));
                let is_large =
                    size::exceeds(&output, Some(LARGE)) || size::exceeds(&assigned, Some(LARGE));
                self.passed.push(Passed::Exited { state, output: output.clone(), assigned });
                match next {
                    Some(state) if is_large => Left::Then(Then::Yield { state, input: output }),
                    Some(next) => Left::To(next, output),
                    None => Left::Then(Then::Succeeded(output)),
                }
            }
            Outcome::Step(step) => Left::Then(Then::Step(step)),
            Outcome::Fail(then) => Left::Then(then),
        }
    }
}

/// Where a state was left to.
enum Left {
    To(String, Data),
    Then(Then),
}

/// Makes what a catcher sees as `$states.errorOutput`.
fn error_output(failure: &Failure) -> Data {
    let error = failure.error.iter().map(|error| ("Error".to_owned(), error.clone().into()));
    // A timeout has no cause; caught, it has an empty one (recorded).
    let cause = failure.cause.clone().unwrap_or_default();
    let cause = [("Cause".to_owned(), cause.into())];
    serde_json::Value::Object(error.chain(cause).collect()).into()
}

#[cfg(test)]
mod tests;
