//! Values for AWS APIs that take JSON as text.
//!
//! Step Functions writes a value as JSON where an API takes a text, but hands on a string as it is,
//! and null not at all: these are written as JSON here.

use super::{
    look::Look,
    term::{Operator, Term},
};
use crate::workflow::Shape;

/// The value as it is handed to such an API.
pub fn text_of_json(look: &Look, value: &Term) -> Term {
    if let Some(constant) = value.as_constant() {
        let plain = !constant.is_string() && !constant.is_null();
        return if plain { value.clone() } else { Term::literal(constant.to_string()) };
    }
    match look {
        Look::Text => written(value),
        Look::Newtype(inner) => text_of_json(inner, value),
        Look::Data(_, Shape::Newtype(inner)) => text_of_json(&(inner.0)(), value),
        Look::Bool | Look::Integer | Look::Long | Look::Float => value.clone(),
        Look::List(_) | Look::Tuple(_) | Look::Map(_) | Look::Outcome(..) => value.clone(),
        Look::Data(_, Shape::Struct(_) | Shape::Tuple(_)) => value.clone(),
        Look::Unit | Look::Optional(_) | Look::Opaque | Look::Data(..) => {
            let value = value.shared("input");
            let kind = Term::call("type", vec![value.clone()]).shared("kind");
            let is = |name: &str| Term::binary(Operator::Equal, &kind, &Term::literal(name));
            let plain = Term::binary(Operator::Or, &is("string"), &is("null"));
            let chosen = Term::condition(&plain, &written(&value), &value);
            Term::scope(vec![value, kind], &chosen)
        }
    }
}

/// The JSON of a string or null: that of an array around it, without the brackets.
fn written(value: &Term) -> Term {
    let around = Term::call("string", vec![Term::array(vec![(value.clone(), false)])]);
    Term::call("replace", vec![around, Term::regex("/^\\[|\\]$/"), Term::literal("")])
}
