//! The visits of a test: into the state, out of it, or to what handles its failure.

use super::{
    Configuration, Exchange, InspectionData, LONGEST, Level, Moment, Refused, Request, Response,
    Status,
    context::{self, Facts},
    definition::Tested,
    items,
    mock::{self, Mocked, Pattern},
    response,
};
use crate::{
    asl::State,
    catalog::name_of,
    engine::Handling,
    program::{
        Context, Data, Failure, Inspection, MapStep, Resume, Scope, Step, TaskStep, Then,
        Tolerance, Vars, Visited, names,
    },
};
use serde_json::Value;

/// The largest payload, in bytes.
const LARGEST: usize = 262_144;

/// A test that has begun.
#[derive(Debug)]
pub enum Begun {
    /// It is over.
    Over(Box<Response>),
    /// The state waits for a task.
    Call(Box<Call>),
}

/// A task that a tested state waits for.
#[derive(Debug)]
pub struct Call {
    /// What to call, and with what.
    pub task: TaskStep,
    /// ARN of the role to call with.
    pub role_arn: String,
    /// Whether secrets may be in the [`Answer::exchange`].
    pub reveal_secrets: bool,
    test: Test,
}

/// The answer to a call.
#[derive(Debug)]
pub struct Answer {
    /// The result, or how the task failed.
    pub result: Result<Data, Failure>,
    /// What went over the wire, of a call of an HTTP endpoint.
    pub exchange: Option<Exchange>,
}

impl Call {
    /// Takes the test to its end.
    pub fn answered(self, answer: Answer) -> Response {
        let Self { mut test, .. } = self;
        test.exchange = answer.exchange;
        let came = match answer.result {
            Ok(result) => Mocked::Result(result),
            Err(failure) => Mocked::Failure(failure.bounded()),
        };
        test.came(came)
    }
}

/// A checked request.
#[derive(Debug)]
pub(super) struct Test {
    tested: Tested,
    moment: Moment,
    /// The input as it was given.
    text: String,
    input: Data,
    vars: Vars,
    context: Value,
    mocked: Option<Mocked>,
    configuration: Configuration,
    inspection: Inspection,
    level: Level,
    role_arn: Option<String>,
    reveal_secrets: bool,
    exchange: Option<Exchange>,
}

impl Test {
    pub(super) fn prepare(request: &Request, moment: Moment) -> Result<Self, Refused> {
        let tested = Tested::find(request)?;
        let mocked = mock::read(request, (&tested.name, &tested.state))?;
        if let Some(role) = request.role_arn.as_ref().filter(|role| !role.starts_with("arn:")) {
            let message = format!("Invalid Arn: 'Invalid Role Arn: {role}'");
            return Err(Refused { exception: "InvalidArn", message });
        }
        let text = request.input.clone().unwrap_or_else(|| "{}".to_owned());
        let input: Value =
            serde_json::from_str(&text).map_err(|error| Refused::input(&error.to_string()))?;
        let configuration = request.configuration.clone().unwrap_or_default();
        let context = match &request.context {
            Some(text) => context::given(text, waits(&tested.state))?,
            None => {
                let role_arn = request.role_arn.as_deref();
                let retries = configuration.retrier_retry_count.unwrap_or(0);
                let retry_count = retried(&tested.state).then_some(retries);
                context::made_up(&moment, &Facts { input: &input, role_arn, retry_count })
            }
        };
        let items = items_of(&tested.state, &configuration)?;
        Ok(Self {
            inspection: Inspection::new(context.clone(), items),
            vars: variables(request.variables.as_deref())?,
            input: input.into(),
            role_arn: request.role_arn.clone(),
            level: request.level,
            reveal_secrets: request.reveal_secrets,
            exchange: None,
            tested,
            moment,
            text,
            context,
            mocked,
            configuration,
        })
    }

