//! Definitions and engines that the tests of the driver share.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use stepwright::{
    Engine,
    asl::Definition,
    program::{Data, Failure},
    service::Builder,
};
use tempfile::TempDir;

/// The Resource of a task in this process.
pub(super) fn activity(task: &str) -> String {
    format!("arn:aws:states:us-east-1:123456789012:activity:{task}")
}

/// A definition from its JSON.
pub(super) fn definition(value: &Value) -> Definition {
    let (definition, findings) = Definition::parse(&value.to_string());
    definition.unwrap_or_else(|| panic!("{findings:?}"))
}

/// A machine with these states, which begins with the first.
pub(super) fn machine(states: &Value) -> Definition {
    let first = states.as_object().unwrap().keys().next().unwrap();
    definition(&json!({ "QueryLanguage": "JSONata", "StartAt": first, "States": states }))
}

/// A task with its input as arguments, and more fields.
pub(super) fn task(name: &str, more: &Value) -> Value {
    let mut state = json!({
        "Type": "Task", "Resource": activity(name), "Arguments": { "input": "{% $states.input %}" },
    });
    state.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    state
}

/// A machine of tasks one after another, each called with the last one's result.
pub(super) fn chain(tasks: &[&str]) -> Definition {
    let mut states = serde_json::Map::new();
    for (index, name) in tasks.iter().enumerate() {
        let then = match tasks.get(index + 1) {
            Some(_) => json!({ "Next": format!("s{}", index + 1) }),
            None => json!({ "End": true }),
        };
        states.insert(format!("s{index}"), task(name, &then));
    }
    machine(&states.into())
}

/// Increments three times; waits an hour in between; and the like.
pub(super) fn with_machines(builder: Builder) -> Builder {
    builder
        .task("increment", |arguments, _| async move { increment(&arguments) })
        .task("never", |_, _| std::future::pending())
        .definition("count", chain(&["increment", "increment", "increment"]))
        .definition("hang", chain(&["never"]))
        .definition(
            "nap",
            machine(&json!({
                "before": task("increment", &json!({ "Next": "nap" })),
                "nap": { "Type": "Wait", "Seconds": 3600, "Next": "after" },
                "after": task("increment", &json!({ "End": true })),
            })),
        )
}

fn increment(arguments: &Data) -> Result<Data, Failure> {
    let number = arguments["input"].as_i64();
    let number = number.ok_or_else(|| Failure::new("NoNumber", arguments.to_string()))?;
    Ok(Data::from(json!(number + 1)))
}

/// A folder with a database that engines come and go on.
pub(super) struct Place(TempDir);

impl Place {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.path().join("executions.db")
    }

    pub(super) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// An engine that owns the database.
    pub(super) async fn engine(&self) -> Engine {
        with_machines(Engine::builder().store(self.path())).build().await.unwrap()
    }
}

/// An engine in memory.
pub(super) async fn in_memory() -> Engine {
    with_machines(Engine::builder()).build().await.unwrap()
}
