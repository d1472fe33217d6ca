//! A JSON reader that keeps what `serde_json` drops: where everything stands, and keys given twice.

use serde_json::{Number, Value};
use std::ops::Range;

/// Deepest nesting that is read; deeper text is refused rather than risked.
const MAX_DEPTH: usize = 128;

/// A JSON value and its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// From its first byte to behind its last.
    pub span: Range<usize>,
    /// What it is.
    pub json: Json,
}

/// A JSON value whose parts know their places.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the kinds are JSON's own")]
pub enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

/// An entry of an object; a key may come twice.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key is, quotes included.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node,
}

/// A text that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What was expected.
    pub message: String,
    /// Where, in bytes.
    pub span: Range<usize>,
    /// What kind of thing was expected.
    pub(super) wanted: Wanted,
}

/// What a reader of JSON can expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Value,
    Key,
    Colon,
    /// A comma or the end of an object.
    Member,
    /// A comma or the end of an array.
    Item,
    /// A quote that ends a string.
    Quote,
    /// Something that the messages alone say.
    Other,
}

impl Node {
    /// Reads one JSON value.
    ///
    /// # Errors
    /// The first place where the text is not JSON.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let node = reader.value()?;
        reader.blanks();
        if reader.at < text.len() {
            return Err(reader.expected("the end of the text", Wanted::Value));
        }
        Ok(node)
    }

    /// The same value without places; of a key given twice the last one counts.
    pub fn to_value(&self) -> Value {
        match &self.json {
            Json::Null => Value::Null,
            Json::Bool(b) => Value::Bool(*b),
            Json::Number(n) => Value::Number(n.clone()),
            Json::String(s) => Value::String(s.clone()),
            Json::Array(items) => items.iter().map(Self::to_value).collect(),
            Json::Object(members) => {
                members.iter().map(|m| (m.key.clone(), m.value.to_value())).collect()
            }
        }
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match &self.json {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.json {
            Json::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of an object.
    pub fn members(&self) -> Option<&[Member]> {
        match &self.json {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The entry of an object under a key; of a key given twice the last one.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members()?.iter().rev().find(|member| member.key == key).map(|member| &member.value)
    }

    /// Names the kind of value in a sentence.
    pub fn kind(&self) -> &'static str {
        match self.json {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::String(_) => "a string",
            Json::Array(_) => "an array",
            Json::Object(_) => "an object",
        }
    }

    /// The place of what a JSON pointer names, or of the closest thing around it.
    pub fn locate(&self, pointer: &str) -> Range<usize> {
        tokens(pointer)
            .try_fold(self, |node, token| node.child(&token).ok_or(node))
            .unwrap_or_else(|closest| closest)
            .span
            .clone()
    }

    /// The place of the key of what a JSON pointer names.
    pub fn locate_key(&self, pointer: &str) -> Range<usize> {
        let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
        let parent = tokens(parent).try_fold(self, |node, token| node.child(&token));
        let key = tokens(pointer).last();
        parent
            .and_then(Self::members)
            .and_then(|members| {
                members.iter().rev().find(|member| Some(&member.key) == key.as_ref())
            })
            .map_or_else(|| self.locate(pointer), |member| member.key_span.clone())
    }

    fn child(&self, token: &str) -> Option<&Self> {
        match &self.json {
            Json::Array(items) => items.get(token.parse::<usize>().ok()?),
            _ => self.get(token),
        }
    }
}

/// The tokens of a JSON pointer.
fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// Steps over `token` if it comes next.
    fn skip(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn expected(&self, what: &str, wanted: Wanted) -> SyntaxError {
        let found = self.rest().chars().next();
        let length = found.map_or(0, char::len_utf8);
        let found = found.map_or_else(|| "the end of the text".to_owned(), |c| format!("`{c}`"));
        SyntaxError {
            message: format!("expected {what}, found {found}"),
            span: self.at..self.at + length,
            wanted,
        }
    }

    fn value(&mut self) -> Result<Node, SyntaxError> {
        self.blanks();
        let start = self.at;
        let json = match self.rest().bytes().next() {
            Some(b'{') => self.deeper(Self::object)?,
            Some(b'[') => self.deeper(Self::array)?,
            Some(b'"') => Json::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Json::Number(self.number()?),
            _ if self.skip("true") => Json::Bool(true),
            _ if self.skip("false") => Json::Bool(false),
            _ if self.skip("null") => Json::Null,
            _ => return Err(self.expected("a value", Wanted::Value)),
        };
        Ok(Node { span: start..self.at, json })
    }

    fn deeper(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Json, SyntaxError>,
    ) -> Result<Json, SyntaxError> {
        if self.depth == MAX_DEPTH {
            return Err(SyntaxError {
                message: format!("the text is nested deeper than {MAX_DEPTH} levels"),
                span: self.at..self.at + 1,
                wanted: Wanted::Other,
            });
        }
        self.depth += 1;
        self.at += 1;
        let json = read(self);
        self.depth -= 1;
        json
    }

    fn object(&mut self) -> Result<Json, SyntaxError> {
        let mut members = Vec::new();
        self.blanks();
        if self.skip("}") {
            return Ok(Json::Object(members));
        }
        loop {
            self.blanks();
            let start = self.at;
            if !self.rest().starts_with('"') {
                return Err(self.expected("a key in double quotes", Wanted::Key));
            }
            let key = self.string()?;
            let key_span = start..self.at;
            self.blanks();
            if !self.skip(":") {
                return Err(self.expected("`:`", Wanted::Colon));
            }
            members.push(Member { key, key_span, value: self.value()? });
            self.blanks();
            if self.skip("}") {
                return Ok(Json::Object(members));
            }
            if !self.skip(",") {
                return Err(self.expected("`,` or `}`", Wanted::Member));
            }
        }
    }

    fn array(&mut self) -> Result<Json, SyntaxError> {
        let mut items = Vec::new();
        self.blanks();
        if self.skip("]") {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.blanks();
            if self.skip("]") {
                return Ok(Json::Array(items));
            }
            if !self.skip(",") {
                return Err(self.expected("`,` or `]`", Wanted::Item));
            }
        }
    }

    /// Reads a string, quotes and escapes included.
    fn string(&mut self) -> Result<String, SyntaxError> {
        let mut escaped = false;
        let end = self.rest().char_indices().skip(1).find_map(|(i, c)| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends.then_some(i + 1)
        });
        let start = self.at;
        let Some(end) = end else {
            return Err(SyntaxError {
                message: "the string is not closed".to_owned(),
                span: start..self.text.len(),
                wanted: Wanted::Quote,
            });
        };
        self.at += end;
        self.decode(start, "a string")
    }

    fn number(&mut self) -> Result<Number, SyntaxError> {
        let rest = self.rest();
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
        let start = self.at;
        self.at += rest.len() - rest.trim_start_matches(digits).len();
        self.decode(start, "a number")
    }

    /// Has `serde_json` read what stands from `start` to here.
    fn decode<T: serde::de::DeserializeOwned>(
        &self,
        start: usize,
        what: &str,
    ) -> Result<T, SyntaxError> {
        let text = self.text.get(start..self.at).unwrap_or("");
        serde_json::from_str(text).map_err(|error| {
            let reason = error.to_string();
            let reason = reason.split(" at line").next().unwrap_or("").to_owned();
            let message = format!("not {what}: {reason}");
            SyntaxError { message, span: start..self.at, wanted: Wanted::Other }
        })
    }
}
