//! The world: runs an execution on the pure engine, in memory, with a clock that jumps.

use super::{
    doubles::{Answer, Call, Doubles},
    lambda, misspelt, real,
    run::Run,
};
use crate::{
    asl::{Definition, Diagnostic},
    driver::objects::{self, Nowhere, Objects},
    engine::{
        self, ChildOutcome, Effect, Event, Execution, HistoryEvent, Host, Limits, Moment, RunTask,
        StartChild, Taken, Token, execution::Place,
    },
    program::{
        Context, Data, Failure, Interpreter, MapRunPart, Program, interpreter::CompileError, names,
    },
    registry::Registry,
    workflow::{Mismatch, RunTask as RunReal, State, Workflow, WorkflowDef},
};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

/// Steps after which a run counts as endless.
const STEPS: u32 = 200_000;

/// How deep child executions may nest.
const DEPTH: u32 = 40;

/// A world in which a workflow runs, deterministic from beginning to end.
#[derive(Debug, Clone)]
pub struct World {
    program: Arc<dyn Program>,
    workflow: Option<WorkflowDef>,
    machines: IndexMap<String, Arc<dyn Program>>,
    doubles: Doubles,
    real: IndexMap<String, RunReal>,
    types: lambda::Tasks,
    state: State,
    objects: Arc<dyn Objects>,
    limits: Limits,
    start: Timestamp,
    seed: u64,
    depth: u32,
}

/// Why a run came to no end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorldError {
    /// No execution starts with this input.
    #[error("the input does not fit `{workflow}`: {mismatch}")]
    InvalidInput {
        /// The workflow.
        workflow: String,
        /// Where and why.
        mismatch: Mismatch,
    },
    /// A task has no double.
    #[error("the task `{0}` has no double: give one with `.task(\"{0}\", |call| ..)`")]
    NoDouble(String),
    /// A double stands for a task that nothing here calls.
    #[error("there is a double for `{name}`, which the workflow does not call: {instead}")]
    NoTask {
        /// The name of the double.
        name: String,
        /// What is called instead.
        instead: String,
    },
    /// A child execution's machine is not in the world.
    #[error("there is no machine `{0}` in this world")]
    NoMachine(String),
    /// Everything waits for something that never comes.
    #[error("the execution waits for ever in {}", .0.join(", "))]
    Stuck(Vec<String>),
    /// It went on for too long.
    #[error("the execution did not end within {STEPS} steps")]
    Endless,
    /// Child executions are nested too deep.
    #[error("child executions are nested more than {DEPTH} deep")]
    TooDeep,
    /// What a frame keeps does not come back as what it was: a type is written in one way and read
    /// in another.
    #[error("what the workflow keeps can't be read back: {0}")]
    Misfit(String),
    /// The definition can't be interpreted.
    #[error("the definition can't be interpreted: {0}")]
    Definition(String),
}

