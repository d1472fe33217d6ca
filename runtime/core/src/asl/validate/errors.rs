//! Retriers and catchers: which errors they name, how often they repeat.

use super::super::{
    Code, Diagnostic, Pattern, QueryLanguage, Retrier, State, TaskResource, diagnostic::below,
};
use super::{Site, fields};
use indexmap::IndexSet;

/// The error names that the language defines.
const KNOWN: &[&str] = &[
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];
/// Most attempts that AWS takes.
const MAX_ATTEMPTS: u64 = 99_999_999;
/// Longest first delay that AWS takes, in seconds.
const MAX_INTERVAL: f64 = 99_999_999.0;
/// Longest delay that AWS takes, in seconds: one year.
const MAX_DELAY: u64 = 31_622_400;

/// Checks the retriers and catchers of a state, and the error that it raises itself.
pub(super) fn check(site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Site { state, at, .. } = site;
    let retriers = state.retry().iter().map(|retrier| retrier.error_equals.as_slice());
    let of_child = waits_for_a_child(state);
    handlers(retriers.collect(), of_child, &below(at, "Retry"), found);
    let catchers = state.catch().iter().map(|catcher| catcher.error_equals.as_slice());
    handlers(catchers.collect(), of_child, &below(at, "Catch"), found);
    for (i, each) in state.retry().iter().enumerate() {
        retrier(each, &format!("{at}/Retry/{i}"), found);
    }
    if let State::Fail(fail) = state
        && let Some(error) = fail.error.as_ref().and_then(|error| error.as_str())
    {
        reserved(error, below(at, "Error"), found);
    }
}

/// Whether a state is an execution that it starts.
fn waits_for_a_child(state: &State) -> bool {
    let State::Task(task) = state else { return false };
    let resource = TaskResource::of(&task.resource);
    matches!(
        resource,
        TaskResource::Integration {
            service: "states",
            action: "startExecution",
            pattern: Pattern::Job { .. }
        }
    )
}

/// Checks the ErrorEquals of all retriers, or of all catchers, of a state.
fn handlers(lists: Vec<&[String]>, of_child: bool, pointer: &str, found: &mut Vec<Diagnostic>) {
    let last = lists.len().saturating_sub(1);
    let mut seen = IndexSet::new();
    for (i, names) in lists.into_iter().enumerate() {
        let at = format!("{pointer}/{i}/ErrorEquals");
        if names.is_empty() {
            let message = "`ErrorEquals` needs at least one error name";
            found.push(Diagnostic::new(Code::Empty, at.as_str(), message));
        }
        if names.iter().any(|name| name == "States.ALL") && (names.len() > 1 || i < last) {
            let message = "`States.ALL` must be the only name of the last entry";
            let help = "what follows would never be reached";
            found.push(Diagnostic::new(Code::StatesAll, at.as_str(), message).help(help));
            return;
        }
        for (j, name) in names.iter().enumerate() {
            reserved(name, below(&at, j), found);
            if of_child {
                of_a_child(name, below(&at, j), found);
            }
            if !seen.insert(name) {
                let message = format!("an entry before this one has `{name}` already");
                let finding = Diagnostic::new(Code::ErrorNameTwice, below(&at, j), message);
                found.push(finding.help("the first entry that names an error handles it"));
            }
        }
    }
}

fn reserved(name: &str, pointer: String, found: &mut Vec<Diagnostic>) {
    if name.starts_with("States.") && !KNOWN.contains(&name) {
        let message = format!("the language has no error `{name}`");
        let help = "names of your own must not begin with `States.`";
        found.push(Diagnostic::new(Code::ReservedErrorName, pointer, message).help(help));
    }
}

/// A child that fails has one name here, whatever its own error is.
fn of_a_child(name: &str, pointer: String, found: &mut Vec<Diagnostic>) {
    if !name.starts_with("States.") && !name.starts_with("StepFunctions.") {
        let message = format!("a child that fails with `{name}` is `States.TaskFailed` here");
        let help = "name `States.TaskFailed`; the child's own error stands in the Cause";
        found.push(Diagnostic::new(Code::ErrorOfChild, pointer, message).help(help));
    }
}

fn retrier(retrier: &Retrier, pointer: &str, found: &mut Vec<Diagnostic>) {
    let interval = below(pointer, "IntervalSeconds");
    if let Some(seconds) = retrier.interval_seconds {
        let bounds = (0.0, MAX_INTERVAL);
        fields::seconds(&seconds.into(), bounds, QueryLanguage::JsonPath, interval, found);
    }
    let mut refuse = |field: &str, bound: [&str; 2], message: String| {
        let finding = Diagnostic::new(Code::Retrier, below(pointer, field), message);
        found.push(finding.naming(bound));
    };
    if retrier.max_attempts.is_some_and(|attempts| attempts > MAX_ATTEMPTS) {
        let message = format!("`MaxAttempts` is at most {MAX_ATTEMPTS}");
        refuse("MaxAttempts", ["Maximum", &MAX_ATTEMPTS.to_string()], message);
    }
    if retrier.backoff_rate.is_some_and(|rate| rate < 1.0) {
        refuse("BackoffRate", ["Minimum", "1"], "`BackoffRate` is at least 1.0".to_owned());
    }
    let Some(delay) = retrier.max_delay_seconds else { return };
    if delay == 0 {
        let message = "`MaxDelaySeconds` is at least 1".to_owned();
        refuse("MaxDelaySeconds", ["Minimum", "1"], message);
    } else if delay > MAX_DELAY {
        let message = format!("`MaxDelaySeconds` is at most {MAX_DELAY}");
        refuse("MaxDelaySeconds", ["Maximum", &MAX_DELAY.to_string()], message);
    } else if delay <= retrier.interval_seconds.unwrap_or(1) {
        let message = "the longest delay is not longer than the first one";
        let at = below(pointer, "MaxDelaySeconds");
        let help = "make it longer than `IntervalSeconds`, or remove it";
        found.push(Diagnostic::new(Code::MaxDelay, at, message).help(help));
    }
}
