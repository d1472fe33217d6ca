//! What the driver decides, without doing any of it: inputs in, outputs out, no I/O and no clock.
//!
//! [`Core::poll`] is a function of its state, the time and the inputs, so that a test can play any
//! order of events and crashes. Each execution has at most one change under way; what it learns
//! meanwhile is taken together in the next one. Changes of all executions that are ready share a
//! group.
//!
//! Invariant: an effect of a step, and the answer to who caused it, leave the core only after the
//! store has said that the step is durable.

mod children;
mod commit;
mod input;
mod live;
mod message;
mod output;
mod queue;
mod stranded;

pub(crate) use input::{Child, Input, Origin, Read, Start};
pub(crate) use message::Message;
pub(crate) use output::{Answered, Output, Run, Work};

use crate::{
    catalog::{Catalog, Code, Fit, Machine},
    driver::{Limits, strand::Performer},
    engine::{Effect, Event, Execution, Moment, Refusal, Token, execution::Place},
    program::Context,
    query::random::Random,
    store::{Epoch, ExecutionId, MessageId, Pin, Wake, codec::Parent},
};
use commit::Group;
use jiff::Timestamp;
use live::{Live, News, Unborn};
use queue::Queue;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

/// What a core needs to know of its surroundings.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) epoch: Epoch,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) host: Arc<dyn Performer>,
    pub(crate) limits: Limits,
    /// Executions that have not ended: how many there are.
    pub(crate) open: u64,
    pub(crate) children: Children,
    /// Begins the sequence of the events' seeds.
    pub(crate) seed: u64,
}

/// Where the executions are run that tasks start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Children {
    /// Here, with those that start them.
    Here,
    /// By another driver: the service hands them over.
    Elsewhere,
}

/// The executions in memory and what they wait for.
#[derive(Debug)]
pub(crate) struct Core {
    setting: Setting,
    seeds: Random,
    now: Timestamp,
    live: BTreeMap<ExecutionId, Live>,
    /// Executions that have news and no change under way, in the order of their turns.
    ready: VecDeque<ExecutionId>,
    timers: BTreeSet<(Timestamp, ExecutionId)>,
    queue: Queue,
    /// Whether it has given back what it had, and does no more than have that written.
    leaving: bool,
    /// The group being put together.
    next: Group,
    /// The group being committed.
    flight: Option<Group>,
    /// Executions being read anew after a conflict, and what they have yet to learn.
    rereading: BTreeMap<ExecutionId, VecDeque<News>>,
    /// Messages to executions that are not in memory.
    parked: BTreeMap<ExecutionId, Vec<(MessageId, Message)>>,
    /// Executions that are owned and not in memory, because this process can't go on with them, and
    /// why.
    aside: BTreeMap<ExecutionId, String>,
    /// How many executions have not ended, wherever they are.
    open: u64,
}

impl Core {
    pub(crate) fn new(setting: Setting) -> Self {
        Self {
            seeds: Random::new(setting.seed),
            now: Timestamp::UNIX_EPOCH,
            live: BTreeMap::new(),
            ready: VecDeque::new(),
            timers: BTreeSet::new(),
            queue: Queue::new(setting.limits.running_tasks),
            leaving: false,
            next: Group::default(),
            flight: None,
            rereading: BTreeMap::new(),
            parked: BTreeMap::new(),
            aside: BTreeMap::new(),
            open: setting.open,
            setting,
        }
    }

    /// Takes what has happened by `now` and says what to do.
    pub(crate) fn poll(
        &mut self,
        now: Timestamp,
        inputs: impl IntoIterator<Item = Input>,
    ) -> Output {
        // Not the larger of both: a clock that was wrong for a moment must not stay so.
        self.now = now;
        let mut output = Output::default();
        for input in inputs {
            self.take(input, &mut output);
        }
        self.fire_timers();
        self.step_ready(&mut output);
        if self.flight.is_none() {
            output.group = self.depart();
        }
        while let Some(run) = self.queue.next() {
            output.run.push(run);
        }
        output
    }

