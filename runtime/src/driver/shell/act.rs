//! Performs what the core gives out.

use super::{Begun, Error, Inbox, Reply, Shell, writer::Writer};
use crate::{
    driver::core::{Answered, Input, Origin, Output, Start},
    engine::{Event, HistoryEvent, Refusal, Status},
    store::{self, ExecutionId, codec},
};
use std::collections::BTreeSet;
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
        for (start, refusal) in output.refused {
            inputs.extend(self.refused(start, refusal)?);
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
        if let Some(these) = &mut self.these {
            these.extend(output.born);
        }
        for (parent, child, input) in output.found {
            if !parent.detached {
                self.adopt(child)?;
            }
            inputs.extend(self.reader.child(parent, child, input)?);
        }
        for (parent, child) in output.admit {
            self.tasks.admit(parent, *child);
        }
        for execution in output.read {
            inputs.push(self.read(execution, None)?);
        }
        for (execution, why) in output.misfits {
            inputs.push(self.read(execution, Some(&why))?);
        }
        for (execution, why) in output.stranded {
            self.tell_stranded(execution, &why)?;
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

    /// Tells who asked that there are too many executions, if the one that was asked for is not there.
    fn refused(&mut self, start: Start, refusal: Refusal) -> Result<Option<Input>, store::Error> {
        let found = self.reader.store.find(&start.machine.pin.machine, &start.name)?;
        Ok(match (start.origin, found) {
            (Origin::Parent(parent), Some(child)) => {
                self.reader.child(parent, child, start.input)?
            }
            (Origin::Parent(parent), None) => {
                let (execution, token) = (ExecutionId(parent.execution), parent.token);
                let event = Event::CallRefused { token, refusal };
                Some(Input::Admitted { execution, event })
            }
            (Origin::Caller(caller), found) => {
                if let Some(reply) = self.starts.remove(&caller) {
                    let begun = found.map(|execution| Begun { execution, new: false });
                    answer(reply, begun.ok_or(Error::TooMany(refusal.message)));
                }
                None
            }
        })
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

    /// Answers everybody who waits for an execution that can't go on here, or for one that waits for
    /// it.
    pub(super) fn tell_stranded(
        &mut self,
        execution: ExecutionId,
        why: &str,
    ) -> Result<(), store::Error> {
        if self.waiters.is_empty() && self.watchers.is_empty() {
            return Ok(());
        }
        let concerned = self.reader.ancestors(execution)?;
        for id in std::iter::once(execution).chain(concerned) {
            for reply in self.waiters.remove(&id).into_iter().flatten() {
                answer(reply, Err(Error::Stranded(why.to_owned())));
            }
            self.watchers.remove(&id);
        }
        Ok(())
    }

    /// Why an execution can't go on here, or one that it waits for can't.
    fn why_stranded(&self, id: ExecutionId) -> Result<Option<String>, store::Error> {
        let (mut asked, mut found) = (BTreeSet::new(), vec![id]);
        while let Some(id) = found.pop() {
            let why =
                self.core.why_stranded(id).or_else(|| self.unreadable.get(&id).map(String::as_str));
            if let Some(why) = why {
                return Ok(Some(why.to_owned()));
            }
            if asked.insert(id) {
                let children = self.core.children(id);
                found.extend(children.map_or_else(|| self.reader.children_of(id), Ok)?);
            }
        }
        Ok(None)
    }

    /// Answers when an execution has ended, or at once if it has.
    pub(super) fn wait(&mut self, execution: ExecutionId, reply: Reply<Status>) {
        match self.asked(execution) {
            Ok(Status::Running) => self.waiters.entry(execution).or_default().push(reply),
            other => answer(reply, other),
        }
    }

    /// Tells of new events from now on; the channel of an execution that has ended is closed.
    pub(super) fn watch(&mut self, execution: ExecutionId, reply: Reply<watch::Receiver<u64>>) {
        let receiver = match self.asked(execution) {
            Ok(Status::Running) => {
                let sender = self.watchers.entry(execution);
                Ok(sender.or_insert_with(|| watch::Sender::new(0)).subscribe())
            }
            Ok(_) => Ok(watch::Sender::new(0).subscribe()),
            Err(error) => Err(error),
        };
        answer(reply, receiver);
    }

    /// How an execution stands that somebody asks for.
    fn asked(&mut self, execution: ExecutionId) -> Result<Status, Error> {
        let status = self.status(execution)?;
        if status == Status::Running {
            self.adopt(execution)?;
        }
        Ok(status)
    }

    fn status(&self, execution: ExecutionId) -> Result<Status, Error> {
        if !self.core.has(execution) {
            let record = self.reader.store.describe(execution)?.ok_or(Error::Unknown)?;
            let status = codec::status(&*self.reader.store, &record)?;
            if status.is_ended() {
                return Ok(status);
            }
        }
        match self.why_stranded(execution)? {
            Some(why) => Err(Error::Stranded(why)),
            None => Ok(Status::Running),
        }
    }
}

/// Answers somebody who may have stopped waiting.
pub(super) fn answer<T>(reply: Reply<T>, with: Result<T, Error>) {
    let _gone = reply.send(with);
}
