//! How an input looks, in one line: `{"id": string, "total": number, "gift"?: string}`.

use serde_json::{Map, Value};

/// Objects and lists within each other that are shown.
const DEEP: usize = 3;

/// References and choices that are followed to one value: they may go round in a circle.
const FAR: usize = 4;

/// Longer lines help nobody, in characters.
const LONG: usize = 160;

/// The shape that a JSON schema describes; what is long is left out from the inside.
pub(super) fn shape(schema: &Value) -> String {
    let at = |deep| Shapes { root: schema }.of(schema, Room { deep, far: FAR });
    (1..=DEEP).rev().map(at).find(|shape| shape.chars().count() <= LONG).unwrap_or_else(|| at(0))
}

/// How much more is shown.
#[derive(Debug, Clone, Copy)]
struct Room {
    deep: usize,
    far: usize,
}

impl Room {
    /// Within an object or a list.
    fn inside(self) -> Option<Self> {
        Some(Self { deep: self.deep.checked_sub(1)?, far: FAR })
    }

    /// At the same place, by a reference or a choice.
    fn along(self) -> Option<Self> {
        Some(Self { far: self.far.checked_sub(1)?, ..self })
    }
}

struct Shapes<'s> {
    root: &'s Value,
}

impl Shapes<'_> {
    fn of(&self, schema: &Value, room: Room) -> String {
        let any = || "any".to_owned();
        let Some(fields) = schema.as_object() else { return any() };
        if let Some(only) = fields.get("const") {
            return only.to_string();
        }
        if let Some(several) = fields.get("enum").and_then(Value::as_array) {
            return joined(several.iter().map(ToString::to_string));
        }
        if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
            let found = reference.strip_prefix('#').and_then(|path| self.root.pointer(path));
            let found = found.zip(room.along());
            return found.map_or_else(any, |(found, room)| self.of(found, room));
        }
        let choice = fields.get("oneOf").or_else(|| fields.get("anyOf")).and_then(Value::as_array);
        if let Some(several) = choice {
            let Some(room) = room.along() else { return any() };
            return joined(several.iter().map(|each| self.of(each, room)));
        }
        match fields.get("type") {
            Some(Value::Array(types)) => {
                let types = types.iter().filter_map(Value::as_str);
                joined(types.map(|one| self.typed(one, fields, room)))
            }
            Some(Value::String(one)) => self.typed(one, fields, room),
            _ => any(),
        }
    }

    fn typed(&self, name: &str, fields: &Map<String, Value>, room: Room) -> String {
        match (name, room.inside()) {
            ("object", None) => "{..}".to_owned(),
            ("object", Some(room)) => self.object(fields, room),
            ("array", None) => "[..]".to_owned(),
            ("array", Some(room)) => match fields.get("prefixItems").and_then(Value::as_array) {
                Some(parts) => {
                    let parts: Vec<_> = parts.iter().map(|part| self.of(part, room)).collect();
                    format!("[{}]", parts.join(", "))
                }
                None => {
                    let item = fields.get("items").unwrap_or(&Value::Null);
                    format!("[{}, ..]", self.of(item, room))
                }
            },
            (name, _) => name.to_owned(),
        }
    }

    fn object(&self, fields: &Map<String, Value>, room: Room) -> String {
        let required = fields.get("required").and_then(Value::as_array);
        let is_required =
            |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
        let properties = fields.get("properties").and_then(Value::as_object);
        let members: Vec<_> = properties
            .into_iter()
            .flatten()
            .map(|(name, schema)| {
                let optional = if is_required(name) { "" } else { "?" };
                format!("{}{optional}: {}", Value::from(name.as_str()), self.of(schema, room))
            })
            .collect();
        match fields.get("additionalProperties") {
            Some(others @ Value::Object(_)) if members.is_empty() => {
                format!("{{\"..\": {}}}", self.of(others, room))
            }
            _ if members.is_empty() => "{..}".to_owned(),
            _ => format!("{{{}}}", members.join(", ")),
        }
    }
}

/// Alternatives, each once.
fn joined(several: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    for one in several {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::{LONG, shape};
    use serde_json::{Value, json};

    #[track_caller]
    fn check(schema: &Value, expected: &str) {
        assert_eq!(shape(schema), expected);
    }

    #[test]
    fn a_schema_is_told_in_a_line() {
        check(&json!({"type": "string"}), "string");
        check(&json!(true), "any");
        check(&json!({"type": "array", "items": {"type": "integer"}}), "[integer, ..]");
        check(
            &json!({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}),
            "[integer, string]",
        );
        check(
            &json!({"type": "object", "properties": {}, "additionalProperties": {"type": "number"}}),
            r#"{"..": number}"#,
        );
        check(
            &json!({"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "gift": {"type": ["string", "null"]},
                "pay": {"oneOf": [{"const": "Cash"}, {"enum": ["Card", "Bill"]}]},
                "item": {"$ref": "#/$defs/Item"}},
                "$defs": {"Item": {"type": "object", "required": ["sku"],
                                   "properties": {"sku": {"type": "string"}}}}}),
            r#"{"id": string, "gift"?: string or null, "pay"?: "Cash" or "Card" or "Bill", "item"?: {"sku": string}}"#,
        );
    }

    #[test]
    fn what_is_deep_or_holds_itself_is_cut() {
        let list = json!({"$ref": "#/$defs/List", "$defs": {
            "List": {"type": "object", "properties": {"next": {"$ref": "#/$defs/List"}}}}});
        check(&list, r#"{"next"?: {"next"?: {"next"?: {..}}}}"#);
        check(&json!({"$ref": "#"}), "any");
        check(&json!({"oneOf": [{"$ref": "#"}]}), "any");
        let item: serde_json::Map<_, _> =
            (0..20).map(|n| (format!("field {n}"), json!({"type": "number"}))).collect();
        let wide = json!({"type": "array", "items": {"type": "object", "properties": item}});
        assert!(shape(&wide).chars().count() <= LONG);
        check(&wide, "[{..}, ..]");
    }
}
