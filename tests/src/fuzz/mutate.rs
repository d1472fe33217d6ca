//! New texts out of old ones: characters, pieces, words, and nodes of JSON.

use crate::random::Random;
use serde_json::Value;

/// Longest text that is made, in bytes.
const MAX_LENGTH: usize = 65_536;
/// Characters with a meaning in most languages, and some that are rarely thought of.
const CHARACTERS: &[char] = &[
    '{', '}', '[', ']', '(', ')', '"', '\'', '\\', '/', '.', ',', ':', ';', '$', '%', '@', '*',
    '?', '<', '>', '=', '!', '&', '|', '~', '^', '+', '-', '_', '#', '`', ' ', '\n', '\t', '\0',
    '0', '9', 'e', 'E', 'u', 'é', 'ß', '字', '😀', '\u{301}', '\u{200d}', '\u{feff}', '\u{2028}',
];
/// Numbers at the edges of what things can hold.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "-1",
    "1e999",
    "-1e999",
    "1e-999",
    "0.1",
    "255",
    "99999999",
    "4294967296",
    "9007199254740993",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
];

/// Makes texts for one target.
#[derive(Debug)]
pub(super) struct Mutator {
    seeds: Vec<String>,
    /// What means something to a target, to be put anywhere.
    words: &'static [&'static str],
    is_json: bool,
    /// Nodes of the seeds, to be put in place of others.
    nodes: Vec<Value>,
    keys: Vec<String>,
}

impl Mutator {
    /// Makes texts out of JSON texts, whose nodes can be moved about.
    pub(super) fn of_json(seeds: Vec<String>, words: &'static [&'static str]) -> Self {
        let (mut nodes, mut keys) = (Vec::new(), Vec::new());
        for seed in &seeds {
            if let Ok(value) = serde_json::from_str(seed) {
                collect(&value, &mut nodes, &mut keys);
            }
        }
        keys.sort();
        keys.dedup();
        Self { seeds, words, is_json: true, nodes, keys }
    }

    /// Makes texts out of texts of any kind.
    pub(super) fn of_texts(seeds: Vec<String>, words: &'static [&'static str]) -> Self {
        Self { seeds, words, is_json: false, nodes: Vec::new(), keys: Vec::new() }
    }

    /// One text.
    pub(super) fn text(&self, random: &mut Random) -> String {
        let mut text = random.one_of(&self.seeds).cloned().unwrap_or_default();
        if self.is_json && !random.one_in(3) {
            text = self.of_nodes(&text, random);
        }
        let changes = if self.is_json { random.below(4) } else { 1 + random.below(6) };
        for _ in 0..changes {
            self.change(&mut text, random);
        }
        cut(&mut text, MAX_LENGTH);
        text
    }

    /// A text that is a few changes away from one that is given.
    pub(super) fn changed(&self, text: &str, random: &mut Random) -> String {
        let mut text = text.to_owned();
        for _ in 0..=random.below(4) {
            self.change(&mut text, random);
        }
        cut(&mut text, MAX_LENGTH);
        text
    }

    /// Changes some nodes of a JSON text.
    fn of_nodes(&self, text: &str, random: &mut Random) -> String {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
        for _ in 0..=random.below(4) {
            let count = size(&value);
            let mut at = random.below(count);
            if let Some(node) = nth(&mut value, &mut at) {
                self.change_node(node, random);
            }
        }
        value.to_string()
    }

    fn change_node(&self, node: &mut Value, random: &mut Random) {
        let other = random.one_of(&self.nodes).cloned().unwrap_or_default();
        match (node, random.below(6)) {
            (Value::Object(members), 0 | 1) => {
                let keys: Vec<String> = members.keys().cloned().collect();
                if let Some(key) = random.one_of(&keys) {
                    members.shift_remove(key);
                }
            }
            (Value::Object(members), 2 | 3) => {
                if let Some(key) = random.one_of(&self.keys) {
                    members.insert(key.clone(), other);
                }
            }
            (Value::Array(items), 0) => {
                let at = random.below(items.len());
                if at < items.len() {
                    items.remove(at);
                }
            }
            (Value::Array(items), 1 | 2) => items.push(other),
            (Value::String(text), 0..=3) => {
                for _ in 0..=random.below(3) {
                    self.change(text, random);
                }
            }
            // Deeper and deeper.
            (node, 4) => {
                for _ in 0..random.below(60) {
                    *node = Value::Array(vec![std::mem::take(node)]);
                }
            }
            (node, _) => *node = other,
        }
    }

    /// Changes a text in one place.
    fn change(&self, text: &mut String, random: &mut Random) {
        let (start, end) = (place(text, random), place(text, random));
        let (start, end) = (start.min(end), start.max(end));
        match random.below(9) {
            0 => text.replace_range(start..next(text, start), ""),
            1 => text.insert(start, *random.one_of(CHARACTERS).unwrap_or(&'$')),
            2 => {
                let with = random.one_of(CHARACTERS).unwrap_or(&'$').to_string();
                text.replace_range(start..next(text, start), &with);
            }
            3 => text.insert_str(start, random.one_of(self.words).copied().unwrap_or_default()),
            4 => text.insert_str(start, random.one_of(NUMBERS).copied().unwrap_or_default()),
            5 => text.replace_range(start..end, ""),
            6 => {
                // A piece again and again.
                let length = 1 + random.below(40);
                let piece: String =
                    text.get(start..).unwrap_or_default().chars().take(length).collect();
                let times = if random.one_in(4) { random.below(2000) } else { random.below(8) };
                text.insert_str(start, &piece.repeat(times));
            }
            7 => {
                let other = random.one_of(&self.seeds).cloned().unwrap_or_default();
                let from = place(&other, random);
                let length = random.below(80);
                let piece: String =
                    other.get(from..).unwrap_or_default().chars().take(length).collect();
                text.insert_str(start, &piece);
            }
            _ => text.truncate(start),
        }
    }
}

/// A place between two characters.
fn place(text: &str, random: &mut Random) -> usize {
    text.floor_char_boundary(random.below(text.len() + 1))
}

/// The place behind the character at a place.
fn next(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.chars().next().map_or(0, char::len_utf8)
}

fn cut(text: &mut String, length: usize) {
    text.truncate(text.floor_char_boundary(length));
}

fn collect(value: &Value, nodes: &mut Vec<Value>, keys: &mut Vec<String>) {
    nodes.push(value.clone());
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, nodes, keys)),
        Value::Object(members) => {
            for (key, value) in members {
                keys.push(key.clone());
                collect(value, nodes, keys);
            }
        }
        _ => {}
    }
}

/// How many nodes there are.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}

/// The node of that number, in reading order.
fn nth<'v>(value: &'v mut Value, at: &mut usize) -> Option<&'v mut Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, at)),
        Value::Object(members) => members.values_mut().find_map(|item| nth(item, at)),
        _ => None,
    }
}
