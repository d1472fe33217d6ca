//! Executions that this process can't go on with: set aside, told of, and taken up again when a
//! message comes.
//!
//! They stay this owner's, so that no claim finds them again and again; the next owner finds them
//! as those that were left behind.

use super::{
    Core, Message, Output,
    live::{News, Stepped},
};
use crate::store::ExecutionId;
use std::collections::VecDeque;

impl Core {
    /// Why an execution can't go on in this process, if it or a part of it can't.
    pub(crate) fn why_stranded(&self, id: ExecutionId) -> Option<&str> {
        match self.live.get(&id) {
            Some(live) => live.execution.stranded(),
            None => self.aside.get(&id).map(String::as_str),
        }
    }

    /// The children that an execution in memory waits for.
    pub(crate) fn children(&self, id: ExecutionId) -> Option<Vec<ExecutionId>> {
        self.live.get(&id).map(|live| live.children.values().copied().collect())
    }

    /// Tells of an execution that has come where this process can't go on, and drops it from memory
    /// if nothing else of it can.
    pub(super) fn look_whether_stranded(&mut self, id: ExecutionId, output: &mut Output) {
        let Some(live) = self.live.get(&id) else { return };
        let Some(why) = live.execution.stranded() else { return };
        let why = why.to_owned();
        output.stranded.push((id, why.clone()));
        if live.is_stranded() && live.news.is_empty() {
            self.forget(id);
            self.aside.insert(id, why);
        }
    }

    /// Sets an execution aside that no program here can run.
    pub(super) fn put_aside(
        &mut self,
        id: ExecutionId,
        why: String,
        news: VecDeque<News>,
        output: &mut Output,
    ) {
        output.cancel.extend(self.queue.cancel_all(id));
        output.stranded.push((id, why.clone()));
        self.park(id, news);
        self.aside.insert(id, why);
    }

    /// What the execution keeps does not fit this binary's own program: the stored definition is to
    /// run it on, and is told what this one was told.
    pub(super) fn misfit(&mut self, id: ExecutionId, stepped: Stepped, output: &mut Output) {
        let Some(live) = self.forget(id) else { return };
        let mut news: VecDeque<_> = stepped.news.into();
        news.extend(live.news);
        self.rereading.insert(id, news);
        output.misfits.push((id, stepped.misfit.unwrap_or_default()));
    }

    /// Keeps the messages among news for an execution that is not in memory.
    pub(super) fn park(&mut self, id: ExecutionId, news: impl IntoIterator<Item = News>) {
        for (event, message) in news {
            if let (Some(message), Some(what)) = (message, Message::of_event(event)) {
                self.parked.entry(id).or_default().push((message, what));
            }
        }
    }
}
