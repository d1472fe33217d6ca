//! Time has passed.

use super::{Flow, Transition};
use crate::{
    engine::{
        FrameId, Taken,
        execution::{Again, Waiting},
    },
    program::{Data, Resume},
};
use jiff::Timestamp;

impl Transition<'_> {
    /// Lets everything happen that is due, earliest first, frames of equal time in their order.
    pub(super) fn timers_due(&mut self) -> Flow<Taken> {
        let mut due: Vec<(Timestamp, Option<FrameId>)> = self
            .execution
            .frames
            .iter()
            .filter_map(|(id, frame)| Some((frame.waiting.due()?, Some(*id))))
            .chain(self.execution.head.deadline.map(|deadline| (deadline, None)))
            .filter(|(due, _)| *due <= self.wall)
            .collect();
        // The machine's own deadline comes first among equals: `None` sorts before `Some`.
        due.sort();
        if due.is_empty() {
            return Ok(Taken::Stale);
        }
        for (due, frame) in due {
            match frame {
                _ if self.execution.is_ended() => break,
                None => self.execution_timed_out(),
                Some(id) => self.frame_due(id, due)?,
            }
        }
        Ok(Taken::Committing)
    }

    fn frame_due(&mut self, id: FrameId, due: Timestamp) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        if frame.waiting.due() != Some(due) {
            // An earlier timer of this step has moved the frame on.
            return Ok(());
        }
        match frame.waiting.clone() {
            Waiting::Timer(_) => self.wait_over(id),
            Waiting::Task(task) => self.attempt_timed_out(task),
            Waiting::Retry { again, .. } => self.repeat(id, again),
            Waiting::Ready(_)
            | Waiting::Children(_)
            | Waiting::Run(_)
            | Waiting::Absent(_)
            | Waiting::Failed(_) => Ok(()),
        }
    }

    fn repeat(&mut self, id: FrameId, again: Again) -> Flow {
        match again {
            Again::Task(step) if !step.renewed => self.begin_task(id, step),
            Again::Children(kind) => self.begin_join(id, kind),
            Again::Run(step) => self.begin_run(id, *step),
            Again::Task(_) | Again::State => {
                let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
                let (state, input) = (frame.state.clone(), frame.input.clone());
                self.resume(id, Resume::Enter { state, input }, Some(Again::State))
            }
        }
    }

    /// The time of a Wait has come.
    pub(super) fn wait_over(&mut self, id: FrameId) -> Flow {
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let (state, input) = (frame.state.clone(), frame.input.clone());
        self.resume(id, Resume::Done { state, input, result: Data::default() }, None)
    }
}
