//! JSONata expressions and their answers: our own table, and the reference's own tests.

mod suite;
mod table;

use serde_json::{Map, Value};
use stepwright::query::jsonata::{Dialect, Environment, Expression, Limits};
use stepwright_tests::jsonata::MOMENT;

/// Evaluates in the dialect of the reference, and shows the outcome: JSON, `undefined`, or what was
/// thrown after `!`.
fn show(
    text: &str,
    focus: Option<&Value>,
    bindings: &Map<String, Value>,
    limits: Limits,
) -> String {
    let mut environment = Environment::new(MOMENT).variables(bindings).limits(limits);
    if let Some(focus) = focus {
        environment = environment.focus(focus);
    }
    match Expression::compile_in(Dialect::Reference, text) {
        Ok((expression, _)) => match expression.evaluate(&environment) {
            Ok(Some(value)) => value.to_string(),
            Ok(None) => "undefined".to_owned(),
            Err(thrown) => format!("! {}", thrown.message),
        },
        Err(error) => format!("! {error}"),
    }
}
