//! Arguments as a task reads them: without the members that its parameters do not name.

use crate::{
    registry::Registry,
    workflow::{Look, Shape, Tagging},
};
use serde_json::{Map, Value};

/// The arguments of a call without what the task does not read.
pub(super) fn arguments(registry: &Registry, task: &str, arguments: &Value) -> Value {
    let found = registry.tasks().find(|known| known.descriptor.name == task);
    let (Some(task), Some(given)) = (found, arguments.as_object()) else {
        return arguments.clone();
    };
    let looks = task.descriptor.params.iter().zip(task.descriptor.looks);
    let named = looks.filter_map(|(name, look)| {
        Some(((*name).to_owned(), value(&(look.0)(), given.get(*name)?)))
    });
    Value::Object(named.collect())
}

fn value(look: &Look, given: &Value) -> Value {
    match (look, given) {
        (Look::Optional(inner) | Look::Newtype(inner), given) if !given.is_null() => {
            value(inner, given)
        }
        (Look::List(item), Value::Array(items)) => {
            Value::Array(items.iter().map(|each| value(item, each)).collect())
        }
        (Look::Map(item), Value::Object(members)) => members
            .iter()
            .map(|(name, each)| (name.clone(), value(item, each)))
            .collect::<Map<_, _>>()
            .into(),
        (Look::Tuple(parts), Value::Array(items)) => {
            Value::Array(parts.iter().zip(items).map(|(look, each)| value(look, each)).collect())
        }
        (Look::Data(_, of), given) => shape(of, given),
        (_, given) => given.clone(),
    }
}

fn shape(of: &Shape, given: &Value) -> Value {
    match (of, given) {
        (Shape::Struct(fields), Value::Object(members)) => {
            let known = fields.iter().filter_map(|field| {
                let member = members.get(field.json)?;
                Some((field.json.to_owned(), value(&(field.look.0)(), member)))
            });
            Value::Object(known.collect())
        }
        (Shape::Newtype(inner), given) => value(&(inner.0)(), given),
        (Shape::Tuple(parts), Value::Array(items)) => {
            let known = parts.iter().zip(items);
            Value::Array(known.map(|(look, each)| value(&(look.0)(), each)).collect())
        }
        (Shape::Enum(tagging, variants), Value::Object(members)) => {
            let named = |tag: &str| {
                let name = members.get(tag)?.as_str()?;
                variants.iter().find(|variant| variant.json == name)
            };
            match tagging {
                Tagging::External => variants
                    .iter()
                    .filter_map(|variant| {
                        let held = members.get(variant.json)?;
                        Some((variant.json.to_owned(), shape(&variant.shape, held)))
                    })
                    .collect::<Map<_, _>>()
                    .into(),
                Tagging::Internal { tag } => match named(tag) {
                    Some(variant) => {
                        let mut held = match variant.shape {
                            Shape::Unit => Value::Object(Map::new()),
                            shape_of => shape(&shape_of, given),
                        };
                        if let (Some(held), Some(name)) = (held.as_object_mut(), members.get(*tag))
                        {
                            held.insert((*tag).to_owned(), name.clone());
                        }
                        held
                    }
                    None => given.clone(),
                },
                Tagging::Adjacent { tag, content } => {
                    let mut known = Map::new();
                    known.extend(members.get(*tag).map(|name| ((*tag).to_owned(), name.clone())));
                    if let (Some(variant), Some(held)) = (named(tag), members.get(*content)) {
                        known.insert((*content).to_owned(), shape(&variant.shape, held));
                    }
                    Value::Object(known)
                }
            }
        }
        (_, given) => given.clone(),
    }
}
