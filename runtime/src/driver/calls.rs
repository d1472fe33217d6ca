//! Tasks that the service above performs: calls of AWS APIs, and starts that it must admit.

use super::{
    Signal,
    core::{Input, Origin, Start},
    services::{Admitted, NoAnswer},
    tasks::{Running, Tasks, panicked, report},
};
use crate::{
    engine::{Event, Refusal, RunTask, StartChild},
    store::{ExecutionId, codec::Parent},
};
use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;

impl Tasks {
    /// Makes a call; its answer is reported.
    pub(super) fn call(&mut self, execution: ExecutionId, task: RunTask) {
        let (token, resource) = (task.token, task.resource);
        let reports = self.reports.clone();
        let services = self.functions.services.clone();
        let (called, arguments) = (resource.clone(), task.arguments);
        let handle = self.runtime.spawn(async move {
            let answer = AssertUnwindSafe(async {
                match services {
                    Some(services) => services.call(&called, arguments).await,
                    None => Err(NoAnswer::unknown(&called)),
                }
            });
            let event = match answer.catch_unwind().await {
                Ok(Ok(output)) => Event::CallAnswered { token, output },
                Ok(Err(NoAnswer::Refused(refusal))) => Event::CallRefused { token, refusal },
                Ok(Err(NoAnswer::Failed(failure))) => Event::TaskFailed { token, failure },
                Err(panic) => Event::TaskFailed { token, failure: panicked(&called, &*panic) },
            };
            report(&reports, execution, token, event);
        });
        let running = Running::new(handle, task.state, resource);
        self.running.insert((execution, token), running);
    }

    /// Has the service admit a start. Nobody cancels that: what must not be is stopped when it runs.
    pub(super) fn admit(&self, parent: ExecutionId, child: StartChild) {
        let (token, detached) = (child.token, child.detached);
        let (reports, children) = (self.reports.clone(), self.children);
        let Some(services) = self.functions.services.clone() else {
            let message = format!("State Machine Does Not Exist: '{}'", child.machine);
            let refusal = Refusal::new("StateMachineDoesNotExist", message);
            let event = Event::CallRefused { token, refusal };
            return tell(&reports, Input::Admitted { execution: parent, event });
        };
        self.runtime.spawn(async move {
            let input = match services.admit(child, children).await {
                Ok(Admitted::Here { machine, name, input }) => {
                    let origin = Origin::Parent(Parent::new(parent, token, detached));
                    Input::Start(Box::new(Start { origin, machine, name, input }))
                }
                Ok(Admitted::Begun { execution, started }) => {
                    let event = Event::ChildStarted { token, execution, started };
                    Input::Admitted { execution: parent, event }
                }
                Err(refusal) => {
                    let event = Event::CallRefused { token, refusal };
                    Input::Admitted { execution: parent, event }
                }
            };
            tell(&reports, input);
        });
    }
}

fn tell(reports: &std::sync::mpsc::Sender<Signal>, input: Input) {
    // Without a driver nobody waits for it: the next owner asks again.
    let _gone = reports.send(Signal::Input(Box::new(input)));
}
