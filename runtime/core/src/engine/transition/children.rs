//! Parallel and Map: joining their children, and taking them down.

use super::{Flow, Transition, failure::Fault};
use crate::{
    engine::{
        FrameId, HistoryKind,
        execution::{Again, Frame, Join, JoinKind, ResultId, Role, Waiting},
        history::StateKind,
    },
    program::{Data, Failure, Resume, names},
};
use serde_json::{Value, json};

impl Transition<'_> {
    pub(super) fn join(&self, id: FrameId) -> Option<&Join> {
        match &self.execution.frames.get(&id)?.waiting {
            Waiting::Children(join) => Some(join),
            _ => None,
        }
    }

    pub(super) fn join_mut(&mut self, id: FrameId) -> Option<&mut Join> {
        match &mut self.frame_mut(id)?.waiting {
            Waiting::Children(join) => Some(join),
            _ => None,
        }
    }

    pub(super) fn state_name(&self, id: FrameId) -> String {
        self.execution.frames.get(&id).map(|frame| frame.state.clone()).unwrap_or_default()
    }

    /// A frame is at its end.
    pub(super) fn frame_succeeded(&mut self, id: FrameId, output: Data) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let (last, index, bytes) = (frame.previous_event, frame.role.index(), frame.role.bytes());
        let (parent, ended) = match &frame.role {
            Role::Root => {
                self.execution_succeeded(last, output);
                return Ok(());
            }
            Role::Branch { parent, .. } => (*parent, last),
            Role::Iteration { parent, .. } => {
                let (parent, name) = (*parent, self.state_name(*parent));
                let succeeded = HistoryKind::MapIterationSucceeded { name, index };
                (parent, self.record(last, succeeded)?)
            }
        };
        self.remove_frame(id);
        if let Some(join) = self.join_mut(parent) {
            join.succeeded += 1;
            join.bytes = join.bytes.saturating_sub(bytes);
        }
        self.child_over(parent, index, output, last, ended)
    }

    /// Keeps the result of a child; goes on with the next ones, or with the parent after the last.
    fn child_over(
        &mut self,
        parent: FrameId,
        index: u32,
        result: Data,
        last: u64,
        ended: u64,
    ) -> Flow {
        self.keep_result(parent, index, result);
        let Some(join) = self.join(parent) else { return Ok(()) };
        if join.is_complete() {
            self.joined(parent, ended)
        } else {
            self.begin_children(parent, last)
        }
    }

    pub(super) fn keep_result(&mut self, parent: FrameId, index: u32, result: Data) {
        let Some(join) = self.join(parent) else { return };
        let id = ResultId { join: join.id, index };
        self.execution.results.insert(id, result);
        self.execution.changes.results.insert(id);
    }

    /// All children have ended well, or were tolerated; the parent goes on after the event `last`.
    pub(super) fn joined(&mut self, id: FrameId, last: u64) -> Flow {
        let Some(join) = self.join(id).cloned() else { return Ok(()) };
        let range =
            ResultId { join: join.id, index: 0 }..=ResultId { join: join.id, index: u32::MAX };
        let results = self.execution.results.range(range).map(|(_, result)| result.clone());
        let result = array(results.collect());
        self.forget_results(join.id);
        let (succeeded, kind) = match join.kind {
            kind @ JoinKind::Parallel(_) => (HistoryKind::ParallelStateSucceeded, kind),
            kind @ JoinKind::Map { .. } => (HistoryKind::MapStateSucceeded, kind),
        };
        if let Some(frame) = self.frame_mut(id) {
            frame.previous_event = last;
        }
        if self.too_large(&result) {
            let state = self.state_name(id);
            return self.fault(id, Fault::too_large(&state));
        }
        // AWS: the state's exit follows what this event follows, not this event.
        self.record(last, succeeded)?;
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let (state, input) = (frame.state.clone(), frame.input.clone());
        self.resume(id, Resume::Done { state, input, result }, Some(Again::Children(kind)))
    }

    /// A child failed, and nothing in it took the failure.
    pub(super) fn child_failed(&mut self, parent: FrameId, id: FrameId, failure: Failure) -> Flow {
        let Some(child) = self.execution.frames.get(&id) else { return Ok(()) };
        let Some(join) = self.join(parent).cloned() else { return Ok(()) };
        let (last, index, bytes) = (child.previous_event, child.role.index(), child.role.bytes());
        let kind = self.state_kind(&child.state);
        let ended = if matches!(child.role, Role::Iteration { .. }) {
            let name = self.state_name(parent);
            self.record(last, HistoryKind::MapIterationFailed { name, index })?
        } else {
            // AWS shows the task of the failing branch as aborted too (recorded).
            if kind == StateKind::Task {
                self.record(last, HistoryKind::StateAborted { state: kind })?;
            }
            last
        };
        if join.tolerates_another() {
            self.remove_frame(id);
            if let Some(join) = self.join_mut(parent) {
                join.failed += 1;
                join.bytes = join.bytes.saturating_sub(bytes);
            }
            return self.child_over(parent, index, error_output(&failure), last, ended);
        }
        self.fall(id);
        self.join_failed(parent, join, last, failure)
    }

    /// A child failed after the event `last`, which is one too many.
    pub(super) fn join_failed(
        &mut self,
        parent: FrameId,
        join: Join,
        last: u64,
        failure: Failure,
    ) -> Flow {
        self.abort_children(parent)?;
        self.fallen_joins.insert(join.id);
        if let Some(frame) = self.frame_mut(parent) {
            frame.previous_event = last;
        }
        let failure = if join.is_tolerant() { threshold_exceeded() } else { failure };
        self.fault(parent, Fault::of_children(failure, Again::Children(join.kind)))
    }

    /// Takes all children of a frame down, with AWS's events for what they were doing.
    fn abort_children(&mut self, parent: FrameId) -> Flow {
        let of_parent = |frame: &Frame| frame.role.parent() == Some(parent);
        let frames = self.execution.frames.iter();
        let children: Vec<FrameId> =
            frames.filter(|(_, frame)| of_parent(frame)).map(|(id, _)| *id).collect();
        for id in children {
            self.abort(id)?;
        }
        Ok(())
    }

    fn abort(&mut self, id: FrameId) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let began = frame.entry > 0;
        let (state, role) = (self.state_kind(&frame.state), frame.role.clone());
        let waiting = frame.waiting.clone();
        match &waiting {
            Waiting::Children(join) => {
                self.abort_children(id)?;
                self.fallen_joins.insert(join.id);
            }
            Waiting::Run(_) => self.abort_run(id)?,
            _ => {}
        }
        let waits = matches!(
            state,
            StateKind::Task | StateKind::Wait | StateKind::Parallel | StateKind::Map
        );
        if began && waits {
            self.record_in(id, HistoryKind::StateAborted { state })?;
        }
        if let Role::Iteration { parent, .. } = role {
            let (name, index) = (self.state_name(parent), role.index());
            self.record_in(id, HistoryKind::MapIterationAborted { name, index })?;
        }
        // Not before: where the history is full, the end calls off whatever still runs.
        match &waiting {
            Waiting::Task(task) => self.cancel(task),
            Waiting::Run(_) => self.stop_run(id),
            _ => {}
        }
        self.fall(id);
        Ok(())
    }

    fn fall(&mut self, id: FrameId) {
        self.ready.remove(&id);
        if let Some(frame) = self.execution.frames.remove(&id) {
            self.fallen.insert(id, frame);
        }
    }

    pub(super) fn remove_frame(&mut self, id: FrameId) {
        self.ready.remove(&id);
        self.execution.frames.remove(&id);
        self.execution.changes.frame_removed(id);
    }

    pub(super) fn forget_results(&mut self, join: u64) {
        self.execution.results.retain(|result, _| result.join != join);
        self.execution.changes.join_removed(join);
    }
}

