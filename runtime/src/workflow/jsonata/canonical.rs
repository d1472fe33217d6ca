//! Values as serde writes them, of values as others wrote them: an input, a task's result.
//!
//! Native code reads a value and writes it again, at every place where it leaves an expression: a
//! stored variable, an argument, an item, the end of a frame. The same places are made canonical
//! here, where the value comes from outside and its type can read what it would not write.

use super::{
    compare::{is, present},
    data::{fallback, read, written},
    look::Look,
    option::some,
    recursion::Functions,
    term::{Kind, Term},
};
use crate::workflow::{Field, Presence, Shape, Tagging, Variant};
use std::any::TypeId;

/// How much of a value must be canonical.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// What may be missing is there: `null`, or the default.
    Complete,
    /// And nothing else is: members that no type names are dropped.
    Exact,
}

/// A value that is kept or handed on: with all its keys.
pub fn complete(look: &Look, term: &Term) -> Term {
    Writer::new(Care::Complete).value(look, term).complete()
}

/// A value that is returned, compared or written as text: as serde writes it.
pub fn exact(look: &Look, term: &Term) -> Term {
    let care = if term.may_have_more() { Care::Exact } else { Care::Complete };
    Writer::new(care).value(look, term).exact()
}

/// The items of a list that is walked.
pub fn items(item: &Look, list: &Term) -> Term {
    let mut writer = Writer::new(Care::Complete);
    if !list.may_lack() || !writer.differs(item) {
        return list.clone().complete();
    }
    writer.list(item, list).complete()
}

/// What a frame returns that does not fail: of a `Result`, what is in its `Ok`.
pub fn returned(look: &Look, value: &Term) -> Term {
    match look {
        Look::Outcome(ok, _) => exact(ok, value),
        look => exact(look, value),
    }
}

struct Writer {
    care: Care,
    /// What the value lies in.
    functions: Functions,
}

impl Writer {
    fn new(care: Care) -> Self {
        Self { care, functions: Functions::default() }
    }

    fn value(&mut self, look: &Look, term: &Term) -> Term {
        let outside = match self.care {
            Care::Complete => term.may_lack(),
            Care::Exact => term.is_outside(),
        };
        if !outside || !self.differs(look) {
            return term.clone();
        }
        match term.kind() {
            Kind::Condition(condition, then, otherwise) if !term.is_missing() => {
                return Term::condition(
                    condition,
                    &self.value(look, then),
                    &self.value(look, otherwise),
                );
            }
            Kind::Array(items) => {
                if let Some(array) = self.array(look, items) {
                    return array;
                }
            }
            Kind::Scope(lets, body) => return Term::scope(lets.clone(), &self.value(look, body)),
            _ => {}
        }
        match look {
            Look::Optional(inner) => {
                let value = present(term).shared("value");
                let held = self.value(inner, &value);
                let result = Term::condition(&some(&value), &held, &Term::unit());
                Term::scope(vec![value], &result)
            }
            Look::Newtype(inner) => self.value(inner, term),
            Look::List(item) => self.list(item, term),
            Look::Map(value) => self.map(value, term),
            Look::Tuple(parts) => self.tuple(parts, term),
            Look::Outcome(ok, err) => {
                let value = term.shared("value");
                let side = |this: &mut Self, name: &str, look: &Look| {
                    let held = this.value(look, &value.member(name));
                    Term::object(vec![(name.to_owned(), held)])
                };
                let (ok, err) = (side(self, "Ok", ok), side(self, "Err", err));
                let is_ok = Term::call("exists", vec![value.member("Ok")]);
                let result = Term::condition(&is_ok, &ok, &err);
                Term::scope(vec![value], &result)
            }
            Look::Data(id, shape) => self.data(*id, shape, term),
            _ => term.clone(),
        }
    }

    fn data(&mut self, id: TypeId, shape: &Shape, term: &Term) -> Term {
        if let Some(again) = self.functions.again(id, term) {
            return again;
        }
        // of what is built here only the parts come from outside
        let is_built = matches!(term.resolved().kind(), Kind::Object(_));
        let function = if is_built { None } else { self.functions.begin(id, shape, term) };
        match function {
            Some(function) => {
                let body = self.shape(shape, &function.parameter);
                let as_it_came = function.parameter.clone();
                self.functions.end(function, &body, &as_it_came, term)
            }
            None => self.shape(shape, term),
        }
    }

