//! The execution ends.

use super::Transition;
use crate::{
    engine::{Effect, FrameId, HistoryEvent, HistoryKind, Status, Taken, execution::Waiting},
    program::{Data, Failure, names},
};

impl Transition<'_> {
    pub(super) fn execution_succeeded(&mut self, last: u64, output: Data) {
        self.remove_frame(FrameId::ROOT);
        let kind = HistoryKind::ExecutionSucceeded { output: output.clone() };
        self.end(last, kind, Status::Succeeded(output));
    }

    pub(super) fn execution_failed(&mut self, last: u64, failure: Failure) {
        let kind = HistoryKind::ExecutionFailed(failure.clone());
        self.end(last, kind, Status::Failed(failure));
    }

    /// The machine's `TimeoutSeconds` are over. AWS gives neither error nor cause (recorded).
    pub(super) fn execution_timed_out(&mut self) {
        let failure = Failure { error: None, cause: None };
        let kind = HistoryKind::ExecutionTimedOut(failure.clone());
        self.end(0, kind, Status::TimedOut(failure));
    }

    pub(super) fn stop(&mut self, failure: Failure) -> Taken {
        let failure = failure.bounded();
        let kind = HistoryKind::ExecutionAborted(failure.clone());
        // AWS: the event follows nothing (recorded).
        self.end(0, kind, Status::Aborted(failure));
        Taken::Committing
    }

    /// There is room for one more event, and it says so.
    pub(super) fn history_full(&mut self) {
        let limit = self.execution.limits.events.unwrap_or(u64::MAX);
        let cause =
            format!("The execution reached the maximum number of history events ({limit}).");
        let last = self.execution.head.last_event;
        self.execution_failed(last, Failure::new(names::RUNTIME, cause));
    }

    fn end(&mut self, previous_event_id: u64, kind: HistoryKind, status: Status) {
        let id = self.execution.head.last_event + 1;
        let timestamp = self.now;
        self.history.push(HistoryEvent { id, previous_event_id, timestamp, kind });
        let head = &mut self.execution.head;
        head.last_event = id;
        head.last_time = timestamp;
        head.ended = Some(timestamp);
        head.status = status.clone();

        let frames = self.execution.frames.values();
        let tasks: Vec<_> = frames
            .filter_map(|frame| match &frame.waiting {
                Waiting::Task(task) if self.answered != Some(task.token) => Some(task.clone()),
                _ => None,
            })
            .collect();
        for task in tasks {
            self.cancel(&task);
        }
        let frames: Vec<FrameId> = self.execution.frames.keys().copied().collect();
        for id in frames {
            self.stop_run(id);
        }
        self.restore_fallen();
        self.ready.clear();
        self.effects.push(Effect::Ended(status));
    }
}