impl World {
    /// Makes a world for a program.
    pub fn new(program: Arc<dyn Program>) -> Self {
        Self {
            program,
            workflow: None,
            machines: IndexMap::new(),
            doubles: Doubles::new(),
            real: IndexMap::new(),
            types: IndexMap::new(),
            state: State::new(),
            objects: Arc::new(Nowhere),
            limits: Limits::AWS,
            start: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 20_000),
            seed: 1,
            depth: 0,
        }
    }

    /// Makes a world that interprets a definition.
    ///
    /// # Errors
    /// [`WorldError::Definition`] if the text is no definition, or one with an expression that
    /// does not compile.
    pub fn interpreting(asl: &str) -> Result<Self, WorldError> {
        let (definition, found) = Definition::parse(asl);
        let messages = |found: Vec<Diagnostic>| {
            found.into_iter().map(|found| found.message).collect::<Vec<_>>().join("; ")
        };
        let definition = definition.ok_or_else(|| WorldError::Definition(messages(found)))?;
        Ok(Self::new(interpreter(definition)?))
    }

    /// Makes a world for the native form of a workflow; its children are in it too, and a task
    /// without a double runs its own code.
    ///
    /// # Errors
    /// [`WorldError::NoMachine`] if the workflow could not be registered.
    pub fn of<W: Workflow>() -> Result<Self, WorldError> {
        Self::of_registered(&Registry::new().with::<W>(), W::workflow().name, Ok)
    }

    /// Makes a world for one form of a workflow, of all that it starts, and of their tasks.
    pub(super) fn of_registered(
        registry: &Registry,
        workflow: &str,
        form: impl Fn(Arc<dyn Program>) -> Result<Arc<dyn Program>, WorldError>,
    ) -> Result<Self, WorldError> {
        let missing = || WorldError::NoMachine(workflow.to_owned());
        let own = registry.workflow(workflow).ok_or_else(missing)?;
        let mut world = Self::new(form(Arc::clone(&own.program))?);
        world.workflow = Some(own.def);
        for child in registry.workflows() {
            world = world.machine(child.def.name, form(Arc::clone(&child.program))?);
        }
        for task in registry.tasks() {
            world = world.task(task.descriptor.name, task.run);
            world.types.insert(task.descriptor.name.to_owned(), task.descriptor);
        }
        Ok(world)
    }

    /// Adds the program of a machine that child executions run: by its name or its ARN.
    #[must_use]
    pub fn machine(mut self, name: impl Into<String>, program: Arc<dyn Program>) -> Self {
        self.machines.insert(name.into(), program);
        self
    }

    /// Lets doubles answer the tasks.
    #[must_use]
    pub fn doubles(self, doubles: Doubles) -> Self {
        Self { doubles, ..self }
    }

    /// Runs the task's own code where it has no double.
    #[must_use]
    pub fn task(mut self, name: impl Into<String>, run: RunReal) -> Self {
        self.real.insert(name.into(), run);
        self
    }

    /// Provides what tasks ask for with `#[state]`, to those that run their own code.
    #[must_use]
    pub fn state(self, state: State) -> Self {
        Self { state, ..self }
    }

    /// Has distributed Maps read items and write results there.
    #[must_use]
    pub fn objects(self, objects: impl Objects + 'static) -> Self {
        Self { objects: Arc::new(objects), ..self }
    }

    /// Sets the limits; AWS's are the default.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Sets when the execution starts.
    #[must_use]
    pub fn starting_at(self, start: Timestamp) -> Self {
        Self { start, ..self }
    }

    /// Sets the seed of everything random.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Runs an execution to its end.
    ///
    /// # Errors
    /// If it comes to none: see [`WorldError`].
    pub fn run(&self, input: impl Into<Value>) -> Result<Run, WorldError> {
        self.check_doubles()?;
        let input = input.into();
        if let Some(workflow) = &self.workflow {
            (workflow.check_input)(&input).map_err(|mismatch| WorldError::InvalidInput {
                workflow: workflow.name.to_owned(),
                mismatch,
            })?;
        }
        self.run_part(Data::from(input), format!("{PREFIX}:stateMachine:machine"), None)
    }

    /// Whether each double stands for a task that is called here.
    fn check_doubles(&self) -> Result<(), WorldError> {
        let mut tasks: BTreeSet<String> = self.real.keys().cloned().collect();
        let mut all = true;
        for program in std::iter::once(&self.program).chain(self.machines.values()) {
            all &= misspelt::called(&program.definition().states, &self.types, &mut tasks);
        }
        match self.doubles.names().find(|name| all && !tasks.contains(*name)) {
            None => Ok(()),
            Some(name) => {
                let instead = misspelt::instead(name, &tasks);
                Err(WorldError::NoTask { name: name.to_owned(), instead })
            }
        }
    }

    /// Runs an execution of a machine, or of a Map Run.
    fn run_part(
        &self,
        input: Data,
        machine_arn: String,
        map_run: Option<MapRunPart>,
    ) -> Result<Run, WorldError> {
        let context = Context {
            execution_arn: format!("{PREFIX}:execution:machine:test-{}", self.depth),
            execution_name: format!("test-{}", self.depth),
            input,
            started: self.start,
            role_arn: "arn:aws:iam::123456789012:role/test".to_owned(),
            machine_name: machine_arn.rsplit(':').next().unwrap_or_default().to_owned(),
            machine_arn,
            map_run,
        };
        let mut running = Running {
            world: self,
            execution: Execution::new(context, self.limits),
            now: self.start,
            coming: BTreeMap::new(),
            posted: 0,
            steps: 0,
            history: Vec::new(),
            calls: Vec::new(),
        };
        running.post(Duration::ZERO, Event::Started);
        running.finish()
    }
}

