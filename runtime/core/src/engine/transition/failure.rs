//! A state fails: a retrier repeats it, a catcher takes the failure, or it goes up.

use super::{Flow, Transition};
use crate::{
    engine::{
        FrameId, HistoryKind,
        execution::{Again, Ready, Role, Waiting},
        history::StateKind,
        retry::{self, Origin},
    },
    program::{Failure, names},
};

/// A failure at a state, and what may be done about it.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) failure: Failure,
    origin: Origin,
    again: Again,
}

impl Fault {
    /// A task answered so.
    pub(super) fn of_task(failure: Failure, again: Again) -> Self {
        Self { failure, origin: Origin::Step, again }
    }

    /// A branch or an iteration failed so.
    pub(super) fn of_children(failure: Failure, again: Again) -> Self {
        Self { failure, origin: Origin::Step, again }
    }

    /// A task was silent for too long. The error is shown as a timeout, as AWS does (recorded).
    pub(super) fn heartbeat(again: Again) -> Self {
        Self { failure: timed_out(), origin: Origin::Heartbeat, again }
    }

    /// The state's own failure.
    pub(super) fn of_state(failure: Failure) -> Self {
        Self { failure, origin: Origin::State, again: Again::State }
    }

    /// An expression of the state failed.
    pub(super) fn evaluation(cause: String) -> Self {
        Self::of_state(Failure::new(names::QUERY_EVALUATION_ERROR, cause).bounded())
    }

    /// The state's output or payload is over the limit.
    pub(super) fn too_large(state: &str) -> Self {
        Self { failure: Failure::too_large(state), origin: Origin::Final, again: Again::State }
    }

    /// What the state would give to its task is over the limit.
    pub(super) fn arguments_too_large(state: &str) -> Self {
        Self { failure: Failure::arguments_too_large(state), ..Self::too_large(state) }
    }

    pub(super) fn repeating(self, again: Again) -> Self {
        Self { again, ..self }
    }

    pub(super) fn uncatchable(self) -> Self {
        Self { origin: Origin::Final, ..self }
    }

    /// Whether it ends the execution at once, whatever is around the state: what the state itself
    /// could not do in JSONPath mode. AWS shows no end of the joins around it, either.
    pub(super) fn is_fatal(&self) -> bool {
        let own = matches!(self.origin, Origin::State | Origin::Final);
        own && self.failure.error.as_deref() == Some(names::RUNTIME)
    }
}

/// The failure of a timeout; AWS gives no cause (recorded).
pub(super) fn timed_out() -> Failure {
    Failure { error: Some(names::TIMEOUT.to_owned()), cause: None }
}

impl Transition<'_> {
    /// The state at which the frame stands failed; its events are recorded already.
    pub(super) fn fault(&mut self, id: FrameId, fault: Fault) -> Flow {
        let fatal = fault.is_fatal();
        let Fault { failure, origin, again } = fault;
        let failure = failure.bounded();
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let (name, retries) = (frame.state.clone(), frame.retries.clone());
        let error = failure.error.as_deref();
        let used = |retrier: usize| retries.by_retrier.get(retrier).copied().unwrap_or(0);
        let state = self.program.state(&name);
        let handling = retry::decide(state, (error, origin), used, &self.random);
        if let (Some(retrier), Some(delay)) = (handling.retrier, handling.delay) {
            let due = self.after(delay).unwrap_or(jiff::Timestamp::MAX);
            self.retry(id, retrier, due, again);
            return Ok(());
        }

        match self.state_kind(&name) {
            _ if error == Some(names::DATA_LIMIT_EXCEEDED) && origin == Origin::Final => {}
            // Recorded; a path of JSONPath led nowhere, for example.
            _ if fatal => {}
            StateKind::Parallel => {
                self.record_in(id, HistoryKind::ParallelStateFailed)?;
            }
            StateKind::Map => {
                self.record_in(id, HistoryKind::MapStateFailed)?;
            }
            _ => {}
        }
        let Some(catcher) = handling.catcher else {
            return self.propagate(id, failure, again, fatal);
        };
        self.forget_fallen();
        if let Some(frame) = self.frame_mut(id) {
            frame.waiting = Waiting::Ready(Ready::Caught { catcher, failure });
        }
        self.ready.insert(id);
        Ok(())
    }

    fn retry(&mut self, id: FrameId, retrier: usize, due: jiff::Timestamp, again: Again) {
        self.forget_fallen();
        let Some(frame) = self.frame_mut(id) else { return };
        let counts = &mut frame.retries.by_retrier;
        counts.resize(counts.len().max(retrier + 1), 0);
        if let Some(count) = counts.get_mut(retrier) {
            *count += 1;
        }
        frame.retries.total += 1;
        frame.waiting = Waiting::Retry { due, again };
    }

    /// Nothing at the state takes the failure: it ends the branch, the iteration or the execution.
    fn propagate(&mut self, id: FrameId, failure: Failure, again: Again, fatal: bool) -> Flow {
        let Some(frame) = self.frame_mut(id) else { return Ok(()) };
        // The children of a failed join stay as they are, so that a redrive repeats only some.
        if !matches!(frame.waiting, Waiting::Children(_) | Waiting::Run(_)) {
            frame.waiting = Waiting::Failed(again);
        }
        let previous = frame.previous_event;
        match frame.role {
            Role::Branch { parent, .. } | Role::Iteration { parent, .. } if !fatal => {
                self.child_failed(parent, id, failure)
            }
            Role::Root | Role::Branch { .. } | Role::Iteration { .. } => {
                self.execution_failed(previous, failure);
                Ok(())
            }
        }
    }

    /// Somebody handles the failure: what it took down is gone for good.
    pub(super) fn forget_fallen(&mut self) {
        for (id, _) in std::mem::take(&mut self.fallen) {
            self.execution.changes.frame_removed(id);
        }
        for join in std::mem::take(&mut self.fallen_joins) {
            self.forget_results(join);
        }
    }

    /// Nobody handles it: a redrive needs what it took down.
    pub(super) fn restore_fallen(&mut self) {
        self.execution.frames.append(&mut self.fallen);
        self.fallen_joins.clear();
    }
}
