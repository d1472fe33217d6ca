//! Definitions and engines that the tests of the driver share.

use serde_json::{Value, json};
use stepwright::{
    asl::Definition,
    program::{Data, Failure},
    service::Builder,
};

/// The Resource of a task in this process.
pub(super) fn activity(task: &str) -> String {
    format!("arn:aws:states:us-east-1:123456789012:activity:{task}")
}

/// A definition from its JSON.
pub(super) fn definition(value: &Value) -> Definition {
    let (definition, findings) = Definition::parse(&value.to_string());
    definition.unwrap_or_else(|| panic!("{findings:?}"))
}

/// A machine of tasks one after another, each called with the last one's result.
pub(super) fn chain(tasks: &[&str]) -> Definition {
    let mut states = serde_json::Map::new();
    for (index, task) in tasks.iter().enumerate() {
        let mut state = json!({
            "Type": "Task",
            "Resource": activity(task),
            "Arguments": { "step": index, "input": "{% $states.input %}" },
        });
        match tasks.get(index + 1) {
            Some(_) => state["Next"] = format!("s{}", index + 1).into(),
            None => state["End"] = true.into(),
        }
        states.insert(format!("s{index}"), state);
    }
    definition(&json!({ "QueryLanguage": "JSONata", "StartAt": "s0", "States": states }))
}

/// A task that gives its input back, one larger.
pub(super) fn with_increment(builder: Builder) -> Builder {
    builder.task("increment", |arguments, _| async move { increment(&arguments) })
}

fn increment(arguments: &Data) -> Result<Data, Failure> {
    let number = arguments["input"].as_i64();
    let number = number.ok_or_else(|| Failure::new("NoNumber", arguments.to_string()))?;
    Ok(Data::from(json!(number + 1)))
}
