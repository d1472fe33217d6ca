//! Looks for what nobody tells: executions that are due, messages of other processes.

use super::{Inbox, Shell};
use crate::{
    driver::{
        core::{Input, Message},
        reader::Execution,
    },
    store::{Claim, Claimed, Error, ExecutionId},
};
use jiff::{SignedDuration, Timestamp};

/// Executions claimed at a time: some commits' worth.
const AT_A_TIME: usize = 256;

/// Other processes may send messages without telling.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(1);

/// Others keep off what is claimed for this long; claiming again renews it.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

impl Shell {
    /// Claims at that time, at the latest.
    pub(super) fn claim_by(&mut self, due: Timestamp) {
        self.claim_at = Some(self.claim_at.map_or(due, |before| before.min(due)));
    }

    /// Reads what is due and what was sent.
    pub(super) fn look_out(
        &mut self,
        now: Timestamp,
        inputs: &mut Vec<Input>,
    ) -> Result<(), Error> {
        // One that lies far ahead was set before the clock was put back.
        let ahead = self.look_at.duration_since(now);
        if !ahead.is_positive() || ahead > LOOK_EVERY {
            self.look_at = now.checked_add(LOOK_EVERY).unwrap_or(Timestamp::MAX);
            let hint = self.reader.store.hint()?;
            if hint != self.hint {
                self.hint = hint;
                self.inbox = Inbox::News;
            }
        }
        if self.inbox == Inbox::News {
            let more = self.reader.messages(&mut self.cursor, inputs)?;
            self.adopt_stopped(inputs);
            self.inbox = if more { Inbox::News } else { Inbox::Read };
        }
        if self.claim_at.is_some_and(|due| due <= now) && self.has_room() {
            self.claim(now, inputs)?;
        }
        Ok(())
    }

    /// Takes an execution that somebody asks for, with the children that it waits for, among those
    /// that are run here.
    pub(super) fn adopt(&mut self, execution: ExecutionId) -> Result<(), Error> {
        let Some(these) = &mut self.these else { return Ok(()) };
        let mut found = vec![execution];
        while let Some(id) = found.pop() {
            if these.insert(id) {
                found.extend(self.reader.children_of(id)?);
                self.claim_at = Some(Timestamp::MIN);
            }
        }
        Ok(())
    }

    /// Whoever owns the store ends what is to be stopped, also what it does not run on.
    fn adopt_stopped(&mut self, inputs: &[Input]) {
        let Some(these) = &mut self.these else { return };
        these.extend(inputs.iter().filter_map(|input| match input {
            Input::Message { execution, message: Message::Stop(_), .. } => Some(*execution),
            _ => None,
        }));
    }

    /// Whether memory has room; otherwise executions that are due wait on disk.
    pub(super) fn has_room(&self) -> bool {
        self.core.len() < self.limits.in_memory
    }

    fn claim(&mut self, now: Timestamp, inputs: &mut Vec<Input>) -> Result<(), Error> {
        let lease = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
        let claim = Claim { epoch: self.epoch, now, lease, limit: AT_A_TIME };
        let store = &self.reader.store;
        let claimed = match &self.these {
            Some(these) => store.claim_among(&claim, these)?,
            None => {
                let executions = store.claim(&claim)?;
                let next_due = match executions.len() {
                    AT_A_TIME => Some(Timestamp::MIN),
                    _ => store.next_due()?,
                };
                Claimed { executions, next_due }
            }
        };
        self.claim_at = claimed.next_due;
        for execution in claimed.executions {
            inputs.push(self.read(execution, None)?);
        }
        Ok(())
    }

    /// Reads an execution. One that can't be read is left as it is, visibly.
    pub(super) fn read(
        &mut self,
        execution: ExecutionId,
        misfit: Option<&str>,
    ) -> Result<Input, Error> {
        let why = match self.reader.execution(execution, misfit)? {
            Execution::Input(input) => return Ok(input),
            Execution::Stranded(why) => why,
        };
        self.tell_stranded(execution, &why)?;
        self.unreadable.insert(execution, why);
        Ok(Input::Gone(execution))
    }
}
