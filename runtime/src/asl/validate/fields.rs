//! Fields whose constants can be judged: resources, seconds, timestamps, conditions, items.

use super::super::{
    Code, Definition, Diagnostic, QueryLanguage, State, States, Task, Template, WaitUntil,
    diagnostic::below,
};
use super::state_pointer;
use serde_json::Value;

/// Longest timeout and wait that AWS takes, in seconds.
const MAX_SECONDS: f64 = 99_999_999.0;

/// Checks the machine's own fields.
pub(super) fn check_machine(definition: &Definition, found: &mut Vec<Diagnostic>) {
    if let Some(timeout) = &definition.timeout_seconds {
        number(timeout, 1.0, MAX_SECONDS, "/TimeoutSeconds".to_owned(), found);
    }
}

/// Checks the states of one scope.
pub(super) fn check(
    scope: &States,
    pointer: &str,
    machine: QueryLanguage,
    found: &mut Vec<Diagnostic>,
) {
    for (name, state) in &scope.states {
        let at = state_pointer(pointer, name);
        match state {
            State::Task(each) => {
                let is_jsonata = state.query_language(machine) == QueryLanguage::Jsonata;
                task(each, is_jsonata, &at, found);
            }
            State::Choice(choice) => {
                for (i, rule) in choice.choices.iter().enumerate() {
                    if rule
                        .condition
                        .expression()
                        .is_some_and(|it| is_constant(it) && !it.is_boolean())
                    {
                        let message = "a condition is a boolean or an expression";
                        let at = format!("{at}/Choices/{i}/Condition");
                        found.push(Diagnostic::new(Code::Condition, at, message));
                    }
                }
            }
            State::Wait(wait) => match &wait.until {
                WaitUntil::Seconds(seconds) => {
                    number(seconds, 0.0, MAX_SECONDS, below(&at, "Seconds"), found);
                }
                WaitUntil::Timestamp(time) => timestamp(time, below(&at, "Timestamp"), found),
                WaitUntil::SecondsPath(_) | WaitUntil::TimestampPath(_) => {}
            },
            State::Map(map) => {
                if let Some(items) = &map.items
                    && is_constant(items)
                    && !items.is_array()
                {
                    let message = "`Items` is an array or an expression";
                    found.push(Diagnostic::new(Code::Items, below(&at, "Items"), message));
                }
                for (name, most, value) in [
                    ("MaxConcurrency", f64::from(u32::MAX), &map.max_concurrency),
                    ("ToleratedFailureCount", MAX_SECONDS, &map.tolerated_failure_count),
                    ("ToleratedFailurePercentage", 100.0, &map.tolerated_failure_percentage),
                ] {
                    if let Some(value) = value {
                        number(value, 0.0, most, below(&at, name), found);
                    }
                }
            }
            State::Pass(_) | State::Succeed(_) | State::Fail(_) | State::Parallel(_) => {}
        }
    }
}

fn task(task: &Task, is_jsonata: bool, pointer: &str, found: &mut Vec<Diagnostic>) {
    let resource = task.resource.as_str();
    // Tools that deploy replace `${..}`.
    let substituted = resource.starts_with("${") && resource.ends_with('}');
    if !(resource.starts_with("arn:") || substituted) || resource.contains("{%") {
        let message = format!("`{resource}` is not an ARN");
        let help = "a Resource is a constant; what varies goes into `Arguments`";
        let at = below(pointer, "Resource");
        found.push(Diagnostic::new(Code::ResourceNotConstant, at, message).help(help));
    }
    if resource.contains(":aws-sdk:") && task.arguments.is_none() && is_jsonata {
        let message = "a call of an AWS API needs `Arguments`";
        let at = below(pointer, "Resource");
        found.push(Diagnostic::new(Code::MissingField, at, message).help("write `{}` for none"));
    }
    for (name, value) in
        [("TimeoutSeconds", &task.timeout_seconds), ("HeartbeatSeconds", &task.heartbeat_seconds)]
    {
        if let Some(value) = value {
            number(value, 1.0, MAX_SECONDS, below(pointer, name), found);
        }
    }
    let seconds = |field: &Option<Template>| field.as_ref().and_then(Value::as_f64);
    if let (Some(timeout), Some(heartbeat)) =
        (seconds(&task.timeout_seconds), seconds(&task.heartbeat_seconds))
        && heartbeat >= timeout
    {
        let message = format!(
            "the heartbeat of {heartbeat} s is not shorter than the timeout of {timeout} s"
        );
        let at = below(pointer, "HeartbeatSeconds");
        found.push(Diagnostic::new(Code::Heartbeat, at, message));
    }
}

/// Whether a template is not an expression itself; whether its brackets are right is checked
/// elsewhere.
fn is_constant(template: &Template) -> bool {
    !template.as_str().is_some_and(|text| text.contains("{%") || text.contains("%}"))
}

/// Checks a number between two bounds, or an expression.
fn number(value: &Template, least: f64, most: f64, at: String, found: &mut Vec<Diagnostic>) {
    if !is_constant(value) {
        return;
    }
    let fits = value.as_f64().is_some_and(|n| n >= least && n <= most);
    if !fits {
        let name = at.rsplit('/').next().unwrap_or_default().to_owned();
        let message = format!("`{name}` is a number from {least} to {most}, or an expression");
        found.push(Diagnostic::new(Code::Number, at, message));
    }
}

fn timestamp(value: &Template, at: String, found: &mut Vec<Diagnostic>) {
    if !is_constant(value) {
        return;
    }
    let fits = value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok());
    if !fits {
        let message = "`Timestamp` is an RFC 3339 timestamp with a zone, or an expression";
        let help = "for example `2026-01-31T12:00:00Z`";
        found.push(Diagnostic::new(Code::Timestamp, at, message).help(help));
    }
}
