//! The shapes that a definition was made with: the JSON schemas of its input, of what its frames
//! keep, and of what it calls. A binary with other shapes may read the same JSON otherwise.

use crate::workflow::{Register, TaskDef, WorkflowDef};
use serde_json::{Map, Value, json};

/// Words of a schema that say nothing about what fits it.
const SAID: [&str; 4] = ["$schema", "title", "description", "examples"];

/// Words of a schema whose members are schemas by the names of the user's own fields.
const NAMED: [&str; 4] = ["properties", "patternProperties", "$defs", "dependentSchemas"];

/// Words of a schema that are data.
const DATA: [&str; 3] = ["const", "enum", "default"];

/// The shapes of a workflow.
pub(super) fn of(workflow: &WorkflowDef) -> Value {
    let mut called = Called::default();
    (workflow.calls)(&mut called);
    let mut kept = (workflow.shapes)();
    if let Some(schemas) = kept.get_mut("kept").and_then(Value::as_object_mut) {
        schemas.values_mut().for_each(plain);
    }
    json!({
        "input": plained((workflow.input_schema)()),
        "frames": kept,
        "tasks": sorted(called.tasks),
        "workflows": sorted(called.workflows),
    })
}

/// What a workflow calls itself, by name.
#[derive(Default)]
struct Called {
    tasks: Map<String, Value>,
    workflows: Map<String, Value>,
}

impl Register for Called {
    fn task(&mut self, task: TaskDef) {
        let found = task.descriptor;
        let (takes, gives) = ((found.input_schema)(), (found.output_schema)());
        let shape = json!({ "takes": plained(takes), "gives": plained(gives) });
        self.tasks.insert(found.name.to_owned(), shape);
    }

    fn workflow(&mut self, workflow: WorkflowDef) -> bool {
        let (takes, gives) = ((workflow.input_schema)(), (workflow.output_schema)());
        let shape = json!({ "takes": plained(takes), "gives": plained(gives) });
        self.workflows.insert(workflow.name.to_owned(), shape);
        // What it calls has its place in its own shapes.
        false
    }
}

/// The order of calls is the definition's matter.
fn sorted(mut members: Map<String, Value>) -> Map<String, Value> {
    members.sort_keys();
    members
}

fn plained(mut schema: Value) -> Value {
    plain(&mut schema);
    schema
}

/// Takes out of a schema what is only said: a comment that changes must move no execution.
fn plain(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.retain(|word, _| !SAID.contains(&word.as_str()));
            for (word, value) in members {
                match value {
                    Value::Object(named) if NAMED.contains(&word.as_str()) => {
                        named.values_mut().for_each(plain);
                    }
                    _ if DATA.contains(&word.as_str()) => {}
                    value => plain(value),
                }
            }
        }
        Value::Array(schemas) => schemas.iter_mut().for_each(plain),
        _ => {}
    }
}

/// Whether what a task or workflow of this binary gives is what the definition counts on: each
/// value that fits `now` has all that one of `then` had.
pub(crate) fn still_gives(then: &Value, now: &Value) -> bool {
    let now = plained(now.clone());
    covers(then, then, &now, &now, 0)
}

/// A type that contains itself is compared so deep.
const DEEP: u32 = 32;

fn covers(then: &Value, all_then: &Value, now: &Value, all_now: &Value, depth: u32) -> bool {
    if depth > DEEP || (then == now && all_then == all_now) {
        return true;
    }
    let (then, now) = (resolved(then, all_then), resolved(now, all_now));
    let below = |then: &Value, now: &Value| covers(then, all_then, now, all_now, depth + 1);
    let of_one_type = then.get("type") == now.get("type");
    if let (Some(Value::Object(old)), Some(Value::Object(new)), true) =
        (then.get("properties"), now.get("properties"), of_one_type)
    {
        return old.iter().all(|(name, old)| match new.get(name) {
            Some(new) => below(old, new) && (requires(now, name) || !requires(then, name)),
            None => !requires(then, name),
        });
    }
    if let (Some(old), Some(new), true) = (then.get("items"), now.get("items"), of_one_type) {
        return below(old, new);
    }
    for word in ["anyOf", "oneOf"] {
        if let (Some(Value::Array(old)), Some(Value::Array(new))) = (then.get(word), now.get(word))
        {
            return new.iter().all(|new| old.iter().any(|old| below(old, new)));
        }
    }
    then == now && !then.to_string().contains("\"$ref\"")
}

fn requires(schema: &Value, member: &str) -> bool {
    let names = schema.get("required").and_then(Value::as_array);
    names.is_some_and(|names| names.iter().any(|name| name == member))
}

/// The schema that a reference stands for.
fn resolved<'a>(schema: &'a Value, all: &'a Value) -> &'a Value {
    let path = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
    path.and_then(|path| all.pointer(path)).unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(then: &Value, now: &Value, expected: bool) {
        assert_eq!(still_gives(then, now), expected, "{then} then, {now} now");
    }

    fn object(fields: &Value, required: &[&str]) -> Value {
        json!({ "type": "object", "properties": fields, "required": required })
    }

    #[test]
    fn a_result_may_gain_fields_and_lose_none_that_was_always_there() {
        let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
        let fields = json!({ "id": text, "at": number });
        let id = object(&json!({ "id": text }), &["id"]);
        let loose = object(&json!({ "id": text }), &[]);
        check(&id, &id, true);
        check(&id, &object(&fields, &["id", "at"]), true);
        check(&id, &object(&json!({ "at": number }), &["at"]), false);
        check(&id, &object(&json!({ "id": number }), &["id"]), false);
        check(&id, &loose, false);
        check(&loose, &id, true);
        let list = |items: &Value| json!({ "type": "array", "items": items });
        check(&list(&id), &list(&object(&fields, &["id"])), true);
        check(&list(&id), &list(&text), false);
        check(&text, &number, false);
    }

    #[test]
    fn a_result_may_lose_alternatives_and_not_gain_one() {
        let (text, none) = (json!({ "type": "string" }), json!({ "type": "null" }));
        let (one, two) = (json!({ "anyOf": [text] }), json!({ "anyOf": [text, none] }));
        check(&two, &one, true);
        check(&one, &two, false);
    }

    #[test]
    fn references_are_followed_and_words_for_people_are_not_compared() {
        let then = json!({ "$ref": "#/$defs/A", "$defs": { "A": { "type": "string" } } });
        check(&then, &json!({ "type": "string", "description": "a name" }), true);
        let null = json!({ "$ref": "#/$defs/A", "$defs": { "A": { "type": "null" } } });
        check(&then, &null, false);
        let endless = json!({ "type": "object", "properties": { "next": { "$ref": "#" } } });
        check(&endless, &endless, true);
    }

    #[test]
    fn a_field_that_is_called_like_a_word_of_schemas_stays() {
        let fields = json!({ "title": { "type": "string", "title": "Title" } });
        let expected = object(&json!({ "title": { "type": "string" } }), &["title"]);
        assert_eq!(plained(object(&fields, &["title"])), expected);
    }
}
