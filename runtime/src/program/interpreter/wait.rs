//! Wait: for seconds, or until a time.

use super::{
    compile::{CompileError, Compiler, Field},
    exit::Exit,
    visit::{Evaluated, Outcome, Visit, failed, unusable},
};
use crate::{asl, program::Step};
use jiff::{SignedDuration, Timestamp};

/// The language's longest wait, in seconds.
const LONGEST: f64 = 99_999_999.0;

#[derive(Debug)]
pub(super) struct Wait {
    until: Until,
    pub(super) exit: Exit,
}

#[derive(Debug)]
enum Until {
    Seconds(Field),
    Timestamp(Field),
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
            asl::WaitUntil::SecondsPath(_) | asl::WaitUntil::TimestampPath(_) => {
                return Err(CompileError::JsonPath { state: compiler.state.to_owned() });
            }
        };
        Ok(Self { until, exit: Exit::of_state(compiler, &state.common)? })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        let due = match &self.until {
            Until::Seconds(template) => after(visit, template),
            Until::Timestamp(template) => at(visit, template),
        };
        due.map_or_else(Outcome::Fail, |due| Outcome::Step(Step::Wait(due)))
    }
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
        .now()
        .checked_add(wait)
        .map_err(|_out_of_range| unusable("Seconds", "Wait state delay is too long."))
}

fn at(visit: &Visit<'_>, template: &Field) -> Evaluated<Timestamp> {
    let value = visit.evaluate(template, "Timestamp")?;
    let Some(text) = value.as_str() else {
        return Err(failed(&template.unexpected("Timestamp", "string", value.into_value())));
    };
    text.parse().map_err(|_unparsable| {
        let message = format!(
            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format \
             string: {text}"
        );
        unusable("Timestamp", message)
    })
}
