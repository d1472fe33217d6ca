//! Looks for what nobody tells: executions that are due, messages of other processes.

use super::{Inbox, Shell, act::answer};
use crate::{
    driver::{self, core::Input, reader::Execution},
    store::{Claim, Error, ExecutionId},
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
        if self.look_at <= now {
            self.look_at = now.checked_add(LOOK_EVERY).unwrap_or(Timestamp::MAX);
            let hint = self.reader.store.hint()?;
            if hint != self.hint {
                self.hint = hint;
                self.inbox = Inbox::News;
            }
        }
        if self.inbox == Inbox::News {
            let more = self.reader.messages(&mut self.cursor, inputs)?;
            self.inbox = if more { Inbox::News } else { Inbox::Read };
        }
        if self.claim_at.is_some_and(|due| due <= now) && self.has_room() {
            self.claim(now, inputs)?;
        }
        Ok(())
    }

    /// Whether memory has room; otherwise executions that are due wait on disk.
    pub(super) fn has_room(&self) -> bool {
        self.core.len() < self.limits.in_memory
    }

    fn claim(&mut self, now: Timestamp, inputs: &mut Vec<Input>) -> Result<(), Error> {
        let lease = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
        let claim = Claim { epoch: self.epoch, now, lease, limit: AT_A_TIME };
        let claimed = self.reader.store.claim(&claim)?;
        self.claim_at = match claimed.len() {
            AT_A_TIME => Some(Timestamp::MIN),
            _ => self.reader.store.next_due()?,
        };
        for execution in claimed {
            inputs.push(self.read(execution)?);
        }
        Ok(())
    }

    /// Reads an execution. One that can't be run on is set aside, visibly.
    pub(super) fn read(&mut self, execution: ExecutionId) -> Result<Input, Error> {
        let why = match self.reader.execution(execution)? {
            Execution::Input(input) => return Ok(input),
            Execution::Stranded(why) => why,
        };
        for reply in self.waiters.remove(&execution).into_iter().flatten() {
            answer(reply, Err(driver::Error::Stranded(why.clone())));
        }
        self.watchers.remove(&execution);
        self.stranded.insert(execution, why);
        Ok(Input::Gone(execution))
    }
}
