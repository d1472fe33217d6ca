//! How deep a value may be nested.

use serde_json::Value;

/// Deepest value that a state makes: twice what a reader of JSON takes. What handles values recurses
/// into them, and a loop could make one deeper each time round.
const MAX_DEPTH: usize = 256;

/// Whether a value may stand below `above` others.
pub(super) fn fits(value: &Value, above: usize) -> bool {
    match value {
        Value::Array(items) => above < MAX_DEPTH && items.iter().all(|item| fits(item, above + 1)),
        Value::Object(map) => above < MAX_DEPTH && map.values().all(|item| fits(item, above + 1)),
        _ => above <= MAX_DEPTH,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, fits};
    use serde_json::{Value, json};

    #[test]
    fn the_deepest_value_has_as_many_brackets_as_the_limit_says() {
        let nested = |depth: usize| (0..depth).fold(json!(1), |value, _| Value::Array(vec![value]));
        assert!(fits(&nested(MAX_DEPTH), 0));
        assert!(!fits(&nested(MAX_DEPTH + 1), 0));
        assert!(fits(&json!({"a": [{}]}), MAX_DEPTH - 3));
        assert!(!fits(&json!({"a": [{}]}), MAX_DEPTH - 2));
        assert!(!fits(&json!(1), MAX_DEPTH + 1));
    }
}
