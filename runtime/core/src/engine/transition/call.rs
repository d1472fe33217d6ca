//! Calls of AWS APIs: answered, refused, and gone on with as their pattern says.

use super::{Flow, Transition, shown::Shown};
use crate::{
    asl::{Pattern, TaskResource},
    engine::{
        ChildOutcome, Refusal, Taken, Token, child,
        execution::{Place, TaskWait},
        response::Response,
    },
    program::{Data, Failure},
};
use jiff::Timestamp;

impl Transition<'_> {
    pub(super) fn call_answered(&mut self, token: Token, output: Data) -> Flow<Taken> {
        let Some(task) = self.unsubmitted(token) else { return Ok(Taken::Stale) };
        match pattern_of(&task) {
            Pattern::Token => self.submitted(task, output),
            Pattern::Request | Pattern::Job { .. } => self.task_succeeded(token, output),
        }
    }

    pub(super) fn call_refused(&mut self, token: Token, refusal: &Refusal) -> Flow<Taken> {
        let Some(task) = self.unsubmitted(token) else { return Ok(Taken::Stale) };
        self.answered = Some(token);
        let failure = Response::new(&self.random, self.now).failure(&task.step.resource, refusal);
        self.attempt_failed(task, failure.bounded())
    }

    pub(super) fn child_started(
        &mut self,
        token: Token,
        execution: String,
        at: Timestamp,
    ) -> Flow<Taken> {
        let Some(mut task) = self.unsubmitted(token) else { return Ok(Taken::Stale) };
        let Some(start) = child::Start::of(&task.step.resource) else { return Ok(Taken::Stale) };
        let answer = start.answer(&execution, at);
        let answer = if start.is_optimized() {
            Response::new(&self.random, self.now).with_metadata(answer)
        } else {
            serde_json::Value::Object(answer).into()
        };
        if start.pattern == Pattern::Request {
            return self.task_succeeded(token, answer);
        }
        if let Place::Child { execution: started, .. } = &mut task.place {
            *started = Some(execution);
        }
        self.submitted(task, answer)
    }

    pub(super) fn child_ended(&mut self, token: Token, outcome: &ChildOutcome) -> Flow<Taken> {
        let Some(task) = self.answered_task(token) else {
            return self.execution_over(token, outcome);
        };
        let start = child::Start::of(&task.step.resource);
        let Some(start) = start.filter(|start| start.waits_for_end()) else {
            return Ok(Taken::Stale);
        };
        if !is_submitted(&task) {
            self.child_started(token, outcome.execution.clone(), outcome.started)?;
        }
        match start.result(outcome) {
            Ok(output) => self.task_succeeded(token, output),
            Err(failure) => self.task_failed(token, failure),
        }
    }

    /// Somebody else is to give the result now.
    fn submitted(&mut self, mut task: TaskWait, answer: Data) -> Flow<Taken> {
        let token = task.token;
        if self.too_large(&answer) {
            let failure = Failure::too_large(&Shown::of(&task).limit_name());
            return self.attempt_failed(task, failure);
        }
        let Shown::Task(resource) = Shown::of(&task) else { return Ok(Taken::Stale) };
        self.record_submitted(token, resource, answer)?;
        task.submitted = pattern_of(&task) == Pattern::Token;
        if let Some(waiting) = self.task_mut(token) {
            *waiting = task;
        }
        Ok(Taken::Committing)
    }

    /// The task that waits for the answer to its call.
    fn unsubmitted(&self, token: Token) -> Option<TaskWait> {
        self.waiting_task(token).filter(|task| !is_submitted(task))
    }
}

/// Whether the call of a task has been answered.
pub(super) fn is_submitted(task: &TaskWait) -> bool {
    task.submitted || matches!(&task.place, Place::Child { execution: Some(_), .. })
}

/// How a task's service is called; what is no service is asked for its answer.
pub(super) fn pattern_of(task: &TaskWait) -> Pattern {
    match TaskResource::of(&task.step.resource) {
        TaskResource::Integration { pattern, .. } => pattern,
        _ => Pattern::Request,
    }
}