    pub(super) fn begin(mut self) -> Begun {
        let (state, input) = (self.tested.name.clone(), self.input.clone());
        let visited = self.visit(&self.inspection, &Resume::Enter { state, input });
        let over = |response| Begun::Over(Box::new(response));
        let step = match visited {
            Visited::Left { output, assigned, next } => {
                return over(self.left(output, assigned, next));
            }
            Visited::Failed(then) => return over(self.failed(failure_of(then))),
            Visited::Step(step) => step,
        };
        let come = match (self.mocked.take(), step) {
            (Some(Mocked::Result(_)), Step::Map(map)) if self.too_many_failed(&map) => {
                Mocked::Failure(Failure::new(
                    names::EXCEED_TOLERATED_FAILURE_THRESHOLD,
                    "The specified tolerated failure threshold was exceeded",
                ))
            }
            (Some(mocked), _) => mocked,
            (None, Step::Task(task)) => {
                let role_arn = self.role_arn.clone().unwrap_or_default();
                let reveal_secrets = self.reveal_secrets;
                return Begun::Call(Box::new(Call { task, role_arn, reveal_secrets, test: self }));
            }
            (None, Step::Wait(due)) if due.duration_since(self.moment.now) > LONGEST => {
                Mocked::Failure(timed_out())
            }
            // A shorter wait is over at once: the test shows what it does to the data.
            (
                None,
                Step::Wait(_)
                | Step::Parallel(_)
                | Step::Map(_)
                | Step::Run(_)
                | Step::Inputs(_)
                | Step::Input(_),
            ) => Mocked::Result(Value::Null.into()),
        };
        over(self.came(come))
    }

    /// What the state waited for has come.
    fn came(self, come: Mocked) -> Response {
        let result = match come {
            Mocked::Result(result) => result,
            Mocked::Failure(failure) => return self.failed(failure),
        };
        let (state, input) = (self.tested.name.clone(), self.input.clone());
        match self.visit(&self.inspection, &Resume::Done { state, input, result }) {
            Visited::Left { output, assigned, next } => self.left(output, assigned, next),
            Visited::Failed(then) => self.failed(failure_of(then)),
            Visited::Step(_) => self.failed(two_steps()),
        }
    }

    fn left(self, output: Data, assigned: Vars, next: Option<String>) -> Response {
        if output.to_string().len() > LARGEST {
            let failure = Failure::too_large(&self.tested.name);
            return self.ended(Status::Failed, failure, Handling::default());
        }
        Response {
            status: Status::Succeeded,
            output: Some(output),
            failure: None,
            next_state: next,
            inspection: self.inspection_data(assigned, Handling::default()),
        }
    }

    fn failed(self, failure: Failure) -> Response {
        let used = self.configuration.retrier_retry_count.unwrap_or(0);
        let (error, seed) = (failure.error.as_deref(), self.moment.seed);
        let mut handling = Handling::of_error(&self.tested.state, error, used, seed);
        if handling.delay.is_some() {
            handling.catcher = None;
            return self.ended(Status::Retriable, failure, handling);
        }
        let Some(catcher) = handling.catcher else {
            return self.ended(Status::Failed, failure, handling);
        };
        let (state, input) = (self.tested.name.clone(), self.input.clone());
        let caught = Resume::Caught { state, input, catcher, failure: failure.clone() };
        // What the catcher's fields make is not shown.
        let unseen = Inspection::new(self.context.clone(), None);
        match self.visit(&unseen, &caught) {
            Visited::Left { output, assigned, next } => Response {
                status: Status::CaughtError,
                output: Some(output),
                failure: Some(failure),
                next_state: next,
                inspection: self.inspection_data(assigned, handling),
            },
            Visited::Failed(then) => self.ended(Status::Failed, failure_of(then), handling),
            Visited::Step(_) => self.ended(Status::Failed, two_steps(), handling),
        }
    }

    /// The state failed and was not left.
    fn ended(self, status: Status, failure: Failure, handling: Handling) -> Response {
        let failure = failure.bounded();
        let inspection = self.inspection_data(Vars::new(), handling);
        Response { status, output: None, failure: Some(failure), next_state: None, inspection }
    }

    fn inspection_data(self, assigned: Vars, handling: Handling) -> Option<InspectionData> {
        if self.level == Level::Info {
            return None;
        }
        let Tested { state, language, .. } = &self.tested;
        let fields = response::shown(state, *language, self.inspection.trace());
        let mut variables = self.vars;
        variables.extend(assigned);
        Some(InspectionData {
            input: self.text,
            fields,
            variables,
            error_details: handling.into(),
            exchange: self.exchange.filter(|_| self.level == Level::Trace),
        })
    }