    /// When to poll again without any input.
    pub(crate) fn next_timer(&self) -> Option<Timestamp> {
        self.timers.first().map(|(due, _)| *due)
    }

    /// Whether only time or somebody outside can bring news.
    pub(crate) fn is_idle(&self) -> bool {
        self.queue.is_empty()
            && self.flight.is_none()
            && self.ready.is_empty()
            && self.rereading.is_empty()
    }

    /// Whether a group was given out and not answered yet.
    pub(crate) fn is_writing(&self) -> bool {
        self.flight.is_some()
    }

    /// Whether there is something to do without any news.
    pub(crate) fn is_ready(&self) -> bool {
        self.flight.is_none() && !(self.ready.is_empty() && self.next.is_empty())
    }

    /// Whether an execution is to be stopped that is not in memory yet.
    pub(crate) fn has_to_stop(&self) -> bool {
        let mut parked = self.parked.values().flatten();
        parked.any(|(_, message)| matches!(message, Message::Stop(_)))
    }

    /// Starts no more tasks; those that run may end.
    pub(crate) fn drain(&mut self) {
        self.queue.close();
    }

    /// Gives back the tasks that were handed out and have not reported, and hears of none any more:
    /// that this process goes is not their doing.
    pub(crate) fn give_back(&mut self) {
        self.queue.close();
        self.leaving = true;
        let live: Vec<ExecutionId> = self.live.keys().copied().collect();
        for id in live {
            self.queue.cancel_all(id);
            self.hear(id, Event::GivenBack, None);
        }
    }

    /// How many executions are in memory.
    pub(crate) fn len(&self) -> usize {
        self.live.len()
    }

    /// Whether an execution is in memory.
    pub(crate) fn has(&self, id: ExecutionId) -> bool {
        self.live.contains_key(&id)
    }

    fn take(&mut self, input: Input, output: &mut Output) {
        match input {
            Input::Start(start) => self.start(*start, output),
            Input::Read(read) => self.read(*read, output),
            Input::Gone(id) => self.lose(id, output),
            Input::Task { execution, token, event } => self.task(execution, token, event),
            Input::Message { id, execution, message } => {
                self.message(id, execution, message, output);
            }
            Input::Child(child) => self.found(&child),
            Input::Admitted { execution, event } => self.tell(execution, event, None),
            Input::Committed(committed) => self.committed(committed, output),
        }
    }

    fn start(&mut self, start: Start, output: &mut Output) {
        if self.leaving {
            return;
        }
        if let Some(refusal) = self.refuses(&start) {
            return output.refused.push((start, refusal));
        }
        let Start { origin, machine, name, input } = start;
        let context = Context {
            execution_arn: machine.execution_arn(&name),
            execution_name: Machine::execution_name(&name).to_owned(),
            input,
            started: self.now,
            role_arn: machine.role_arn.clone(),
            machine_arn: machine.arn.clone(),
            machine_name: machine.name.clone(),
            map_run: None,
        };
        let code = Code { program: Arc::clone(&machine.program), fit: Fit::Own };
        let execution = Execution::new(context, self.setting.limits.execution);
        self.begin(origin, (machine.pin.clone(), name), code, execution);
    }

    /// Why a start would be one too many, if it would.
    fn refuses(&self, start: &Start) -> Option<Refusal> {
        let Limits { open, nested, .. } = self.setting.limits;
        if let Origin::Parent(parent) = start.origin
            && self.above(parent) > nested
        {
            return Some(Refusal::limit(&format!(
                "more than {nested} executions would wait, each for the next, with one more of {}",
                start.machine.arn
            )));
        }
        (self.open >= open).then(|| {
            Refusal::limit(&format!(
                "{open} executions have not ended; end or stop some before you start another one"
            ))
        })
    }

