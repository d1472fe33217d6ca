//! From the text of a filter to its conditions.

use super::{
    compare::{Operand, Operator, PathOperand},
    filter::Filter,
    literal::{collection, number, unescape},
    parser::{Failure, Parser},
};
use regex::{Regex, RegexBuilder};
use serde_json::Value;

/// Memory that a compiled regular expression may take, in bytes.
const MAX_PATTERN: usize = 1 << 18;

/// Reads what stands between `?` and `]`.
pub(super) struct FilterParser<'t> {
    text: Parser<'t>,
}

impl<'t> FilterParser<'t> {
    /// Reads a whole filter; `depth` counts how deep it is nested in others.
    pub(super) fn parse(text: Parser<'t>, depth: usize) -> Result<Filter, Failure> {
        let mut parser = Self { text };
        let filter = parser.or(depth)?;
        parser.skip_blanks();
        if parser.text.peek().is_some() {
            let rest = parser.rest();
            let message = format!("Expected end of filter expression instead of: {rest}");
            return Err(parser.text.failure(message));
        }
        Ok(filter)
    }

    fn rest(&self) -> String {
        self.text.slice(self.text.at, self.text.len()).iter().collect()
    }

    fn skip_blanks(&mut self) {
        while self.text.peek() == Some(' ') {
            self.text.at += 1;
        }
    }

    /// Skips blanks and `wanted`, if that is what comes.
    fn accept(&mut self, wanted: &str) -> bool {
        let start = self.text.at;
        self.skip_blanks();
        for c in wanted.chars() {
            if self.text.peek() != Some(c) {
                self.text.at = start;
                return false;
            }
            self.text.at += 1;
        }
        true
    }

    fn or(&mut self, depth: usize) -> Result<Filter, Failure> {
        let mut conditions = vec![self.and(depth)?];
        while self.accept("||") {
            conditions.push(self.and(depth)?);
        }
        Ok(Filter::any(conditions))
    }

    fn and(&mut self, depth: usize) -> Result<Filter, Failure> {
        let mut conditions = vec![self.condition(depth)?];
        while self.accept("&&") {
            conditions.push(self.condition(depth)?);
        }
        Ok(Filter::all(conditions))
    }

    fn condition(&mut self, depth: usize) -> Result<Filter, Failure> {
        if depth > super::parser::MAX_DEPTH {
            return Err(self.text.fatal("Filters are nested too deep"));
        }
        let start = self.text.at;
        if self.accept("!") {
            self.skip_blanks();
            if !matches!(self.text.peek(), Some('$' | '@')) {
                return Ok(Filter::Not(Box::new(self.condition(depth + 1)?)));
            }
            self.text.at = start;
        }
        if self.accept("(") {
            let inner = self.or(depth + 1)?;
            if !self.accept(")") {
                self.skip_blanks();
                return Err(self.text.failure("Expected character: )"));
            }
            return Ok(inner);
        }
        self.comparison(depth)
    }

    /// `@.a > 1`, or `@.a` and `!@.a`, which test presence.
    fn comparison(&mut self, depth: usize) -> Result<Filter, Failure> {
        let negated = self.accept("!");
        let left = self.operand(depth)?;
        let start = self.text.at;
        match self.right_side(depth) {
            Ok((operator, right)) => return Ok(Filter::Compare { left, operator, right }),
            Err(failure) if failure.fatal => return Err(failure),
            Err(_) => self.text.at = start,
        }
        match left {
            Operand::Path(path) => Ok(Filter::Exists { path, wanted: !negated }),
            Operand::Literal(_) | Operand::Pattern(_) => {
                Err(self.text.failure("Expected path node"))
            }
        }
    }

    fn right_side(&mut self, depth: usize) -> Result<(Operator, Operand), Failure> {
        let operator = self.operator()?;
        self.accept("!");
        Ok((operator, self.operand(depth)?))
    }

    fn operator(&mut self) -> Result<Operator, Failure> {
        self.skip_blanks();
        let start = self.text.at;
        let is_symbol = self.text.peek().is_some_and(is_relational);
        while self.text.peek().is_some_and(|c| if is_symbol { is_relational(c) } else { c != ' ' })
        {
            self.text.at += 1;
        }
        let name: String = self.text.slice(start, self.text.at).iter().collect();
        Operator::named(&name)
            .ok_or_else(|| self.text.failure(format!("Filter operator {name} is not supported!")))
    }

