//! Parallel and Map: beginning their children, and what each of them gets.

use super::{
    Flow, Transition,
    children::{array, error_output},
};
use crate::{
    asl::State,
    engine::{
        FrameId, HistoryKind,
        execution::{Join, JoinKind, Role, Waiting},
    },
    program::{Data, Item, MapStep, Resume, Step, Then, size},
};

impl Transition<'_> {
    pub(super) fn begin_parallel(&mut self, id: FrameId, input: Data) -> Flow {
        self.begin_join(id, JoinKind::Parallel(input))
    }

    pub(super) fn begin_map(&mut self, id: FrameId, map: MapStep) -> Flow {
        let MapStep { items, selects, max_concurrency, tolerance } = map;
        let items = array(items);
        self.begin_join(id, JoinKind::Map { items, selects, max_concurrency, tolerance })
    }

    /// Begins a Parallel or Map; a retry comes here again with the same inputs.
    pub(super) fn begin_join(&mut self, id: FrameId, kind: JoinKind) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let total = match (&kind, self.program.state(&frame.state)) {
            (JoinKind::Map { items, .. }, _) => items.as_array().map_or(0, Vec::len),
            (JoinKind::Parallel(_), Some(State::Parallel(state))) => state.branches.len(),
            (JoinKind::Parallel(_), _) => 0,
        };
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        let started = match kind {
            JoinKind::Parallel(_) => HistoryKind::ParallelStateStarted,
            JoinKind::Map { .. } => HistoryKind::MapStateStarted { length: total },
        };
        let started = self.record_in(id, started)?;
        let join = Join { id: started, kind, total, begun: 0, succeeded: 0, failed: 0, bytes: 0 };
        if let Some(frame) = self.frame_mut(id) {
            frame.waiting = Waiting::Children(join);
        }
        if total == 0 {
            self.ready.insert(id);
        }
        self.begin_children(id, started)
    }

    /// Begins as many children as may run at a time; their first events follow `previous`.
    pub(super) fn begin_children(&mut self, parent: FrameId, mut previous: u64) -> Flow {
        while let Some(index) = self.join(parent).filter(|join| join.may_begin()).map(|j| j.begun) {
            let Some((role, start_at, input)) = self.child(parent, index) else { return Ok(()) };
            if let Some(join) = self.join_mut(parent) {
                join.begun += 1;
            }
            match role {
                Role::Iteration { item, .. } => {
                    let begun = self.begin_iteration(parent, item, start_at, previous)?;
                    let Some(next) = begun else { return Ok(()) };
                    previous = next;
                }
                role => self.begin_child(role, start_at, input, previous),
            }
        }
        Ok(())
    }

    fn begin_child(&mut self, role: Role, start_at: String, input: Data, previous: u64) {
        let id = FrameId(self.execution.head.next_frame);
        self.execution.head.next_frame += 1;
        self.insert_frame(id, role, start_at, input, previous);
    }

    /// Gives the event that the next iterations follow, unless the Map fails with this one.
    fn begin_iteration(
        &mut self,
        parent: FrameId,
        item: Item,
        start_at: String,
        previous: u64,
    ) -> Flow<Option<u64>> {
        let (name, index) = (self.state_name(parent), item.position());
        let started = self.record(previous, HistoryKind::MapIterationStarted { name, index })?;
        let selects = |join: &Join| matches!(join.kind, JoinKind::Map { selects: true, .. });
        let (bytes, input) = if self.join(parent).is_some_and(selects) {
            match self.select(parent, &item) {
                Ok(input) => (size::bytes(&input), input),
                Err(then) => return self.unselected(parent, index, (started, previous), then),
            }
        } else {
            (0, item.value.clone())
        };
        if let Some(join) = self.join_mut(parent) {
            join.bytes += bytes;
        }
        self.begin_child(Role::Iteration { parent, item, bytes }, start_at, input, started);
        Ok(Some(previous))
    }

    /// Makes what an iteration gets of its item.
    fn select(&mut self, parent: FrameId, item: &Item) -> Result<Data, Then> {
        let none = || Then::Misfit("the Map has no frame".to_owned());
        let frame = self.execution.frames.get(&parent).ok_or_else(none)?;
        let (state, input) = (frame.state.clone(), frame.input.clone());
        let resume = Resume::Item { state, input, item: item.clone() };
        match self.turn(parent, resume, false).ok_or_else(none)?.then {
            Then::Step(Step::Input(input)) => Ok(input),
            then => Err(then),
        }
    }

    /// What an iteration was to get could not be made: it fails. Gives the event that the next ones
    /// follow, unless the Map fails with it.
    fn unselected(
        &mut self,
        parent: FrameId,
        index: u32,
        (started, before): (u64, u64),
        then: Then,
    ) -> Flow<Option<u64>> {
        let Some(join) = self.join(parent).cloned() else { return Ok(None) };
        let (fault, event) = self.own_fault(parent, then, started)?;
        let last = event.unwrap_or(started);
        if fault.is_fatal() {
            if let Some(frame) = self.frame_mut(parent) {
                frame.previous_event = last;
            }
            self.fault(parent, fault)?;
            return Ok(None);
        }
        let name = self.state_name(parent);
        let ended = self.record(last, HistoryKind::MapIterationFailed { name, index })?;
        if !join.tolerates_another() {
            self.join_failed(parent, join, last, fault.failure)?;
            return Ok(None);
        }
        self.keep_result(parent, index, error_output(&fault.failure));
        let others_waited = !join.may_begin();
        let Some(frame) = self.frame_mut(parent) else { return Ok(None) };
        let Waiting::Children(join) = &mut frame.waiting else { return Ok(None) };
        join.failed += 1;
        if join.is_complete() {
            frame.previous_event = ended;
            self.ready.insert(parent);
        }
        Ok(Some(if others_waited { last } else { before }))
    }

    /// Returns what the child with this index is: its role, its first state, and what it gets if
    /// nothing is made of that.
    fn child(&self, parent: FrameId, index: u32) -> Option<(Role, String, Data)> {
        let position = usize::try_from(index).ok()?;
        let state = self.program.state(&self.execution.frames.get(&parent)?.state)?;
        match (&self.join(parent)?.kind, state) {
            (JoinKind::Parallel(input), State::Parallel(state)) => {
                let start_at = state.branches.get(position)?.states.start_at.clone();
                Some((Role::Branch { parent, index }, start_at, input.clone()))
            }
            (JoinKind::Map { items, .. }, State::Map(state)) => {
                let value: Data = items.get(position)?.clone().into();
                let item = Item { index: u64::from(index), value: value.clone() };
                let start_at = state.processor.states.start_at.clone();
                Some((Role::Iteration { parent, item, bytes: 0 }, start_at, value))
            }
            _ => None,
        }
    }
}
