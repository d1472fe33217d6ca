//! `#[data]` types: fields by their JSON names, variants by their tags.

use super::{
    compare::{and, present},
    look::{Json, Look},
    term::{Operator, Term},
    witness::One,
};
use crate::workflow::{Field, Later, Presence, Shape, Tagging, Variant};
use serde_json::Value;

/// The shape under references and newtypes.
fn shape(look: Look) -> Shape {
    match look {
        Look::Data(_, shape) => shape,
        Look::Newtype(_) => Shape::Newtype(Later::OPAQUE),
        Look::Tuple(_) => Shape::Tuple(&[]),
        _ => Shape::Opaque,
    }
}

/// Reads a field of an object as canonical JSON has it.
pub(super) fn read(base: &Term, field: &Field) -> Term {
    let value = base.member(field.json);
    let or = |value: &Term, other: &Term| {
        let exists = Term::call("exists", vec![value.clone()]);
        Term::condition(&exists, value, other)
    };
    let value = if base.may_lack() {
        let names = field.aliases.iter().rev().map(|alias| base.member(alias));
        names.chain([value]).reduce(|other, value| or(&value, &other)).unwrap_or_else(Term::unit)
    } else {
        value
    };
    match field.presence {
        Presence::Skipped | Presence::Unsure => or(&value, &Term::literal(fallback(field))),
        Presence::Optional => value.optional(),
        Presence::Defaulted if base.may_lack() => or(&value, &Term::literal(fallback(field))),
        Presence::Defaulted => value,
        Presence::Opaque => {
            Term::error(&format!("only serde knows the JSON of the field `{}`", field.rust))
        }
        Presence::Always => value,
    }
}

/// `base.name`.
pub fn field<T: Json + ?Sized>(_: &One<T>, base: &Term, name: &str) -> Term {
    member(&shape(T::LOOK), base, name)
}

/// `base.0` and its kind.
pub fn element<T: Json + ?Sized>(_: &One<T>, base: &Term, position: u64) -> Term {
    position_of(&shape(T::LOOK), base, position)
}

fn member(shape: &Shape, base: &Term, name: &str) -> Term {
    match shape.field(name) {
        Some(field) => read(base, field),
        None => base.member(name),
    }
}

fn position_of(shape: &Shape, base: &Term, position: u64) -> Term {
    match shape {
        Shape::Newtype(_) => base.clone(),
        _ => base.at(&Term::literal(position)),
    }
}

/// `base` after `base.name = value`.
pub fn with_field<T: Json + ?Sized>(_: &One<T>, base: &Term, name: &str, value: &Term) -> Term {
    let shape = shape(T::LOOK);
    let json = shape.field(name).map_or(name, |field| field.json);
    let set = base.merged(&Term::object(vec![(json.to_owned(), present(value))]));
    match shape.field(name) {
        Some(field) if field.presence == Presence::Skipped => {
            let value = present(value);
            let gone = Term::binary(Operator::Equal, &value, &Term::literal(fallback(field)));
            Term::condition(&gone, &base.without(json), &set)
        }
        _ => set,
    }
}

/// The field of a pattern `Type { name, .. }`.
pub fn field_of<T: Json>(base: &Term, name: &str) -> Term {
    member(&shape(T::LOOK), base, name)
}

/// The element of a pattern `Type(element, ..)`.
pub fn element_of<T: Json>(base: &Term, position: u64) -> Term {
    position_of(&shape(T::LOOK), base, position)
}

