//! Running a frame's program, and making history of the states it passed.

use super::{Cut, Flow, Transition, failure::Fault};
use crate::{
    engine::{
        FrameId, HistoryKind,
        execution::{Again, Frame, Ready, Retries, Waiting},
        history::StateKind,
    },
    program::{Failure, Item, Passed, Resume, Scope, Step, Then, Turn, Vars},
};

/// Where a turn stands while its states become history.
struct Place {
    /// The event that the frame followed before it entered its state, if it entered it in this turn.
    before_entry: Option<u64>,
    /// What a retrier of the state repeats.
    again: Option<Again>,
    /// Whether the state fails by its own catcher, which nothing catches.
    catching: bool,
    /// The state that is entered anew by a retry, whose entry is in the history already.
    reentered: Option<String>,
}

impl Transition<'_> {
    /// Runs the frame's program on. `again` is what a retrier repeats if the state at which the
    /// frame stands fails now.
    pub(super) fn resume(&mut self, id: FrameId, resume: Resume, again: Option<Again>) -> Flow {
        let place = Place {
            before_entry: None,
            reentered: match (&resume, &again) {
                (Resume::Enter { state, .. }, Some(Again::State)) => Some(state.clone()),
                _ => None,
            },
            catching: matches!(resume, Resume::Caught { .. }),
            again,
        };
        let enters = match &resume {
            Resume::Begin { .. } => true,
            Resume::Enter { .. } => place.reentered.is_none(),
            Resume::Done { .. }
            | Resume::Items { .. }
            | Resume::Item { .. }
            | Resume::Caught { .. } => false,
        };
        let Some(turn) = self.turn(id, resume, enters) else { return Ok(()) };
        self.pass(id, turn, place)
    }

    pub(super) fn turn(&mut self, id: FrameId, resume: Resume, enters: bool) -> Option<Turn> {
        let seed = self.random.next();
        let frame = self.frame_mut(id)?;
        let mut vars = std::mem::take(&mut frame.vars);
        let frame = self.execution.frames.get(&id)?;
        let enclosing = self.enclosing(frame);
        let outer: Vec<&Vars> = enclosing.iter().map(|frame| &frame.vars).collect();
        let scope = Scope {
            context: &self.execution.context,
            outer: &outer,
            frame: id.0,
            item: std::iter::once(frame).chain(enclosing).find_map(item),
            now: self.now,
            wall: self.wall,
            entered: if enters { self.now } else { frame.entered },
            retry_count: if enters { 0 } else { frame.retries.total },
            seed,
        };
        let turn = self.program.resume(&scope, &mut vars, resume);
        self.frame_mut(id)?.vars = vars;
        Some(turn)
    }

    /// Returns the frames around a frame, innermost first.
    fn enclosing(&self, frame: &Frame) -> Vec<&Frame> {
        let parent = |frame: &Frame| self.execution.frames.get(&frame.role.parent()?);
        std::iter::successors(parent(frame), |frame| parent(frame)).collect()
    }

    fn pass(&mut self, id: FrameId, turn: Turn, mut place: Place) -> Flow {
        let first_event = self.history.len();
        for passed in turn.passed {
            match passed {
                Passed::Exited { state, output, assigned } => {
                    if self.too_large(&output) || self.too_large(&assigned) {
                        self.keep_assigned(id, first_event);
                        return self.fault(id, Fault::too_large(&state));
                    }
                    let kind = self.state_kind(&state);
                    let exited =
                        HistoryKind::StateExited { state: kind, name: state, output, assigned };
                    self.record_in(id, exited)?;
                    place =
                        Place { before_entry: None, again: None, catching: false, reentered: None };
                }
                Passed::Entered { state, .. } if place.reentered.take() == Some(state.clone()) => {}
                Passed::Entered { state, input } => {
                    place.before_entry = Some(self.enter(id, state, input)?);
                }
            }
        }
        if !matches!(turn.then, Then::Step(_) | Then::Yield { .. } | Then::Succeeded(_)) {
            self.keep_assigned(id, first_event);
        }
        self.follow(id, turn.then, place)
    }

    /// Enters a state; returns the event that the frame followed before.
    fn enter(&mut self, id: FrameId, state: String, input: crate::program::Data) -> Flow<u64> {
        let before = self.execution.frames.get(&id).map_or(0, |frame| frame.previous_event);
        let kind = self.state_kind(&state);
        // AWS shows the execution's input there as it was written, and nowhere later (recorded).
        let first = before == 0 && id == FrameId::ROOT;
        let shown = if first { self.execution.context.input.clone() } else { input.clone() };
        let name = state.clone();
        let event =
            self.record_in(id, HistoryKind::StateEntered { state: kind, name, input: shown })?;
        let now = self.now;
        if let Some(frame) = self.frame_mut(id) {
            frame.entry += 1;
            frame.entered_event = event;
            frame.entered = now;
            frame.retries = Retries::default();
            frame.waiting = Waiting::Ready(Ready::Enter(state.clone()));
            frame.state = state;
            frame.input = input;
        }
        self.entered += 1;
        Ok(before)
    }

    /// A turn that fails leaves the variables as they were before it; but the states that it left
    /// before the failing one have assigned theirs.
    fn keep_assigned(&mut self, id: FrameId, first_event: usize) {
        let Some(frame) = self.execution.frames.get_mut(&id) else { return };
        self.execution.changes.frames.insert(id);
        for event in self.history.get(first_event..).unwrap_or_default() {
            if let HistoryKind::StateExited { assigned, .. } = &event.kind {
                frame.vars.extend(assigned.iter().map(|(name, data)| (name.clone(), data.clone())));
            }
        }
    }

    fn follow(&mut self, id: FrameId, then: Then, place: Place) -> Flow {
        let then = match then {
            Then::Step(step) => return self.begin(id, step),
            Then::Yield { state, input } => {
                if let Some(frame) = self.frame_mut(id) {
                    frame.waiting = Waiting::Ready(Ready::Enter(state));
                    frame.input = input;
                }
                self.ready.insert(id);
                return Ok(());
            }
            Then::Succeeded(output) => return self.frame_succeeded(id, output),
            Then::Begun { length, then } => {
                self.record_in(id, HistoryKind::MapStateStarted { length })?;
                return self.follow(id, *then, Place { before_entry: None, ..place });
            }
            then => then,
        };
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        // AWS evaluates the fields of most states while it enters them: the failure follows what
        // the entry followed. A Wait is entered first.
        let previous = match place.before_entry {
            Some(before) if self.state_kind(&frame.state) != StateKind::Wait => before,
            _ => frame.previous_event,
        };
        let (fault, event) = self.own_fault(id, then, previous)?;
        if let (Some(event), Some(frame)) = (event, self.frame_mut(id)) {
            frame.previous_event = event;
        }
        let again = place.again.unwrap_or(Again::State);
        if self.run_fails_with(id, &fault.failure)? {
            return self.fault(id, Fault::of_children(fault.failure, again));
        }
        let fault = if place.catching { fault.uncatchable() } else { fault };
        self.fault(id, fault.repeating(again))
    }

    /// How a program ended its turn in place of going on, and the event of an expression that failed,
    /// which follows `previous`.
    pub(super) fn own_fault(
        &mut self,
        id: FrameId,
        then: Then,
        previous: u64,
    ) -> Flow<(Fault, Option<u64>)> {
        let (location, message) = match then {
            Then::EvaluationFailed { location, message } => (location, message),
            // What begins has kept nothing yet: it is its input that does not fit.
            Then::Misfit(message) if self.begins => (None, message),
            Then::Failed(failure) if failure.is_evaluation() => {
                (None, failure.cause.unwrap_or_default())
            }
            Then::Failed(failure) => return Ok((Fault::of_state(failure), None)),
            Then::StateFailed { error, message } => {
                let cause = self.while_executing(id, &message);
                return Ok((Fault::of_state(Failure::new(error, cause)), None));
            }
            Then::Begun { then, .. } => return self.own_fault(id, *then, previous),
            Then::Misfit(why) => return Err(Cut::Misfit(why)),
            Then::Step(_) | Then::Yield { .. } | Then::Succeeded(_) => {
                let why = "it goes on where it was asked for what an iteration gets";
                return Err(Cut::Misfit(why.to_owned()));
            }
        };
        let fault = Fault::evaluation(self.while_executing(id, &message));
        let Some(frame) = self.execution.frames.get(&id) else { return Ok((fault, None)) };
        let (state, failure) = (frame.state.clone(), fault.failure.clone());
        let event =
            self.record(previous, HistoryKind::EvaluationFailed { state, location, failure })?;
        Ok((fault, Some(event)))
    }

    fn begin(&mut self, id: FrameId, step: Step) -> Flow {
        match step {
            Step::Task(task) => self.begin_task(id, task),
            Step::Wait(due) => {
                if due <= self.wall {
                    self.ready.insert(id);
                }
                if let Some(frame) = self.frame_mut(id) {
                    frame.waiting = Waiting::Timer(due);
                }
                Ok(())
            }
            Step::Parallel(input) => self.begin_parallel(id, input),
            Step::Map(map) => self.begin_map(id, map),
            Step::Run(run) => self.begin_run(id, *run),
            Step::Inputs(inputs) => {
                self.inputs_made(id, inputs);
                Ok(())
            }
            Step::Input(_) => {
                Err(Cut::Misfit("it gives an iteration's input where none begins".to_owned()))
            }
        }
    }

    /// The words that AWS puts before what went wrong in a state.
    fn while_executing(&self, id: FrameId, message: &str) -> String {
        let Some(frame) = self.execution.frames.get(&id) else { return message.to_owned() };
        format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). \
             {message}",
            frame.state, frame.entered_event
        )
    }
}

fn item(frame: &Frame) -> Option<&Item> {
    match &frame.role {
        crate::engine::execution::Role::Iteration { item, .. } => Some(item),
        _ => None,
    }
}