    fn visit(&self, inspection: &Inspection, resume: &Resume) -> Visited {
        let Moment { now, seed, machine_arn, execution } = &self.moment;
        // Expressions read the context of the inspection; this one is for the program's interface.
        let context = Context {
            execution_arn: String::new(),
            execution_name: execution.clone(),
            input: self.input.clone(),
            started: *now,
            role_arn: self.role_arn.clone().unwrap_or_default(),
            machine_arn: machine_arn.clone(),
            machine_name: name_of(machine_arn).to_owned(),
            map_run: None,
        };
        let scope = Scope {
            context: &context,
            outer: &[],
            frame: 0,
            item: None,
            now: *now,
            wall: *now,
            entered: *now,
            retry_count: self.configuration.retrier_retry_count.unwrap_or(0),
            seed: *seed,
        };
        self.tested.interpreter.inspect(&scope, &self.vars, inspection, resume)
    }

    /// Whether more iterations are said to have failed than the Map tolerates. A Map that says
    /// nothing about it tolerates all of them here (recorded).
    fn too_many_failed(&self, map: &MapStep) -> bool {
        let failed = self.configuration.map_iteration_failure_count.unwrap_or(0);
        let Tolerance { count, percentage } = map.tolerance;
        let items = u32::try_from(map.items.len()).unwrap_or(u32::MAX);
        let share = 100.0 * f64::from(failed) / f64::from(items.max(1));
        count.is_some_and(|most| failed > most) || percentage.is_some_and(|most| share > most)
    }
}

impl From<Handling> for super::ErrorDetails {
    fn from(handling: Handling) -> Self {
        Self {
            catch_index: handling.catcher,
            retry_index: handling.retrier,
            retry_backoff_interval_seconds: handling.delay.map(|delay| delay.as_secs()),
        }
    }
}

/// Whether the state waits for something that has a token.
fn waits(state: &State) -> bool {
    matches!(state, State::Task(task) if Pattern::of(task) != Pattern::Request)
}

/// Whether the language has Retry for the state.
fn retried(state: &State) -> bool {
    matches!(state, State::Task(_) | State::Parallel(_) | State::Map(_))
}

/// The items of a Map that reads them elsewhere.
fn items_of(state: &State, configuration: &Configuration) -> Result<Option<Vec<Data>>, Refused> {
    let State::Map(map) = state else { return Ok(None) };
    match (&map.item_reader, &configuration.map_item_reader_data) {
        (Some(reader), Some(data)) => items::read(reader, data).map(Some),
        (Some(_), None) => Err(Refused::validation(
            "ItemReader data must be specified when testing a Map state with ItemReader specified.",
        )),
        (None, Some(_)) => Err(Refused::validation(
            "MapItemReaderData can only be specified for a Map state with ItemReader specified.",
        )),
        (None, None) => Ok(None),
    }
}

fn variables(text: Option<&str>) -> Result<Vars, Refused> {
    match text.map(serde_json::from_str) {
        None => Ok(Vars::new()),
        Some(Ok(Value::Object(fields))) => {
            Ok(fields.into_iter().map(|(name, value)| (name, value.into())).collect())
        }
        Some(_) => Err(Refused::validation("Variables must be a valid JSON object")),
    }
}

/// The failure of a state, in the words that AWS has for one without a history.
fn failure_of(then: Then) -> Failure {
    match then {
        Then::Failed(failure) => failure,
        Then::StateFailed { error, message } => Failure::new(error, message),
        Then::Begun { then, .. } => failure_of(*then),
        Then::EvaluationFailed { message, .. } => {
            Failure::new(names::QUERY_EVALUATION_ERROR, message)
        }
        Then::Step(_) | Then::Yield { .. } | Then::Succeeded(_) | Then::Misfit(_) => two_steps(),
    }
}

/// The failure of what takes too long; AWS gives no cause.
pub(super) fn timed_out() -> Failure {
    Failure { error: Some(names::TIMEOUT.to_owned()), cause: None }
}

/// What no state does.
fn two_steps() -> Failure {
    Failure::new(names::RUNTIME, "the state waits twice")
}
