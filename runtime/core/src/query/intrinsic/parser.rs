//! From text to a call.

use super::{
    IntrinsicError,
    call::{Argument, Call},
    function::Function,
};
use crate::query::jsonpath::Path;
use serde_json::Value;

/// Most calls in one expression, as AWS documents it.
const MAX_CALLS: usize = 10;

/// Parses a whole expression.
pub(super) fn parse(text: &str) -> Result<Call, IntrinsicError> {
    let mut parser = Parser { text, at: 0, calls: 0 };
    let call = parser.call()?;
    parser.skip_blanks();
    if parser.at < text.len() {
        return Err(parser.error("expected nothing after the call"));
    }
    Ok(call)
}

struct Parser<'t> {
    text: &'t str,
    /// Offset of the next byte.
    at: usize,
    calls: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Skips blanks and `wanted`, if that is what comes.
    fn accept(&mut self, wanted: char) -> bool {
        self.skip_blanks();
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn error(&self, message: impl Into<String>) -> IntrinsicError {
        IntrinsicError { offset: self.at, message: message.into() }
    }

    /// Takes characters as long as they fit.
    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn call(&mut self) -> Result<Call, IntrinsicError> {
        self.skip_blanks();
        let start = self.at;
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
        let Some(function) = Function::named(name) else {
            self.at = start;
            return Err(self.error(format!("there is no intrinsic function named `{name}`")));
        };
        self.calls += 1;
        if self.calls > MAX_CALLS {
            self.at = start;
            let message = format!("an expression has at most {MAX_CALLS} intrinsic functions");
            return Err(self.error(message));
        }
        if !self.accept('(') {
            return Err(self.error("expected `(` after the name of the function"));
        }
        let mut arguments = Vec::new();
        if self.accept(')') {
            return Ok(Call { function, arguments });
        }
        loop {
            arguments.push(self.argument()?);
            if self.accept(')') {
                return Ok(Call { function, arguments });
            }
            if !self.accept(',') {
                return Err(self.error("expected `,` or `)` after an argument"));
            }
        }
    }

    fn argument(&mut self) -> Result<Argument, IntrinsicError> {
        self.skip_blanks();
        match self.peek() {
            Some('\'') => self.quoted(),
            Some('$') => self.path(),
            Some(c) if c.is_ascii_digit() || c == '-' => self.number(),
            Some('S') => self.call().map(Argument::Call),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Argument, IntrinsicError> {
        let start = self.at;
        let value = match self.take_while(|c| c.is_ascii_alphanumeric()) {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => {
                self.at = start;
                let message = "expected a path, a text in single quotes, a number, true, false, \
                               null or an intrinsic function";
                return Err(self.error(message));
            }
        };
        Ok(Argument::Literal(value))
    }

    fn number(&mut self) -> Result<Argument, IntrinsicError> {
        let start = self.at;
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
        match serde_json::from_str(self.take_while(is_part)) {
            Ok(Value::Number(number)) => Ok(Argument::Literal(Value::Number(number))),
            _ => {
                self.at = start;
                Err(self.error("this is not a number of JSON"))
            }
        }
    }

    /// A text in single quotes, where a backslash may only stand before `'`, `{`, `}` and itself.
    fn quoted(&mut self) -> Result<Argument, IntrinsicError> {
        let start = self.at;
        self.at += 1;
        let mut value = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((i, c)) = chars.next() {
            match c {
                '\'' => {
                    let raw = self.rest().get(..i).unwrap_or_default();
                    self.at += i + 1;
                    return Ok(Argument::Text { raw: Value::from(raw), value: Value::from(value) });
                }
                '\\' => match chars.next() {
                    Some((_, escaped @ ('\'' | '{' | '}' | '\\'))) => value.push(escaped),
                    _ => {
                        self.at += i;
                        let message = r"`\` may only stand before `'`, `{`, `}` and `\`";
                        return Err(self.error(message));
                    }
                },
                c => value.push(c),
            }
        }
        self.at = start;
        Err(self.error("the text has no closing `'`"))
    }

    fn path(&mut self) -> Result<Argument, IntrinsicError> {
        let text = self.rest().get(..path_length(self.rest())).unwrap_or_default();
        match Path::parse(text) {
            Ok(path) => {
                self.at += text.len();
                Ok(Argument::Path(path))
            }
            Err(error) => {
                Err(IntrinsicError { offset: self.at + error.offset, message: error.to_string() })
            }
        }
    }
}

/// How far a path reaches: to the comma or bracket that belongs to the call.
fn path_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut is_escaped = false;
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') if depth > 0 => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ',' | ')') if depth == 0 => return i,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
    }
    text.len()
}
