//! Errors of a workflow: their names and causes, from the values' JSON.

use super::{
    canonical,
    look::{Json, Look},
    term::{Kind, Operator, Term},
    written::json_text,
};
use crate::workflow::{ErrorKind, ErrorVariant, Shape, TaskError, Variant};
use serde_json::Value;

/// Error name and cause of a Fail state.
#[derive(Debug, Clone)]
pub struct Failing {
    /// The error name.
    pub error: Term,
    /// The cause.
    pub cause: Term,
}

impl Failing {
    /// The same, with the `let`s before it.
    #[must_use]
    pub fn within(self, lets: Vec<Term>) -> Self {
        Self {
            error: Term::scope(lets.clone(), &self.error),
            cause: Term::scope(lets, &self.cause),
        }
    }
}

/// What stands in for a failure of a workflow that is not exported.
pub fn native() -> Failing {
    Failing { error: Term::native(), cause: Term::native() }
}

/// The value in the text of a cause.
pub(in crate::workflow) fn parsed(text: &Term) -> Term {
    Term::call("parse", vec![text.clone()])
}

/// Whether an error has one of these names.
pub(in crate::workflow) fn named(error: &Term, names: &[String]) -> Term {
    match names {
        [name] => Term::binary(Operator::Equal, error, &Term::literal(name.as_str())),
        names => Term::binary(Operator::In, error, &Term::literal(names.to_vec())),
    }
}

/// Name and cause of an error of this type.
pub(in crate::workflow) fn of<E: TaskError + Json>(value: &Term) -> Failing {
    if is_caught(value) {
        return Failing { error: Term::caught_error(), cause: Term::caught_text() };
    }
    let depth = 0;
    let look = <E as Json>::LOOK;
    of_variants(E::VARIANTS, &look, &canonical::exact(&look, value), depth)
}

/// Name and cause of a value of an error type; a `#[from]` variant is its inner error.
fn of_variants(
    variants: &'static [ErrorVariant],
    look: &Look,
    value: &Term,
    depth: usize,
) -> Failing {
    if is_caught(value) {
        return Failing { error: Term::caught_error(), cause: Term::caught_text() };
    }
    // A value built here: its variant is known.
    let known = match value.kind() {
        Kind::Literal(Value::String(name)) => Some(name.clone()),
        Kind::Object(entries) => entries.first().map(|(name, _)| name.clone()),
        _ => None,
    };
    if let Some(variant) =
        known.and_then(|name| variants.iter().find(|variant| variant.json == name))
    {
        return of_variant(variant, look, value, depth);
    }
    let plain = variants
        .iter()
        .all(|variant| matches!(variant.kind, ErrorKind::Named(name) | ErrorKind::Timeout(name) if name == variant.json));
    if plain || depth > 4 {
        return Failing { error: tag(value), cause: json_text(look, value) };
    }
    let mut rest = variants.iter().rev();
    let Some(last) = rest.next() else {
        return Failing { error: tag(value), cause: json_text(look, value) };
    };
    rest.fold(of_variant(last, look, value, depth), |otherwise, variant| {
        let is = Term::binary(Operator::Equal, &tag(value), &Term::literal(variant.json));
        let then = of_variant(variant, look, value, depth);
        Failing {
            error: Term::condition(&is, &then.error, &otherwise.error),
            cause: Term::condition(&is, &then.cause, &otherwise.cause),
        }
    })
}

fn of_variant(variant: &ErrorVariant, look: &Look, value: &Term, depth: usize) -> Failing {
    match variant.kind {
        ErrorKind::Named(name) | ErrorKind::Timeout(name) => {
            Failing { error: Term::literal(name), cause: json_text(look, value) }
        }
        ErrorKind::From(inner) => {
            let held = held(look, variant.variant);
            of_variants(inner, &held, &value.member(variant.json), depth + 1)
        }
        // What these caught keeps the name it came with.
        ErrorKind::Other => {
            let held =
                if variant.json.is_empty() { value.clone() } else { value.member(variant.json) };
            Failing { error: held.member("error"), cause: held.member("cause") }
        }
    }
}

/// The variant's name in JSON: the string itself, or the only key.
fn tag(value: &Term) -> Term {
    let kind = Term::call("type", vec![value.clone()]);
    let unit = Term::binary(Operator::Equal, &kind, &Term::literal("string"));
    Term::condition(&unit, value, &Term::call("keys", vec![value.clone()]))
}

/// How the JSON looks of what a variant of an error type holds.
fn held(look: &Look, variant: &str) -> Look {
    let Look::Data(_, shape) = look else { return Look::Opaque };
    match shape.variant(variant) {
        Some((_, Variant { shape: Shape::Newtype(inner), .. })) => (inner.0)(),
        _ => Look::Opaque,
    }
}

fn is_caught(value: &Term) -> bool {
    match value.kind() {
        Kind::Shared(_, inner) => is_caught(inner),
        _ => value.is_caught_cause(),
    }
}
