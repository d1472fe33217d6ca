//! Parallel and Map: beginning children, joining them, and taking them down.

use super::{Flow, Transition, failure::Fault};
use crate::{
    asl::State,
    engine::{
        FrameId, HistoryKind,
        execution::{Again, Frame, Join, JoinKind, ResultId, Role, Waiting},
        history::StateKind,
    },
    program::{Data, Failure, Item, MapStep, Resume, names},
};
use serde_json::{Value, json};

impl Transition<'_> {
    pub(super) fn begin_parallel(&mut self, id: FrameId, input: Data) -> Flow {
        self.begin_join(id, JoinKind::Parallel(input))
    }

    pub(super) fn begin_map(&mut self, id: FrameId, map: MapStep) -> Flow {
        let same = map.items.len() == map.inputs.len()
            && map.items.iter().zip(&map.inputs).all(|(item, input)| item.is_same(input));
        let inputs = array(map.inputs);
        let items = if same { inputs.clone() } else { array(map.items) };
        let MapStep { max_concurrency, tolerance, .. } = map;
        self.begin_join(id, JoinKind::Map { items, inputs, max_concurrency, tolerance })
    }

    /// Begins a Parallel or Map; a retry comes here again with the same inputs.
    pub(super) fn begin_join(&mut self, id: FrameId, kind: JoinKind) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let total = match (&kind, self.program.state(&frame.state)) {
            (JoinKind::Map { inputs, .. }, _) => inputs.as_array().map_or(0, Vec::len),
            (JoinKind::Parallel(_), Some(State::Parallel(state))) => state.branches.len(),
            (JoinKind::Parallel(_), _) => 0,
        };
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        let started = match kind {
            JoinKind::Parallel(_) => HistoryKind::ParallelStateStarted,
            JoinKind::Map { .. } => HistoryKind::MapStateStarted { length: total },
        };
        let started = self.record_in(id, started)?;
        let join = Join { id: started, kind, total, begun: 0, succeeded: 0, failed: 0 };
        if let Some(frame) = self.frame_mut(id) {
            frame.waiting = Waiting::Children(join);
        }
        if total == 0 {
            self.ready.insert(id);
        }
        self.begin_children(id, started)
    }

    fn join(&self, id: FrameId) -> Option<&Join> {
        match &self.execution.frames.get(&id)?.waiting {
            Waiting::Children(join) => Some(join),
            _ => None,
        }
    }

    fn join_mut(&mut self, id: FrameId) -> Option<&mut Join> {
        match &mut self.frame_mut(id)?.waiting {
            Waiting::Children(join) => Some(join),
            _ => None,
        }
    }

    /// Begins as many children as may run at a time; their first events follow `previous`.
    fn begin_children(&mut self, parent: FrameId, previous: u64) -> Flow {
        while let Some(index) = self.join(parent).filter(|join| join.may_begin()).map(|j| j.begun) {
            let Some((role, start_at, input)) = self.child(parent, index) else { return Ok(()) };
            if let Some(join) = self.join_mut(parent) {
                join.begun += 1;
            }
            let previous = if matches!(role, Role::Iteration { .. }) {
                let name = self.state_name(parent);
                self.record(previous, HistoryKind::MapIterationStarted { name, index })?
            } else {
                previous
            };
            let id = FrameId(self.execution.head.next_frame);
            self.execution.head.next_frame += 1;
            self.insert_frame(id, role, start_at, input, previous);
        }
        Ok(())
    }

    /// Returns what the child with this index is: its role, its first state and its input.
    fn child(&self, parent: FrameId, index: u32) -> Option<(Role, String, Data)> {
        let position = usize::try_from(index).ok()?;
        let state = self.program.state(&self.execution.frames.get(&parent)?.state)?;
        match (&self.join(parent)?.kind, state) {
            (JoinKind::Parallel(input), State::Parallel(state)) => {
                let start_at = state.branches.get(position)?.states.start_at.clone();
                Some((Role::Branch { parent, index }, start_at, input.clone()))
            }
            (JoinKind::Map { items, inputs, .. }, State::Map(state)) => {
                let value: Data = items.get(position)?.clone().into();
                let input = if inputs.is_same(items) {
                    value.clone()
                } else {
                    inputs.get(position)?.clone().into()
                };
                let item = Item { index: u64::from(index), value };
                let start_at = state.processor.states.start_at.clone();
                Some((Role::Iteration { parent, item }, start_at, input))
            }
            _ => None,
        }
    }

    fn state_name(&self, id: FrameId) -> String {
        self.execution.frames.get(&id).map(|frame| frame.state.clone()).unwrap_or_default()
    }

    /// A frame is at its end.
    pub(super) fn frame_succeeded(&mut self, id: FrameId, output: Data) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let (last, index) = (frame.previous_event, frame.role.index());
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
        let Some(join) = self.join(parent) else { return Ok(()) };
        let complete = join.is_complete();
        let id = ResultId { join: join.id, index };
        self.execution.results.insert(id, result);
        self.execution.changes.results.insert(id);
        if complete { self.joined(parent, ended) } else { self.begin_children(parent, last) }
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
        let (last, index, kind) =
            (child.previous_event, child.role.index(), self.state_kind(&child.state));
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
            }
            return self.child_over(parent, index, error_output(&failure), last, ended);
        }
        self.fall(id);
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

    fn tolerates_another(&self) -> bool {
        let tolerance = self.tolerance();
        let failed = self.failed + 1;
        let few = tolerance.count.is_none_or(|count| failed <= count);
        let share = f64::from(failed) * 100.0 / f64::from(self.total.max(1));
        let small = tolerance.percentage.is_none_or(|percentage| share <= percentage);
        self.is_tolerant() && few && small
    }
}

fn array(values: Vec<Data>) -> Data {
    Value::Array(values.into_iter().map(Data::into_value).collect()).into()
}

/// What a tolerated iteration gives in place of a result.
fn error_output(failure: &Failure) -> Data {
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
