//! What is asked of a test, in AWS's names.

use serde::Deserialize;

/// A state to test, and what surrounds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    /// One state, or a whole machine if there is a `state_name`.
    pub definition: String,
    /// Which state of the machine; it may be one of a branch or of a Map's processor.
    pub state_name: Option<String>,
    /// ARN of the role that calls have.
    pub role_arn: Option<String>,
    /// The state's input, JSON; by default `{}`.
    pub input: Option<String>,
    /// Variables that the state sees, a JSON object.
    pub variables: Option<String>,
    /// How much is shown.
    #[serde(rename = "inspectionLevel")]
    pub level: Level,
    /// Whether secrets of HTTP requests are shown.
    pub reveal_secrets: bool,
    /// What stands for the outside.
    pub mock: Option<Mock>,
    /// The context object, a JSON object; only beside a mock.
    pub context: Option<String>,
    /// Where in its life the state is tested.
    #[serde(rename = "stateConfiguration")]
    pub configuration: Option<Configuration>,
}

/// How much a test shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// The output and where the state goes on.
    #[default]
    Info,
    /// What each field made, too: AWS's `DEBUG`. A variant of that name would make rustc write the
    /// path of the trait in what it tells users.
    #[serde(rename = "DEBUG")]
    Data,
    /// Requests and responses of HTTP calls, too.
    Trace,
}

/// What stands for a task, branches or iterations: a result or a failure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mock {
    /// The result, JSON.
    pub result: Option<String>,
    /// The failure.
    pub error_output: Option<ErrorOutput>,
    /// What the result is held to.
    #[serde(rename = "fieldValidationMode")]
    pub validation: Validation,
}

/// A mocked failure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorOutput {
    /// The error name.
    pub error: Option<String>,
    /// The cause.
    pub cause: Option<String>,
}

/// What a mocked result of an AWS API is held to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Validation {
    /// Required fields are there, and fields have what the API gives.
    #[default]
    Strict,
    /// Fields that are there have what the API gives.
    Present,
    /// Nothing.
    None,
}

/// Where in its life a state is tested.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Configuration {
    /// How often the retrier that names the mocked error has been used.
    pub retrier_retry_count: Option<u32>,
    /// The state inside a Map or Parallel that failed.
    pub error_caused_by_state: Option<String>,
    /// How many iterations of the Map failed.
    pub map_iteration_failure_count: Option<u32>,
    /// What the Map's `ItemReader` read, as it was read.
    pub map_item_reader_data: Option<String>,
}