    /// Takes a new execution through its first step.
    fn begin(
        &mut self,
        origin: Origin,
        (pin, name): (Pin, String),
        code: Code,
        execution: Execution,
    ) {
        let parent = match origin {
            Origin::Caller(_) => None,
            Origin::Parent(parent) => Some(Parent { above: self.above(parent), ..parent }),
        };
        let mut live = Live {
            execution,
            code,
            pin: pin.clone(),
            values: crate::store::codec::Values::default(),
            version: 0,
            parent,
            children: BTreeMap::new(),
            news: VecDeque::from([(Event::Started, None)]),
            committing: true,
            due: None,
        };
        let Setting { host, catalog, .. } = &self.setting;
        let stepped = live.learn(moments(self.now, &self.seeds), &**host, catalog);
        let unborn = Unborn { origin, live, stepped };
        self.next.start(unborn, (pin, name), self.now, self.setting.epoch);
    }

    fn read(&mut self, read: Read, output: &mut Output) {
        let Read { loaded, code, children } = read;
        let id = loaded.record.id;
        if self.live.contains_key(&id) {
            return;
        }
        if loaded.owner != Some(self.setting.epoch) {
            return self.lose(id, output);
        }
        let reread = self.rereading.remove(&id);
        let mut live = Live {
            execution: loaded.execution,
            code,
            pin: loaded.record.pin,
            values: loaded.values,
            version: loaded.version,
            parent: loaded.parent,
            children,
            news: VecDeque::new(),
            committing: false,
            due: None,
        };
        live.set_aside(&*self.setting.host, &self.setting.catalog);
        if reread.is_none() && live.needs_recovery() {
            live.news.push_back((Event::Recovered, None));
        }
        live.news.extend(reread.into_iter().flatten());
        let parked = self.parked.remove(&id).into_iter().flatten();
        live.news.extend(parked.map(|(id, message)| (message.into_event(), Some(id))));
        if live.execution.next_due().is_some_and(|due| due <= self.now) {
            live.news.push_back((Event::TimersDue, None));
        }
        if live.execution.is_ended() {
            let messages = live.news.into_iter().filter_map(|(_, message)| message);
            self.next.release(id, self.setting.epoch, messages);
            return;
        }
        if let Some(why) = live.why_unfit() {
            // Nothing but its end can be asked of it.
            let (stop, rest) = live.news.into_iter().partition(|(event, _)| is_stop(event));
            live.news = stop;
            if live.news.is_empty() {
                return self.put_aside(id, why, rest, output);
            }
            live.news.extend(rest);
        }
        self.live.insert(id, live);
        self.ready.push_back(id);
    }

    /// Another owner has the execution, or nobody.
    fn lose(&mut self, id: ExecutionId, output: &mut Output) {
        output.cancel.extend(self.queue.cancel_all(id));
        self.aside.remove(&id);
        // Its messages stay in the inbox, for whoever owns it next.
        let news = self.rereading.remove(&id).into_iter().flatten();
        self.park(id, news);
        output.claim = true;
    }

    fn task(&mut self, execution: ExecutionId, token: Token, event: Event) {
        if !matches!(event, Event::Heartbeat { .. }) && !self.queue.ended((execution, token)) {
            return;
        }
        self.tell(execution, event, None);
    }

    fn message(
        &mut self,
        id: MessageId,
        execution: ExecutionId,
        message: Message,
        output: &mut Output,
    ) {
        if self.live.contains_key(&execution) {
            self.tell(execution, message.into_event(), Some(id));
        } else if let Some(news) = self.rereading.get_mut(&execution) {
            news.push_back((message.into_event(), Some(id)));
        } else {
            self.parked.entry(execution).or_default().push((id, message));
            match self.aside.remove(&execution) {
                Some(_) => output.read.push(execution),
                None => output.claim = true,
            }
        }
    }

    /// Tells an execution something, now or as soon as its change is durable. Nothing counts any more
    /// once the core gives back: it is as if the process had gone already.
    fn tell(&mut self, id: ExecutionId, event: Event, message: Option<MessageId>) {
        if !self.leaving {
            self.hear(id, event, message);
        }
    }

