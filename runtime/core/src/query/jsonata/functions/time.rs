//! Time, all of it from the event that is being handled.

use super::{Host, argument, signature::arguments, thrown};
use jiff::Timestamp;
use jsonata_core::{evaluator::HostFnResult, value::JValue};

pub(super) fn millis(host: &Host, args: &[JValue]) -> HostFnResult {
    arguments(Some("millis"), "", &JValue::Undefined, args)?;
    Ok(JValue::from(host.millis))
}

pub(super) fn now(host: &Host, _: &[JValue]) -> HostFnResult {
    Ok(JValue::string(date(host)?.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()))
}

fn date(host: &Host) -> Result<Timestamp, jsonata_core::evaluator::EvaluatorError> {
    Timestamp::from_millisecond(host.millis).map_err(|_| thrown("D3136: The time is out of range"))
}

/// Leading parts of a date that a picture does not name, and that come from the event therefore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    Year,
    YearAndMonth,
    Date,
    DateAndHour,
}

impl Missing {
    /// How `strftime` writes the missing parts.
    fn format(self) -> &'static str {
        match self {
            Self::Year => "%Y ",
            Self::YearAndMonth => "%Y-%m ",
            Self::Date => "%Y-%m-%d ",
            Self::DateAndHour => "%Y-%m-%d %H ",
        }
    }

    /// How a picture reads what `format` writes.
    fn picture(self) -> &'static str {
        match self {
            Self::Year => "[Y0001] ",
            Self::YearAndMonth => "[Y0001]-[M01] ",
            Self::Date => "[Y0001]-[M01]-[D01] ",
            Self::DateAndHour => "[Y0001]-[M01]-[D01] [H01] ",
        }
    }

    /// What `picture` leaves out before the first part that it names; `None` if nothing.
    fn of(picture: &str) -> Option<Self> {
        let parts: String = picture
            .split('[')
            .skip(1)
            .filter_map(|part| part.trim_start().chars().next())
            .collect();
        let has = |letters: &str| parts.contains(|part| letters.contains(part));
        if has("YXxWwd") {
            None
        } else if has("M") {
            Some(Self::Year)
        } else if has("D") {
            Some(Self::YearAndMonth)
        } else if has("HhP") {
            Some(Self::Date)
        } else if has("msf") {
            Some(Self::DateAndHour)
        } else {
            None
        }
    }
}

/// Whether a text with this picture says its date.
pub(crate) fn is_dated(picture: &str) -> bool {
    Missing::of(picture).is_none()
}

/// Completes a picture so that it reads what [`put_date`] makes.
pub(super) fn dated_picture(_: &Host, args: &[JValue]) -> HostFnResult {
    let picture = argument(args, 0);
    let missing = picture.as_str().and_then(|text| Some((Missing::of(text)?, text)));
    Ok(missing.map_or_else(
        || picture.clone(),
        |(missing, text)| JValue::string(format!("{}{text}", missing.picture())),
    ))
}

/// Puts the event's date before a text, as far as its picture, the second argument, lacks one.
pub(super) fn put_date(host: &Host, args: &[JValue]) -> HostFnResult {
    let text = argument(args, 0);
    match (text, argument(args, 1)) {
        (JValue::String(text), JValue::String(picture)) => match Missing::of(picture) {
            Some(missing) => {
                let before = date(host)?.strftime(missing.format()).to_string();
                Ok(JValue::string(before + text))
            }
            None => Ok(JValue::String(std::rc::Rc::clone(text))),
        },
        _ => Ok(text.clone()),
    }
}
