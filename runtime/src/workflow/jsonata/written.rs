//! The JSON of a value as text, every digit of it: `$string` writes 15 digits of a number.

use super::{
    data::read,
    look::Look,
    recursion::Functions,
    term::{Kind, Operator, Term},
    textual::concat,
};
use crate::workflow::{Field, Presence, Shape, Tagging, Variant};
use serde_json::Value;
use std::any::TypeId;

/// The text of a value's JSON.
pub(super) fn json_text(look: &Look, term: &Term) -> Term {
    Text::default().value(look, term)
}

#[derive(Default)]
struct Text {
    /// What the value lies in.
    functions: Functions,
}

fn literal(text: impl Into<String>) -> Term {
    Term::literal(text.into())
}

fn name(key: &str) -> String {
    format!("{}:", Value::from(key))
}

impl Text {
    fn value(&mut self, look: &Look, term: &Term) -> Term {
        if let Some(constant) = term.as_constant() {
            return literal(constant.to_string());
        }
        if self.loses(look) { self.digits(look, term) } else { plain(look, term) }
    }

    /// Whether `$string` may lose digits of such a value.
    fn loses(&self, look: &Look) -> bool {
        look.reaches(&|look| match look {
            Look::Long | Look::Float | Look::Opaque => Some(true),
            Look::Data(id, _) if self.functions.take(*id) => Some(true),
            _ => None,
        })
    }

    /// The text of a value that may lose digits: integers are written digit by digit.
    fn digits(&mut self, look: &Look, term: &Term) -> Term {
        match look {
            Look::Optional(inner) => {
                let value = term.shared("value");
                let some = super::option::some(&value);
                let text = Term::condition(&some, &self.value(inner, &value), &literal("null"));
                Term::scope(vec![value], &text)
            }
            Look::Newtype(inner) => self.value(inner, term),
            Look::List(item) => {
                let parameter = Term::item("item", term);
                let body = self.value(item, &parameter);
                joined("[", "map", term, Term::lambda(vec![parameter], &body), "]")
            }
            Look::Map(value) => {
                let (parameter, key) = (Term::item("value", term), Term::parameter("key"));
                let body = concat(&[
                    plain(&Look::Text, &key),
                    literal(":"),
                    self.value(value, &parameter),
                ]);
                joined("{", "each", term, Term::lambda(vec![parameter, key], &body), "}")
            }
            Look::Tuple(parts) => self.tuple(parts, term),
            Look::Outcome(ok, err) => {
                let value = term.shared("value");
                let side = |this: &mut Self, key: &str, look: &Look| {
                    let held = this.value(look, &value.member(key));
                    concat(&[literal(format!("{{{}", name(key))), held, literal("}")])
                };
                let (ok, err) = (side(self, "Ok", ok), side(self, "Err", err));
                let is_ok = Term::call("exists", vec![value.member("Ok")]);
                let text = Term::condition(&is_ok, &ok, &err);
                Term::scope(vec![value], &text)
            }
            Look::Data(id, shape) => self.data(*id, shape, term),
            Look::Long => Term::call("formatBase", vec![term.clone(), Term::literal(10)]),
            _ => guarded(look, term),
        }
    }

    fn data(&mut self, id: TypeId, shape: &Shape, term: &Term) -> Term {
        if let Some(again) = self.functions.again(id, term) {
            return again;
        }
        match self.functions.begin(id, shape, term) {
            Some(function) => {
                let text = self.shape(shape, &function.parameter);
                let in_one = guarded(&Look::Opaque, &function.parameter);
                self.functions.end(function, &text, &in_one, term)
            }
            None => self.shape(shape, term),
        }
    }

    fn shape(&mut self, shape: &Shape, term: &Term) -> Term {
        match shape {
            Shape::Struct(fields) if !fields.iter().all(is_named) => {
                guarded(&Look::Map(&Look::Opaque), term)
            }
            Shape::Struct(fields) => {
                let value = term.shared("value");
                let text = concat(&[literal("{"), self.fields(fields, &value), literal("}")]);
                Term::scope(vec![value], &text)
            }
            Shape::Newtype(inner) => self.value(&(inner.0)(), term),
            Shape::Tuple(parts) => {
                let parts: Vec<Look> = parts.iter().map(|part| (part.0)()).collect();
                self.tuple(&parts, term)
            }
            Shape::Enum(tagging, variants) => self.variants(*tagging, variants, term),
            Shape::Unit | Shape::Opaque => guarded(&Look::Opaque, term),
        }
    }

