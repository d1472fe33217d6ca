//! Task: arguments and bounds of a call.

use super::{
    compile::{CompileError, Compiler, Field},
    exit::{Catchers, Exit},
    visit::{Evaluated, Outcome, Visit, failed},
};
use crate::{
    asl,
    program::{Step, TaskStep},
};
use std::time::Duration;

/// The language's longest timeout, in seconds.
const LONGEST: u64 = 99_999_999;

#[derive(Debug)]
pub(super) struct Task {
    resource: String,
    arguments: Option<Field>,
    timeout: Option<Field>,
    heartbeat: Option<Field>,
    pub(super) exit: Exit,
    pub(super) catchers: Catchers,
}

impl Task {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Task,
    ) -> Result<Self, CompileError> {
        Ok(Self {
            resource: state.resource.clone(),
            arguments: compiler.optional("Arguments", state.arguments.as_ref())?,
            timeout: compiler.optional("TimeoutSeconds", state.timeout_seconds.as_ref())?,
            heartbeat: compiler.optional("HeartbeatSeconds", state.heartbeat_seconds.as_ref())?,
            exit: Exit::of_state(compiler, &state.common)?,
            catchers: Catchers::compile(compiler, &state.catch)?,
        })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        self.step(visit).map_or_else(Outcome::Fail, |task| Outcome::Step(Step::Task(task)))
    }

    fn step(&self, visit: &Visit<'_>) -> Evaluated<TaskStep> {
        let arguments = match &self.arguments {
            Some(template) => visit.evaluate(template, "Arguments")?,
            None => visit.input().clone(),
        };
        Ok(TaskStep {
            resource: self.resource.clone(),
            arguments,
            timeout: seconds(visit, self.timeout.as_ref(), "TimeoutSeconds")?,
            heartbeat: seconds(visit, self.heartbeat.as_ref(), "HeartbeatSeconds")?,
        })
    }
}

fn seconds(
    visit: &Visit<'_>,
    template: Option<&Field>,
    field: &str,
) -> Evaluated<Option<Duration>> {
    let Some(template) = template else { return Ok(None) };
    let value = visit.evaluate(template, field)?;
    match value.as_u64() {
        Some(seconds @ 1..=LONGEST) => Ok(Some(Duration::from_secs(seconds))),
        _ => Err(failed(&template.unexpected(field, "integer", value.into_value()))),
    }
}
