//! The context object: the one that AWS makes up, or the request's own.

use super::{Moment, Refused, definition::NAME};
use crate::catalog::name_of;
use serde_json::{Value, json};

/// What a field of the context object must be.
#[derive(Debug, Clone, Copy)]
enum Field {
    Text,
    Count,
    Anything,
    Object(&'static [(&'static str, Self)]),
}

/// The fields of a context object that a request may give.
const FIELDS: Field = Field::Object(&[
    (
        "Execution",
        Field::Object(&[
            ("Id", Field::Text),
            ("Input", Field::Anything),
            ("Name", Field::Text),
            ("RoleArn", Field::Text),
            ("StartTime", Field::Text),
            ("RedriveCount", Field::Count),
            ("RedriveTime", Field::Text),
        ]),
    ),
    (
        "State",
        Field::Object(&[
            ("EnteredTime", Field::Text),
            ("Name", Field::Text),
            ("RetryCount", Field::Count),
        ]),
    ),
    ("StateMachine", Field::Object(&[("Id", Field::Text), ("Name", Field::Text)])),
    (TASK, Field::Object(&[("Token", Field::Text)])),
]);

const TASK: &str = "Task";

/// What the made-up object says of the test.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) input: &'a Value,
    pub(super) role_arn: Option<&'a str>,
    /// How often the state was retried, of a kind that can be.
    pub(super) retry_count: Option<u32>,
}

/// The object that AWS makes up: an express execution of a machine that has only this state.
pub(super) fn made_up(moment: &Moment, facts: &Facts<'_>) -> Value {
    let Moment { now, machine_arn, execution, .. } = moment;
    let express = machine_arn.replacen(":stateMachine:", ":express:", 1);
    let now = format!("{now:.3}");
    let mut state = json!({ "Name": NAME, "EnteredTime": now });
    if let (Some(count), Some(state)) = (facts.retry_count, state.as_object_mut()) {
        state.insert("RetryCount".to_owned(), count.into());
    }
    json!({
        "Execution": {
            "Id": format!("{express}:{execution}"),
            "Input": facts.input,
            "Name": execution,
            "RoleArn": facts.role_arn,
            "StartTime": now,
        },
        "StateMachine": { "Id": machine_arn, "Name": name_of(machine_arn) },
        "State": state,
    })
}

/// Reads the object of a request; `waits` says whether the state waits for a task token.
pub(super) fn given(text: &str, waits: bool) -> Result<Value, Refused> {
    let refused =
        |why: String| Refused::validation(format!("Invalid Context object provided: {why}"));
    let context: Value = serde_json::from_str(text).map_err(|error| refused(error.to_string()))?;
    check(&context, FIELDS, "").map_err(refused)?;
    if !waits && context.get(TASK).is_some() {
        return Err(refused(
            "Context object contains 'Task' when state is not a Task state with a '.sync' or \
             '.waitForTaskToken' service integration pattern"
                .to_owned(),
        ));
    }
    Ok(context)
}

fn check(value: &Value, field: Field, path: &str) -> Result<(), String> {
    let (fits, what) = match field {
        Field::Anything => (true, ""),
        Field::Text => (value.is_string(), "a string"),
        Field::Count => (value.is_u64(), "an integer"),
        Field::Object(_) => (value.is_object(), "an object"),
    };
    if !fits {
        let path = if path.is_empty() { "Context" } else { path };
        return Err(format!("{path} must be {what}"));
    }
    let (Field::Object(known), Value::Object(fields)) = (field, value) else { return Ok(()) };
    for (name, value) in fields {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match known.iter().find(|(known, _)| known == name) {
            Some((_, field)) => check(value, *field, &below)?,
            None if below == "Map" => {
                return Err("'Map' field is not supported when mocking a Context object".to_owned());
            }
            None => return Err(format!("Field '{name}' is not allowed")),
        }
    }
    Ok(())
}
