//! Groups of changes: put together, given out, answered.

use super::{
    Answered, Core, Message, Origin, Output,
    live::{Live, Pending, Stepped, Unborn},
};
use crate::{
    engine::{ChildOutcome, Effect},
    program::Failure,
    store::{
        self, Answer, Batch, Committed, Epoch, ExecutionId, MessageId, Pin, Started, Wake,
        codec::{self, Parent, Write},
    },
};
use jiff::Timestamp;

/// A group of writes and what follows from each.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) batch: Batch,
    /// As many as `batch.starts`.
    unborn: Vec<Unborn>,
    /// As many as `batch.changes`.
    pub(super) pending: Vec<Pending>,
    /// As in `batch.released`.
    released: Vec<ExecutionId>,
    /// Whether there are messages of no change.
    sends: bool,
}

impl Group {
    pub(super) fn is_empty(&self) -> bool {
        self.unborn.is_empty()
            && self.pending.is_empty()
            && self.batch.applied.is_empty()
            && self.batch.released.is_empty()
            && self.batch.messages.is_empty()
    }

    /// Sends a message that belongs to no change.
    pub(super) fn send(&mut self, message: store::Message) {
        self.batch.messages.push(message);
        self.sends = true;
    }

    /// Adds a new execution.
    pub(super) fn start(
        &mut self,
        mut unborn: Unborn,
        (pin, name): (Pin, String),
        now: Timestamp,
        epoch: Epoch,
    ) {
        let Unborn { live, stepped, .. } = &mut unborn;
        let changes = live.execution.take_changes();
        let write = Write {
            execution: &live.execution,
            changes: &changes,
            history: &stepped.history,
            wake: live.wake(now, &stepped.effects),
            epoch,
        };
        let mut start = codec::start(pin, live.parent, &write, &mut live.values);
        start.name = name;
        start.first.messages.extend(news_to_parent(live, now));
        self.batch.starts.push(start);
        self.unborn.push(unborn);
    }

    /// Adds a change of an execution.
    pub(super) fn change(
        &mut self,
        id: ExecutionId,
        live: &mut Live,
        mut stepped: Stepped,
        wake: Wake,
        now: Timestamp,
        epoch: Epoch,
    ) {
        let changes = live.execution.take_changes();
        let history = &stepped.history;
        let write = Write { execution: &live.execution, changes: &changes, history, wake, epoch };
        let mut change = codec::change(id, live.version, &write, &mut live.values);
        change.applied = std::mem::take(&mut stepped.applied);
        stepped.sent = stepped.effects.iter().any(|it| matches!(it, Effect::StopChild { .. }));
        change.messages.extend(news_to_parent(live, now));
        change.messages.extend(stops(live, &stepped.effects, now));
        self.withdraw(id, &stepped.effects);
        self.batch.changes.push(change);
        self.pending.push(Pending { id, stepped, wake });
    }

    /// Takes out the starts of children that their parent does not want any more: they would be
    /// there in the same moment in which nobody waits for them.
    fn withdraw(&mut self, parent: ExecutionId, effects: &[Effect]) {
        for effect in effects {
            let Effect::StopChild { token, .. } = effect else { continue };
            let origin = Origin::Parent(Parent::new(parent, *token, false));
            if let Some(index) = self.unborn.iter().position(|unborn| unborn.origin == origin) {
                self.unborn.remove(index);
                self.batch.starts.remove(index);
            }
        }
    }

    /// Gives an execution back as it was read, and takes messages to it out of the inbox.
    pub(super) fn release(
        &mut self,
        id: ExecutionId,
        epoch: Epoch,
        applied: impl IntoIterator<Item = MessageId>,
    ) {
        self.batch.released.push((id, epoch));
        self.released.push(id);
        self.batch.applied.extend(applied);
    }
}

/// The messages that stop children that nobody waits for any more.
fn stops(
    live: &mut Live,
    effects: &[Effect],
    now: Timestamp,
) -> impl Iterator<Item = store::Message> {
    effects.iter().filter_map(move |effect| {
        let Effect::StopChild { token, .. } = effect else { return None };
        let child = live.children.remove(token)?;
        let body = Message::Stop(Failure { error: None, cause: None }).encode();
        Some(store::Message { execution: Some(child), sent: now, body })
    })
}

