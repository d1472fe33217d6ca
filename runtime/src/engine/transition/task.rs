//! Tasks and child executions: asked for, answered, timed out.

use super::{
    Flow, Transition,
    failure::{Fault, timed_out},
};
use crate::{
    engine::{
        ChildOutcome, Effect, FrameId, HistoryKind, RunTask, StartChild, Taken, Token, child,
        execution::{Absent, AbsentTask, Again, Heartbeat, Place, TaskWait, Waiting},
        history::Resource,
    },
    program::{Data, Failure, Resume, TaskStep, names},
};
use jiff::Timestamp;

impl Transition<'_> {
    /// Asks for a task; a retry comes here again with the same arguments.
    pub(super) fn begin_task(&mut self, id: FrameId, step: TaskStep) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let (entry, attempt, state) = (frame.entry, frame.retries.total, frame.state.clone());
        if self.too_large(&step.arguments) {
            return self.fault(id, Fault::arguments_too_large(&state));
        }
        if let Some(why) = self.host.strands(&step) {
            if let Some(frame) = self.frame_mut(id) {
                frame.waiting = Waiting::Absent(Absent { why, task: AbsentTask::New(step) });
            }
            return Ok(());
        }
        let place = match self.place(&step) {
            Ok(place) => place,
            Err(failure) => return self.fault(id, Fault::of_state(failure)),
        };
        let token = Token { frame: id, entry, attempt, random: self.random.next() };
        self.record_scheduled(id, &step, &place)?;
        let started = !matches!(place, Place::Activity(_));
        let heartbeat = step.heartbeat.map(|interval| Heartbeat {
            interval,
            due: if started { self.after(interval) } else { None },
        });
        let deadline = step.timeout.and_then(|timeout| self.after(timeout));
        let task = TaskWait { step, place, token, deadline, started, heartbeat, deliveries: 1 };
        self.hand_out(id, &task);
        if let Some(frame) = self.frame_mut(id) {
            frame.waiting = Waiting::Task(task);
        }
        Ok(())
    }

    fn place(&self, step: &TaskStep) -> Result<Place, Failure> {
        if let Some(task) = self.host.task_in_process(&step.resource) {
            return Ok(Place::Process(task));
        }
        if child::envelope_of(&step.resource).is_some() {
            let machine = child::request(&step.arguments)?.machine;
            return Ok(Place::Child { machine, execution: None });
        }
        if step.resource.contains(":activity:") {
            return Ok(Place::Activity(step.resource.clone()));
        }
        let cause = format!("nothing here performs the Resource '{}'", step.resource);
        Err(Failure::new(names::RUNTIME, cause))
    }

    fn record_scheduled(&mut self, id: FrameId, step: &TaskStep, place: &Place) -> Flow {
        let timeout = step.timeout.map(|timeout| timeout.as_secs());
        let heartbeat = step.heartbeat.map(|heartbeat| heartbeat.as_secs());
        let data = step.arguments.clone();
        if let Place::Activity(resource) = place {
            let resource = resource.clone();
            let scheduled =
                HistoryKind::ActivityScheduled { resource, input: data, timeout, heartbeat };
            self.record_in(id, scheduled)?;
            return Ok(());
        }
        let resource = resource_of(step, place);
        let scheduled = HistoryKind::TaskScheduled {
            resource: resource.clone(),
            parameters: data,
            timeout,
            heartbeat,
        };
        self.record_in(id, scheduled)?;
        self.record_in(id, HistoryKind::TaskStarted { resource })?;
        Ok(())
    }

    /// Asks the outside to perform the attempt: first, or again after a restart.
    pub(super) fn hand_out(&mut self, id: FrameId, task: &TaskWait) {
        let Some(frame) = self.execution.frames.get(&id) else { return };
        let Token { frame: number, entry, attempt, .. } = task.token;
        let key = format!("{}/{number}/{entry}", self.execution.context.execution_arn);
        let state = frame.state.clone();
        let effect = match &task.place {
            Place::Child { .. } => {
                let Ok(asked) = child::request(&task.step.arguments) else { return };
                Effect::StartChild(Box::new(StartChild {
                    token: task.token,
                    state,
                    machine: asked.machine,
                    name: asked.name,
                    input: asked.input,
                    key: format!("{key}/{attempt}"),
                }))
            }
            Place::Process(_) | Place::Activity(_) => Effect::RunTask(Box::new(RunTask {
                token: task.token,
                place: task.place.clone(),
                state,
                resource: task.step.resource.clone(),
                key,
                arguments: task.step.arguments.clone(),
                deadline: task.deadline,
                heartbeat: task.step.heartbeat,
                delivery: task.deliveries,
            })),
        };
        self.effects.push(effect);
    }

    /// Returns the task that a frame waits for, if it is still this attempt.
    fn waiting_task(&self, token: Token) -> Option<TaskWait> {
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

    fn task_mut(&mut self, token: Token) -> Option<&mut TaskWait> {
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
            let failure = Failure::too_large(&limit_name(&task));
            return self.attempt_failed(task, failure);
        }
        let id = token.frame;
        let shown = output.clone();
        let succeeded = match &task.place {
            Place::Activity(_) => HistoryKind::ActivitySucceeded { output: shown },
            place => {
                let resource = resource_of(&task.step, place);
                HistoryKind::TaskSucceeded { resource, output: shown }
            }
        };
        self.record_in(id, succeeded)?;
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(Taken::Stale) };
        let (state, input) = (frame.state.clone(), frame.input.clone());
        let again = Some(Again::Task(task.step));
        self.resume(id, Resume::Done { state, input, result: output }, again)?;
        Ok(Taken::Committing)
    }

    pub(super) fn task_failed(&mut self, token: Token, failure: Failure) -> Flow<Taken> {
        match self.answered_task(token) {
            Some(task) => self.attempt_failed(task, failure.bounded()),
            None => Ok(Taken::Stale),
        }
    }

    pub(super) fn attempt_failed(&mut self, task: TaskWait, failure: Failure) -> Flow<Taken> {
        let shown = failure.clone();
        let failed = match &task.place {
            Place::Activity(_) => HistoryKind::ActivityFailed(shown),
            place => {
                let resource = resource_of(&task.step, place);
                HistoryKind::TaskFailed { resource, failure: shown }
            }
        };
        self.record_in(task.token.frame, failed)?;
        self.fault(task.token.frame, Fault::of_task(failure, Again::Task(task.step)))?;
        Ok(Taken::Committing)
    }

    /// The attempt ran past its deadline, or was silent for too long.
    pub(super) fn attempt_timed_out(&mut self, task: TaskWait) -> Flow {
        let silent = task.deadline.is_none_or(|deadline| deadline > self.wall);
        let failure = timed_out();
        let event = match &task.place {
            Place::Activity(_) => HistoryKind::ActivityTimedOut(failure),
            place => {
                let resource = resource_of(&task.step, place);
                HistoryKind::TaskTimedOut { resource, failure }
            }
        };
        let id = task.token.frame;
        self.record_in(id, event)?;
        self.cancel(&task);
        let again = Again::Task(task.step);
        let fault =
            if silent { Fault::heartbeat(again) } else { Fault::of_task(timed_out(), again) };
        self.fault(id, fault)
    }

    /// Nobody waits for the task any more.
    pub(super) fn cancel(&mut self, task: &TaskWait) {
        let token = task.token;
        self.effects.push(match &task.place {
            Place::Child { execution, .. } => {
                Effect::StopChild { token, execution: execution.clone() }
            }
            place => Effect::CancelTask { token, place: place.clone() },
        });
    }

    pub(super) fn child_started(
        &mut self,
        token: Token,
        execution: String,
        at: Timestamp,
    ) -> Flow<Taken> {
        let Some(task) = self.waiting_task(token) else { return Ok(Taken::Stale) };
        let Place::Child { machine, execution: None } = &task.place else {
            return Ok(Taken::Stale);
        };
        let output = child::submitted(&execution, at);
        let resource = resource_of(&task.step, &task.place);
        self.record_in(token.frame, HistoryKind::TaskSubmitted { resource, output })?;
        let machine = machine.clone();
        if let Some(task) = self.task_mut(token) {
            task.place = Place::Child { machine, execution: Some(execution) };
        }
        Ok(Taken::Committing)
    }

    pub(super) fn child_ended(&mut self, token: Token, outcome: &ChildOutcome) -> Flow<Taken> {
        let Some(task) = self.answered_task(token) else { return Ok(Taken::Stale) };
        let Some(envelope) = child::envelope_of(&task.step.resource) else {
            return Ok(Taken::Stale);
        };
        if matches!(task.place, Place::Child { execution: None, .. }) {
            self.child_started(token, outcome.execution.clone(), outcome.started)?;
        }
        match child::result(outcome, envelope) {
            Ok(output) => self.task_succeeded(token, output),
            Err(failure) => self.task_failed(token, failure),
        }
    }
}

fn limit_name(task: &TaskWait) -> String {
    match &task.place {
        Place::Activity(arn) => arn.clone(),
        place => resource_of(&task.step, place).kind,
    }
}

/// Returns how the events of a task name its Resource.
fn resource_of(step: &TaskStep, place: &Place) -> Resource {
    let region = step.resource.split(':').nth(3).filter(|region| !region.is_empty());
    let region = region.unwrap_or("us-east-1").to_owned();
    if let Place::Process(task) = place {
        return Resource { kind: "task".to_owned(), name: task.clone(), region };
    }
    let call = step.resource.split_once(":states:::").map_or("", |(_, call)| call);
    let (kind, name) = call.split_once(':').unwrap_or(("", &step.resource));
    Resource { kind: kind.to_owned(), name: name.to_owned(), region }
}
