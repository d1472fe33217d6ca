//! How an execution ended: its result or its failure, printed, and the exit code.

use super::{
    Exit,
    error::Error,
    out::{Out, Style},
    progress::cut,
};
use crate::{engine::Status, program::Failure};
use serde_json::{Value, json};
use std::{fmt::Write as _, process::ExitCode};

/// Longest cause in an error, in characters.
const MAX_CAUSE: usize = 2_000;

/// Longest detail on a line, in characters.
pub(super) const MAX_DETAIL: usize = 100;

/// An execution that has ended.
#[derive(Debug)]
pub(super) struct Ended<'e> {
    pub(super) arn: &'e str,
    pub(super) workflow: &'e str,
    pub(super) name: &'e str,
    pub(super) status: &'e Status,
    /// Where it failed, if that is known: " in `charge`".
    pub(super) place: &'e str,
    pub(super) took: &'e str,
}

impl Ended<'_> {
    /// Prints the result, or says why there is none.
    pub(super) fn show(&self, out: Out) -> Result<ExitCode, Error> {
        let failure = match self.status {
            Status::Succeeded(output) => return self.succeeded(output, out),
            Status::Failed(failure) | Status::TimedOut(failure) | Status::Aborted(failure) => {
                failure
            }
            Status::Running => {
                let (workflow, name) = (self.workflow, self.name);
                return Err(Error::usage(format!("`{workflow}/{name}` has not ended"))
                    .help(format!("`history {workflow}/{name}` shows how far it has come")));
            }
        };
        if out.json {
            let result = json!({"execution": self.arn, "name": self.name,
                "status": word(self.status), "error": failure.error, "cause": failure.cause});
            // The failure below is worth more than this one.
            if let Err(error) = Out::result(&format!("{result:#}")) {
                out.error(&error);
            }
        }
        out.error(&self.failed(failure));
        Ok(Exit::Failed.into())
    }

    fn succeeded(&self, output: &Value, out: Out) -> Result<ExitCode, Error> {
        out.note(&format!("{} in {}", out.err(Style::Good, "succeeded"), self.took));
        let shown = if out.json {
            let result = json!({"execution": self.arn, "name": self.name,
                "status": word(self.status), "output": output});
            Out::result(&format!("{result:#}"))
        } else {
            Out::result(&format!("{output:#}"))
        };
        shown.map_err(|error| {
            let (workflow, name) = (self.workflow, self.name);
            error.help(format!(
                "the execution succeeded and its result is recorded: `result {workflow}/{name}` prints it"
            ))
        })?;
        Ok(ExitCode::SUCCESS)
    }

    fn failed(&self, failure: &Failure) -> Error {
        let (how, place, took) = (how(self.status), self.place, self.took);
        let mut message = format!("the execution {how}{place} after {took}");
        if let Some(error) = failure.error.as_deref().filter(|error| !error.is_empty()) {
            let _ = write!(message, ": {error}");
        }
        let mut help = None;
        if let Some(cause) = cause(failure) {
            let shown: String = cause.chars().take(MAX_CAUSE).collect();
            let _ = write!(message, "\ncause: {shown}");
            if shown.len() < cause.len() {
                message.push('…');
                let (workflow, name) = (self.workflow, self.name);
                help = Some(format!("`result {workflow}/{name} --json` has the whole cause"));
            }
        }
        Error { help, ..Error::new(Exit::Failed, message) }
    }
}

/// AWS's word for a status.
pub(super) fn word(status: &Status) -> &'static str {
    match status {
        Status::Running => "RUNNING",
        Status::Succeeded(_) => "SUCCEEDED",
        Status::Failed(_) => "FAILED",
        Status::TimedOut(_) => "TIMED_OUT",
        Status::Aborted(_) => "ABORTED",
    }
}

/// A status as a person says it.
pub(super) fn how(status: &Status) -> &'static str {
    match status {
        Status::Running => "has not ended",
        Status::Succeeded(_) => "succeeded",
        Status::Failed(_) => "failed",
        Status::TimedOut(_) => "timed out",
        Status::Aborted(_) => "was stopped",
    }
}

/// The cause of a failure without what its error name says already: the JSON of an enum's variant
/// begins with the variant's name.
pub(super) fn cause(failure: &Failure) -> Option<String> {
    let cause = failure.cause.as_deref().filter(|cause| !cause.is_empty())?;
    let error = failure.error.as_deref().unwrap_or_default();
    match serde_json::from_str(cause) {
        Ok(Value::String(variant)) if variant == error => None,
        Ok(Value::Object(variant)) if variant.len() == 1 => match variant.get(error) {
            Some(fields) => Some(fields.to_string()),
            None => Some(cause.to_owned()),
        },
        _ => Some(cause.to_owned()),
    }
}

/// A failure in one line.
pub(super) fn failure(failure: &Failure) -> String {
    let error = failure.error.as_deref().filter(|error| !error.is_empty());
    let error = error.unwrap_or("no error name");
    match cause(failure) {
        Some(cause) => format!("{error}: {}", cut(&cause, MAX_DETAIL)),
        None => error.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::cause;
    use crate::program::Failure;

    #[test]
    fn a_cause_does_not_repeat_the_name_of_its_error() {
        let check = |given: &str, expected: Option<&str>| {
            assert_eq!(cause(&Failure::new("Declined", given)).as_deref(), expected, "{given}");
        };
        check(r#"{"Declined":{"code":51}}"#, Some(r#"{"code":51}"#));
        check(r#""Declined""#, None);
        check("", None);
        check("no such card", Some("no such card"));
        check(r#"{"Other":1}"#, Some(r#"{"Other":1}"#));
        check(r#"{"Declined":1,"Other":2}"#, Some(r#"{"Declined":1,"Other":2}"#));
    }
}
