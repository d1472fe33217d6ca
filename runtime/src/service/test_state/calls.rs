//! Tests on an engine: what a tested state calls is called.

use super::{Answer, Begun, LONGEST, Moment, Request, Response, begin, run::timed_out};
use crate::{
    asl::{Definition, Severity},
    catalog::{Machine, created::Kind, hash},
    engine::{Host as _, Status},
    program::{Data, Failure, Interpreter, TaskStep, names},
    service::{Engine, Error, Exception},
    store::Pin,
};
use serde_json::json;
use std::sync::Arc;

impl Engine {
    /// Runs one state of a definition by itself, without a state machine. A Task without a mock is
    /// called, as by an express execution of a machine that has nothing else.
    pub async fn test_state(&self, request: &Request) -> Result<Response, Exception> {
        let (clock, entropy) = (&self.inner.clock, &self.inner.entropy);
        let moment = Moment {
            now: clock.now(),
            seed: entropy.seed(),
            machine_arn: self.inner.home.machine(&entropy.uuid().to_string()),
            execution: entropy.uuid().to_string(),
        };
        match begin(request, moment).map_err(Exception::TestState)? {
            Begun::Over(response) => Ok(*response),
            Begun::Call(call) => {
                let result = self.call(call.task.clone(), call.role_arn.clone()).await?;
                Ok(call.answered(Answer { result, exchange: None }))
            }
        }
    }

    async fn call(&self, task: TaskStep, role_arn: String) -> Result<Result<Data, Failure>, Error> {
        let express = self.express()?;
        let (functions, resource) = (express.functions(), &task.resource);
        if functions.task_in_process(resource).is_none() && !functions.calls(resource) {
            let why =
                format!("nothing here answers calls of {resource}: test the state with a mock");
            return Ok(Err(Failure::new(names::TASK_FAILED, why)));
        }
        let machine = match machine_of(&task, role_arn, |name| self.inner.home.machine(name)) {
            Ok(machine) => Arc::new(machine),
            Err(why) => return Ok(Err(Failure::new(names::RUNTIME, why))),
        };
        let name = self.inner.entropy.uuid().to_string();
        let begun = express.begin(&machine, &name, task.arguments).await?;
        let (status, _) = express.end(&begun).await?;
        Ok(match status {
            Status::Succeeded(output) => Ok(output),
            other => Err(other.failure().cloned().unwrap_or_else(timed_out)),
        })
    }
}

/// A machine that makes the call with its input and gives its result. Calls of the same kind have
/// one machine, so that a process has no more of them than it has kinds of calls.
fn machine_of(
    call: &TaskStep,
    role_arn: String,
    arn: impl Fn(&str) -> String,
) -> Result<Machine, String> {
    let mut task = json!({
        "Type": "Task",
        "Resource": call.resource,
        "Arguments": "{% $states.input %}",
        "End": true,
    });
    let bound = |bound: std::time::Duration| bound.as_secs().max(1).into();
    let bounds = [("TimeoutSeconds", call.timeout), ("HeartbeatSeconds", call.heartbeat)];
    if let Some(task) = task.as_object_mut() {
        let bounds =
            bounds.into_iter().filter_map(|(name, time)| Some((name.to_owned(), bound(time?))));
        task.extend(bounds);
    }
    let text = json!({
        "QueryLanguage": "JSONata",
        "StartAt": super::definition::NAME,
        "TimeoutSeconds": LONGEST.as_secs(),
        "States": { super::definition::NAME: task },
    });
    let text = text.to_string();
    let (definition, found) = Definition::check(&text);
    if let Some(error) = found.iter().find(|found| found.severity == Severity::Error) {
        return Err(error.to_string());
    }
    let definition = definition.ok_or("the call has no definition")?;
    let hash = hash(&text);
    let name = format!("TestState-{}", hash.get(..16).unwrap_or(&hash));
    let arn = arn(&name);
    Ok(Machine {
        pin: Pin { machine: arn.clone(), revision: 1, hash, version: None, alias: None },
        program: Arc::new(Interpreter::new(definition).map_err(|error| error.to_string())?),
        check_input: None,
        gives: None,
        role_arn,
        kind: Kind::Express,
        name,
        arn,
    })
}
