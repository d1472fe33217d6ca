//! Expressions made up from a seed, and what our evaluator says to them.

#![allow(
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "picks from lists that are there, and lists all forms of a kind in one place"
)]

mod data;
mod lists;
mod scalars;
mod write;

pub use data::bindings;
pub use write::expression;

use crate::random::Random;
use serde_json::{Map, Value, json};
use stepwright::query::jsonata::{Environment, Expression, Moment};

/// When the expressions are evaluated: no expression made here asks for it.
pub const MOMENT: Moment = Moment { millis: 1_763_814_896_789, seed: 7 };

/// So many evaluations as lines for `tests/npm/jsonata.mjs`, with what is thrown beside them.
pub fn cases(seed: u64, count: usize) -> impl Iterator<Item = Value> {
    let mut random = Random::new(seed);
    (0..count).map(move |_| {
        let bindings = bindings(&mut random);
        case(&expression(&mut random), &bindings)
    })
}

/// Evaluates one expression.
pub fn case(text: &str, bindings: &Map<String, Value>) -> Value {
    let mut case = json!({"expr": text, "bindings": bindings});
    let outcome = match Expression::compile(text) {
        Ok(expression) => {
            let environment = Environment::new(MOMENT).variables(bindings);
            expression.evaluate(&environment).map_err(|thrown| thrown.message)
        }
        Err(error) => Err(error.to_string()),
    };
    let (key, value) = match outcome {
        Ok(Some(value)) => ("expected", value),
        Ok(None) => ("undefined", json!(true)),
        Err(message) => {
            put(&mut case, "message", message.into());
            ("error", json!(true))
        }
    };
    put(&mut case, key, value);
    case
}

fn put(case: &mut Value, key: &str, value: Value) {
    if let Some(case) = case.as_object_mut() {
        case.insert(key.to_owned(), value);
    }
}
