//! Task: arguments and bounds of a call.

use super::{
    compile::{CompileError, Compiler},
    exit::{Catchers, Exit},
    payload::Payload,
    setting::{Number, Setting},
    visit::{Evaluated, Outcome, Visit},
};
use crate::{
    asl::{self, Pattern, TaskResource},
    program::{Step, TaskStep},
};
use std::time::Duration;

/// The language's longest timeout, in seconds.
const LONGEST: f64 = 99_999_999.0;

const TIMEOUT: Number = seconds("TimeoutSeconds");
const HEARTBEAT: Number = seconds("HeartbeatSeconds");

const fn seconds(name: &'static str) -> Number {
    Number { name, fractions: false, least: 1.0, most: LONGEST, outside: None }
}

#[derive(Debug)]
pub(super) struct Task {
    resource: String,
    /// Whether somebody else answers for it, who must learn its token from the payload.
    gives_token: bool,
    payload: Payload,
    timeout: Option<Setting>,
    heartbeat: Option<Setting>,
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
            gives_token: matches!(
                TaskResource::of(&state.resource),
                TaskResource::Integration { pattern: Pattern::Token, .. }
            ),
            payload: Payload::compile(compiler, state.arguments.as_ref(), &state.flow)?,
            timeout: Setting::compile(
                compiler,
                &TIMEOUT,
                state.timeout_seconds.as_ref(),
                state.timeout_seconds_path.as_deref(),
            )?,
            heartbeat: Setting::compile(
                compiler,
                &HEARTBEAT,
                state.heartbeat_seconds.as_ref(),
                state.heartbeat_seconds_path.as_deref(),
            )?,
            exit: Exit::of_state(compiler, &state.flow)?,
            catchers: Catchers::compile(compiler, &state.catch)?,
        })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        let step = if self.gives_token { self.step(&visit.with_token()) } else { self.step(visit) };
        step.map_or_else(Outcome::Fail, |task| Outcome::Step(Step::Task(task)))
    }

    fn step(&self, visit: &Visit<'_>) -> Evaluated<TaskStep> {
        let arguments = self.payload.evaluate(visit)?;
        Ok(TaskStep {
            resource: self.resource.clone(),
            arguments,
            timeout: self.seconds(visit, self.timeout.as_ref(), &TIMEOUT)?,
            heartbeat: self.seconds(visit, self.heartbeat.as_ref(), &HEARTBEAT)?,
            token: visit.token(),
            renewed: true,
        })
    }

    fn seconds(
        &self,
        visit: &Visit<'_>,
        setting: Option<&Setting>,
        number: &Number,
    ) -> Evaluated<Option<Duration>> {
        let Some(setting) = setting else { return Ok(None) };
        let input = self.payload.effective_input(visit)?;
        let seconds = setting.evaluate(visit, &input, number)?;
        Ok(Some(Duration::from_secs_f64(seconds)))
    }
}