    /// An array that is built here: only its items come from outside.
    fn array(&mut self, look: &Look, items: &[(Term, bool)]) -> Option<Term> {
        let of = |at: usize| match look {
            Look::List(item) => Some(**item),
            Look::Tuple(parts) => parts.get(at).copied(),
            Look::Data(_, Shape::Tuple(parts)) => parts.get(at).map(|part| (part.0)()),
            _ => None,
        };
        let items = items
            .iter()
            .enumerate()
            .map(|(at, (item, is_array))| Some((self.value(&of(at)?, item), *is_array)));
        Some(Term::array(items.collect::<Option<_>>()?))
    }

    /// Whether a type reads what it would not write.
    fn differs(&self, look: &Look) -> bool {
        look.reaches(&|look| match look {
            Look::Data(id, _) if self.functions.take(*id) => Some(true),
            Look::Data(_, shape) if self.is_rewritten(shape) => Some(true),
            _ => None,
        })
    }

    /// Whether the value itself is rewritten, whatever lies in it.
    fn is_rewritten(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Struct(fields) => self.care == Care::Exact || fields.iter().any(may_lack),
            Shape::Enum(tagging, variants) => variants.iter().any(|variant| {
                self.is_rewritten(&variant.shape)
                    || self.care == Care::Exact && *tagging != Tagging::External
            }),
            Shape::Newtype(_) | Shape::Tuple(_) | Shape::Unit | Shape::Opaque => false,
        }
    }

    fn variant_differs(&self, tagging: Tagging, variant: &Variant) -> bool {
        self.care == Care::Exact && tagging != Tagging::External
            || self.is_rewritten(&variant.shape)
            || variant.shape.parts().iter().any(|part| self.differs(part))
    }

    fn shape(&mut self, shape: &Shape, term: &Term) -> Term {
        match shape {
            Shape::Struct(fields) => self.object(fields, term),
            Shape::Newtype(inner) => self.value(&(inner.0)(), term),
            Shape::Tuple(parts) => {
                let parts: Vec<Look> = parts.iter().map(|part| (part.0)()).collect();
                self.tuple(&parts, term)
            }
            Shape::Enum(tagging, variants) => self.variants(*tagging, variants, term),
            Shape::Unit | Shape::Opaque => term.clone(),
        }
    }

    fn object(&mut self, fields: &'static [Field], term: &Term) -> Term {
        if let Kind::Object(entries) = term.resolved().kind() {
            // It is built here: only its parts come from outside.
            let of = |key: &str| fields.iter().find(|field| field.json == key);
            let changed: Vec<(String, Term)> = entries
                .iter()
                .map(|(key, value)| {
                    let look = of(key).map_or(Look::Opaque, |field| (field.look.0)());
                    (key.clone(), self.value(&look, value))
                })
                .collect();
            let all_same = changed.iter().zip(entries).all(|((_, new), (_, old))| new.same(old));
            return if all_same { term.clone() } else { Term::object(changed) };
        }
        let value = term.shared("value");
        let opaque = fields
            .iter()
            .any(|field| matches!(field.presence, Presence::Opaque | Presence::Unsure));
        let rebuilt = self.care == Care::Exact
            || fields
                .iter()
                .any(|field| field.presence == Presence::Skipped || !field.aliases.is_empty());
        let result = if rebuilt && !opaque {
            let parts: Vec<Term> = (fields.iter())
                .map(|field| self.value(&(field.look.0)(), &read(&value, field)))
                .collect();
            written(fields.iter().zip(parts))
        } else {
            self.completed(fields, &value)
        };
        Term::scope(vec![value], &result)
    }

    /// The object with what may be missing before it, and with the parts that change after it.
    fn completed(&mut self, fields: &'static [Field], value: &Term) -> Term {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for field in fields {
            let key = field.json.to_owned();
            let look = (field.look.0)();
            if field.presence != Presence::Opaque && self.differs(&look) {
                after.push((key, present(&self.value(&look, &read(value, field)))));
            } else if matches!(field.presence, Presence::Optional | Presence::Defaulted) {
                before.push((key, Term::literal(fallback(field))));
            }
        }
        let before = Some(before).filter(|entries| !entries.is_empty()).map(Term::object);
        let after = Some(after).filter(|entries| !entries.is_empty()).map(Term::object);
        let parts = before.into_iter().chain([value.clone()]).chain(after);
        let parts = parts.map(|part| (part, false)).collect();
        Term::call("merge", vec![Term::array(parts)])
    }

    fn list(&mut self, item: &Look, term: &Term) -> Term {
        let parameter = Term::item("item", term);
        let body = present(&self.value(item, &parameter));
        let lambda = Term::lambda(vec![parameter], &body);
        super::list::array(item, &Term::call("map", vec![term.clone(), lambda]))
    }

    fn map(&mut self, value: &Look, term: &Term) -> Term {
        let (parameter, key) = (Term::item("value", term), Term::parameter("key"));
        let entry = Term::entry(&key, &self.value(value, &parameter));
        let lambda = Term::lambda(vec![parameter, key], &entry);
        let each = Term::call("each", vec![term.clone(), lambda]);
        // without any entries there is nothing to merge
        let none = Term::array(vec![(Term::object(Vec::new()), false)]);
        Term::call("merge", vec![Term::call("append", vec![none, each])])
    }

    fn tuple(&mut self, parts: &[Look], term: &Term) -> Term {
        let value = term.shared("value");
        let parts = parts.iter().zip(0_u64..).map(|(look, at)| {
            let part = present(&self.value(look, &value.at(&Term::literal(at)).optional()));
            (part, look.is_array())
        });
        let result = Term::array(parts.collect());
        Term::scope(vec![value], &result)
    }

    /// A variant that is built here: only its parts come from outside.
    fn built(
        &mut self,
        tagging: Tagging,
        variants: &'static [Variant],
        term: &Term,
    ) -> Option<Term> {
        let Kind::Object(entries) = term.kind() else { return None };
        let of = |json: &str| variants.iter().find(|variant| variant.json == json);
        let tagged = |tag: &str| {
            let (_, name) = entries.iter().find(|(key, _)| key == tag)?;
            of(name.as_constant()?.as_str()?)
        };
        match tagging {
            Tagging::External => {
                let (name, held) = entries.first()?;
                let held = self.shape(&of(name)?.shape, held);
                Some(Term::object(vec![(name.clone(), held)]))
            }
            Tagging::Internal { tag } => match tagged(tag)?.shape {
                Shape::Unit => Some(term.clone()),
                shape => Some(self.shape(&shape, term)),
            },
            Tagging::Adjacent { tag, content } => {
                let shape = tagged(tag)?.shape;
                let entries = entries.iter().map(|(key, value)| {
                    let is_content = key == content;
                    let held = if is_content { self.shape(&shape, value) } else { value.clone() };
                    (key.clone(), held)
                });
                Some(Term::object(entries.collect()))
            }
        }
    }

    fn variants(&mut self, tagging: Tagging, variants: &'static [Variant], term: &Term) -> Term {
        if let Some(built) = self.built(tagging, variants, term.resolved()) {
            return built;
        }
        let value = term.shared("value");
        let mut result = value.clone();
        for variant in self.functions.asked_for(variants) {
            if !self.variant_differs(tagging, variant) {
                continue;
            }
            let name = Term::literal(variant.json);
            let one = |key: &str, held: Term| (key.to_owned(), held);
            let (test, then) = match tagging {
                Tagging::External => {
                    let held = value.member(variant.json);
                    let then = self.shape(&variant.shape, &held);
                    let test = Term::call("exists", vec![held]);
                    (test, Term::object(vec![one(variant.json, then)]))
                }
                Tagging::Internal { tag } => {
                    let tagged = Term::object(vec![one(tag, name.clone())]);
                    let then = match variant.shape {
                        Shape::Unit => tagged,
                        shape => tagged.merged(&self.shape(&shape, &value)),
                    };
                    (is(&value.member(tag), &name), then)
                }
                Tagging::Adjacent { tag, content } => {
                    let held = self.shape(&variant.shape, &value.member(content));
                    let mut then = vec![one(tag, name.clone())];
                    if variant.shape != Shape::Unit {
                        then.push(one(content, held));
                    }
                    let then = Term::object(then);
                    (is(&value.member(tag), &name), then)
                }
            };
            result = Term::condition(&test, &then, &result);
        }
        Term::scope(vec![value], &result)
    }
}

fn may_lack(field: &Field) -> bool {
    let always = matches!(field.presence, Presence::Always | Presence::Opaque | Presence::Unsure);
    !always || !field.aliases.is_empty()
}
