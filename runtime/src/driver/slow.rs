//! Native code that takes long: it holds up all other executions, so it is reported by name.

use super::clock::Clock;
use crate::{
    asl,
    program::{Program, Resume, Scope, Turn, Vars},
};
use std::{fmt, sync::Arc, time::Duration};

/// Code that takes longer is reported.
const LONG: Duration = Duration::from_millis(100);

/// Native code between two steps that took longer than 100 ms. All executions of the process waited
/// for it: such work belongs into a `#[task]`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlowSegment {
    /// The workflow.
    pub workflow: String,
    /// The state after which the code ran, or at which it began.
    pub state: String,
    /// How long it took.
    pub took: Duration,
}

/// Is told of slow code, on the thread that all executions wait for.
pub type OnSlow = Arc<dyn Fn(SlowSegment) + Send + Sync>;

/// A program whose turns are timed.
pub(crate) struct Timed {
    pub(crate) workflow: String,
    pub(crate) program: Arc<dyn Program>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tell: OnSlow,
}

impl fmt::Debug for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timed").field(&self.program).finish()
    }
}

impl Program for Timed {
    fn definition(&self) -> &asl::Definition {
        self.program.definition()
    }

    fn state(&self, name: &str) -> Option<&asl::State> {
        self.program.state(name)
    }

    fn resume(&self, scope: &Scope<'_>, vars: &mut Vars, resume: Resume) -> Turn {
        let state = match &resume {
            Resume::Begin { start_at: state, .. }
            | Resume::Enter { state, .. }
            | Resume::Done { state, .. }
            | Resume::Items { state, .. }
            | Resume::Item { state, .. }
            | Resume::Caught { state, .. } => state.clone(),
        };
        let begin = self.clock.steady();
        let turn = self.program.resume(scope, vars, resume);
        let took = self.clock.steady().saturating_sub(begin);
        if took > LONG {
            (self.tell)(SlowSegment { workflow: self.workflow.clone(), state, took });
        }
        turn
    }
}
