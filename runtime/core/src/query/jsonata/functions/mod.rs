//! The functions of an expression that `jsonata-core` does not have, or not as 2.0.6 has them.
//!
//! `rewrite` sends calls here under names that no expression can write. A function that may take its
//! first argument from the focus is given the focus before its arguments.

#![allow(clippy::unnecessary_wraps, reason = "what expressions call has one type")]

mod aws;
mod check;
mod distinct;
mod list;
mod number;
mod print;
mod random;
mod signature;
mod text;
mod time;

use super::{environment::Environment, explain, limits::Meter};
use crate::query::random::Random;
use jsonata_core::{
    evaluator::{Evaluator, EvaluatorError, HostFnResult},
    value::JValue,
};
use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

pub(super) use time::is_dated;

/// What functions share during one evaluation.
#[derive(Debug, Clone)]
pub(super) struct Host {
    pub(super) meter: Rc<Meter>,
    millis: i64,
    random: Rc<Random>,
    /// The call that an explained expression entered last.
    pub(super) entered: Rc<RefCell<Option<Rc<str>>>>,
}

/// A function: what it shares, and its arguments.
type Function = fn(&Host, &[JValue]) -> HostFnResult;

/// How a call of a function is written in the tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replaced {
    /// The name in an expression.
    pub(super) name: &'static str,
    /// The name that the call gets.
    pub(super) host: &'static str,
    /// Parameters of the function when it is passed on as a value.
    pub(super) parameters: usize,
    /// Whether the focus comes before the arguments.
    pub(super) focus: bool,
    function: Function,
}

/// Functions of expressions, by name.
const REPLACED: &[Replaced] = &[
    replaced("clone", "aws:clone", 1, true, aws::clone),
    replaced("decodeUrl", "aws:decodeUrl", 1, true, text::decode_url),
    replaced("decodeUrlComponent", "aws:decodeUrlComponent", 1, true, text::decode_url_component),
    replaced("distinct", "aws:distinct", 1, false, distinct::distinct),
    replaced("encodeUrl", "aws:encodeUrl", 1, true, text::encode_url),
    replaced("encodeUrlComponent", "aws:encodeUrlComponent", 1, true, text::encode_url_component),
    replaced("formatBase", "aws:formatBase", 2, true, number::format_base),
    replaced("hash", "aws:hash", 2, false, aws::hash),
    replaced("join", "aws:join", 2, false, text::join),
    replaced("millis", "aws:millis", 0, false, time::millis),
    replaced("number", "aws:number", 1, true, number::number),
    replaced("pad", "aws:pad", 3, true, text::pad),
    replaced("parse", "aws:parse", 1, false, aws::parse),
    replaced("partition", "aws:partition", 2, false, aws::partition),
    replaced("random", "aws:random", 1, false, random::random),
    replaced("range", "aws:range", 3, false, aws::range),
    replaced("shuffle", "aws:shuffle", 1, false, random::shuffle),
    replaced("spread", "aws:spread", 1, true, list::spread),
    replaced("string", "aws:string", 1, true, text::string),
    replaced("uuid", "aws:uuid", 0, false, random::uuid),
];

const fn replaced(
    name: &'static str,
    host: &'static str,
    parameters: usize,
    focus: bool,
    function: Function,
) -> Replaced {
    Replaced { name, host, parameters, focus, function }
}

/// The operator `&`.
pub(super) const CONCATENATE: &str = "aws:&";
/// The operator `..`.
pub(super) const RANGE: &str = "aws:..";
/// Makes a list of a null, as the signature of a function that takes a list does.
pub(super) const SINGLETON: &str = "aws:singleton";
/// `$now()`, without arguments.
pub(super) const NOW: &str = "aws:now";
/// Puts the missing date before a text, given the names of its parts.
pub(super) const DATED: &str = "aws:dated";
/// Puts the missing date before a picture.
pub(super) const DATED_PICTURE: &str = "aws:datedPicture";
/// Refuses a replacement that makes too long a text.
pub(super) const REPLACEABLE: &str = "aws:replaceable";
/// Refuses a value that has too many parts, counting shared ones as often as they are reached.
pub(super) const BOUNDED: &str = "aws:bounded";

