//! Values written inside filters: strings, numbers, lists, objects, in a forgiving form of JSON.

use serde_json::{Map, Number, Value};

/// Deepest list or object.
const MAX_DEPTH: usize = 20;

/// Takes escapes out of a quoted text; what no escape stands for is kept without its backslash.
pub(super) fn unescape(chars: &[char]) -> String {
    let mut text = String::with_capacity(chars.len());
    let mut chars = chars.iter().copied();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok();
                text.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(other) => text.push(other),
            None => text.push('\\'),
        }
    }
    text
}

/// Reads a number as `BigDecimal` would, as far as JSON can hold it.
pub(super) fn number(text: &str) -> Option<Number> {
    if !text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')) {
        return None;
    }
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    if let Ok(integer) = text.parse::<u64>() {
        return Some(integer.into());
    }
    text.parse().ok().and_then(Number::from_f64)
}

/// Reads a list or an object.
pub(super) fn collection(text: &[char]) -> Option<Value> {
    let mut reader = Reader { chars: text, at: 0 };
    let value = reader.value(MAX_DEPTH)?;
    reader.skip_blanks();
    reader.peek().is_none().then_some(value)
}

struct Reader<'t> {
    chars: &'t [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Skips blanks and `wanted`, if that is what comes.
    fn accept(&mut self, wanted: char) -> bool {
        self.skip_blanks();
        let found = self.peek() == Some(wanted);
        if found {
            self.at += 1;
        }
        found
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if self.accept('[') {
            let mut items = Vec::new();
            while !self.accept(']') {
                items.push(self.value(depth)?);
                if !self.accept(',') && self.peek()? != ']' {
                    return None;
                }
            }
            return Some(Value::Array(items));
        }
        if self.accept('{') {
            let mut map = Map::new();
            while !self.accept('}') {
                let (_, key) = self.word()?;
                if !self.accept(':') {
                    return None;
                }
                map.insert(key, self.value(depth)?);
                if !self.accept(',') && self.peek()? != '}' {
                    return None;
                }
            }
            return Some(Value::Object(map));
        }
        let (is_quoted, word) = self.word()?;
        Some(match word.as_str() {
            _ if is_quoted => Value::String(word),
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => number(&word).map(Value::Number).unwrap_or(Value::String(word)),
        })
    }

    /// A text in quotes of either kind, or without.
    fn word(&mut self) -> Option<(bool, String)> {
        self.skip_blanks();
        let start = self.at;
        if let Some(quote @ ('\'' | '"')) = self.peek() {
            self.at += 1;
            while self.peek()? != quote {
                self.at += if self.peek() == Some('\\') { 2 } else { 1 };
            }
            self.at += 1;
            return Some((true, unescape(self.chars.get(start + 1..self.at - 1)?)));
        }
        while self.peek().is_some_and(|c| !matches!(c, ',' | ':' | ']' | '}' | '[' | '{')) {
            self.at += 1;
        }
        let word: String = self.chars.get(start..self.at)?.iter().collect();
        let word = word.trim();
        (!word.is_empty()).then(|| (false, word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{collection, number, unescape};
    use serde_json::{Value, json};

    #[track_caller]
    fn check(text: &str, expected: Option<&Value>) {
        assert_eq!(collection(&text.chars().collect::<Vec<_>>()).as_ref(), expected, "{text}");
    }

    #[test]
    fn lists_and_objects_take_either_quote_or_none() {
        check(
            "['a', \"b\", c, 1, -2.5, null, true]",
            Some(&json!(["a", "b", "c", 1, -2.5, null, true])),
        );
        check("{'a': {b: []}}", Some(&json!({"a": {"b": []}})));
        check(r"['it\'s']", Some(&json!(["it's"])));
        check("[1 2]", Some(&json!(["1 2"])));
        for broken in ["[", "[1", "{a}", "{a:", "['", "[1]]", "[,]", "", "{'a':1", r"['\"] {
            check(broken, None);
        }
        check(&"[".repeat(100_000), None);
    }

    #[test]
    fn numbers_keep_their_kind() {
        for (text, expected) in [
            ("2", "2"),
            ("-2", "-2"),
            ("2.0", "2.0"),
            ("1e2", "100.0"),
            ("12345678901234567890", "12345678901234567890"),
        ] {
            assert_eq!(number(text).unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "-", "1e999", "inf", "NaN", "0x1", "1.2.3"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn escapes_stand_for_their_characters() {
        let text: Vec<char> = r#"\'\"\\\n\u0041\q\ud800"#.chars().collect();
        assert_eq!(unescape(&text), "'\"\\\nAq\u{fffd}");
    }
}
