//! Fields whose constants can be judged: seconds, timestamps, conditions, items.

use super::super::{
    Code, Condition, Definition, Diagnostic, Map, QueryLanguage, State, Task, Template, WaitUntil,
    diagnostic::below,
};
use super::Site;
use serde_json::Value;

/// Longest timeout and wait that AWS takes, in seconds.
const MAX_SECONDS: f64 = 99_999_999.0;
/// Most failures that a count can be of.
const MAX_COUNT: f64 = 100_000_000.0;

/// Checks the machine's own fields.
pub(super) fn check_machine(definition: &Definition, found: &mut Vec<Diagnostic>) {
    if let Some(timeout) = &definition.timeout_seconds {
        // No expression can stand here: there is nothing yet that it could read.
        let at = "/TimeoutSeconds".to_owned();
        seconds(timeout, (0.0, MAX_SECONDS), QueryLanguage::JsonPath, at, found);
    }
}

/// Checks a state.
pub(super) fn check(site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    match site.state {
        State::Task(each) => task(each, site, found),
        State::Choice(choice) => {
            for (i, rule) in choice.choices.iter().enumerate() {
                if let Condition::Jsonata(condition) = &rule.condition
                    && is_constant(condition, site.language)
                    && !condition.is_boolean()
                {
                    let message = "a condition is a boolean or an expression";
                    let at = format!("{}/Choices/{i}/Condition", site.at);
                    let help = "put the expression between `{%` and `%}`";
                    found.push(Diagnostic::new(Code::Condition, at, message).help(help));
                }
            }
        }
        State::Wait(wait) => match &wait.until {
            WaitUntil::Seconds(time) => {
                number(time, (0.0, MAX_SECONDS), site.language, below(site.at, "Seconds"), found);
            }
            WaitUntil::Timestamp(time) => {
                timestamp(time, site.language, below(site.at, "Timestamp"), found);
            }
            WaitUntil::SecondsPath(_) | WaitUntil::TimestampPath(_) => {}
        },
        State::Map(each) => map(each, site, found),
        State::Pass(pass) => {
            if pass.result.is_some() && pass.flow.paths.parameters.is_some() {
                let message = "`Parameters` has no effect beside `Result`";
                let at = below(site.at, "Parameters");
                let finding = Diagnostic::new(Code::NoEffect, at, message);
                found.push(finding.help("keep one of them"));
            }
        }
        State::Succeed(_) | State::Fail(_) | State::Parallel(_) => {}
    }
}

fn map(map: &Map, site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    if let Some(items) = &map.items
        && is_constant(items, site.language)
        && !(items.is_array() || map.processor.is_distributed() && items.is_object())
    {
        let message = "`Items` is an array or an expression";
        found.push(Diagnostic::new(Code::Items, below(site.at, "Items"), message));
    }
    for (name, most, value) in [
        ("MaxConcurrency", f64::from(u32::MAX), &map.max_concurrency),
        ("ToleratedFailureCount", MAX_COUNT, &map.tolerated_failure_count),
    ] {
        if let Some(value) = value {
            number(value, (0.0, most), site.language, below(site.at, name), found);
        }
    }
    if let Some(share) = &map.tolerated_failure_percentage
        && is_constant(share, site.language)
        && !share.as_f64().is_some_and(|share| (0.0..=100.0).contains(&share))
    {
        let at = below(site.at, "ToleratedFailurePercentage");
        let message = "`ToleratedFailurePercentage` is a number from 0 to 100";
        found.push(Diagnostic::new(Code::Number, at, message).naming(["Maximum", "100"]));
    }
}

fn task(task: &Task, site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    for (name, value) in
        [("TimeoutSeconds", &task.timeout_seconds), ("HeartbeatSeconds", &task.heartbeat_seconds)]
    {
        if let Some(value) = value {
            number(value, (1.0, MAX_SECONDS), site.language, below(site.at, name), found);
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
        let at = below(site.at, "HeartbeatSeconds");
        let help = "a task that misses a heartbeat fails before its timeout, or never";
        found.push(Diagnostic::new(Code::Heartbeat, at, message).help(help));
    }
}

/// Whether a template is not an expression itself; whether its brackets are right is checked
/// elsewhere.
fn is_constant(template: &Template, language: QueryLanguage) -> bool {
    let is_expression =
        template.as_str().is_some_and(|text| text.contains("{%") || text.contains("%}"));
    language == QueryLanguage::JsonPath || !is_expression
}

/// Checks a whole number between two bounds, or an expression.
pub(super) fn number(
    value: &Template,
    (least, most): (f64, f64),
    language: QueryLanguage,
    at: String,
    found: &mut Vec<Diagnostic>,
) {
    if !is_constant(value, language) {
        return;
    }
    let name = at.rsplit('/').next().unwrap_or_default().to_owned();
    let given = value.as_f64();
    let whole = given.filter(|number| number.fract() == 0.0);
    let broken = match whole {
        Some(number) if number < least => ["Minimum".to_owned(), least.to_string()],
        Some(number) if number > most => ["Maximum".to_owned(), most.to_string()],
        Some(_) => return,
        None => ["Integer".to_owned(), String::new()],
    };
    let or = if language == QueryLanguage::Jsonata { ", or an expression" } else { "" };
    let message = format!("`{name}` is a whole number from {least} to {most}{or}");
    let finding = Diagnostic::new(Code::Number, at, message).naming(broken);
    found.push(match value.as_str() {
        Some(text) if text.starts_with('$') && language == QueryLanguage::JsonPath => {
            finding.help(format!("`{name}Path` takes it from a path"))
        }
        _ => finding,
    });
}

/// Checks a number of seconds that AWS lets be zero and the specification does not.
pub(super) fn seconds(
    value: &Template,
    bounds: (f64, f64),
    language: QueryLanguage,
    at: String,
    found: &mut Vec<Diagnostic>,
) {
    if value.as_f64() == Some(0.0) {
        let message = "0 seconds are the same as none";
        let finding = Diagnostic::new(Code::ZeroSeconds, at, message);
        found.push(finding.help("remove the field, or write a number of at least 1"));
    } else {
        number(value, bounds, language, at, found);
    }
}

fn timestamp(value: &Template, language: QueryLanguage, at: String, found: &mut Vec<Diagnostic>) {
    if is_constant(value, language) && !value.as_str().is_some_and(is_timestamp) {
        let or = if language == QueryLanguage::Jsonata { ", or an expression" } else { "" };
        let message = format!("`Timestamp` is an RFC 3339 timestamp with a zone{or}");
        let help = "for example `2026-01-31T12:00:00Z`";
        found.push(Diagnostic::new(Code::Timestamp, at, message).help(help));
    }
}

/// Whether a text is a timestamp as AWS takes it: RFC 3339 with a capital `T` and `Z`.
pub(super) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let zone = bytes.last() == Some(&b'Z')
        || bytes.iter().rev().nth(5).is_some_and(|sign| matches!(sign, b'+' | b'-'));
    bytes.get(10) == Some(&b'T') && zone && text.parse::<jiff::Timestamp>().is_ok()
}
