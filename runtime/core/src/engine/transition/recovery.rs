//! A restarted owner asks again for what is outstanding; one that goes gives back what it has.

use super::{Flow, Transition};
use crate::{
    engine::{
        FrameId, Taken, Token,
        execution::{Place, Waiting},
    },
    program::{Failure, names},
};

/// How often one attempt of an in-process task is handed out before it counts as lost: a task
/// that takes the process down with it must not do so for ever.
const DELIVERIES: u32 = 3;

impl Transition<'_> {
    pub(super) fn recovered(&mut self) -> Flow<Taken> {
        let frames: Vec<FrameId> = self.execution.frames.keys().copied().collect();
        self.resume_all();
        for id in frames {
            if self.execution.is_ended() {
                break;
            }
            self.ask_again(id)?;
        }
        Ok(Taken::Committing)
    }

    /// Counts only what took a process down: the next owner hands the tasks out as this one did.
    pub(super) fn given_back(&mut self) -> Taken {
        let mut taken = Taken::Stale;
        for (id, frame) in &mut self.execution.frames {
            if let Waiting::Task(task) = &mut frame.waiting
                && let Place::Process(_) | Place::Call = task.place
                && task.deliveries > 0
            {
                task.deliveries -= 1;
                self.execution.changes.frames.insert(*id);
                taken = Taken::Committing;
            }
        }
        taken
    }

    fn ask_again(&mut self, id: FrameId) -> Flow {
        let wall = self.wall;
        let Some(frame) = self.execution.frames.get_mut(&id) else { return Ok(()) };
        let task = match &mut frame.waiting {
            Waiting::Task(task) => task,
            Waiting::Run(_) => {
                self.ask_run_again(id);
                return Ok(());
            }
            _ => return Ok(()),
        };
        if let Some(heartbeat) = &mut task.heartbeat
            && task.started
        {
            // What came in before the restart is forgotten: one fresh interval.
            heartbeat.due = wall.checked_add(heartbeat.interval).ok();
        }
        let task = match &task.place {
            _ if task.submitted => return Ok(()),
            Place::Activity(_) if task.started => return Ok(()),
            Place::Activity(_) | Place::Child { .. } => task.clone(),
            Place::Process(_) | Place::Call if task.deliveries >= DELIVERIES => {
                let token = task.token;
                return self.lost(token);
            }
            Place::Process(_) | Place::Call => {
                task.deliveries += 1;
                let task = task.clone();
                self.execution.changes.frames.insert(id);
                task
            }
        };
        self.hand_out(id, &task)
    }

    fn lost(&mut self, token: Token) -> Flow {
        let Some(task) = self.answered_task(token) else { return Ok(()) };
        let state = self.execution.frames.get(&token.frame).map(|frame| frame.state.clone());
        let cause = format!(
            "the task of '{}' was handed out {DELIVERIES} times, and the process ended each time \
             before it answered",
            state.unwrap_or_default()
        );
        self.attempt_failed(task, Failure::new(names::TASK_LOST, cause))?;
        Ok(())
    }
}
