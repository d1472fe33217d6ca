//! Wait: for seconds, or until a time.

use super::{
    compile::{CompileError, Compiler, Field},
    exit::Exit,
    paths::{Picked, look_up},
    visit::{Evaluated, Outcome, Visit, failed, state_failed, unusable},
};
use crate::{asl, program::Step, query::jsonpath::Path};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// The language's longest wait, in seconds.
const LONGEST: f64 = 99_999_999.0;

const TOO_LONG: &str = "Wait state delay is too long.";

#[derive(Debug)]
pub(super) struct Wait {
    /// What paths see.
    input: Picked,
    until: Until,
    pub(super) exit: Exit,
}

#[derive(Debug)]
enum Until {
    Seconds(Field),
    Timestamp(Field),
    SecondsPath(Path),
    TimestampPath(Path),
}

impl Wait {
    pub(super) fn compile(
        compiler: &Compiler<'_>,
        state: &asl::Wait,
    ) -> Result<Self, CompileError> {
        let until = match &state.until {
            asl::WaitUntil::Seconds(template) => {
                Until::Seconds(compiler.field("Seconds", template)?)
            }
            asl::WaitUntil::Timestamp(template) => {
                Until::Timestamp(compiler.field("Timestamp", template)?)
            }
            asl::WaitUntil::SecondsPath(path) => {
                Until::SecondsPath(compiler.path("SecondsPath", path)?)
            }
            asl::WaitUntil::TimestampPath(path) => {
                Until::TimestampPath(compiler.path("TimestampPath", path)?)
            }
        };
        let input = state.flow.paths.input_path.as_ref();
        let input = Picked::compile(compiler, "InputPath", input)?;
        Ok(Self { input, until, exit: Exit::of_state(compiler, &state.flow)? })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        let due = match &self.until {
            Until::Seconds(template) => after(visit, template),
            Until::Timestamp(template) => at(visit, template),
            Until::SecondsPath(path) => self.after_path(visit, path),
            Until::TimestampPath(path) => self.at_path(visit, path),
        };
        due.map_or_else(Outcome::Fail, |due| Outcome::Step(Step::Wait(due)))
    }

    fn after_path(&self, visit: &Visit<'_>, path: &Path) -> Evaluated<Timestamp> {
        let value = self.look_up(visit, path, "SecondsPath")?;
        let seconds = value.as_i64().filter(|seconds| *seconds >= 0).ok_or_else(|| {
            let (shown, value) = (path.shown(), plain(&value));
            state_failed(format!(
                "The SecondsPath parameter cannot be parsed as a long value: {shown} == {value}"
            ))
        })?;
        let due = visit.wall().checked_add(SignedDuration::from_secs(seconds)).ok();
        due.filter(|due| is_near(visit, *due)).ok_or_else(|| state_failed(TOO_LONG))
    }

    fn at_path(&self, visit: &Visit<'_>, path: &Path) -> Evaluated<Timestamp> {
        let value = self.look_up(visit, path, "TimestampPath")?;
        let due = value.as_str().and_then(timestamp).ok_or_else(|| {
            let (shown, value) = (path.shown(), plain(&value));
            state_failed(format!(
                "The TimestampPath parameter does not reference a valid ISO-8601 extended offset \
                 date-time format string: {shown} == {value}"
            ))
        })?;
        if is_near(visit, due) { Ok(due) } else { Err(state_failed(TOO_LONG)) }
    }

    fn look_up(&self, visit: &Visit<'_>, path: &Path, field: &str) -> Evaluated<Value> {
        let input = self.input.pick_input(visit)?;
        look_up(visit, path, &input).map_err(|_nothing| {
            let shown = path.shown();
            state_failed(format!(
                "The {field} parameter does not reference an input value: {shown}"
            ))
        })
    }
}

/// A value as AWS repeats it: a text without its quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a wait ends soon enough.
fn is_near(visit: &Visit<'_>, due: Timestamp) -> bool {
    due.duration_since(visit.wall()).as_secs_f64() <= LONGEST
}

fn after(visit: &Visit<'_>, template: &Field) -> Evaluated<Timestamp> {
    let value = visit.evaluate(template, "Seconds")?;
    let whole = value.as_f64().filter(|seconds| {
        seconds.fract().abs() < f64::EPSILON && (0.0..=LONGEST).contains(seconds)
    });
    let Some(seconds) = whole else {
        let error = template.unexpected("Seconds", "integer", value.into_value());
        return Err(failed(&error));
    };
    let wait = SignedDuration::from_secs_f64(seconds);
    visit
        .wall()
        .checked_add(wait)
        .map_err(|_out_of_range| unusable("Seconds", "Wait state delay is too long."))
}

fn at(visit: &Visit<'_>, template: &Field) -> Evaluated<Timestamp> {
    let value = visit.evaluate(template, "Timestamp")?;
    let Some(text) = value.as_str() else {
        return Err(failed(&template.unexpected("Timestamp", "string", value.into_value())));
    };
    timestamp(text).ok_or_else(|| {
        let message = format!(
            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format \
             string: {text}"
        );
        unusable("Timestamp", message)
    })
}

/// Reads an ISO-8601 extended offset date-time, as Java calls it.
fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