/// What a transform can change of what it found.
pub(super) const OBJECTS: &str = "aws:objects";
/// Refuses a list too long for its items to carry variables.
pub(super) const CARRIED: &str = "aws:carried";
/// Refuses a list that has become too long.
pub(super) const HELD: &str = "aws:held";
/// Rounds what a transform changes to the 15 digits that its copy has.
pub(super) const COPY: &str = "aws:copy";
/// `$round` with a precision.
pub(super) const ROUND: &str = "aws:round";
/// The sign before an operand.
pub(super) const NEGATE: &str = "aws:negate";
/// Refuses an operand that is not a number, though of that type.
pub(super) const OPERAND: &str = "aws:operand";
/// Says a picture of numbers in a way that is understood.
pub(super) const GROUPED: &str = "aws:picture";
/// Refuses a number that would make endless numerals.
pub(super) const WRITABLE: &str = "aws:writable";
/// Whether `$parseInteger` finds a number.
pub(super) const READABLE: &str = "aws:readable";

/// What the rewritten tree calls besides the functions of expressions.
const INTERNAL: &[(&str, Function)] = &[
    (CONCATENATE, text::concatenate),
    (RANGE, list::range),
    (SINGLETON, list::singleton),
    (NOW, time::now),
    (DATED, time::put_date),
    (DATED_PICTURE, time::dated_picture),
    (REPLACEABLE, text::replaceable),
    (BOUNDED, list::bounded),
    (HELD, list::held),
    (OBJECTS, list::objects),
    (CARRIED, list::carried),
    (COPY, aws::copy),
    (ROUND, number::round),
    (NEGATE, number::negate),
    (OPERAND, number::operand),
    (GROUPED, number::picture),
    (READABLE, number::readable),
    (WRITABLE, number::writable),
];

/// How the function of this name is called, if it is one of ours.
pub(super) fn replacement(name: &str) -> Option<&'static Replaced> {
    REPLACED.binary_search_by(|replaced| replaced.name.cmp(name)).ok().and_then(|i| REPLACED.get(i))
}

impl Host {
    pub(super) fn new(environment: &Environment<'_>, meter: &Rc<Meter>) -> Self {
        Self {
            meter: Rc::clone(meter),
            millis: environment.millis,
            random: Rc::clone(&environment.random),
            entered: Rc::default(),
        }
    }

    /// Gives the evaluator the functions that the rewritten expression calls.
    pub(super) fn register(
        &self,
        evaluator: &mut Evaluator,
        called: &BTreeSet<&'static str>,
    ) -> Result<(), EvaluatorError> {
        let own = REPLACED.iter().map(|replaced| (replaced.host, replaced.function));
        let called = own.chain(INTERNAL.iter().copied()).filter(|(name, _)| called.contains(name));
        self.add(evaluator, called)
    }

    /// Gives the evaluator the checks of an explained expression.
    pub(super) fn register_checks(&self, evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
        self.add(evaluator, CHECKS.iter().copied())
    }

    fn add(
        &self,
        evaluator: &mut Evaluator,
        functions: impl Iterator<Item = (&'static str, Function)>,
    ) -> Result<(), EvaluatorError> {
        for (name, function) in functions {
            let host = self.clone();
            evaluator.register_fn(name, move |args: &[JValue]| function(&host, args))?;
        }
        Ok(())
    }
}

/// What an explained tree calls besides.
const CHECKS: &[(&str, Function)] = &[
    (explain::ENTER, check::enter),
    (explain::COMPARE, check::compare),
    (explain::UPDATE, check::update),
    (explain::DELETE, check::delete),
    (explain::KEY, check::key),
];

fn argument(args: &[JValue], index: usize) -> &JValue {
    args.get(index).unwrap_or(&JValue::Undefined)
}

/// A checked argument.
fn given<'a>(args: &[&'a JValue], index: usize) -> &'a JValue {
    args.get(index).copied().unwrap_or(&JValue::Undefined)
}

fn thrown(message: impl Into<String>) -> EvaluatorError {
    EvaluatorError::EvaluationError(message.into())
}

#[cfg(test)]
mod tests {
    use super::REPLACED;

    #[test]
    fn functions_are_sorted_for_the_binary_search() {
        assert!(REPLACED.is_sorted_by_key(|replaced| replaced.name));
    }
}
