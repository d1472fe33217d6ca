//! Child executions: started for a task of their parent, and found again after a crash.

use super::{Child, Children, Core, Message, Origin, Output, Start, live::Live};
use crate::{
    catalog::{check_name, execution_of, name_of as name_in},
    engine::{ChildOutcome, Event, Execution, Refusal, StartChild},
    program::{Context, Data, Failure, MapRunPart},
    store::{self, ExecutionId, Pin, codec::Parent},
};
use sha2::{Digest as _, Sha256};

impl Core {
    /// Starts a child, or finds that it is there: its name follows from who asks. What is not a
    /// machine in memory that can be started without further ado is the service's to find.
    pub(super) fn start_child(
        &mut self,
        parent: ExecutionId,
        mut child: StartChild,
        output: &mut Output,
    ) {
        let name = child.name.take().unwrap_or_else(|| name_of(&child.key));
        if let Some(part) = child.map_run.take() {
            let origin = Origin::Parent(Parent::new(parent, child.token, false));
            return self.start_part(origin, parent, (child.machine, name), child.input, part);
        }
        let machine = match (self.setting.children, check_name(&name)) {
            (Children::Here, Ok(())) => self.setting.catalog.by_arn(&child.machine),
            _ => None,
        };
        let Some(machine) = machine else {
            child.name = Some(name);
            return output.admit.push((parent, Box::new(child)));
        };
        let StartChild { token, input, detached, .. } = child;
        let origin = Origin::Parent(Parent::new(parent, token, detached));
        self.start(Start { origin, machine, name, input }, output);
    }

    /// Starts an execution of a Map Run: it runs a part of the definition that its parent runs.
    fn start_part(
        &mut self,
        origin: Origin,
        parent: ExecutionId,
        (machine, name): (String, String),
        input: Data,
        part: MapRunPart,
    ) {
        let Some(live) = self.live.get(&parent) else { return };
        let context = Context {
            execution_arn: execution_of(&machine, &name),
            execution_name: name.rsplit(':').next().unwrap_or(&name).to_owned(),
            input,
            started: self.now,
            role_arn: live.execution.context.role_arn.clone(),
            machine_name: name_in(&machine).to_owned(),
            machine_arn: machine.clone(),
            map_run: Some(part),
        };
        let (code, pin) = (live.code.clone(), Pin { machine, ..live.pin.clone() });
        let mut limits = self.setting.limits.execution;
        if context.map_run.as_ref().is_some_and(|part| part.express) {
            limits.events = None;
        }
        self.begin(origin, (pin, name), code, Execution::new(context, limits));
    }

    /// How many executions wait, each for the next, for what this task starts.
    pub(super) fn above(&self, parent: Parent) -> u32 {
        let waiting = self.live.get(&ExecutionId(parent.execution));
        let above = waiting.and_then(|waiting| waiting.parent).map_or(0, |it| it.above);
        if parent.detached { 0 } else { above + 1 }
    }

    /// Tells a parent of its new child. A child that nobody waits for any more is stopped, by a
    /// message, because it may rest already.
    pub(super) fn child_born(&mut self, parent: Parent, id: ExecutionId, child: &Live) {
        let Parent { execution, token, detached, .. } = parent;
        let waiting = self.live.get_mut(&ExecutionId(execution));
        let Some(parent) = waiting.filter(|parent| parent.waits_for(token)) else {
            if !detached {
                self.stop_orphan(id);
            }
            return;
        };
        if !detached {
            parent.children.insert(token, id);
        }
        let context = &child.execution.context;
        let arn = context.execution_arn.clone();
        let event = Event::ChildStarted { token, execution: arn, started: context.started };
        self.tell(ExecutionId(execution), event, None);
    }

    fn stop_orphan(&mut self, child: ExecutionId) {
        let body = Message::Stop(Failure { error: None, cause: None }).encode();
        self.next.send(store::Message { execution: Some(child), sent: self.now, body });
    }

    /// Tells a parent of the child that was there before. One that nobody waits for any more is
    /// stopped.
    pub(super) fn found(&mut self, child: &Child) {
        let Parent { execution, token, detached, .. } = child.asked;
        let is_own = child.parent.is_some_and(|parent| parent.is_same(child.asked));
        let parent = self.live.get(&ExecutionId(execution));
        let is_left = child.orphaned || parent.is_some_and(|parent| !parent.waits_for(token));
        if is_own && is_left && !detached && !child.status.is_ended() {
            return self.stop_orphan(child.id);
        }
        if let Some(parent) = self.live.get_mut(&ExecutionId(execution))
            && is_own
            && !detached
        {
            parent.children.insert(token, child.id);
        }
        // As when anyone else starts it again: but its end is told to one task only.
        let same = detached && !child.status.is_ended() && child.input == child.asked_input;
        let event = if !is_own && !same {
            let message = format!("Execution Already Exists: '{}'", child.execution);
            let refusal = Refusal::new("ExecutionAlreadyExists", message);
            Event::CallRefused { token, refusal }
        } else if child.status.is_ended() && !detached {
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
