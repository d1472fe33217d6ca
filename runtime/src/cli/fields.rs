//! Fields of an input that nothing reads: probably misspelt, so worth a warning.

use super::out::Out;
use crate::{
    asl,
    workflow::{Mismatch, WorkflowDef},
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Warnings beyond these are of no help.
const MOST: usize = 10;

/// Schemas within schemas that are followed for one value; references may go round in a circle.
const MAX_SCHEMAS: usize = 1_000;

/// A field that no schema knows.
#[derive(Debug, PartialEq, Eq)]
struct Unknown {
    /// `items[0].skuu`.
    path: String,
    /// The known field that it was probably meant to be, in the same place.
    near: Option<String>,
}

/// Warns of every field that the workflow does not read.
pub(super) fn warn(workflow: &WorkflowDef, input: &Value, out: Out) {
    let name = workflow.name;
    if workflow.params.is_empty() && *input != json!({}) && !input.is_null() {
        out.warning(&format!("`{name}` has no parameters and ignores its input"), None);
        return;
    }
    for Unknown { path, near } in unknown(&(workflow.input_schema)(), input) {
        let help = near.map(|near| format!("did you mean `{near}`?"));
        out.warning(&format!("`{name}` ignores `{path}` of its input"), help.as_deref());
    }
}

/// Which field of the input was probably meant to be the one that is missing there, and that one.
pub(super) fn misspelt(
    workflow: &WorkflowDef,
    input: &Value,
    mismatch: &Mismatch,
) -> Option<(String, String)> {
    let missing = mismatch.problem.strip_prefix("missing field `")?.strip_suffix('`')?;
    let unknown = unknown(&(workflow.input_schema)(), input).into_iter();
    let mut beside = unknown.filter(|unknown| {
        let place = unknown.path.rsplit_once('.').map_or("", |(place, _)| place);
        place == mismatch.path && unknown.near.as_deref() == Some(missing)
    });
    Some((beside.next()?.path, missing.to_owned()))
}

/// The first unknown fields, each once however many items of a list have it.
fn unknown(schema: &Value, input: &Value) -> Vec<Unknown> {
    let mut search = Search { root: schema, seen: BTreeSet::new(), found: Vec::new() };
    search.value(&[schema], input, "", "");
    search.found
}

struct Search<'s> {
    root: &'s Value,
    /// Places without the positions in lists.
    seen: BTreeSet<String>,
    found: Vec<Unknown>,
}

