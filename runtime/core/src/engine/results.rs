//! What a Map Run's executions gave: kept while it runs, put together or written when they are over.

use super::{
    ChildOutcome, Status,
    child::{self, Envelope},
    execution::MapRun,
};
use crate::program::{Data, ResultForm};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The objects that hold results, by the status in their name.
const FILES: [&str; 3] = ["SUCCEEDED", "FAILED", "PENDING"];

/// What is kept of an execution that has ended.
pub(super) fn kept(run: &MapRun, child: &ChildOutcome) -> Data {
    let results = &run.step.results;
    match &child.status {
        Status::Succeeded(output)
            if results.to.is_none() && results.form != ResultForm::Described =>
        {
            output.clone()
        }
        _ => child::describe(child, Envelope::Exported).into(),
    }
}

/// The description of an execution that was stopped because the Map Run failed.
fn stopped(run: &MapRun, index: u32) -> Value {
    let name = run.execution_name(index);
    let input = run.input(index).unwrap_or_default().to_string();
    let details = json!({ "Included": true });
    json!({ "Input": input, "InputDetails": details, "Name": name, "Status": "ABORTED" })
}

/// The description of an execution that has not begun.
fn pending(run: &MapRun, index: u32) -> Value {
    let input = run.input(index).unwrap_or_default().to_string();
    json!({ "Input": input, "InputDetails": { "Included": true }, "Status": "PENDING" })
}

/// The state's result, of results in the order of the items.
pub(super) fn joined(run: &MapRun, kept: impl Iterator<Item = Data>) -> Data {
    let flatten = run.step.results.form == ResultForm::Flattened;
    Value::Array(spread(kept.map(Data::into_value), flatten)).into()
}

fn spread(results: impl Iterator<Item = Value>, flatten: bool) -> Vec<Value> {
    let mut all = Vec::new();
    for result in results {
        match result {
            Value::Array(elements) if flatten => all.extend(elements),
            result => all.push(result),
        }
    }
    all
}

/// What the state gives in place of results that were written.
pub(super) fn written(run: &MapRun) -> Option<Data> {
    let to = run.step.results.to.as_ref()?;
    let key = key(run, "manifest.json");
    let details = json!({ "Bucket": to.bucket, "Key": key });
    Some(json!({ "MapRunArn": run.arn, "ResultWriterDetails": details }).into())
}

/// Keys and texts of the objects to write; the manifest, which names the others, comes last.
/// `kept` gives what is kept of the execution with an index.
pub(super) fn objects(run: &MapRun, kept: impl Fn(u32) -> Option<Data>) -> Vec<(String, String)> {
    let mut groups = FILES.map(|_| Vec::new());
    let [succeeded, failed, pending_ones] = &mut groups;
    for index in 0..run.executions.total {
        match kept(index) {
            Some(kept) if kept.get("Status").is_some_and(|it| it == "SUCCEEDED") => {
                succeeded.push(formed(run, kept));
            }
            Some(kept) => failed.push(kept.into_value()),
            None if index < run.begun => failed.push(stopped(run, index)),
            None => pending_ones.push(pending(run, index)),
        }
    }
    let (mut objects, mut files) = (Vec::new(), serde_json::Map::new());
    for (status, results) in FILES.into_iter().zip(groups) {
        let mut listed = Vec::new();
        if !results.is_empty() {
            let flatten = run.step.results.form == ResultForm::Flattened && status == "SUCCEEDED";
            let (extension, text) = text(spread(results.into_iter(), flatten), run);
            let key = key(run, &format!("{status}_0.{extension}"));
            listed.push(json!({ "Key": key, "Size": text.len() }));
            objects.push((key, text));
        }
        files.insert(status.to_owned(), listed.into());
    }
    let bucket = run.step.results.to.as_ref().map(|to| to.bucket.clone());
    let manifest =
        json!({ "DestinationBucket": bucket, "MapRunArn": run.arn, "ResultFiles": files });
    objects.push((key(run, "manifest.json"), manifest.to_string()));
    objects
}

/// A description of a success in the form that was asked for.
fn formed(run: &MapRun, described: Data) -> Value {
    if run.step.results.form == ResultForm::Described {
        return described.into_value();
    }
    let output = described.get("Output").and_then(Value::as_str).unwrap_or_default();
    let mut parser = serde_json::Deserializer::from_str(output);
    parser.disable_recursion_limit();
    // It was printed from a value.
    serde::Deserialize::deserialize(&mut parser).unwrap_or_default()
}

fn text(results: Vec<Value>, run: &MapRun) -> (&'static str, String) {
    if run.step.results.lines {
        let mut text = String::new();
        for result in results {
            let _infallible = writeln!(text, "{result}");
        }
        return ("jsonl", text);
    }
    ("json", Value::Array(results).to_string())
}

fn key(run: &MapRun, name: &str) -> String {
    let prefix = run.step.results.to.as_ref().map_or("", |to| to.prefix.trim_end_matches('/'));
    let separator = if prefix.is_empty() { "" } else { "/" };
    format!("{prefix}{separator}{}/{name}", run.name())
}
