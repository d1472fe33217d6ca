//! `$states.context`: made only for expressions that read it.

use crate::{
    program::{Context, Data, TaskToken},
    query::jsonata::Template,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The state that is visited.
#[derive(Debug)]
pub(super) struct State<'a> {
    pub(super) name: &'a str,
    pub(super) entered: Timestamp,
    /// How often it was retried, of a kind that can be.
    pub(super) retry_count: Option<u32>,
}

/// Returns whether an expression of the field reads more of the context than the execution's
/// input, which is handed over by itself.
pub(super) fn is_read(template: &Template) -> bool {
    let reads = |path: &Vec<String>| {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["context", "Execution", "Input", ..] => false,
            [] | ["context", ..] => true,
            _ => false,
        }
    };
    let expressions = template.expressions();
    expressions.iter().any(|(_, expression)| expression.states_paths().iter().any(reads))
}

/// Makes the object, without the execution's input.
pub(super) fn object(
    context: &Context,
    state: &State<'_>,
    item: Option<(u64, &Data)>,
    token: Option<&TaskToken>,
) -> Value {
    let mut object = json!({
        "Execution": {
            "Id": context.execution_arn,
            "Name": context.execution_name,
            "RoleArn": context.role_arn,
            "StartTime": time(context.started),
            "RedriveCount": 0,
        },
        "StateMachine": { "Id": context.machine_arn, "Name": context.machine_name },
        "State": { "Name": state.name, "EnteredTime": time(state.entered) },
    });
    if let (Some(retries), Some(state)) =
        (state.retry_count, object.get_mut("State").and_then(Value::as_object_mut))
    {
        state.insert("RetryCount".into(), retries.into());
    }
    if let (Some(token), Some(fields)) = (token, object.as_object_mut()) {
        fields.insert("Task".into(), json!({ "Token": token.to_string() }));
    }
    of_item(object, item)
}

/// The object as the fields of an iteration see it.
pub(super) fn of_item(mut object: Value, item: Option<(u64, &Data)>) -> Value {
    if let (Some((index, value)), Some(fields)) = (item, object.as_object_mut()) {
        fields.insert("Map".into(), json!({ "Item": { "Index": index, "Value": **value } }));
    }
    object
}

/// AWS writes the times of the context with milliseconds.
fn time(timestamp: Timestamp) -> String {
    format!("{timestamp:.3}")
}