impl<'s> Search<'s> {
    /// Looks into a value that one of the schemas describes.
    fn value(&mut self, schemas: &[&'s Value], value: &Value, path: &str, place: &str) {
        if self.found.len() >= MOST {
            return;
        }
        let Some(leaves) = self.leaves(schemas) else { return };
        match value {
            Value::Object(members) => self.members(&leaves, members, path, place),
            Value::Array(items) => {
                let place = format!("{place}[]");
                for (index, item) in items.iter().enumerate() {
                    let within: Vec<_> =
                        leaves.iter().filter_map(|leaf| item_schema(leaf, index)).collect();
                    self.value(&within, item, &format!("{path}[{index}]"), &place);
                }
            }
            _ => {}
        }
    }

    fn members(
        &mut self,
        leaves: &[&'s Map<String, Value>],
        members: &Map<String, Value>,
        path: &str,
        place: &str,
    ) {
        let mut known: BTreeMap<&str, Vec<&'s Value>> = BTreeMap::new();
        let mut others = Vec::new();
        for leaf in leaves.iter().filter(|leaf| takes_objects(leaf)) {
            let properties = leaf.get("properties").and_then(Value::as_object);
            for (name, schema) in properties.into_iter().flatten() {
                known.entry(name).or_default().push(schema);
            }
            match leaf.get("additionalProperties") {
                Some(Value::Bool(false)) => {}
                Some(schema) => others.push(schema),
                None if properties.is_some() => {}
                // Any object.
                None => return,
            }
        }
        for (name, value) in members {
            let at = |before: &str| {
                if before.is_empty() { name.clone() } else { format!("{before}.{name}") }
            };
            let (path, place) = (at(path), at(place));
            if let Some(schemas) = known.get(name.as_str()) {
                self.value(schemas, value, &path, &place);
            } else if !others.is_empty() {
                self.value(&others, value, &path, &place);
            } else if !known.is_empty() && self.found.len() < MOST && self.seen.insert(place) {
                let near = asl::nearest(name, known.keys().copied());
                self.found.push(Unknown { path, near: near.map(str::to_owned) });
            }
        }
    }

    /// The schemas without those that only refer to others or choose among them; nothing if one of
    /// them takes anything.
    fn leaves(&self, schemas: &[&'s Value]) -> Option<Vec<&'s Map<String, Value>>> {
        let mut leaves = Vec::new();
        let mut open = schemas.to_vec();
        let mut followed = 0;
        while let Some(schema) = open.pop() {
            followed += 1;
            let schema = schema.as_object().filter(|_| followed < MAX_SCHEMAS)?;
            let before = open.len();
            if let Some(Value::String(reference)) = schema.get("$ref") {
                open.push(self.root.pointer(reference.strip_prefix('#')?)?);
            }
            for choice in ["allOf", "anyOf", "oneOf"] {
                let schemas = schema.get(choice).and_then(Value::as_array);
                open.extend(schemas.into_iter().flatten());
            }
            if open.len() == before || schema.contains_key("properties") {
                leaves.push(schema);
            }
        }
        Some(leaves)
    }
}

fn takes_objects(leaf: &Map<String, Value>) -> bool {
    let typed = match leaf.get("type") {
        Some(Value::String(one)) => one == "object",
        Some(Value::Array(several)) => several.iter().any(|one| one == "object"),
        _ => true,
    };
    typed && !leaf.contains_key("const") && !leaf.contains_key("enum")
}

fn item_schema(leaf: &Map<String, Value>, index: usize) -> Option<&Value> {
    let of_tuple = leaf.get("prefixItems").and_then(|items| items.get(index));
    of_tuple.or_else(|| leaf.get("items"))
}

#[cfg(test)]
mod tests {
    use super::{MOST, unknown};
    use serde_json::{Value, json};

    #[track_caller]
    fn check(input: &Value, expected: &[(&str, Option<&str>)]) {
        let schema = json!({
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "total": {"type": "number"},
                "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
                "prices": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Item"}},
                "anything": true,
                "free": {"type": "object"},
                "pay": {"oneOf": [
                    {"const": "Cash", "type": "string"},
                    {"type": "object", "required": ["Card"], "additionalProperties": false,
                     "properties": {"Card": {"$ref": "#/$defs/Item"}}}]},
                "gift": {"anyOf": [{"$ref": "#/$defs/Item"}, {"type": "null"}]},
                "pair": {"type": "array",
                         "prefixItems": [{"$ref": "#/$defs/Item"}, {"type": "number"}]},
                "loop": {"$ref": "#/properties/loop"}
            },
            "$defs": {"Item": {"type": "object", "properties": {"sku": {"type": "string"}}}}
        });
        let found = unknown(&schema, input);
        let found: Vec<_> =
            found.iter().map(|each| (each.path.as_str(), each.near.as_deref())).collect();
        assert_eq!(found, expected, "{input}");
    }

    #[test]
    fn a_misspelt_field_is_found_with_the_nearest_known_one() {
        check(&json!({"id": "a", "total": 1, "items": [{"sku": "b"}], "gift": null}), &[]);
        check(&json!({"id": "a", "totl": 1}), &[("totl", Some("total"))]);
        check(&json!({"colour": "red"}), &[("colour", None)]);
        let near = Some("sku");
        check(&json!({"items": [{"sku": "b"}, {"skuu": "b"}]}), &[("items[1].skuu", near)]);
        check(&json!({"gift": {"skuu": "b"}}), &[("gift.skuu", near)]);
        check(&json!({"pair": [{"skuu": "b"}, 1]}), &[("pair[0].skuu", near)]);
        check(&json!({"prices": {"any": {"skuu": 1}}}), &[("prices.any.skuu", near)]);
        check(&json!({"pay": {"Card": {"skuu": 1}}}), &[("pay.Card.skuu", near)]);
    }

    #[test]
    fn what_takes_anything_is_not_looked_into() {
        check(&json!({"anything": {"x": 1}, "free": {"x": 1}, "pay": "Cash"}), &[]);
        check(&json!({"loop": {"x": 1}}), &[]);
        check(&json!([{"x": 1}]), &[]);
    }

    #[test]
    fn a_field_of_many_items_is_told_once_and_many_fields_are_cut() {
        let items = vec![json!({"skuu": 1}); 1000];
        check(&json!({"items": items}), &[("items[0].skuu", Some("sku"))]);
        let many: serde_json::Map<_, _> =
            (0..50).map(|number| (format!("field {number}"), json!(1))).collect();
        assert_eq!(unknown(&json!({"properties": {"a": {}}}), &many.into()).len(), MOST);
    }
}
