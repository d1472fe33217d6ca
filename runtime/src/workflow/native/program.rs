//! The program of a workflow: its generated step function, between the states of its graph.

use super::{
    super::{Numbers, Op, Options, child, ops, whole_seconds},
    Action, Run,
    run::{Ended, Path},
};
use crate::{
    asl,
    program::{
        Data, Failure, MapStep, Program, Resume, Scope, Step, TaskStep, Then, Tolerance, Turn,
        Vars, names,
    },
};
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt, sync::Arc, time::Duration};

/// So many states are entered in a turn before the engine commits.
const LONGEST_TURN: usize = 64;

/// Seconds of a Wait that Step Functions takes.
const LONGEST_WAIT: u64 = 99_999_999;

/// What the macro knows of a workflow's segments.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The first segment of each frame, by the StartAt of its states.
    pub starts: &'static [(&'static str, u32)],
    /// The segment that goes on after each step, by its state.
    pub steps: &'static [(&'static str, u32)],
    /// Segments that begin by entering a state, by that state.
    pub heads: &'static [(&'static str, u32)],
    /// Whether the workflow can be exported, which decides what numbers it has and how a failing
    /// expression is called.
    pub exported: bool,
}

/// A workflow as native code.
pub struct Native {
    definition: asl::Definition,
    table: Table,
    step: fn(u32, &mut Run<'_>) -> Action,
    tasks: IndexMap<String, asl::Task>,
    states: BTreeSet<String>,
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Native").field("table", &self.table).finish_non_exhaustive()
    }
}

