//! An execution in memory: what it runs, what it has yet to learn, and whether it may rest.

use crate::{
    catalog::{Catalog, Code, Fit},
    driver::strand::{Performer, Surroundings, because, label},
    engine::{
        Effect, Event, Execution, HistoryEvent, Moment, Taken, Token,
        execution::{Place, Waiting},
        step,
    },
    store::{
        ExecutionId, MessageId, Pin, Version, Wake,
        codec::{Parent, Values},
    },
};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};

/// An execution whose next deadline is nearer than this stays in memory: reading it back costs
/// more than keeping it.
const NEAR: SignedDuration = SignedDuration::from_secs(2);

/// Something an execution has yet to learn, and the message that said it.
pub(crate) type News = (Event, Option<MessageId>);

/// An execution in memory.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) execution: Execution,
    pub(crate) code: Code,
    /// The definition that it runs.
    pub(crate) pin: Pin,
    pub(crate) values: Values,
    pub(crate) version: Version,
    pub(crate) parent: Option<Parent>,
    /// The children that it waits for.
    pub(crate) children: BTreeMap<Token, ExecutionId>,
    /// What it has yet to learn, in order.
    pub(crate) news: VecDeque<News>,
    /// Whether a change of it is being committed.
    pub(crate) committing: bool,
    /// Under which time it stands among the timers.
    pub(crate) due: Option<Timestamp>,
}

/// What an execution did with its news.
#[derive(Debug, Default)]
pub(crate) struct Stepped {
    /// Whether anything has changed that must be written.
    pub(crate) changed: bool,
    /// New events, in order.
    pub(crate) history: Vec<HistoryEvent>,
    /// What to do after the commit, in order.
    pub(crate) effects: Vec<Effect>,
    /// What it learnt.
    pub(crate) news: Vec<News>,
    /// The messages among it.
    pub(crate) applied: Vec<MessageId>,
    /// Whether messages to children leave with it.
    pub(crate) sent: bool,
    /// Why the program can't run it on; then nothing of all this counts.
    pub(crate) misfit: Option<String>,
}

impl Live {
    /// Takes the execution through everything that it has yet to learn.
    pub(crate) fn learn(
        &mut self,
        mut moment: impl FnMut() -> Moment,
        host: &dyn Performer,
        catalog: &Catalog,
    ) -> Stepped {
        let mut stepped = Stepped::default();
        let (Code { program, fit }, name) = (&self.code, self.name());
        let here = Surroundings { host, catalog, fit, execution: &name };
        while let Some((event, message)) = self.news.pop_front() {
            stepped.applied.extend(message);
            if let Event::ChildEnded { token, .. } = &event {
                self.children.remove(token);
            }
            stepped.news.push((event.clone(), message));
            let output = step(&**program, &mut self.execution, event, moment(), &here);
            if let Taken::Misfit(why) = output.taken {
                stepped.misfit = Some(why);
                return stepped;
            }
            stepped.changed |= output.taken == Taken::Committing;
            stepped.history.extend(output.history);
            stepped.effects.extend(output.effects);
        }
        stepped
    }

    /// How it is called where something is said of it: nothing is said of what fits.
    fn name(&self) -> String {
        if matches!(self.code.fit, Fit::Own) {
            String::new()
        } else {
            label(&self.execution.context)
        }
    }

    /// Sets aside what this process can't do.
    pub(crate) fn set_aside(&mut self, host: &dyn Performer, catalog: &Catalog) {
        let name = label(&self.execution.context);
        let here = Surroundings { host, catalog, fit: &self.code.fit, execution: &name };
        self.execution.set_aside(|state, task| here.strands_asked(state, task));
    }

    /// Why it has no program here that can run it.
    pub(crate) fn why_unfit(&self) -> Option<String> {
        let Fit::Unfit(why) = &self.code.fit else { return None };
        Some(because(&label(&self.execution.context), why))
    }

    /// Whether nothing of it can go on in this process.
    pub(crate) fn is_stranded(&self) -> bool {
        let mut frames = self.execution.frames.values();
        frames.all(|frame| {
            matches!(frame.waiting, Waiting::Absent(_) | Waiting::Children(_) | Waiting::Failed(_))
        })
    }

    /// Who looks after the execution once it is as it is now.
    pub(crate) fn wake(&self, now: Timestamp, effects: &[Effect]) -> Wake {
        if self.execution.is_ended() {
            return Wake::Message;
        }
        let busy = effects.iter().any(|effect| matches!(effect, Effect::Continue));
        if busy || self.execution.frames.values().any(|frame| needs_owner(&frame.waiting)) {
            return Wake::Owned;
        }
        match self.execution.next_due() {
            None => Wake::Message,
            Some(due) if due.duration_since(now) < NEAR => Wake::Owned,
            Some(due) => Wake::At(due),
        }
    }

    /// Whether it waits for this task.
    pub(crate) fn waits_for(&self, token: Token) -> bool {
        self.execution.waits_for(token)
    }

    /// Whether the last owner left something outstanding that only lived in its memory.
    pub(crate) fn needs_recovery(&self) -> bool {
        self.execution.head.last_event == 0
            || self.execution.frames.values().any(|frame| needs_owner(&frame.waiting))
    }
}

/// Whether what a frame waits for lives in the owner's memory.
fn needs_owner(waiting: &Waiting) -> bool {
    match waiting {
        // The executions of a Map Run are started by its owner, one after another.
        Waiting::Ready(_) | Waiting::Absent(_) | Waiting::Run(_) => true,
        Waiting::Task(task) if task.submitted => task.heartbeat.is_some(),
        Waiting::Task(task) => match &task.place {
            Place::Process(_) | Place::Call => true,
            Place::Child { execution, .. } => execution.is_none(),
            Place::Activity(_) => task.heartbeat.is_some(),
        },
        Waiting::Timer(_) | Waiting::Retry { .. } | Waiting::Children(_) | Waiting::Failed(_) => {
            false
        }
    }
}

/// A new execution whose first commit is under way.
#[derive(Debug)]
pub(crate) struct Unborn {
    pub(crate) origin: super::input::Origin,
    pub(crate) live: Live,
    pub(crate) stepped: Stepped,
}

/// A change of an execution whose commit is under way.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) id: ExecutionId,
    pub(crate) stepped: Stepped,
    pub(crate) wake: Wake,
}
