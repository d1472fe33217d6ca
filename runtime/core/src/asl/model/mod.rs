//! The model of a definition: plain data, closed enums, the language's own names.

mod comparison;
mod map;

pub use comparison::{Comparison, Kind, Operand, Operator, Relation, Test};
pub use map::{ItemBatcher, ItemReader, Map, ReaderConfig, ResultWriter};

use indexmap::IndexMap;
use serde_json::Value;

/// A JSON template whose strings may be `{% expressions %}`.
pub type Template = Value;

/// A state machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Comment.
    pub comment: Option<String>,
    /// The language of states that name none.
    pub query_language: QueryLanguage,
    /// Version of the language, "1.0".
    pub version: Option<String>,
    /// Bounds the whole execution, in seconds.
    pub timeout_seconds: Option<Template>,
    /// The top-level states.
    pub states: States,
}

/// How a machine is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MachineType {
    /// Up to a year, every step exactly once, with a history.
    #[default]
    Standard,
    /// Up to five minutes, at least once, without jobs, callbacks and activities.
    Express,
}

/// How a definition says what the data does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryLanguage {
    /// Paths, ResultPath, intrinsic functions.
    JsonPath,
    /// Expressions and variables.
    Jsonata,
}

/// One scope of states: the machine itself, a branch, or the processor of a Map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct States {
    /// Where the scope begins.
    pub start_at: String,
    /// Its states, in the order written.
    pub states: IndexMap<String, State>,
}

/// A branch of a Parallel, or the processor of a Map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Branch {
    /// Comment.
    pub comment: Option<String>,
    /// Its states.
    pub states: States,
    /// Of a Map's processor.
    pub config: Option<ProcessorConfig>,
}

/// How a Map runs its iterations.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessorConfig {
    /// `INLINE` or `DISTRIBUTED`.
    pub mode: Option<String>,
    /// `STANDARD` or `EXPRESS`, of a distributed Map.
    pub execution_type: Option<String>,
}

impl Branch {
    /// Whether each iteration is an execution of its own: the processor of a distributed Map.
    pub fn is_distributed(&self) -> bool {
        let mode = self.config.as_ref().and_then(|config| config.mode.as_deref());
        mode == Some("DISTRIBUTED")
    }
}

/// A state of any kind.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the kinds are the language's own")]
#[expect(clippy::large_enum_variant, reason = "few, long-lived, and never moved in a loop")]
pub enum State {
    Task(Task),
    Pass(Pass),
    Choice(Choice),
    Wait(Wait),
    Succeed(Succeed),
    Fail(Fail),
    Parallel(Parallel),
    Map(Map),
}

impl State {
    /// The query language of the state, in a machine whose states are in `machine` by default.
    /// Branches and processors inherit from the machine, not from the state around them.
    pub fn query_language(&self, machine: QueryLanguage) -> QueryLanguage {
        self.flow().query_language.unwrap_or(machine)
    }

    /// The fields that most states share.
    pub fn flow(&self) -> &Flow {
        match self {
            Self::Task(Task { flow, .. })
            | Self::Pass(Pass { flow, .. })
            | Self::Choice(Choice { flow, .. })
            | Self::Wait(Wait { flow, .. })
            | Self::Succeed(Succeed { flow })
            | Self::Fail(Fail { flow, .. })
            | Self::Parallel(Parallel { flow, .. })
            | Self::Map(Map { flow, .. }) => flow,
        }
    }

    /// The same fields, to change.
    pub(crate) fn flow_mut(&mut self) -> &mut Flow {
        match self {
            Self::Task(Task { flow, .. })
            | Self::Pass(Pass { flow, .. })
            | Self::Choice(Choice { flow, .. })
            | Self::Wait(Wait { flow, .. })
            | Self::Succeed(Succeed { flow })
            | Self::Fail(Fail { flow, .. })
            | Self::Parallel(Parallel { flow, .. })
            | Self::Map(Map { flow, .. }) => flow,
        }
    }

    /// The value of Type.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Task(_) => "Task",
            Self::Pass(_) => "Pass",
            Self::Choice(_) => "Choice",
            Self::Wait(_) => "Wait",
            Self::Succeed(_) => "Succeed",
            Self::Fail(_) => "Fail",
            Self::Parallel(_) => "Parallel",
            Self::Map(_) => "Map",
        }
    }

    /// The catchers, of the kinds that have some.
    pub fn catch(&self) -> &[Catcher] {
        match self {
            Self::Task(Task { catch, .. })
            | Self::Parallel(Parallel { catch, .. })
            | Self::Map(Map { catch, .. }) => catch,
            _ => &[],
        }
    }

    /// The retriers, of the kinds that have some.
    pub fn retry(&self) -> &[Retrier] {
        match self {
            Self::Task(Task { retry, .. })
            | Self::Parallel(Parallel { retry, .. })
            | Self::Map(Map { retry, .. }) => retry,
            _ => &[],
        }
    }

    /// The scopes inside, each with its JSON pointer below the state.
    pub fn scopes(&self) -> Vec<(String, &States)> {
        match self {
            Self::Parallel(parallel) => parallel
                .branches
                .iter()
                .enumerate()
                .map(|(i, branch)| (format!("/Branches/{i}"), &branch.states))
                .collect(),
            Self::Map(map) => {
                vec![(format!("/{}", map.processor_field()), &map.processor.states)]
            }
            _ => Vec::new(),
        }
    }
}

