//! Tasks: asked for, answered, timed out.

use super::{
    Flow, Transition,
    failure::{Fault, timed_out},
    shown::Shown,
};
use crate::{
    engine::{
        Effect, FrameId, HistoryKind, RunTask, StartChild, Taken, Token, child,
        execution::{Absent, AbsentTask, Again, Heartbeat, Place, TaskWait, Waiting},
        history::Resource,
    },
    program::{Data, Failure, Resume, TaskStep, names},
};

impl Transition<'_> {
    /// Asks for a task; a retry comes here again with the same arguments.
    pub(super) fn begin_task(&mut self, id: FrameId, step: TaskStep) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let (entry, attempt, state) = (frame.entry, frame.retries.total, frame.state.clone());
        if self.too_large(&step.arguments) {
            return self.fault(id, Fault::arguments_too_large(&state));
        }
        if let Some(why) = self.host.strands(&state, &step) {
            if let Some(frame) = self.frame_mut(id) {
                frame.waiting = Waiting::Absent(Absent { why, task: AbsentTask::New(step) });
            }
            return Ok(());
        }
        let place = match self.place(&step) {
            Ok(place) => place,
            Err(failure) => return self.fault(id, Fault::of_state(failure)),
        };
        let random = step.token.unwrap_or_else(|| self.random.next());
        let token = Token { frame: id, entry, attempt, random };
        self.record_scheduled(id, &step, &place)?;
        let started = !matches!(place, Place::Activity(_));
        let heartbeat = step.heartbeat.map(|interval| Heartbeat {
            interval,
            due: if started { self.after(interval) } else { None },
        });
        let deadline = step.timeout.and_then(|timeout| self.after(timeout));
        let (deliveries, submitted) = (1, false);
        let task =
            TaskWait { step, place, token, deadline, started, heartbeat, deliveries, submitted };
        if let Some(frame) = self.frame_mut(id) {
            frame.waiting = Waiting::Task(task.clone());
        }
        self.hand_out(id, &task)
    }

    fn place(&self, step: &TaskStep) -> Result<Place, Failure> {
        if let Some(task) = self.host.task_in_process(&step.resource) {
            return Ok(Place::Process(task));
        }
        if child::Start::of(&step.resource).is_some() {
            let machine = child::machine_of(&step.arguments).unwrap_or_default().to_owned();
            return Ok(Place::Child { machine, execution: None });
        }
        if step.resource.contains(":activity:") {
            return Ok(Place::Activity(step.resource.clone()));
        }
        if self.host.calls(&step.resource) {
            return Ok(Place::Call);
        }
        let mut cause = format!("nothing here performs the Resource '{}'", step.resource);
        if let Some(way) = self.host.would_call(&step.resource) {
            cause = format!("{cause}: {way}");
        }
        Err(Failure::new(names::RUNTIME, cause))
    }

    fn record_scheduled(&mut self, id: FrameId, step: &TaskStep, place: &Place) -> Flow {
        let shown = Shown::at(step, place);
        self.record_in(id, shown.scheduled(step))?;
        if let Some(started) = shown.started() {
            self.record_in(id, started)?;
        }
        Ok(())
    }

    /// Asks the outside to perform the attempt: first, or again after a restart.
    pub(super) fn hand_out(&mut self, id: FrameId, task: &TaskWait) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let Token { frame: number, entry, attempt, .. } = task.token;
        let key = format!("{}/{number}/{entry}", self.execution.context.execution_arn);
        let state = frame.state.clone();
        let effect = match &task.place {
            Place::Child { .. } => {
                let asked = match child::request(&task.step.arguments) {
                    Ok(asked) => asked,
                    Err(refusal) => {
                        self.call_refused(task.token, &refusal)?;
                        return Ok(());
                    }
                };
                let start = child::Start::of(&task.step.resource);
                Effect::StartChild(Box::new(StartChild {
                    token: task.token,
                    state,
                    machine: asked.machine,
                    name: asked.name,
                    input: asked.input,
                    detached: !start.is_some_and(child::Start::waits_for_end),
                    key: format!("{key}/{attempt}"),
                    map_run: None,
                }))
            }
            Place::Process(_) | Place::Activity(_) | Place::Call => {
                Effect::RunTask(Box::new(RunTask {
                    token: task.token,
                    place: task.place.clone(),
                    state,
                    resource: task.step.resource.clone(),
                    key,
                    arguments: task.step.arguments.clone(),
                    deadline: task.deadline,
                    heartbeat: task.step.heartbeat,
                    delivery: task.deliveries,
                }))
            }
        };
        self.effects.push(effect);
        Ok(())
    }

    /// Returns the task that a frame waits for, if it is still this attempt.
    pub(super) fn waiting_task(&self, token: Token) -> Option<TaskWait> {
        match &self.execution.frames.get(&token.frame)?.waiting {
            Waiting::Task(task) if task.token == token => Some(task.clone()),
            _ => None,
        }
    }

    /// Returns the task of an attempt that has come to its end.
    pub(super) fn answered_task(&mut self, token: Token) -> Option<TaskWait> {
        let task = self.waiting_task(token)?;
        self.answered = Some(token);
        Some(task)
    }

    pub(super) fn task_mut(&mut self, token: Token) -> Option<&mut TaskWait> {
        match &mut self.execution.frames.get_mut(&token.frame)?.waiting {
            Waiting::Task(task) if task.token == token => Some(task),
            _ => None,
        }
    }

    pub(super) fn task_started(&mut self, token: Token, worker: Option<String>) -> Flow<Taken> {
        let wall = self.wall;
        let Some(task) = self.task_mut(token).filter(|task| !task.started) else {
            return Ok(Taken::Stale);
        };
        task.started = true;
        if let Some(heartbeat) = &mut task.heartbeat {
            heartbeat.due = wall.checked_add(heartbeat.interval).ok();
        }
        self.record_in(token.frame, HistoryKind::ActivityStarted { worker })?;
        Ok(Taken::Committing)
    }

    pub(super) fn heartbeat(&mut self, token: Token) -> Taken {
        let wall = self.wall;
        let Some(task) = self.task_mut(token) else { return Taken::Stale };
        if let Some(heartbeat) = &mut task.heartbeat {
            heartbeat.due = wall.checked_add(heartbeat.interval).ok();
        }
        Taken::InMemory
    }

    pub(super) fn task_succeeded(&mut self, token: Token, output: Data) -> Flow<Taken> {
        let Some(task) = self.answered_task(token) else { return Ok(Taken::Stale) };
        if self.too_large(&output) {
            let failure = Failure::too_large(&Shown::of(&task).limit_name());
            return self.attempt_failed(task, failure);
        }
        let id = token.frame;
        let shown = output.clone();
        self.record_in(id, Shown::of(&task).succeeded(shown))?;
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(Taken::Stale) };
        let (state, input) = (frame.state.clone(), frame.input.clone());
        let again = Some(Again::Task(task.step));
        self.resume(id, Resume::Done { state, input, result: output }, again)?;
        Ok(Taken::Committing)
    }

    pub(super) fn task_failed(&mut self, token: Token, failure: Failure) -> Flow<Taken> {
        match self.answered_task(token) {
            Some(task) => self.attempt_failed(task, failure.bounded()),
            None => self.objects_failed(token, failure),
        }
    }

    pub(super) fn attempt_failed(&mut self, task: TaskWait, failure: Failure) -> Flow<Taken> {
        self.record_in(task.token.frame, Shown::failed(&task, failure.clone()))?;
        self.fault(task.token.frame, Fault::of_task(failure, Again::Task(task.step)))?;
        Ok(Taken::Committing)
    }

    /// The attempt ran past its deadline, or was silent for too long.
    pub(super) fn attempt_timed_out(&mut self, task: TaskWait) -> Flow {
        let silent = task.deadline.is_none_or(|deadline| deadline > self.wall);
        let failure = timed_out();
        let id = task.token.frame;
        self.record_in(id, Shown::of(&task).timed_out(failure))?;
        self.cancel(&task);
        let again = Again::Task(task.step);
        let fault =
            if silent { Fault::heartbeat(again) } else { Fault::of_task(timed_out(), again) };
        self.fault(id, fault)
    }

    /// Nobody waits for the task any more.
    pub(super) fn cancel(&mut self, task: &TaskWait) {
        let token = task.token;
        let waits_for_end =
            || child::Start::of(&task.step.resource).is_some_and(child::Start::waits_for_end);
        match &task.place {
            Place::Child { execution, .. } if waits_for_end() => {
                self.effects.push(Effect::StopChild { token, execution: execution.clone() });
            }
            // An execution that only was to be started runs on.
            Place::Child { .. } => {}
            place => self.effects.push(Effect::CancelTask { token, place: place.clone() }),
        }
    }

    /// The call that the task is was answered; what it is to give is still to come.
    pub(super) fn record_submitted(
        &mut self,
        token: Token,
        resource: Resource,
        output: Data,
    ) -> Flow {
        self.record_in(token.frame, HistoryKind::TaskSubmitted { resource, output })?;
        Ok(())
    }
}
