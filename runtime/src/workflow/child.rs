//! The failure of a child: what its parent reads of it, in both forms.
//!
//! A task that waits for an execution fails with `States.TaskFailed`; its Cause is the child's
//! description. That has its members by name, so Cause and Error come first, and are there where a
//! long description is cut. What the child does not say stays as the task has it: a child that was
//! stopped may have no error, and one that could not be started has no description.

use super::jsonata::{Term, failure::Failing};
use crate::program::{Failure, names};
use serde_json::Value;

/// The child's own Error and Cause, in one object.
const OWN: &str = r#"$parse('{' & $match($states.errorOutput.Cause, /^\{(.*?),?"ExecutionArn":/).groups[0] & '}')"#;

/// The error of a child that ran out of its own time: Step Functions gives it none.
const OUT_OF_TIME: &str =
    r#"$contains($states.errorOutput.Cause, '"Status":"TIMED_OUT"') ? {'Error': 'States.Timeout'}"#;

/// Error and Cause of a child that a catcher took. `times_out`: whether its time is bounded.
pub(super) fn caught(times_out: bool) -> Term {
    let out_of_time = if times_out { format!("{OUT_OF_TIME}, ") } else { String::new() };
    Term::atom(&format!("$merge([$states.errorOutput, {out_of_time}{OWN}])"))
}

/// Name and cause of a child's failure, from the variable that holds them.
pub(super) fn failing(own: &Term) -> Failing {
    Failing { error: own.member("Error"), cause: own.member("Cause") }
}

/// What [`caught`] makes of the failure of the task.
pub(super) fn failure(task: Failure) -> Failure {
    let Some(cause) = task.cause.as_deref() else { return task };
    let own = described(cause).unwrap_or_default();
    let text = |name: &str| own.get(name)?.as_str().map(str::to_owned);
    let is_late = cause.contains(r#""Status":"TIMED_OUT""#);
    let out_of_time = || is_late.then(|| names::TIMEOUT.to_owned());
    Failure {
        error: text("Error").or_else(out_of_time).or_else(|| task.error.clone()),
        cause: text("Cause").or_else(|| task.cause.clone()),
    }
}

fn described(cause: &str) -> Option<Value> {
    let (head, _) = cause.strip_prefix('{')?.split_once(r#""ExecutionArn":"#)?;
    let members = head.strip_suffix(',').unwrap_or(head);
    serde_json::from_str(&format!("{{{members}}}")).ok()
}

#[cfg(test)]
mod tests {
    use super::{caught, failure};
    use crate::{
        program::Failure,
        query::jsonata::{Environment, Expression, Moment},
        workflow::jsonata::print::text,
    };
    use serde_json::json;

    /// Both forms read the failure of a task as this error and this cause.
    #[track_caller]
    fn check(task: (&str, &str), error: &str, cause: &str) {
        let expression = Expression::compile(&text(&caught(true))).expect("it compiles");
        let output = json!({ "Error": task.0, "Cause": task.1 });
        let moment = Moment { millis: 0, seed: 1 };
        let read = expression.evaluate(&Environment::new(moment).error_output(&output));
        assert_eq!(
            read.expect("it gives a value"),
            Some(json!({ "Error": error, "Cause": cause }))
        );
        assert_eq!(failure(Failure::new(task.0, task.1)), Failure::new(error, cause));
    }

    /// A description with these first members and this status.
    fn description(first: &str, input: &str, status: &str) -> String {
        let input = json!(input);
        format!(
            r#"{{{first}"ExecutionArn":"arn","Input":{input},"Name":"c","Status":"{status}","StopDate":1}}"#
        )
    }

    const FAILED: &str = "States.TaskFailed";

    #[test]
    fn a_child_that_failed_has_its_error_and_cause() {
        let both = r#""Cause":"{\"Declined\":{\"code\":7}}","Error":"Declined","#;
        let told = description(both, "{}", "FAILED");
        check((FAILED, &told), "Declined", r#"{"Declined":{"code":7}}"#);
        let stopped = description(r#""Cause":"by hand","Error":"Enough","#, "{}", "ABORTED");
        check((FAILED, &stopped), "Enough", "by hand");
    }

    #[test]
    fn what_a_child_does_not_say_stays_as_the_task_has_it() {
        let stopped = description("", "{}", "ABORTED");
        check((FAILED, &stopped), FAILED, &stopped);
        let silent = description(r#""Error":"Declined","#, "{}", "FAILED");
        check((FAILED, &silent), "Declined", &silent);
        let refused = "State Machine Does Not Exist: 'm' (Service: AWSStepFunctions)";
        let name = "StepFunctions.StateMachineDoesNotExistException";
        check((name, refused), name, refused);
    }

    #[test]
    fn a_child_that_ran_out_of_its_time_is_a_timeout() {
        let late = description("", "{}", "TIMED_OUT");
        check((FAILED, &late), "States.Timeout", &late);
        // the words of another are no status
        let input = r#"{"Status":"TIMED_OUT","ExecutionArn":1}"#;
        let stopped = description("", input, "ABORTED");
        check((FAILED, &stopped), FAILED, &stopped);
    }

    #[test]
    fn a_long_description_may_be_cut_after_the_error() {
        let both = r#""Cause":"a \",\"ExecutionArn\":\" of \\ one's own","Error":"Bad","#;
        let told = description(both, &"x".repeat(100), "FAILED");
        let cut = |at: usize| told.get(..at).expect("it is that long").to_owned();
        check((FAILED, &cut(110)), "Bad", r#"a ","ExecutionArn":" of \ one's own"#);
        check((FAILED, &cut(30)), FAILED, &cut(30));
    }
}
