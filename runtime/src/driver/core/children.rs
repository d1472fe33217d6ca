//! Child executions: started for a task of their parent, and found again after a crash.

use super::{Child, Core, Message, Origin, Start, live::Live};
use crate::{
    engine::{ChildOutcome, Event, StartChild},
    program::Failure,
    store::{self, ExecutionId, codec::Parent},
};
use sha2::{Digest as _, Sha256};

impl Core {
    /// Starts a child, or finds that it is there: its name follows from who asks.
    pub(super) fn start_child(&mut self, parent: ExecutionId, child: StartChild) {
        let StartChild { token, state: _, machine, name, input, key } = child;
        let Some(machine) = self.setting.catalog.by_arn(&machine) else {
            let failure = Failure::new(
                "StepFunctions.StateMachineDoesNotExistException",
                format!("State Machine Does Not Exist: '{machine}'"),
            );
            return self.tell(parent, Event::TaskFailed { token, failure }, None);
        };
        let origin = Origin::Parent(Parent { execution: parent.0, token });
        let name = name.unwrap_or_else(|| name_of(&key));
        self.start(Start { origin, machine, name, input });
    }

    /// Tells a parent of its new child. A child that nobody waits for any more is stopped, by a
    /// message, because it may rest already.
    pub(super) fn child_born(&mut self, parent: Parent, id: ExecutionId, child: &Live) {
        let Parent { execution, token } = parent;
        let waiting = self.live.get_mut(&ExecutionId(execution));
        let Some(parent) = waiting.filter(|parent| parent.waits_for(token)) else {
            let body = Message::Stop(Failure { error: None, cause: None }).encode();
            self.next.send(store::Message { execution: Some(id), sent: self.now, body });
            return;
        };
        parent.children.insert(token, id);
        let context = &child.execution.context;
        let arn = context.execution_arn.clone();
        let event = Event::ChildStarted { token, execution: arn, started: context.started };
        self.tell(ExecutionId(execution), event, None);
    }

    /// Tells a parent of the child that was there before.
    pub(super) fn found(&mut self, child: &Child) {
        let Parent { execution, token } = child.asked;
        if let Some(parent) = self.live.get_mut(&ExecutionId(execution))
            && child.parent == Some(child.asked)
        {
            parent.children.insert(token, child.id);
        }
        let event = if child.parent != Some(child.asked) {
            let failure = Failure::new(
                "StepFunctions.ExecutionAlreadyExistsException",
                format!("Execution Already Exists: '{}'", child.execution),
            );
            Event::TaskFailed { token, failure }
        } else if child.status.is_ended() {
            let outcome = ChildOutcome {
                execution: child.execution.clone(),
                name: child.name.clone(),
                machine: child.machine.clone(),
                input: child.input.clone(),
                started: child.started,
                stopped: child.ended.unwrap_or(child.started),
                status: child.status.clone(),
            };
            Event::ChildEnded { token, child: Box::new(outcome) }
        } else {
            Event::ChildStarted {
                token,
                execution: child.execution.clone(),
                started: child.started,
            }
        };
        self.tell(ExecutionId(execution), event, None);
    }
}

/// The name of a child that was given none: the same whenever it is asked for.
fn name_of(key: &str) -> String {
    let digest = Sha256::digest(key);
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(digest) {
        *byte = from;
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
