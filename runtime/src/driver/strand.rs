//! Whether an execution can go on in this process, and why not.
//!
//! What an execution began with may have changed or gone from the binary that runs now. Then it
//! waits, visibly, for a binary that can do what is next; it does not fail, and nothing of it is
//! lost.

use super::StandIn;
use crate::{
    asl::TaskResource,
    catalog::{self, Catalog, Fit},
    engine::{
        Host,
        execution::{Again, Place, TaskWait, Waiting},
    },
    program::{Context, Data, TaskStep},
    store::{Error, ExecutionId, Store, codec},
};
use serde_json::Value;

/// Children are asked so deep.
const DEEP: u32 = 64;

/// What a process can do with tasks.
pub(crate) trait Performer: Host + Send + Sync {
    /// Whether it has a task of this name.
    fn has(&self, task: &str) -> bool;

    /// Whether workers elsewhere are asked for this activity.
    fn asks_workers(&self, activity: &str) -> bool;

    /// Why the arguments do not fit the task's parameters, if they do not.
    fn refuses(&self, task: &str, arguments: &Data) -> Option<String>;

    /// JSON schema of what the task gives, if it is known.
    fn gives(&self, task: &str) -> Option<Value>;

    /// What answers the tasks that it has not.
    fn stand_in(&self) -> Option<&dyn StandIn> {
        None
    }
}

/// The name under which a process may have the task of a Resource: its last part. The call of a
/// service is nobody's task by its last part, which is the name of an operation.
pub(super) fn task_of(resource: &str) -> &str {
    match TaskResource::of(resource) {
        TaskResource::Integration { .. } => resource,
        _ => catalog::name_of(resource),
    }
}

/// This process as one execution meets it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) host: &'a dyn Performer,
    pub(super) catalog: &'a Catalog,
    /// How the program fits the execution.
    pub(super) fit: &'a Fit,
    /// Names the execution.
    pub(super) execution: &'a str,
}

impl Host for Surroundings<'_> {
    fn task_in_process(&self, resource: &str) -> Option<String> {
        self.host.task_in_process(resource)
    }

    fn calls(&self, resource: &str) -> bool {
        self.host.calls(resource)
    }

    fn would_call(&self, resource: &str) -> Option<&'static str> {
        self.host.would_call(resource)
    }

    fn strands(&self, state: &str, step: &TaskStep) -> Option<String> {
        if let Some(stand_in) = self.host.stand_in()
            && !self.host.has(task_of(&step.resource))
            && !matches!(self.fit, Fit::Unfit(_))
        {
            return stand_in.lacks(state, &step.resource);
        }
        match self.fit {
            // What this binary's own program calls is in the binary, or is for workers.
            Fit::Own => None,
            Fit::Unfit(why) => Some(because(self.execution, why)),
            Fit::Stored(shapes) => self.lacks(step, shapes),
        }
    }
}

impl Surroundings<'_> {
    /// Why a task that was asked for can't be done here.
    pub(super) fn strands_asked(&self, state: &str, task: &TaskWait) -> Option<String> {
        match &task.place {
            Place::Process(name) if !self.host.has(name) && self.host.stand_in().is_none() => {
                Some(self.gone("task", name))
            }
            Place::Process(_) | Place::Child { execution: None, .. } => {
                self.strands(state, &task.step)
            }
            Place::Activity(_) | Place::Child { .. } | Place::Call => None,
        }
    }

    /// What a stored definition asks for and this process does not have as it was.
    fn lacks(&self, step: &TaskStep, shapes: &Value) -> Option<String> {
        if step.resource.contains(":states:startExecution") {
            return self.lacks_workflow(&step.arguments, shapes);
        }
        let name = task_of(&step.resource);
        if !self.host.has(name) {
            if !step.resource.contains(":activity:") {
                return Some(self.missing("task", &step.resource, ""));
            }
            return (!self.host.asks_workers(name)).then(|| self.gone("task", name));
        }
        if let Some(why) = self.host.refuses(name, &step.arguments) {
            return Some(self.takes_others("task", name, &why));
        }
        let then = shapes.get("tasks").and_then(|tasks| tasks.get(name)?.get("gives"));
        self.gives_others("task", name, then, self.host.gives(name))
    }

    fn lacks_workflow(&self, arguments: &Data, shapes: &Value) -> Option<String> {
        let arn = arguments.get("StateMachineArn")?.as_str()?;
        let name = catalog::name_of(arn);
        let Some(machine) = self.catalog.by_arn(arn) else {
            return Some(self.gone("workflow", name));
        };
        let input = match arguments.get("Input") {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            other => other.cloned().unwrap_or_default(),
        };
        if let Some(Err(mismatch)) = machine.check_input.map(|check| check(&input)) {
            return Some(self.takes_others("workflow", name, &mismatch.to_string()));
        }
        let then = shapes.get("workflows").and_then(|all| all.get(name)?.get("gives"));
        self.gives_others("workflow", name, then, machine.gives.map(|gives| gives()))
    }

    fn gives_others(
        &self,
        kind: &str,
        name: &str,
        then: Option<&Value>,
        now: Option<Value>,
    ) -> Option<String> {
        let (then, now) = (then?, now?);
        let why = format!(
            "the {kind} `{name}` of this program gives something else than `{}` counts on",
            self.execution
        );
        (!catalog::still_gives(then, &now)).then(|| way_out(&why, "that it began with"))
    }

    fn takes_others(&self, kind: &str, name: &str, mismatch: &str) -> String {
        let why = format!(
            "the {kind} `{name}` of this program does not take what `{}` has for it ({mismatch})",
            self.execution
        );
        way_out(&why, "that it began with")
    }

    fn missing(&self, kind: &str, name: &str, or: &str) -> String {
        let why = format!(
            "this program has no {kind} `{name}`, which `{}` is waiting for",
            self.execution
        );
        way_out(&why, &format!("that has it{or}"))
    }

    /// The same of what may have been renamed.
    fn gone(&self, kind: &str, name: &str) -> String {
        self.missing(kind, name, &format!(" (`#[{kind}(name = \"{name}\")]` keeps a name)"))
    }
}

