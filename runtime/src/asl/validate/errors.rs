//! Retriers and catchers: which errors they name, how often they repeat.

use super::super::{Code, Diagnostic, Retrier, State, States, diagnostic::below};
use super::state_pointer;

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
/// Longest delay that AWS takes, in seconds: one year.
const MAX_DELAY: u64 = 31_622_400;

/// Checks the retriers and catchers of one scope, and the errors that it raises itself.
pub(super) fn check(scope: &States, pointer: &str, found: &mut Vec<Diagnostic>) {
    for (name, state) in &scope.states {
        let at = state_pointer(pointer, name);
        let retriers = state.retry().iter().map(|retrier| retrier.error_equals.as_slice());
        handlers(retriers.collect(), &below(&at, "Retry"), found);
        let catchers = state.catch().iter().map(|catcher| catcher.error_equals.as_slice());
        handlers(catchers.collect(), &below(&at, "Catch"), found);
        for (i, each) in state.retry().iter().enumerate() {
            retrier(each, &format!("{at}/Retry/{i}"), found);
        }
        if let State::Fail(fail) = state
            && let Some(error) = fail.error.as_ref().and_then(|error| error.as_str())
        {
            reserved(error, below(&at, "Error"), found);
        }
    }
}

/// Checks the ErrorEquals of all retriers, or of all catchers, of a state.
fn handlers(lists: Vec<&[String]>, pointer: &str, found: &mut Vec<Diagnostic>) {
    let last = lists.len().saturating_sub(1);
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
        }
        for (j, name) in names.iter().enumerate() {
            reserved(name, below(&at, j), found);
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

fn retrier(retrier: &Retrier, pointer: &str, found: &mut Vec<Diagnostic>) {
    let mut refuse = |field: &str, message: String| {
        found.push(Diagnostic::new(Code::Retrier, below(pointer, field), message));
    };
    if retrier.interval_seconds == Some(0) {
        refuse("IntervalSeconds", "`IntervalSeconds` is at least 1".to_owned());
    }
    if retrier.max_attempts.is_some_and(|attempts| attempts > MAX_ATTEMPTS) {
        refuse("MaxAttempts", format!("`MaxAttempts` is at most {MAX_ATTEMPTS}"));
    }
    if retrier.backoff_rate.is_some_and(|rate| rate < 1.0) {
        refuse("BackoffRate", "`BackoffRate` is at least 1.0".to_owned());
    }
    if let Some(delay) = retrier.max_delay_seconds {
        let interval = retrier.interval_seconds.unwrap_or(1);
        if delay <= interval || delay >= MAX_DELAY {
            let message = format!(
                "`MaxDelaySeconds` is more than the interval of {interval} and less than {MAX_DELAY}"
            );
            refuse("MaxDelaySeconds", message);
        }
    }
    if let Some(jitter) = &retrier.jitter_strategy
        && !matches!(jitter.as_str(), "FULL" | "NONE")
    {
        refuse("JitterStrategy", format!("`JitterStrategy` is `FULL` or `NONE`, not `{jitter}`"));
    }
}