/// `Type { name: value, .. }`; `base` gives the fields that are not listed.
#[expect(
    clippy::needless_pass_by_value,
    reason = "generated code has nothing else to do with them"
)]
pub fn record<T: Json>(values: Vec<(&'static str, Term)>, base: Option<&Term>) -> Term {
    object(&shape(T::LOOK), &values, base)
}

/// `Type(value, ..)`.
pub fn tuple_of<T: Json>(values: Vec<(Term, Look)>) -> Term {
    content(&shape(T::LOOK), values)
}

fn object(shape: &Shape, values: &[(&'static str, Term)], base: Option<&Term>) -> Term {
    let value = |field: &Field| {
        let given = values.iter().find(|(name, _)| *name == field.rust).map(|(_, value)| value);
        given.cloned().or_else(|| base.map(|base| read(base, field)))
    };
    let fields = shape.fields().iter();
    written(fields.filter_map(|field| Some((field, value(field)?))))
}

/// The object that serde writes of these fields.
pub(super) fn written(fields: impl Iterator<Item = (&'static Field, Term)>) -> Term {
    let (mut parts, mut entries) = (Vec::new(), Vec::new());
    for (field, value) in fields {
        let entry = (field.json.to_owned(), present(&value));
        match field.presence {
            Presence::Unsure => {
                let text = format!("only serde knows when the field `{}` is left out", field.rust);
                entries.push((entry.0, Term::error(&text)));
            }
            Presence::Skipped => {
                let gone = fallback(field);
                match entry.1.as_constant() {
                    Some(constant) if *constant == gone => {}
                    Some(_) => entries.push(entry),
                    None => {
                        let gone = Term::binary(Operator::Equal, &entry.1, &Term::literal(gone));
                        let (none, one) = (Term::object(Vec::new()), Term::object(vec![entry]));
                        parts.push(Term::object(std::mem::take(&mut entries)));
                        parts.push(Term::condition(&gone, &none, &one));
                    }
                }
            }
            _ => entries.push(entry),
        }
    }
    parts.push(Term::object(entries));
    parts.into_iter().reduce(|one, other| one.merged(&other)).unwrap_or_else(Term::unit)
}

/// What a field is where it is left out.
pub(super) fn fallback(field: &Field) -> Value {
    field.default.map(|default| (default.0)()).unwrap_or_default()
}

fn content(shape: &Shape, values: Vec<(Term, Look)>) -> Term {
    match shape {
        Shape::Tuple(_) => super::list::array_of(values),
        _ => {
            let value = values.first().map(|(value, _)| present(value));
            value.unwrap_or_else(|| Term::literal(Value::Null))
        }
    }
}

/// What a variant holds.
#[derive(Debug)]
pub enum Payload {
    /// Nothing.
    Unit,
    /// Fields by name.
    Named(Vec<(&'static str, Term)>),
    /// Fields by position.
    Positional(Vec<(Term, Look)>),
}

fn variant<T: Json>(name: &str) -> Option<(Tagging, &'static Variant)> {
    shape(T::LOOK).variant(name)
}

/// `Type::Variant`, with what it holds.
pub fn variant_of<T: Json>(name: &str, payload: Payload) -> Term {
    let Some((tagging, variant)) = variant::<T>(name) else { return Term::literal(name) };
    let json = variant.json.to_owned();
    let inner = match payload {
        Payload::Unit => None,
        Payload::Named(values) => Some(object(&variant.shape, &values, None)),
        Payload::Positional(values) => Some(content(&variant.shape, values)),
    };
    match (tagging, inner) {
        (Tagging::External, None) => Term::literal(json),
        (Tagging::External, Some(inner)) => Term::object(vec![(json, inner)]),
        (Tagging::Internal { tag }, None) => {
            Term::object(vec![(tag.to_owned(), Term::literal(json))])
        }
        (Tagging::Internal { tag }, Some(inner)) => {
            let tag = Term::object(vec![(tag.to_owned(), Term::literal(json))]);
            tag.merged(&inner)
        }
        (Tagging::Adjacent { tag, content }, inner) => {
            let mut entries = vec![(tag.to_owned(), Term::literal(json))];
            entries.extend(inner.map(|inner| (content.to_owned(), inner)));
            Term::object(entries)
        }
    }
}

/// Whether `value` is this variant.
pub fn is_variant<T: Json>(value: &Term, name: &str) -> Term {
    let Some((tagging, variant)) = variant::<T>(name) else { return Term::literal(false) };
    let json = Term::literal(variant.json);
    match tagging {
        Tagging::External if matches!(variant.shape, Shape::Unit) => {
            Term::binary(Operator::Equal, value, &json)
        }
        Tagging::External => Term::call("exists", vec![value.member(variant.json)]),
        Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => {
            Term::binary(Operator::Equal, &value.member(tag), &json)
        }
    }
}

/// What the variant of `value` holds.
fn held<T: Json>(value: &Term, name: &str) -> (Term, Shape) {
    let Some((tagging, variant)) = variant::<T>(name) else {
        return (value.clone(), Shape::Opaque);
    };
    let inner = match tagging {
        Tagging::External => value.member(variant.json),
        Tagging::Internal { .. } => value.clone(),
        Tagging::Adjacent { content, .. } => value.member(content),
    };
    (inner, variant.shape)
}

/// The field of a pattern `Type::Variant { name, .. }`.
pub fn variant_field<T: Json>(value: &Term, name: &str, field: &str) -> Term {
    let (inner, shape) = held::<T>(value, name);
    member(&shape, &inner, field)
}

/// The element of a pattern `Type::Variant(element, ..)`.
pub fn variant_element<T: Json>(value: &Term, name: &str, position: u64) -> Term {
    let (inner, shape) = held::<T>(value, name);
    position_of(&shape, &inner, position)
}

/// `Ok(value)` kept as data.
pub fn success(value: &Term) -> Term {
    Term::object(vec![("Ok".to_owned(), present(value))])
}

/// `Err(value)` kept as data.
pub fn failure(value: &Term) -> Term {
    Term::object(vec![("Err".to_owned(), present(value))])
}

/// Whether a `Result` kept as data is `Ok` (or `Err`).
pub fn is_outcome(value: &Term, ok: bool) -> Term {
    use super::term::Kind;
    let key = if ok { "Ok" } else { "Err" };
    if let Kind::Object(entries) = value.resolved().kind() {
        return Term::literal(entries.iter().any(|(name, _)| name == key));
    }
    Term::call("exists", vec![value.member(key)])
}

/// What a `Result` kept as data holds.
pub fn outcome(value: &Term, ok: bool) -> Term {
    value.member(if ok { "Ok" } else { "Err" })
}

/// Both conditions, for patterns.
pub fn both(left: &Term, right: &Term) -> Term {
    and(left, right)
}