impl Join {
    fn tolerance(&self) -> crate::program::Tolerance {
        match self.kind {
            JoinKind::Parallel(_) => crate::program::Tolerance::default(),
            JoinKind::Map { tolerance, .. } => tolerance,
        }
    }

    fn is_tolerant(&self) -> bool {
        let tolerance = self.tolerance();
        tolerance.count.is_some() || tolerance.percentage.is_some()
    }

    pub(super) fn tolerates_another(&self) -> bool {
        let tolerance = self.tolerance();
        let failed = self.failed + 1;
        let few = tolerance.count.is_none_or(|count| failed <= count);
        let share = f64::from(failed) * 100.0 / f64::from(self.total.max(1));
        let small = tolerance.percentage.is_none_or(|percentage| share <= percentage);
        self.is_tolerant() && few && small
    }
}

pub(super) fn array(values: Vec<Data>) -> Data {
    Value::Array(values.into_iter().map(Data::into_value).collect()).into()
}

/// What a tolerated iteration gives in place of a result.
pub(super) fn error_output(failure: &Failure) -> Data {
    let mut output = json!({});
    if let Some(fields) = output.as_object_mut() {
        fields.extend(failure.error.iter().map(|error| ("Error".into(), error.clone().into())));
        fields.extend(failure.cause.iter().map(|cause| ("Cause".into(), cause.clone().into())));
    }
    output.into()
}

fn threshold_exceeded() -> Failure {
    Failure::new(
        names::EXCEED_TOLERATED_FAILURE_THRESHOLD,
        "The specified tolerated failure threshold was exceeded",
    )
}