/// Says why an execution can't run at all.
pub(super) fn because(execution: &str, why: &str) -> String {
    way_out(&format!("`{execution}` can't run on: {why}"), "that it began with")
}

fn way_out(why: &str, binary: &str) -> String {
    format!("{why}; start the binary {binary}, or stop it")
}

/// How an execution is called in what is said of it.
pub(super) fn label(context: &Context) -> String {
    format!("{}/{}", context.machine_name, context.execution_name)
}

/// Why an execution can't go on in a process with these tasks and machines, as far as its rows
/// tell: for those that only look.
pub(crate) fn stranded(
    store: &dyn Store,
    catalog: &Catalog,
    host: &dyn Performer,
    id: ExecutionId,
) -> Result<Option<String>, Error> {
    look(store, catalog, host, id, 0)
}

fn look(
    store: &dyn Store,
    catalog: &Catalog,
    host: &dyn Performer,
    id: ExecutionId,
    depth: u32,
) -> Result<Option<String>, Error> {
    let loaded = match codec::load(store, id) {
        Ok(Some(loaded)) if !loaded.execution.is_ended() && depth < DEEP => loaded,
        Ok(_) => return Ok(None),
        Err(error @ Error::Corrupt { .. }) => return Ok(Some(error.to_string())),
        Err(error) => return Err(error),
    };
    let fit = catalog.code(store, &loaded.record.pin)?.fit;
    let name = label(&loaded.execution.context);
    let here = Surroundings { host, catalog, fit: &fit, execution: &name };
    if let Fit::Unfit(why) = &fit {
        return Ok(Some(because(&name, why)));
    }
    for frame in loaded.execution.frames.values() {
        let why = match &frame.waiting {
            Waiting::Task(task) => match &task.place {
                Place::Child { execution: Some(child), .. } => match catalog::find(store, child)? {
                    Some(child) => look(store, catalog, host, child, depth + 1)?,
                    None => None,
                },
                _ => here.strands_asked(&frame.state, task),
            },
            Waiting::Run(run) => {
                let (machine, mut why) = (run.machine(), None);
                for index in run.alive(&loaded.execution.results) {
                    if why.is_none()
                        && let Some(child) = store.find(&machine, &run.execution_name(index))?
                    {
                        why = look(store, catalog, host, child, depth + 1)?;
                    }
                }
                why
            }
            Waiting::Retry { again: Again::Task(step), .. } => here.strands(&frame.state, step),
            _ => None,
        };
        if why.is_some() {
            return Ok(why);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::task_of;

    #[test]
    fn the_call_of_a_service_is_no_task_by_the_name_of_its_operation() {
        let check = |resource: &str, expected: &str| assert_eq!(task_of(resource), expected);
        check("arn:aws:states:us-east-1:123456789012:activity:charge", "charge");
        check("arn:aws:lambda:us-east-1:123456789012:function:charge", "charge");
        check("charge", "charge");
        for called in ["lambda:invoke", "sns:publish.waitForTaskToken", "aws-sdk:s3:getObject"] {
            let resource = format!("arn:aws:states:::{called}");
            check(&resource, &resource);
        }
    }
}