/// What most states share. `next` is `None` where the state ends its scope (`End`).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flow {
    /// Comment.
    pub comment: Option<String>,
    /// The state's own query language.
    pub query_language: Option<QueryLanguage>,
    /// Variables to set: name to template. In JSONPath mode a name may end in `.$`.
    pub assign: Option<IndexMap<String, Template>>,
    /// Output, in JSONata mode.
    pub output: Option<Template>,
    /// The next state; `None` is `End: true`.
    pub next: Option<String>,
    /// What only states in JSONPath mode have.
    pub paths: Paths,
}

/// The fields by which a state in JSONPath mode picks its input and makes its output.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Paths {
    pub input_path: Option<MaybePath>,
    pub parameters: Option<Template>,
    pub result_selector: Option<Template>,
    pub result_path: Option<MaybePath>,
    pub output_path: Option<MaybePath>,
}

/// A path, or the `null` that stands for nothing at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MaybePath {
    /// `null`: no input, no result, no output.
    Null,
    /// A path.
    Path(String),
}

/// A Task.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Task {
    pub flow: Flow,
    pub resource: String,
    pub arguments: Option<Template>,
    pub credentials: Option<Template>,
    pub timeout_seconds: Option<Template>,
    pub timeout_seconds_path: Option<String>,
    pub heartbeat_seconds: Option<Template>,
    pub heartbeat_seconds_path: Option<String>,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
}

/// A Pass.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Pass {
    pub flow: Flow,
    /// The state's result, in JSONPath mode.
    pub result: Option<Value>,
}

/// A Choice; `flow.next` is unused.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Choice {
    pub flow: Flow,
    pub choices: Vec<ChoiceRule>,
    pub default: Option<String>,
}

/// A rule of a Choice.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct ChoiceRule {
    pub comment: Option<String>,
    pub condition: Condition,
    pub assign: Option<IndexMap<String, Template>>,
    pub output: Option<Template>,
    pub next: String,
}

/// When a rule of a Choice applies.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// An expression or a boolean, in JSONata mode.
    Jsonata(Template),
    /// A tree of comparisons, in JSONPath mode.
    Test(Test),
}

impl Condition {
    /// The expression, in JSONata mode.
    pub fn expression(&self) -> Option<&Template> {
        match self {
            Self::Jsonata(template) => Some(template),
            Self::Test(_) => None,
        }
    }
}

/// A Wait.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Wait {
    pub flow: Flow,
    pub until: WaitUntil,
}

/// How long a Wait waits.
#[derive(Debug, Clone, PartialEq)]
pub enum WaitUntil {
    /// A number of seconds, or an expression.
    Seconds(Template),
    /// An RFC 3339 timestamp, or an expression.
    Timestamp(Template),
    /// Where the number of seconds is, in JSONPath mode.
    SecondsPath(String),
    /// Where the timestamp is, in JSONPath mode.
    TimestampPath(String),
}

/// A Succeed.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Succeed {
    pub flow: Flow,
}

/// A Fail.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Fail {
    pub flow: Flow,
    pub error: Option<Template>,
    /// A path or an intrinsic function, in JSONPath mode.
    pub error_path: Option<String>,
    pub cause: Option<Template>,
    /// A path or an intrinsic function, in JSONPath mode.
    pub cause_path: Option<String>,
}

/// A Parallel.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Parallel {
    pub flow: Flow,
    pub branches: Vec<Branch>,
    pub arguments: Option<Template>,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
}

/// When and how often a failed state is repeated.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Retrier {
    pub comment: Option<String>,
    pub error_equals: Vec<String>,
    pub interval_seconds: Option<u64>,
    pub max_attempts: Option<u64>,
    pub backoff_rate: Option<f64>,
    pub max_delay_seconds: Option<u64>,
    pub jitter_strategy: Option<String>,
}

/// Where a failed state goes on.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Catcher {
    pub comment: Option<String>,
    pub error_equals: Vec<String>,
    pub assign: Option<IndexMap<String, Template>>,
    pub output: Option<Template>,
    /// Where the Error Output goes, in JSONPath mode.
    pub result_path: Option<MaybePath>,
    pub next: String,
}
