//! Performs what the core gives out.

use super::{Begun, Error, Inbox, Reply, Shell, writer::Writer};
use crate::{
    driver::core::{Answered, Input, Origin, Output},
    engine::{HistoryEvent, Status},
    store::{self, ExecutionId, codec},
};
use tokio::sync::watch;

impl Shell {
    /// Answers and performs what is durable, then commits the next group.
    pub(super) fn act(
        &mut self,
        output: Output,
        inputs: &mut Vec<Input>,
    ) -> Result<(), store::Error> {
        for (execution, token) in output.cancel {
            self.tasks.cancel(execution, token);
        }
        for run in output.run {
            self.tasks.run(run);
        }
        for answered in output.started {
            self.started(answered);
        }
        for (execution, history) in output.history {
            self.tell_watchers(execution, &history);
        }
        for (execution, status) in output.ended {
            self.ended(execution, &status);
        }
        if output.inbox {
            self.inbox = Inbox::News;
        }
        if output.claim {
            self.claim_by(jiff::Timestamp::MIN);
        }
        if let Some(due) = output.rested_until {
            self.claim_by(due);
        }
        for (parent, child) in output.found {
            inputs.extend(self.reader.child(parent, child)?);
        }
        for execution in output.read {
            inputs.push(self.read(execution)?);
        }
        if std::mem::take(&mut self.untidy) {
            self.reader.store.checkpoint()?;
        }
        if let Some(group) = output.group {
            if Writer::takes(&group) {
                self.writer.commit(group);
                return Ok(());
            }
            let committed = self.reader.store.commit(group)?;
            self.untidy = true;
            inputs.push(Input::Committed(committed));
        }
        Ok(())
    }

    fn started(&mut self, answered: Answered) {
        let Answered { origin, execution, new } = answered;
        if let Origin::Caller(caller) = origin
            && let Some(reply) = self.starts.remove(&caller)
        {
            answer(reply, Ok(Begun { execution, new }));
        }
    }

    fn tell_watchers(&mut self, execution: ExecutionId, history: &[HistoryEvent]) {
        if let Some(watcher) = self.watchers.get(&execution)
            && let Some(last) = history.last()
            && watcher.send(last.id).is_err()
        {
            self.watchers.remove(&execution);
        }
    }

    fn ended(&mut self, execution: ExecutionId, status: &Status) {
        self.watchers.remove(&execution);
        for reply in self.waiters.remove(&execution).into_iter().flatten() {
            answer(reply, Ok(status.clone()));
        }
    }

    /// Answers when an execution has ended, or at once if it has.
    pub(super) fn wait(&mut self, execution: ExecutionId, reply: Reply<Status>) {
        match self.status(execution) {
            Ok(Status::Running) => self.waiters.entry(execution).or_default().push(reply),
            other => answer(reply, other),
        }
    }

    /// Tells of new events from now on; the channel of an execution that has ended is closed.
    pub(super) fn watch(&mut self, execution: ExecutionId, reply: Reply<watch::Receiver<u64>>) {
        let receiver = match self.status(execution) {
            Ok(Status::Running) => {
                let sender = self.watchers.entry(execution);
                Ok(sender.or_insert_with(|| watch::Sender::new(0)).subscribe())
            }
            Ok(_) => Ok(watch::Sender::new(0).subscribe()),
            Err(error) => Err(error),
        };
        answer(reply, receiver);
    }

    fn status(&self, execution: ExecutionId) -> Result<Status, Error> {
        if self.core.has(execution) {
            return Ok(Status::Running);
        }
        if let Some(why) = self.stranded.get(&execution) {
            return Err(Error::Stranded(why.clone()));
        }
        let record = self.reader.store.describe(execution)?.ok_or(Error::Unknown)?;
        Ok(codec::status(&*self.reader.store, &record)?)
    }
}

/// Answers somebody who may have stopped waiting.
pub(super) fn answer<T>(reply: Reply<T>, with: Result<T, Error>) {
    let _gone = reply.send(with);
}
