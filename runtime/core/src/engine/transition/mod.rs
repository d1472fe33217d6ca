//! One step: an event goes in, and the frames run on until each waits for the outside.
//!
//! The files follow what a frame meets: `turn` runs its program, `task` and `timers` begin and end
//! what it waits for, `begin` and `children` do so for Parallel and Map, `map_run` for a distributed
//! Map, `failure` finds the retrier or catcher, `ending` closes the execution.
//!
//! Invariant: control never recurses from a state to the next one of the same frame; a frame that
//! can run on is put into `ready`, so no graph exhausts the stack.

mod begin;
mod call;
mod children;
mod ending;
mod failure;
mod map_run;
mod recovery;
mod shown;
mod task;
mod timers;
mod turn;

use super::{
    Effect, Event, Execution, FrameId, HistoryEvent, HistoryKind, Host, Moment, Output, Taken,
    Token,
    execution::{Frame, Ready, Role, Waiting},
    history::StateKind,
};
use crate::{
    asl::State,
    program::{Data, Program, Resume, size},
    query::random::Random,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Transitions after which a step ends, so that a commit stays small and others get their turn.
const TRANSITIONS: u32 = 64;

/// Longest time of an express execution, in seconds.
const EXPRESS: i64 = 300;

/// Why a step goes no further.
#[derive(Debug)]
enum Cut {
    /// The history has no place for another event.
    HistoryFull,
    /// What a frame keeps does not fit the program.
    Misfit(String),
}

type Flow<T = ()> = Result<T, Cut>;

/// A step under way.
#[derive(Debug)]
pub(super) struct Transition<'a> {
    program: &'a dyn Program,
    execution: &'a mut Execution,
    host: &'a dyn Host,
    /// The wall clock: deadlines are reckoned from it.
    wall: Timestamp,
    /// The time of this step's history: never before that of the last one.
    now: Timestamp,
    random: Random,
    /// Frames that can run on.
    ready: BTreeSet<FrameId>,
    /// States entered so far.
    entered: u32,
    /// Whether this is the execution's first step.
    begins: bool,
    /// The attempt that has just come to its end: nobody can call it off any more, also where the
    /// history has no place for the end.
    answered: Option<Token>,
    /// Frames and joins that a failure took down. They are gone when somebody handles the failure;
    /// an execution that fails keeps them for a redrive.
    fallen: BTreeMap<FrameId, Frame>,
    fallen_joins: BTreeSet<u64>,
    history: Vec<HistoryEvent>,
    effects: Vec<Effect>,
}

impl<'a> Transition<'a> {
    pub(super) fn new(
        program: &'a dyn Program,
        execution: &'a mut Execution,
        moment: Moment,
        host: &'a dyn Host,
    ) -> Self {
        Self {
            program,
            host,
            wall: moment.now,
            now: moment.now.max(execution.head.last_time),
            execution,
            random: Random::new(moment.seed),
            ready: BTreeSet::new(),
            entered: 0,
            begins: false,
            answered: None,
            fallen: BTreeMap::new(),
            fallen_joins: BTreeSet::new(),
            history: Vec::new(),
            effects: Vec::new(),
        }
    }

    pub(super) fn run(mut self, event: Event) -> Output {
        let taken = self.take(event).and_then(|taken| {
            self.run_ready()?;
            Ok(taken)
        });
        let taken = match taken {
            Ok(taken) => taken,
            Err(Cut::HistoryFull) => {
                self.history_full();
                Taken::Committing
            }
            Err(Cut::Misfit(why)) => {
                return Output { taken: Taken::Misfit(why), ..Output::default() };
            }
        };
        Output { taken, history: self.history, effects: self.effects }
    }

    fn take(&mut self, event: Event) -> Flow<Taken> {
        let begun = self.execution.head.last_event > 0;
        if self.execution.is_ended() || begun == matches!(event, Event::Started) {
            return Ok(Taken::Stale);
        }
        match event {
            Event::Started => self.started(),
            Event::Continue => Ok(self.resume_all()),
            Event::TimersDue => self.timers_due(),
            Event::TaskStarted { token, worker } => self.task_started(token, worker),
            Event::TaskSucceeded { token, output } => self.task_succeeded(token, output),
            Event::TaskFailed { token, failure } => self.task_failed(token, failure),
            Event::CallAnswered { token, output } => self.call_answered(token, output),
            Event::CallRefused { token, refusal } => self.call_refused(token, &refusal),
            Event::Heartbeat { token } => Ok(self.heartbeat(token)),
            Event::ChildStarted { token, execution, started } => {
                self.child_started(token, execution, started)
            }
            Event::ChildEnded { token, child } => self.child_ended(token, &child),
            Event::ItemsRead { token, items } => self.items_read(token, items),
            Event::ResultsWritten { token } => self.results_written(token),
            Event::Stop(failure) => Ok(self.stop(failure)),
            Event::Recovered => self.recovered(),
            Event::GivenBack => Ok(self.given_back()),
        }
    }

    fn started(&mut self) -> Flow<Taken> {
        self.begins = true;
        let input = self.execution.context.input.clone();
        let role_arn = self.execution.context.role_arn.clone();
        self.record(0, HistoryKind::ExecutionStarted { input: input.clone(), role_arn })?;
        self.execution.head.deadline =
            self.longest().and_then(|longest| self.after_seconds(longest));
        let start_at = self.program.outermost(&self.execution.context).start_at.clone();
        // AWS: the first state's event follows nothing, not the ExecutionStarted.
        let input = input.unwritten();
        self.insert_frame(FrameId::ROOT, Role::Root, start_at, input, 0);
        Ok(Taken::Committing)
    }