    fn hear(&mut self, id: ExecutionId, event: Event, message: Option<MessageId>) {
        if let Some(live) = self.live.get_mut(&id) {
            if live.news.is_empty() && !live.committing {
                self.ready.push_back(id);
            }
            live.news.push_back((event, message));
        } else if let Some(news) = self.rereading.get_mut(&id) {
            news.push_back((event, message));
        }
    }

    fn fire_timers(&mut self) {
        while let Some(&(due, id)) = self.timers.first()
            && due <= self.now
        {
            self.timers.pop_first();
            if let Some(live) = self.live.get_mut(&id) {
                live.due = None;
            }
            self.tell(id, Event::TimersDue, None);
        }
    }

    fn step_ready(&mut self, output: &mut Output) {
        for id in std::mem::take(&mut self.ready) {
            let Some(live) = self.live.get_mut(&id) else { continue };
            if live.committing {
                continue;
            }
            let Setting { host, catalog, .. } = &self.setting;
            let stepped = live.learn(moments(self.now, &self.seeds), &**host, catalog);
            if stepped.misfit.is_some() {
                self.misfit(id, stepped, output);
                continue;
            }
            let wake = live.wake(self.now, &stepped.effects);
            if stepped.changed {
                live.committing = true;
                self.next.change(id, live, stepped, wake, self.now, self.setting.epoch);
            } else if wake == Wake::Owned {
                self.next.batch.applied.extend(stepped.applied);
                self.perform(id, stepped.effects, output);
                self.look_whether_stranded(id, output);
            } else {
                output.rested_by(live.execution.next_due());
                self.next.release(id, self.setting.epoch, stepped.applied);
                self.forget(id);
                continue;
            }
            self.set_timer(id);
        }
    }

    fn set_timer(&mut self, id: ExecutionId) {
        let Some(live) = self.live.get_mut(&id) else { return };
        let due = live.execution.next_due();
        if due == live.due {
            return;
        }
        if let Some(before) = std::mem::replace(&mut live.due, due) {
            self.timers.remove(&(before, id));
        }
        self.timers.extend(due.map(|due| (due, id)));
    }

    fn forget(&mut self, id: ExecutionId) -> Option<Live> {
        let live = self.live.remove(&id)?;
        if let Some(due) = live.due {
            self.timers.remove(&(due, id));
        }
        Some(live)
    }

    /// Performs the effects of a durable step.
    fn perform(&mut self, id: ExecutionId, effects: Vec<Effect>, output: &mut Output) {
        if self.leaving {
            return;
        }
        for effect in effects {
            match effect {
                Effect::RunTask(task) => {
                    // A task of an activity waits for its workers to ask.
                    if let Place::Process(_) | Place::Call = task.place {
                        self.enqueue(id, Work::Task(task));
                    }
                }
                Effect::ReadItems(read) => self.enqueue(id, Work::Read(read)),
                Effect::WriteResults(write) => self.enqueue(id, Work::Write(write)),
                Effect::CancelTask { token, place: _ } | Effect::CancelObjects { token } => {
                    if self.queue.cancel((id, token)) {
                        output.cancel.push((id, token));
                    }
                }
                Effect::StartChild(child) => self.start_child(id, *child, output),
                // The message that stops a child has left with the step itself.
                Effect::StopChild { .. } => {}
                Effect::Continue => self.tell(id, Event::Continue, None),
                Effect::Ended(_) => {}
            }
        }
    }

    fn enqueue(&mut self, execution: ExecutionId, work: Work) {
        if let Some(live) = self.live.get(&execution) {
            let name = live.execution.context.execution_name.clone();
            self.queue.push(Run { execution, name, work });
        }
    }
}

fn is_stop(event: &Event) -> bool {
    matches!(event, Event::Stop(_))
}

/// A source of moments: the same time, a new seed each.
fn moments(now: Timestamp, seeds: &Random) -> impl FnMut() -> Moment {
    move || Moment { now, seed: seeds.next() }
}

#[cfg(test)]
mod tests;