impl Native {
    /// Makes the program of a step function.
    pub fn new(
        definition: asl::Definition,
        table: Table,
        step: fn(u32, &mut Run<'_>) -> Action,
    ) -> Self {
        let (mut tasks, mut states) = (IndexMap::new(), BTreeSet::new());
        collect(&definition.states, &mut tasks, &mut states);
        Self { definition, table, step, tasks, states }
    }

    fn numbers(&self) -> Numbers {
        if self.table.exported { Numbers::Portable } else { Numbers::Wide }
    }

    fn broken(&self, cause: impl Into<String>) -> Failure {
        let error =
            if self.table.exported { names::QUERY_EVALUATION_ERROR } else { names::RUNTIME };
        Failure::new(error, cause)
    }

    fn is_child(&self, state: &str) -> bool {
        self.tasks.get(state).is_some_and(|task| task.resource.contains(":states:startExecution"))
    }

    /// Where the frame goes on, and from what.
    fn resumed(&self, resume: Resume) -> Result<(u32, Option<Ended>, Path), String> {
        let find = |table: &[(&str, u32)], state: &str| {
            let found = table.iter().find(|(name, _)| *name == state).map(|(_, segment)| *segment);
            found.ok_or_else(|| format!("the workflow has no way on from `{state}`"))
        };
        Ok(match resume {
            Resume::Begin { start_at, input } => {
                (find(self.table.starts, &start_at)?, None, Path::begun(&start_at, input))
            }
            Resume::Enter { state, input } => {
                (find(self.table.heads, &state)?, None, Path::begun(&state, input))
            }
            Resume::Done { state, input: _, result } => {
                let segment = find(self.table.steps, &state)?;
                let given = if self.is_child(&state) { output(&result) } else { result.clone() };
                (segment, Some(Ended::Given(given)), Path::resumed(state, result))
            }
            Resume::Items { state, .. } => {
                return Err(format!("the workflow has no distributed Map `{state}`"));
            }
            Resume::Item { state, .. } => {
                return Err(format!("the workflow selects nothing for iterations of `{state}`"));
            }
            Resume::Caught { state, input: _, catcher: _, failure } => {
                let segment = find(self.table.steps, &state)?;
                let shown = json!({ "Error": failure.error, "Cause": failure.cause });
                let own = if self.is_child(&state) { child::failure(failure) } else { failure };
                (segment, Some(Ended::Failed(own)), Path::resumed(state, shown.into()))
            }
        })
    }

    /// Runs segments up to a step, the end, or enough of them. The state that waits is the last one
    /// that `run` entered.
    fn segments(&self, mut segment: u32, run: &mut Run<'_>) -> Result<Then, Failure> {
        loop {
            let action = match ops::catch(|| (self.step)(segment, run)) {
                Ok(action) => action,
                Err(violation) if violation.misfit => return Ok(Then::Misfit(violation.message)),
                Err(violation) => {
                    let failure = run.passed_on();
                    return Err(failure.unwrap_or_else(|| self.broken(violation.message)));
                }
            };
            match action {
                Action::Goto(next) => {
                    segment = next;
                    let head = self.table.heads.iter().find(|(_, segment)| *segment == next);
                    if let Some((state, _)) = head
                        && run.path.entered() >= LONGEST_TURN
                    {
                        run.path.leave();
                        let (state, input) = ((*state).to_owned(), run.path.data.clone());
                        return Ok(Then::Yield { state, input });
                    }
                }
                Action::Start(op) => return self.start(op, run).map(Then::Step),
                Action::Parallel => return Ok(Then::Step(Step::Parallel(run.path.data.clone()))),
                Action::Map(items, max_concurrency) => {
                    let items: Vec<Data> = items.into_iter().map(Data::from).collect();
                    return Ok(Then::Step(Step::Map(MapStep {
                        items,
                        selects: false,
                        max_concurrency,
                        tolerance: Tolerance::default(),
                    })));
                }
                Action::End(Ok(output)) => {
                    run.path.data = output.clone();
                    run.path.leave();
                    return Ok(Then::Succeeded(output));
                }
                Action::End(Err(failure)) => return Err(failure),
            }
        }
    }

    fn start(&self, op: Op, run: &Run<'_>) -> Result<Step, Failure> {
        match op {
            Op::Sleep(duration) => {
                let seconds = whole_seconds(duration);
                if self.table.exported && seconds > LONGEST_WAIT {
                    return Err(self.broken(format!(
                        "a Wait lasts {LONGEST_WAIT} seconds at most, and not {seconds}: use \
                         `sleep_until`"
                    )));
                }
                let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
                let due = run.scope().wall.checked_add(SignedDuration::from_secs(seconds));
                Ok(Step::Wait(due.unwrap_or(Timestamp::MAX)))
            }
            Op::Until(deadline) => Ok(Step::Wait(deadline)),
            Op::Task { arguments, options, .. } => self.task(arguments, &options, run),
            Op::Child { input, options, .. } => {
                let mut arguments = self.task_at(run)?.arguments.clone().unwrap_or_default();
                if let Some(members) = arguments.as_object_mut()
                    && (!input.is_null() || members.contains_key("Input"))
                {
                    // As in the exported form: the API takes JSON as text.
                    let input = match &*input {
                        text @ (Value::String(_) | Value::Null) => text.to_string().into(),
                        other => other.clone(),
                    };
                    members.insert("Input".to_owned(), input);
                }
                self.task(arguments.into(), &options, run)
            }
        }
    }

    fn task_at(&self, run: &Run<'_>) -> Result<&asl::Task, Failure> {
        run.path.current().and_then(|state| self.tasks.get(state)).ok_or_else(|| {
            Failure::new(names::RUNTIME, "a task was called where the definition has none")
        })
    }

    fn task(&self, arguments: Data, options: &Options, run: &Run<'_>) -> Result<Step, Failure> {
        let task = self.task_at(run)?;
        let seconds = |template: &Option<Value>| {
            template.as_ref().and_then(Value::as_u64).map(Duration::from_secs)
        };
        let rounded = |limit: Duration| Duration::from_secs(whole_seconds(limit));
        Ok(Step::Task(TaskStep {
            resource: task.resource.clone(),
            arguments,
            timeout: options.timeout.map(rounded).or_else(|| seconds(&task.timeout_seconds)),
            heartbeat: options.heartbeat.map(rounded).or_else(|| seconds(&task.heartbeat_seconds)),
            token: None,
            renewed: false,
        }))
    }
}

/// Makes the program of a workflow's step function.
pub fn program(
    definition: Option<asl::Definition>,
    table: Table,
    step: fn(u32, &mut Run<'_>) -> Action,
) -> Arc<dyn Program> {
    let definition = definition.expect("a step function that is asked for it defines the machine");
    Arc::new(Native::new(definition, table, step))
}

/// There is no such segment.
pub fn no_segment(segment: u32) -> Action {
    let cause = format!("the workflow has no segment {segment}");
    Action::End(Err(Failure::new(names::RUNTIME, cause)))
}

impl Program for Native {
    fn definition(&self) -> &asl::Definition {
        &self.definition
    }

    fn resume(&self, scope: &Scope<'_>, vars: &mut Vars, resume: Resume) -> Turn {
        let (segment, ended, path) = match self.resumed(resume) {
            Ok(resumed) => resumed,
            Err(why) => return Turn { passed: Vec::new(), then: Then::Misfit(why) },
        };
        let mut run = Run::new(scope, &self.states, vars.clone(), ended, self.numbers(), path);
        let then = self.segments(segment, &mut run);
        let (after, mut path) = run.into_vars();
        let then = match then {
            Ok(then) => {
                path.assign(changed(vars, &after));
                *vars = after;
                then
            }
            Err(failure) => Then::Failed(failure),
        };
        Turn { passed: path.passed, then }
    }
}

/// The variables that are new or have another value.
fn changed(before: &Vars, after: &Vars) -> Vars {
    let is_changed = |(key, value): &(&String, &Data)| before.get(*key) != Some(value);
    after.iter().filter(is_changed).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// What a child execution gave: its Output, in the description that the service answers with.
fn output(description: &Data) -> Data {
    description.get("Output").cloned().unwrap_or_default().into()
}

/// Task states by name, and the names of all states, of all scopes.
fn collect(
    scope: &asl::States,
    tasks: &mut IndexMap<String, asl::Task>,
    states: &mut BTreeSet<String>,
) {
    for (name, state) in &scope.states {
        states.insert(name.clone());
        match state {
            asl::State::Task(task) => {
                tasks.insert(name.clone(), task.clone());
            }
            asl::State::Parallel(parallel) => {
                for branch in &parallel.branches {
                    collect(&branch.states, tasks, states);
                }
            }
            asl::State::Map(map) => collect(&map.processor.states, tasks, states),
            _ => {}
        }
    }
}