    fn operand(&mut self, depth: usize) -> Result<Operand, Failure> {
        self.skip_blanks();
        match self.text.peek() {
            Some('$' | '@') => self.path(depth),
            Some(quote @ ('\'' | '"')) => {
                let end = self.closed(quote, "String literal does not have matching quotes.")?;
                let inner = self.text.slice(self.text.at + 1, end);
                self.text.at = end + 1;
                Ok(Operand::Literal(Value::String(unescape(inner))))
            }
            Some('/') => self.pattern(),
            Some('[') => self.collection(']'),
            Some('{') => self.collection('}'),
            Some('t') => self.word("true", Value::Bool(true)),
            Some('f') => self.word("false", Value::Bool(false)),
            Some('n') => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn closed(&self, quote: char, message: &str) -> Result<usize, Failure> {
        let end = self.text.unescaped_after(self.text.at, quote);
        end.ok_or_else(|| self.text.failure(format!("{message} Expected {quote}")))
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Operand, Failure> {
        if self.accept(word) {
            Ok(Operand::Literal(value))
        } else {
            Err(self.text.failure(format!("Expected <{word}> value")))
        }
    }

    fn number(&mut self) -> Result<Operand, Failure> {
        let start = self.text.at;
        while self
            .text
            .peek()
            .is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | 'e' | 'E'))
        {
            self.text.at += 1;
        }
        let text: String = self.text.slice(start, self.text.at).iter().collect();
        match number(&text) {
            Some(number) => Ok(Operand::Literal(Value::Number(number))),
            None => {
                let rest = self.rest();
                let message = format!("Failed to parse filter: expected a value at '{text}{rest}'");
                Err(self.text.fatal(message))
            }
        }
    }

    fn collection(&mut self, close: char) -> Result<Operand, Failure> {
        let start = self.text.at;
        let Some(end) = self.text.closing(start, close, false) else {
            return Err(self.text.failure("String not closed. Expected ' in filter"));
        };
        self.text.at = end + 1;
        let text = self.text.slice(start, end + 1);
        match collection(text) {
            Some(value) => Ok(Operand::Literal(value)),
            None => Err(self.text.fatal("Failed to parse filter: a list or an object is not JSON")),
        }
    }

    fn pattern(&mut self) -> Result<Operand, Failure> {
        let end = self.closed('/', "Pattern not closed.")?;
        let source: String = self.text.slice(self.text.at + 1, end).iter().collect();
        self.text.at = end + 1;
        let mut flags = String::new();
        while let Some(c) = self.text.peek().filter(char::is_ascii_alphabetic) {
            flags.push(c);
            self.text.at += 1;
        }
        match regex(&source, &flags) {
            Ok(regex) => Ok(Operand::Pattern(regex)),
            Err(error) => Err(self
                .text
                .fatal(format!("The regular expression /{source}/ cannot be used: {error}"))),
        }
    }

    /// A path inside the filter, up to a blank, an operator or the bracket that ends the condition.
    fn path(&mut self, depth: usize) -> Result<Operand, Failure> {
        let start = self.text.at;
        let mut end = start + 1;
        while let Some(c) = self.text.get(end) {
            if c == '[' {
                let Some(close) = self.text.closing(end, ']', false) else {
                    let message = "Square brackets does not match in filter";
                    return Err(self.text.failure(message));
                };
                end = close + 1;
                continue;
            }
            if c == ' ' || is_relational(c) || (c == ')' && !self.closes_function(start, end)) {
                break;
            }
            end += 1;
        }
        let from_root = self.text.peek() == Some('$');
        let mut path = Parser::new(self.text.slice(start, end), self.text.base() + start);
        let steps = path.path(depth + 1)?;
        self.text.at = end;
        Ok(Operand::Path(PathOperand { from_root, steps }))
    }

    /// Whether the bracket at `close` ends `.name()` rather than the condition.
    fn closes_function(&self, start: usize, close: usize) -> bool {
        let before = self.text.slice(start, close);
        let mut before = before.iter().rev().skip_while(|c| **c == ' ');
        before.next() == Some(&'(') && before.any(|c| *c == '.')
    }
}

fn is_relational(c: char) -> bool {
    matches!(c, '<' | '>' | '=' | '~' | '!')
}

/// A regular expression that has to match the whole of a text.
fn regex(source: &str, flags: &str) -> Result<Regex, regex::Error> {
    // In a commented pattern the last line may be a comment.
    let end = if flags.contains('x') { "\n)" } else { ")" };
    RegexBuilder::new(&format!(r"\A(?:{source}{end}\z"))
        .case_insensitive(flags.contains('i'))
        .dot_matches_new_line(flags.contains('s'))
        .multi_line(flags.contains('m'))
        .ignore_whitespace(flags.contains('x'))
        .size_limit(MAX_PATTERN)
        .build()
}