    /// How many seconds the execution may take, if there is a limit.
    fn longest(&self) -> Option<i64> {
        match &self.execution.context.map_run {
            Some(part) => part.express.then_some(EXPRESS),
            // The machine's is for the execution around the Map Run.
            None => self.program.definition().timeout_seconds.as_ref()?.as_i64(),
        }
    }

    /// Makes every frame that can run on ready.
    fn resume_all(&mut self) -> Taken {
        let wall = self.wall;
        let runnable = self.execution.frames.iter().filter(|(_, frame)| match &frame.waiting {
            Waiting::Ready(_) => true,
            Waiting::Timer(due) => *due <= wall,
            Waiting::Children(join) => join.is_complete(),
            Waiting::Run(run) => run.is_complete(),
            Waiting::Task(_) | Waiting::Absent(_) | Waiting::Retry { .. } | Waiting::Failed(_) => {
                false
            }
        });
        self.ready = runnable.map(|(id, _)| *id).collect();
        if self.ready.is_empty() { Taken::Stale } else { Taken::Committing }
    }

    fn run_ready(&mut self) -> Flow {
        while let Some(id) = self.ready.pop_first() {
            if self.entered >= TRANSITIONS {
                self.effects.push(Effect::Continue);
                return Ok(());
            }
            self.run_frame(id)?;
        }
        Ok(())
    }

    fn run_frame(&mut self, id: FrameId) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let (state, input) = (frame.state.clone(), frame.input.clone());
        match &frame.waiting {
            Waiting::Ready(Ready::Begin(start_at)) => {
                let start_at = start_at.clone();
                self.resume(id, Resume::Begin { start_at, input }, None)
            }
            Waiting::Ready(Ready::Enter(state)) => {
                let state = state.clone();
                self.resume(id, Resume::Enter { state, input }, None)
            }
            Waiting::Ready(Ready::Caught { catcher, failure }) => {
                let (catcher, failure) = (*catcher, failure.clone());
                self.resume(id, Resume::Caught { state, input, catcher, failure }, None)
            }
            Waiting::Timer(due) if *due <= self.wall => self.wait_over(id),
            Waiting::Children(join) if join.is_complete() => {
                let last = frame.previous_event;
                self.joined(id, last)
            }
            Waiting::Run(run) if run.is_complete() => self.executions_over(id),
            Waiting::Timer(_)
            | Waiting::Children(_)
            | Waiting::Run(_)
            | Waiting::Task(_)
            | Waiting::Absent(_)
            | Waiting::Failed(_)
            | Waiting::Retry { .. } => Ok(()),
        }
    }

    fn record(&mut self, previous_event_id: u64, kind: HistoryKind) -> Flow<u64> {
        let id = self.execution.head.last_event + 1;
        if self.execution.limits.events.is_some_and(|limit| id >= limit) && !kind.ends_execution() {
            return Err(Cut::HistoryFull);
        }
        let timestamp = self.now;
        self.execution.head.last_event = id;
        self.execution.head.last_time = timestamp;
        self.history.push(HistoryEvent { id, previous_event_id, timestamp, kind });
        Ok(id)
    }

    /// Records an event of a frame's own line of control.
    fn record_in(&mut self, id: FrameId, kind: HistoryKind) -> Flow<u64> {
        let previous = self.execution.frames.get(&id).map_or(0, |frame| frame.previous_event);
        let event = self.record(previous, kind)?;
        if let Some(frame) = self.frame_mut(id) {
            frame.previous_event = event;
        }
        Ok(event)
    }

    /// Returns a frame to change; its row will be written.
    fn frame_mut(&mut self, id: FrameId) -> Option<&mut Frame> {
        let frame = self.execution.frames.get_mut(&id)?;
        self.execution.changes.frames.insert(id);
        Some(frame)
    }

    fn insert_frame(
        &mut self,
        id: FrameId,
        role: Role,
        start_at: String,
        input: Data,
        previous_event: u64,
    ) {
        let frame = Frame {
            role,
            state: String::new(),
            entry: 0,
            entered_event: 0,
            entered: self.now,
            previous_event,
            input,
            vars: crate::program::Vars::new(),
            retries: super::execution::Retries::default(),
            waiting: Waiting::Ready(Ready::Begin(start_at)),
        };
        self.execution.frames.insert(id, frame);
        self.execution.changes.frames.insert(id);
        self.ready.insert(id);
    }

    fn state_kind(&self, name: &str) -> StateKind {
        match self.program.state(name) {
            Some(State::Pass(_)) => StateKind::Pass,
            Some(State::Choice(_)) => StateKind::Choice,
            Some(State::Wait(_)) => StateKind::Wait,
            Some(State::Succeed(_)) => StateKind::Succeed,
            Some(State::Fail(_)) => StateKind::Fail,
            Some(State::Parallel(_)) => StateKind::Parallel,
            Some(State::Map(_)) => StateKind::Map,
            Some(State::Task(_)) | None => StateKind::Task,
        }
    }

    fn too_large(&self, data: &impl serde::Serialize) -> bool {
        size::exceeds(data, self.execution.limits.payload)
    }

    fn after_seconds(&self, seconds: i64) -> Option<Timestamp> {
        self.wall.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()
    }

    fn after(&self, duration: std::time::Duration) -> Option<Timestamp> {
        self.wall.checked_add(duration).ok()
    }
}
