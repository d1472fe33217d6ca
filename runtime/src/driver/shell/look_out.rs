//! Looks for what nobody tells: executions that are due, messages of other processes.

use super::{Inbox, Shell};
use crate::{
    catalog::{self, Stranded},
    driver::core::{Input, Message, Read},
    engine::execution::{Place, Waiting},
    store::{
        Claim, Error, ExecutionId,
        codec::{self, Loaded},
    },
};
use jiff::{SignedDuration, Timestamp};

/// Executions claimed, and messages read, at a time: some commits' worth.
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
            let hint = self.store.hint()?;
            if hint != self.hint {
                self.hint = hint;
                self.inbox = Inbox::News;
            }
        }
        if self.inbox == Inbox::News {
            self.read_inbox(inputs)?;
        }
        // An execution that is due waits on disk while memory is full.
        if self.claim_at.is_some_and(|due| due <= now) && self.core.len() < self.limits.in_memory {
            self.claim(now, inputs)?;
        }
        Ok(())
    }

    fn read_inbox(&mut self, inputs: &mut Vec<Input>) -> Result<(), Error> {
        let received = self.store.inbox(self.cursor, AT_A_TIME)?;
        self.inbox = if received.len() < AT_A_TIME { Inbox::Read } else { Inbox::News };
        for received in received {
            self.cursor = received.id;
            let message = Message::decode(&received.message.body);
            // What a newer version wrote stays for it.
            if let (Some(execution), Some(message)) = (received.message.execution, message) {
                inputs.push(Input::Message { id: received.id, execution, message });
            }
        }
        Ok(())
    }

    fn claim(&mut self, now: Timestamp, inputs: &mut Vec<Input>) -> Result<(), Error> {
        let lease = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
        let claim = Claim { epoch: self.epoch, now, lease, limit: AT_A_TIME };
        let claimed = self.store.claim(&claim)?;
        self.claim_at = match claimed.len() {
            AT_A_TIME => Some(Timestamp::MIN),
            _ => self.store.next_due()?,
        };
        for execution in claimed {
            inputs.push(self.read(execution)?);
        }
        Ok(())
    }

    /// Reads an execution. One that can't be run on is set aside, visibly.
    pub(super) fn read(&mut self, execution: ExecutionId) -> Result<Input, Error> {
        let why = match codec::load(&*self.store, execution) {
            Ok(Some(loaded)) => match self.catalog.program(&*self.store, &loaded.record.pin) {
                Ok(program) => {
                    let children = self.children(&loaded)?;
                    let read = Read { loaded, program, children };
                    return Ok(Input::Read(Box::new(read)));
                }
                Err(Stranded::Store(error)) => return Err(error),
                Err(stranded) => stranded.to_string(),
            },
            Ok(None) => return Ok(Input::Gone(execution)),
            Err(error @ Error::Corrupt { .. }) => error.to_string(),
            Err(error) => return Err(error),
        };
        for reply in self.waiters.remove(&execution).into_iter().flatten() {
            super::act::answer(reply, Err(super::Error::Stranded(why.clone())));
        }
        self.watchers.remove(&execution);
        self.stranded.insert(execution, why);
        Ok(Input::Gone(execution))
    }

    /// The children that an execution waits for.
    fn children(
        &self,
        loaded: &Loaded,
    ) -> Result<std::collections::BTreeMap<crate::engine::Token, ExecutionId>, Error> {
        let mut children = std::collections::BTreeMap::new();
        for frame in loaded.execution.frames.values() {
            if let Waiting::Task(task) = &frame.waiting
                && let Place::Child { execution: Some(arn), .. } = &task.place
                && let Some((machine, name)) = catalog::machine_of(arn)
                && let Some(id) = self.store.find(&catalog::machine_arn(machine), name)?
            {
                children.insert(task.token, id);
            }
        }
        Ok(children)
    }
}
