//! Recording evaluations, so that another implementation of JSONata can be asked the same.

use super::{Environment, Thrown, expression::Expression, value::to_json};
use serde_json::{Map, Value, json};
use std::cell::RefCell;

thread_local! {
    /// What this thread has evaluated since its recording began.
    static RECORD: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

/// Functions whose answers differ from call to call, or belong to AWS alone.
const IMPURE: [&str; 5] = ["now", "millis", "random", "shuffle", "uuid"];

/// Runs `run` and gives, besides its result, every evaluation that it made in this thread: objects
/// as `docs/architecture.md` ("Other judges") describes them.
pub fn recording<T>(run: impl FnOnce() -> T) -> (T, Vec<Value>) {
    let outer = RECORD.replace(Some(Vec::new()));
    let result = run();
    (result, RECORD.replace(outer).unwrap_or_default())
}

/// Records an evaluation if this thread is recording.
pub(super) fn record(
    expression: &Expression,
    environment: &Environment<'_>,
    outcome: &Result<Option<Value>, Thrown>,
) {
    RECORD.with_borrow_mut(|record| {
        if let Some(record) = record {
            record.push(evaluation(expression, environment, outcome));
        }
    });
}

fn evaluation(
    expression: &Expression,
    environment: &Environment<'_>,
    outcome: &Result<Option<Value>, Thrown>,
) -> Value {
    let bindings: Map<_, _> = expression
        .bindings(environment)
        .into_iter()
        .filter_map(|(name, value)| Some((name, to_json(&value, environment.limits).ok()??)))
        .collect();
    let mut evaluation = json!({"expr": expression.text(), "bindings": bindings});
    let (key, value) = match outcome {
        _ if expression.functions().iter().any(|name| IMPURE.contains(&name.as_str())) => {
            ("impure", json!(true))
        }
        Ok(Some(value)) => ("expected", value.clone()),
        Ok(None) => ("undefined", json!(true)),
        Err(_) => ("error", json!(true)),
    };
    if let Some(evaluation) = evaluation.as_object_mut() {
        evaluation.insert(key.to_owned(), value);
    }
    evaluation
}
