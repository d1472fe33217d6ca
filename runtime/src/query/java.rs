//! How Java shows a value. AWS's interpreter of JSONPath states runs on Java, and what `toString`
//! writes can be seen in its output: in `States.Format`, in comparisons, in causes.

use serde_json::Value;
use std::borrow::Cow;

/// What `String.valueOf` gives: strings bare, objects as `{a=1, b=[x, y]}`.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(string) => Cow::Borrowed(string),
        other => {
            let mut text = String::new();
            write(&mut text, other);
            Cow::Owned(text)
        }
    }
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::String(string) => text.push_str(string),
        Value::Array(items) => {
            text.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    text.push_str(", ");
                }
                write(text, item);
            }
            text.push(']');
        }
        Value::Object(map) => {
            text.push('{');
            for (i, (key, item)) in map.iter().enumerate() {
                if i > 0 {
                    text.push_str(", ");
                }
                text.push_str(key);
                text.push('=');
                write(text, item);
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
}

/// The name of the class that a JSON value is read into.
pub(super) fn class(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(number) => match number.as_i64() {
            Some(n) if i32::try_from(n).is_ok() => "java.lang.Integer",
            Some(_) => "java.lang.Long",
            None if number.is_u64() => "java.math.BigInteger",
            None => "java.lang.Double",
        },
        Value::String(_) => "java.lang.String",
        Value::Array(_) => "net.minidev.json.JSONArray",
        Value::Object(_) => "java.util.LinkedHashMap",
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use serde_json::json;

    #[test]
    fn objects_and_lists_look_like_java_collections() {
        let value = json!({"Id": "arn:x", "Tags": [1, 1.5, null, true], "Empty": {}});
        assert_eq!(text(&value), "{Id=arn:x, Tags=[1, 1.5, null, true], Empty={}}");
        assert_eq!(text(&json!("bare")), "bare");
    }
}
