//! What a test answers, and its JSON as AWS writes it.

use crate::{
    asl::{ItemReader, QueryLanguage, State},
    program::{Data, Failure, Trace, Vars},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, ser::Formatter};
use std::io;

/// What came of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// How the state ended.
    pub status: Status,
    /// Its output, if it was left.
    pub output: Option<Data>,
    /// Why it failed, if it did; a failure that was caught is shown too.
    pub failure: Option<Failure>,
    /// Where it goes on.
    pub next_state: Option<String>,
    /// What its fields made, if that was asked for.
    pub inspection: Option<InspectionData>,
}

/// How a tested state ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was left.
    Succeeded,
    /// It failed for good.
    Failed,
    /// It failed, and would be tried again.
    Retriable,
    /// It failed, and was left by a catcher.
    CaughtError,
}

impl Status {
    /// AWS's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Retriable => "RETRIABLE",
            Self::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// What happened inside the state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InspectionData {
    /// The input as it was given.
    pub input: String,
    /// What the fields made, as far as AWS shows it.
    pub fields: Trace,
    /// Variables after the state.
    pub variables: Vars,
    /// What handled a failure.
    pub error_details: ErrorDetails,
    /// What went over the wire.
    pub exchange: Option<Exchange>,
}

/// What handled a failure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetails {
    /// Index of the catcher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catch_index: Option<usize>,
    /// Index of the retrier that names the error, exhausted or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_index: Option<usize>,
    /// How long the retry waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_backoff_interval_seconds: Option<u64>,
}

/// A request over HTTP and its response: objects of texts, with AWS's names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// `protocol`, `method`, `url`, `headers`, `body`.
    pub request: Map<String, Value>,
    /// `protocol`, `statusCode`, `statusMessage`, `headers`, `body`.
    pub response: Map<String, Value>,
}

impl Response {
    /// AWS's JSON.
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            json.extend(value.map(|value| (name.to_owned(), value)));
        };
        put("output", self.output.as_deref().map(text));
        if let Some(Failure { error, cause }) = &self.failure {
            put("error", error.clone().map(Value::from));
            put("cause", cause.clone().map(Value::from));
        }
        put("inspectionData", self.inspection.as_ref().map(InspectionData::to_json));
        put("nextState", self.next_state.clone().map(Value::from));
        put("status", Some(self.status.name().into()));
        json.into()
    }
}

impl InspectionData {
    fn to_json(&self) -> Value {
        let mut json = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            json.extend(value.map(|value| (name.to_owned(), value)));
        };
        let one = |data: &Option<Data>| data.as_deref().map(text);
        let many = |data: &Option<Vec<Data>>| data.as_ref().map(text);
        let fields = &self.fields;
        put("input", Some(self.input.clone().into()));
        put("afterArguments", one(&fields.arguments));
        put("afterInputPath", one(&fields.input_path));
        put("afterParameters", one(&fields.parameters));
        put("result", one(&fields.result));
        put("afterResultSelector", one(&fields.result_selector));
        put("afterResultPath", one(&fields.result_path));
        put("afterItemsPath", many(&fields.items_path));
        put("afterItemsPointer", many(&fields.items_read));
        put("afterItemSelector", many(&fields.item_selector));
        put("afterItemBatcher", many(&fields.item_batcher));
        put("toleratedFailureCount", fields.tolerance.count.map(Value::from));
        put("toleratedFailurePercentage", fields.tolerance.percentage.map(Value::from));
        put("maxConcurrency", fields.max_concurrency.map(Value::from));
        put("variables", (!self.variables.is_empty()).then(|| text(&self.variables)));
        if self.error_details != ErrorDetails::default() {
            put("errorDetails", serde_json::to_value(self.error_details).ok());
        }
        if let Some(Exchange { request, response }) = self.exchange.clone() {
            put("request", Some(request.into()));
            put("response", Some(response.into()));
        }
        json.into()
    }
}

/// Leaves what AWS shows of a state of that kind and language.
pub(super) fn shown(state: &State, language: QueryLanguage, all: Trace) -> Trace {
    let mut shown = all;
    if language == QueryLanguage::Jsonata {
        (shown.input_path, shown.items_path) = (None, None);
    }
    let points = |reader: &ItemReader| {
        reader.config.as_ref().is_some_and(|config| config.items_pointer.is_some())
    };
    if !matches!(state, State::Map(map) if map.item_reader.as_ref().is_some_and(points)) {
        shown.items_read = None;
    }
    // The payload of branches and the results of children are not shown (recorded).
    if matches!(state, State::Parallel(_)) {
        (shown.arguments, shown.input_path, shown.parameters) = (None, None, None);
    }
    shown
}

/// A value as JSON in a text, with the spaces that AWS writes in tests and nowhere else.
fn text(value: &(impl Serialize + ?Sized)) -> Value {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Spaced);
    let written = value.serialize(&mut serializer);
    Value::String(match written {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => String::new(),
    })
}

/// Writes a space after every comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
