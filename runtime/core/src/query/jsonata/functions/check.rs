//! The checks that `explain` puts into a tree.

use super::{Host, argument, print::stringify, signature::arguments, thrown};
use jsonata_core::{evaluator::HostFnResult, value::JValue};

/// Signatures of the functions that `jsonata-core` evaluates.
const SIGNATURES: &[(&str, &str)] = &[
    ("abs", "n-"),
    ("append", "xx"),
    ("assert", "bs?"),
    ("average", "a<n>"),
    ("base64decode", "s-"),
    ("base64encode", "s-"),
    ("boolean", "x-"),
    ("ceil", "n-"),
    ("contains", "s-(sf)"),
    ("count", "a"),
    ("each", "o-f"),
    ("error", "s?"),
    ("exists", "x"),
    ("filter", "af"),
    ("floor", "n-"),
    ("formatInteger", "n-s"),
    ("formatNumber", "n-so?"),
    ("fromMillis", "n-s?s?"),
    ("keys", "x-"),
    ("length", "s-"),
    ("lookup", "x-s"),
    ("lowercase", "s-"),
    ("map", "af"),
    ("match", "s-f<s:o>n?"),
    ("max", "a<n>"),
    ("merge", "a<o>"),
    ("min", "a<n>"),
    ("not", "x-"),
    ("parseInteger", "s-s"),
    ("power", "n-n"),
    ("reduce", "afj?"),
    ("replace", "s-(sf)(sf)n?"),
    ("reverse", "a"),
    ("round", "n-n?"),
    ("sift", "o-f?"),
    ("single", "af?"),
    ("sort", "af?"),
    ("split", "s-(sf)n?"),
    ("sqrt", "n-"),
    ("substring", "s-nn?"),
    ("substringAfter", "s-s"),
    ("substringBefore", "s-s"),
    ("sum", "a<n>"),
    ("toMillis", "s-s?"),
    ("trim", "s-"),
    ("type", "x"),
    ("uppercase", "s-"),
    ("zip", "a+"),
];

/// Name and focus come before the arguments.
pub(super) fn enter(host: &Host, args: &[JValue]) -> HostFnResult {
    let [JValue::String(name), focus, args @ ..] = args else { return Ok(JValue::Undefined) };
    host.entered.replace(Some(std::rc::Rc::clone(name)));
    if let Ok(index) = SIGNATURES.binary_search_by(|(known, _)| (*known).cmp(name))
        && let Some((_, signature)) = SIGNATURES.get(index)
    {
        arguments(Some(name), signature, focus, args)?;
    }
    Ok(JValue::Undefined)
}

/// The operator comes before the operands.
pub(super) fn compare(_: &Host, args: &[JValue]) -> HostFnResult {
    let [JValue::String(operator), left, right] = args else { return Ok(JValue::Undefined) };
    let comparable = |value: &&JValue| {
        matches!(value, JValue::Undefined | JValue::Number(_) | JValue::String(_))
    };
    if ![left, right].iter().all(comparable) {
        return Err(thrown(format!(
            "T2010: The expressions either side of operator \"{operator}\" must evaluate to numeric \
             or string values"
        )));
    }
    match (left, right) {
        (JValue::Number(_), JValue::String(_)) | (JValue::String(_), JValue::Number(_)) => {
            Err(thrown(format!(
                "T2009: The values {} and {} either side of operator \"{operator}\" must be of the \
                 same data type",
                stringify(left),
                stringify(right)
            )))
        }
        _ => Ok(JValue::Undefined),
    }
}

pub(super) fn update(_: &Host, args: &[JValue]) -> HostFnResult {
    match argument(args, 0) {
        value @ (JValue::Undefined | JValue::Object(_)) => Ok(value.clone()),
        other => Err(thrown(format!(
            "T2011: The insert/update clause of the transform expression must evaluate to an \
             object: {}",
            stringify(other)
        ))),
    }
}

pub(super) fn delete(_: &Host, args: &[JValue]) -> HostFnResult {
    let fits = match argument(args, 0) {
        JValue::Undefined | JValue::String(_) => true,
        JValue::Array(items) => items.iter().all(JValue::is_string),
        _ => false,
    };
    if fits {
        return Ok(argument(args, 0).clone());
    }
    Err(thrown(format!(
        "T2012: The delete clause of the transform expression must evaluate to a string or array of \
         strings: {}",
        stringify(argument(args, 0))
    )))
}

pub(super) fn key(_: &Host, args: &[JValue]) -> HostFnResult {
    match argument(args, 0) {
        value @ (JValue::Undefined | JValue::String(_)) => Ok(value.clone()),
        other => Err(thrown(format!(
            "T1003: Key in object structure must evaluate to a string; got: {}",
            stringify(other)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::SIGNATURES;

    #[test]
    fn signatures_are_sorted_for_the_binary_search() {
        assert!(SIGNATURES.is_sorted_by_key(|(name, _)| *name));
    }
}