/// The message that tells a parent of the end.
fn news_to_parent(live: &Live, now: Timestamp) -> Option<store::Message> {
    let parent = live.parent.filter(|parent| !parent.detached && live.execution.is_ended())?;
    let context = &live.execution.context;
    let child = ChildOutcome {
        execution: context.execution_arn.clone(),
        name: context.execution_name.clone(),
        machine: context.machine_arn.clone(),
        input: context.input.clone(),
        started: context.started,
        stopped: live.execution.head.ended.unwrap_or(now),
        status: live.execution.head.status.clone(),
    };
    let body = Message::ChildEnded { token: parent.token, child: Box::new(child) }.encode();
    Some(store::Message { execution: Some(ExecutionId(parent.execution)), sent: now, body })
}

impl Core {
    /// Gives out the group that was put together, if there is anything in it.
    pub(super) fn depart(&mut self) -> Option<Batch> {
        if self.next.is_empty() {
            return None;
        }
        let mut group = std::mem::take(&mut self.next);
        let batch = std::mem::take(&mut group.batch);
        self.flight = Some(group);
        Some(batch)
    }

    /// Takes the store's answer to the group that was given out.
    pub(super) fn committed(&mut self, committed: Committed, output: &mut Output) {
        let Some(group) = self.flight.take() else { return };
        output.inbox |= group.sends;
        // Whoever wrote to them before they were given back could not be heard.
        output.claim |= group.released.iter().any(|id| self.parked.contains_key(id));
        for (unborn, answer) in group.unborn.into_iter().zip(committed.starts) {
            self.born(unborn, answer, output);
        }
        for (pending, answer) in group.pending.into_iter().zip(committed.changes) {
            match answer {
                Answer::Ok => self.changed(pending, output),
                Answer::Conflict => self.conflicted(pending, output),
            }
        }
    }

    fn born(&mut self, unborn: Unborn, answer: Started, output: &mut Output) {
        let Unborn { origin, mut live, stepped } = unborn;
        let (execution, new) = match answer {
            Started::New(id) => (id, true),
            Started::Exists(id) => (id, false),
        };
        match origin {
            Origin::Caller(_) => output.started.push(Answered { origin, execution, new }),
            Origin::Parent(parent) if new => self.child_born(parent, execution, &live),
            Origin::Parent(parent) => {
                output.found.push((parent, execution, live.execution.context.input.clone()));
            }
        }
        if new {
            self.open += 1;
            output.born.push(execution);
            let wake = live.wake(self.now, &stepped.effects);
            // Whoever saw it in the store may have written before this was known here.
            let parked = self.parked.remove(&execution).into_iter().flatten();
            live.news.extend(parked.map(|(id, message)| (message.into_event(), Some(id))));
            self.live.insert(execution, live);
            self.changed(Pending { id: execution, stepped, wake }, output);
        }
    }

    fn changed(&mut self, pending: Pending, output: &mut Output) {
        let Pending { id, stepped, wake } = pending;
        let Some(live) = self.live.get_mut(&id) else { return };
        live.version += 1;
        let ended = live.execution.is_ended();
        let status = ended.then(|| live.execution.head.status.clone());
        let tells = ended && live.parent.is_some_and(|parent| !parent.detached);
        output.inbox |= stepped.sent || tells;
        output.history.push((id, stepped.history));
        self.perform(id, stepped.effects, output);
        if let Some(status) = status {
            self.open = self.open.saturating_sub(1);
            output.cancel.extend(self.queue.cancel_all(id));
            output.ended.push((id, status));
        }
        if wake != Wake::Owned {
            return self.rest(id, wake, output);
        }
        self.set_timer(id);
        if let Some(live) = self.live.get_mut(&id) {
            live.committing = false;
            if !live.news.is_empty() {
                self.ready.push_back(id);
            }
        }
        self.look_whether_stranded(id, output);
    }

    /// Drops an execution that needs nobody for now; what it was still to learn comes by a claim.
    fn rest(&mut self, id: ExecutionId, wake: Wake, output: &mut Output) {
        if let Wake::At(due) = wake {
            output.rested_by(Some(due));
        }
        let Some(live) = self.forget(id) else { return };
        for (event, message) in live.news {
            let (Some(message), Some(what)) = (message, Message::of_event(event)) else { continue };
            if live.execution.is_ended() {
                self.next.batch.applied.push(message);
            } else {
                self.parked.entry(id).or_default().push((message, what));
                output.claim = true;
            }
        }
    }

    /// The store has the execution otherwise than it was here: it is read anew.
    fn conflicted(&mut self, pending: Pending, output: &mut Output) {
        let Some(live) = self.forget(pending.id) else { return };
        let mut news: std::collections::VecDeque<_> = pending.stepped.news.into();
        news.extend(live.news);
        self.rereading.insert(pending.id, news);
        output.read.push(pending.id);
    }
}