const PREFIX: &str = "arn:aws:states:us-east-1:123456789012";

pub(super) fn interpreter(definition: Definition) -> Result<Arc<dyn Program>, WorldError> {
    let refused = |error: CompileError| WorldError::Definition(error.to_string());
    Ok(Arc::new(Interpreter::new(definition).map_err(refused)?))
}

/// Every activity and every Lambda function of the definition runs in this process.
#[derive(Debug)]
struct InProcess;

impl Host for InProcess {
    fn task_in_process(&self, resource: &str) -> Option<String> {
        let activity = resource.split_once(":activity:").map(|(_, task)| task.to_owned());
        activity.or_else(|| (resource == lambda::INVOKE).then(|| lambda::INVOKE.to_owned()))
    }
}

/// A run under way.
struct Running<'a> {
    world: &'a World,
    execution: Execution,
    now: Timestamp,
    /// Events that are on their way, by time and then in the order in which they were sent.
    coming: BTreeMap<(Timestamp, u64), Event>,
    posted: u64,
    steps: u32,
    history: Vec<HistoryEvent>,
    calls: Vec<Call>,
}

impl Running<'_> {
    fn finish(mut self) -> Result<Run, WorldError> {
        while !self.execution.is_ended() {
            let event = self.next_event()?;
            self.step(event)?;
        }
        let status = self.execution.head.status;
        Ok(Run { status, history: self.history, calls: self.calls, ended: self.now })
    }

    fn post(&mut self, delay: Duration, event: Event) {
        let at = self.now.checked_add(delay).unwrap_or(Timestamp::MAX);
        self.posted += 1;
        self.coming.insert((at, self.posted), event);
    }

    /// Jumps to the next thing that happens. What is due at the time of an answer comes after it.
    fn next_event(&mut self) -> Result<Event, WorldError> {
        let due = self.execution.next_due();
        let first = self.coming.first_entry();
        match (first, due) {
            (Some(first), due) if due.is_none_or(|due| first.key().0 <= due) => {
                self.now = self.now.max(first.key().0);
                Ok(first.remove())
            }
            (_, Some(due)) => {
                self.now = self.now.max(due);
                Ok(Event::TimersDue)
            }
            (_, None) => Err(WorldError::Stuck(self.waiting())),
        }
    }

    fn waiting(&self) -> Vec<String> {
        self.execution.frames.values().map(|frame| format!("`{}`", frame.state)).collect()
    }

    fn step(&mut self, event: Event) -> Result<(), WorldError> {
        self.steps += 1;
        if self.steps > STEPS {
            return Err(WorldError::Endless);
        }
        let seed = self.world.seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ u64::from(self.steps);
        let moment = Moment { now: self.now, seed };
        let program = &*self.world.program;
        let output = engine::step(program, &mut self.execution, event, moment, &InProcess);
        self.execution.take_changes();
        if let Taken::Misfit(why) = output.taken {
            return Err(WorldError::Misfit(why));
        }
        self.history.extend(output.history);
        for effect in output.effects {
            self.perform(effect)?;
        }
        Ok(())
    }

    fn perform(&mut self, effect: Effect) -> Result<(), WorldError> {
        match effect {
            Effect::RunTask(task) => self.run_task(*task),
            Effect::StartChild(child) => self.start_child(*child),
            Effect::ReadItems(asked) => {
                self.post(Duration::ZERO, objects::read(&*self.world.objects, &asked));
                Ok(())
            }
            Effect::WriteResults(asked) => {
                self.post(Duration::ZERO, objects::write(&*self.world.objects, &asked));
                Ok(())
            }
            Effect::CancelTask { token, .. }
            | Effect::CancelObjects { token }
            | Effect::StopChild { token, .. } => {
                self.coming.retain(|_, event| of(event) != Some(token));
                Ok(())
            }
            Effect::Continue => {
                self.post(Duration::ZERO, Event::Continue);
                Ok(())
            }
            Effect::Ended(_) => Ok(()),
        }
    }

    fn run_task(&mut self, task: RunTask) -> Result<(), WorldError> {
        let Place::Process(name) = task.place else {
            return Err(WorldError::NoDouble(task.resource));
        };
        let invoked =
            (name == lambda::INVOKE).then(|| lambda::invoked(&task.arguments, &self.world.types));
        let is_lambda = invoked.is_some();
        let (name, arguments) =
            invoked.flatten().unwrap_or_else(|| (name, (*task.arguments).clone()));
        let call = Call {
            earlier: self.calls.iter().filter(|call| call.task == name).count(),
            task: name,
            state: task.state,
            arguments,
            attempt: task.token.attempt + 1,
        };
        let answer = match (self.world.doubles.answer(&call), self.world.real.get(&call.task)) {
            (Some(answer), _) => answer,
            (None, Some(run)) => real::run(*run, &call, &task.key, self.world.state.clone()),
            (None, None) => return Err(WorldError::NoDouble(call.task)),
        };
        let answer = match self.world.types.get(&call.task) {
            Some(types) => answer.held_to(types),
            None => answer,
        };
        self.calls.push(call);
        self.answer(task.token, if is_lambda { lambda::wrapped(answer) } else { answer });
        Ok(())
    }

    fn answer(&mut self, token: Token, answer: Answer) {
        let Answer { delay, beat, end } = answer;
        if let Some(interval) = beat.filter(|interval| !interval.is_zero()) {
            let mut at = interval;
            while at < delay {
                self.post(at, Event::Heartbeat { token });
                at += interval;
            }
        }
        match end {
            Some(Ok(output)) => {
                self.post(delay, Event::TaskSucceeded { token, output: output.into() });
            }
            Some(Err(failure)) => self.post(delay, Event::TaskFailed { token, failure }),
            None => {}
        }
    }

    /// Runs the child to its end at once; its end is heard of at its time.
    fn start_child(&mut self, child: StartChild) -> Result<(), WorldError> {
        if self.world.depth >= DEPTH {
            return Err(WorldError::TooDeep);
        }
        let name = child.machine.rsplit(':').next().unwrap_or_default();
        let machines = &self.world.machines;
        let program = match &child.map_run {
            Some(_) => &self.world.program,
            None => {
                let program = machines.get(&child.machine).or_else(|| machines.get(name));
                program.ok_or_else(|| WorldError::NoMachine(child.machine.clone()))?
            }
        };
        let world = World {
            program: Arc::clone(program),
            start: self.now,
            depth: self.world.depth + 1,
            ..self.world.clone()
        };
        let machine = match &child.map_run {
            Some(_) => child.machine.clone(),
            None => format!("{PREFIX}:stateMachine:machine"),
        };
        let run = world.run_part(child.input.clone(), machine, child.map_run.clone())?;
        self.calls.extend(run.calls);
        let token = child.token;
        let execution = format!("{PREFIX}:execution:{name}:{}", child.key);
        let started =
            Event::ChildStarted { token, execution: execution.clone(), started: self.now };
        self.post(Duration::ZERO, started);
        let outcome = ChildOutcome {
            name: child.name.unwrap_or(child.key),
            execution,
            machine: child.machine,
            input: child.input,
            started: self.now,
            stopped: run.ended,
            status: run.status,
        };
        let took = run.ended.duration_since(self.now).unsigned_abs();
        self.post(took, Event::ChildEnded { token, child: Box::new(outcome) });
        Ok(())
    }
}

/// Returns the attempt that an event is about.
fn of(event: &Event) -> Option<Token> {
    match event {
        Event::TaskStarted { token, .. }
        | Event::TaskSucceeded { token, .. }
        | Event::TaskFailed { token, .. }
        | Event::CallAnswered { token, .. }
        | Event::CallRefused { token, .. }
        | Event::Heartbeat { token }
        | Event::ChildStarted { token, .. }
        | Event::ItemsRead { token, .. }
        | Event::ResultsWritten { token }
        | Event::ChildEnded { token, .. } => Some(*token),
        Event::Started
        | Event::Continue
        | Event::TimersDue
        | Event::Stop(_)
        | Event::Recovered
        | Event::GivenBack => None,
    }
}

/// Returns a failure that a task's own panic or missing runtime makes.
pub(super) fn broken(cause: impl Into<String>) -> Failure {
    Failure::new(names::TASK_PANICKED, cause)
}