    /// `"name":value,..` of a struct.
    fn fields(&mut self, fields: &'static [Field], value: &Term) -> Term {
        let mut parts = Vec::new();
        for (at, field) in fields.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            parts.push(literal(format!("{comma}{}", name(field.json))));
            let read = super::compare::present(&read(value, field));
            parts.push(self.value(&(field.look.0)(), &read));
        }
        concat(&parts)
    }

    fn tuple(&mut self, parts: &[Look], term: &Term) -> Term {
        let value = term.shared("value");
        let mut texts = Vec::new();
        for (look, at) in parts.iter().zip(0_u64..) {
            texts.push(literal(if at > 0 { "," } else { "[" }));
            texts.push(self.value(look, &value.at(&Term::literal(at))));
        }
        texts.push(literal("]"));
        Term::scope(vec![value], &concat(&texts))
    }

    fn variants(&mut self, tagging: Tagging, variants: &'static [Variant], term: &Term) -> Term {
        if let Some((json, held)) = built(tagging, term)
            && let Some(variant) = variants.iter().find(|variant| variant.json == json)
        {
            return self.tagged(variant, &held);
        }
        let value = term.shared("value");
        // the variants that lose nothing
        let mut text = plain(&Look::Opaque, &value);
        for variant in self.functions.asked_for(variants) {
            if !variant.shape.parts().iter().any(|part| self.loses(part)) {
                continue;
            }
            let json = Term::literal(variant.json);
            let is = |tag: &str| Term::binary(Operator::Equal, &value.member(tag), &json);
            let (test, then) = match tagging {
                Tagging::External => {
                    let held = value.member(variant.json);
                    let then = self.tagged(variant, &held);
                    (Term::call("exists", vec![held]), then)
                }
                Tagging::Internal { tag } => (is(tag), guarded(&Look::Opaque, &value)),
                Tagging::Adjacent { tag, content } => {
                    let held = self.shape(&variant.shape, &value.member(content));
                    let head =
                        format!("{{{}{},{}", name(tag), Value::from(variant.json), name(content));
                    (is(tag), concat(&[literal(head), held, literal("}")]))
                }
            };
            text = Term::condition(&test, &then, &text);
        }
        Term::scope(vec![value], &text)
    }

    /// `{"Variant":..}`.
    fn tagged(&mut self, variant: &'static Variant, held: &Term) -> Term {
        let head = literal(format!("{{{}", name(variant.json)));
        concat(&[head, self.shape(&variant.shape, held), literal("}")])
    }
}

/// Whether a field is always written, under its own name.
fn is_named(field: &Field) -> bool {
    !matches!(field.presence, Presence::Skipped | Presence::Unsure | Presence::Opaque)
}

/// Name and content of a variant that is built here.
fn built(tagging: Tagging, term: &Term) -> Option<(String, Term)> {
    match (tagging, term.resolved().kind()) {
        (Tagging::External, Kind::Object(entries)) => entries.first().cloned(),
        _ => None,
    }
}

/// `$string`, which leaves text as it is: in an array it is written as JSON.
fn plain(look: &Look, term: &Term) -> Term {
    match look {
        Look::Data(_, Shape::Struct(_))
        | Look::Map(_)
        | Look::Outcome(..)
        | Look::Bool
        | Look::Integer
        | Look::Unit
        | Look::List(_)
        | Look::Tuple(_) => Term::call("string", vec![term.clone()]),
        _ if look.is_array() || matches!(term.resolved().kind(), Kind::Object(_)) => {
            Term::call("string", vec![term.clone()])
        }
        _ => {
            let listed = Term::call("string", vec![Term::gathered(term)]);
            let brackets = Term::regex("/^\\[|\\]$/");
            Term::call("replace", vec![listed, brackets, literal("")])
        }
    }
}

/// The same, which fails where a number has more than 15 digits.
fn guarded(look: &Look, term: &Term) -> Term {
    let value = term.shared("value");
    let text = plain(look, &value).shared("text");
    let back = Term::call("parse", vec![text.clone()]);
    let same = Term::binary(Operator::Equal, &back, &value);
    let error = Term::error("a number has more than 15 digits");
    Term::scope(vec![value, text.clone()], &Term::condition(&same, &text, &error))
}

/// `'[' & $join($map(..), ',') & ']'`.
fn joined(open: &str, function: &'static str, of: &Term, each: Term, close: &str) -> Term {
    let texts = Term::call(function, vec![of.clone(), each]);
    let text = Term::call("join", vec![texts, literal(",")]);
    concat(&[literal(open), text, literal(close)])
}
