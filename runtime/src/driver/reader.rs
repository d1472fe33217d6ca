//! Reads for the core what it asks for: executions, children, messages.

use super::core::{Child, Input, Message, Read};
use crate::{
    catalog::{self, Catalog, Code, Fit},
    engine::{
        Token,
        execution::{Place, Waiting},
    },
    program::Data,
    store::{
        Error, ExecutionId, MessageId, Status, Store,
        codec::{self, Loaded, Parent},
    },
};
use std::{collections::BTreeMap, sync::Arc};

/// Messages read at a time: some commits' worth.
const AT_A_TIME: usize = 256;

/// Turns what is stored into inputs of the core.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) store: Arc<dyn Store>,
    pub(super) catalog: Arc<Catalog>,
}

/// What became of reading an execution.
#[derive(Debug)]
pub(super) enum Execution {
    /// It is there, or belongs to somebody else.
    Input(Input),
    /// This process can't run on with it, for this reason.
    Stranded(String),
}

impl Reader {
    /// Reads an execution with its program. What it keeps may have been found not to fit this
    /// binary's own, for the reason given.
    pub(super) fn execution(
        &self,
        id: ExecutionId,
        misfit: Option<&str>,
    ) -> Result<Execution, Error> {
        let loaded = match codec::load(&*self.store, id) {
            Ok(Some(loaded)) => loaded,
            Ok(None) => return Ok(Execution::Input(Input::Gone(id))),
            Err(error @ Error::Corrupt { .. }) => {
                return Ok(Execution::Stranded(error.to_string()));
            }
            Err(error) => return Err(error),
        };
        let (store, pin) = (&*self.store, &loaded.record.pin);
        let code = match misfit {
            None => self.catalog.code(store, pin)?,
            Some(why) => match self.catalog.stored(store, pin)? {
                Code { program, fit: Fit::Unfit(_) } => {
                    let why = format!("what it keeps does not fit this program ({why})");
                    Code { program, fit: Fit::Unfit(why) }
                }
                code => code,
            },
        };
        let children = self.children(&loaded)?;
        Ok(Execution::Input(Input::Read(Box::new(Read { loaded, code, children }))))
    }

    /// The children that an execution waits for.
    fn children(&self, loaded: &Loaded) -> Result<BTreeMap<Token, ExecutionId>, Error> {
        let mut children = BTreeMap::new();
        for (frame_id, frame) in &loaded.execution.frames {
            if let Waiting::Run(run) = &frame.waiting {
                let machine = run.machine();
                for index in run.alive(&loaded.execution.results) {
                    let name = run.execution_name(index);
                    let token = run.token((*frame_id, frame.entry), index);
                    children.extend(self.store.find(&machine, &name)?.map(|id| (token, id)));
                }
            }
            if let Waiting::Task(task) = &frame.waiting
                && let Place::Child { execution: Some(arn), .. } = &task.place
                && let Some(id) = catalog::find(&*self.store, arn)?
            {
                children.insert(task.token, id);
            }
        }
        Ok(children)
    }

    /// The children that an execution waits for which is not in memory.
    pub(super) fn children_of(&self, id: ExecutionId) -> Result<Vec<ExecutionId>, Error> {
        match codec::load(&*self.store, id)? {
            Some(loaded) => Ok(self.children(&loaded)?.into_values().collect()),
            None => Ok(Vec::new()),
        }
    }

    /// The executions that wait for this one, each for the one before.
    pub(super) fn ancestors(&self, mut id: ExecutionId) -> Result<Vec<ExecutionId>, Error> {
        let mut found = Vec::new();
        while let Some(record) = self.store.describe(id)?
            && let Some(parent) = codec::parent(&*self.store, &record)?
            && !parent.detached
        {
            id = ExecutionId(parent.execution);
            found.push(id);
        }
        Ok(found)
    }

    /// Reads a child for the parent that asked for it again.
    pub(super) fn child(
        &self,
        asked: Parent,
        id: ExecutionId,
        asked_input: Data,
    ) -> Result<Option<Input>, Error> {
        let store = &*self.store;
        let Some(record) = store.describe(id)? else { return Ok(None) };
        let context = codec::context(store, &record)?;
        let asking = store.describe(ExecutionId(asked.execution))?;
        let child = Child {
            asked,
            asked_input,
            id,
            parent: codec::parent(store, &record)?,
            orphaned: asking.is_none_or(|asking| asking.status != Status::Running),
            execution: context.execution_arn,
            name: context.execution_name,
            machine: context.machine_arn,
            input: context.input,
            started: record.started,
            ended: record.ended,
            status: codec::status(store, &record)?,
        };
        Ok(Some(Input::Child(Box::new(child))))
    }

    /// Reads messages after `cursor` and moves it; says whether there may be more.
    pub(super) fn messages(
        &self,
        cursor: &mut MessageId,
        inputs: &mut Vec<Input>,
    ) -> Result<bool, Error> {
        let received = self.store.inbox(*cursor, AT_A_TIME)?;
        let more = received.len() == AT_A_TIME;
        for received in received {
            *cursor = received.id;
            let message = Message::decode(&received.message.body);
            // What a newer version wrote stays for it.
            if let (Some(execution), Some(message)) = (received.message.execution, message) {
                inputs.push(Input::Message { id: received.id, execution, message });
            }
        }
        Ok(more)
    }
}
