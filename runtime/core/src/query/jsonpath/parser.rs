//! From text to steps. The peculiarities are Jayway's: AWS accepts what it accepts.

use super::{
    PathError, Root, filter::Filter, filter_parser::FilterParser, function::Function, path::Step,
};

/// Longest text, in characters: parsing looks around, so its time grows with the square.
const MAX_LENGTH: usize = 10_000;
/// Most steps: far more than any document of AWS is deep.
const MAX_STEPS: usize = 500;
/// Deepest nesting of filters in paths in filters.
pub(super) const MAX_DEPTH: usize = 32;

/// What is wrong, and at which character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) position: usize,
    pub(super) message: String,
    /// Whether nothing that follows can make sense of it.
    pub(super) fatal: bool,
}

/// Parses a whole path.
pub(super) fn parse(text: &str) -> Result<(Root, Vec<Step>), PathError> {
    let chars: Vec<char> = text.chars().collect();
    parse_chars(&chars).map_err(|failure| PathError {
        offset: chars.iter().take(failure.position).map(|c| c.len_utf8()).sum(),
        message: failure.message,
    })
}

fn parse_chars(chars: &[char]) -> Result<(Root, Vec<Step>), Failure> {
    if chars.len() > MAX_LENGTH {
        return Err(Failure {
            position: MAX_LENGTH,
            message: format!("The path is longer than {MAX_LENGTH} characters"),
            fatal: true,
        });
    }
    let mut parser = Parser::new(chars, 0);
    if parser.peek() != Some('$') {
        return Err(parser.failure("Path must start with '$'"));
    }
    let root = parser.root();
    let steps = parser.path(0)?;
    Ok((root, steps))
}

/// A place in the text of a path.
pub(super) struct Parser<'t> {
    chars: &'t [char],
    /// The next character.
    pub(super) at: usize,
    /// Where the text begins in the whole text.
    base: usize,
}

impl<'t> Parser<'t> {
    /// Begins at the first character that is no blank.
    pub(super) fn new(chars: &'t [char], base: usize) -> Self {
        let blank = |c: &&char| c.is_whitespace();
        let start = chars.iter().take_while(blank).count();
        let end = chars.len() - chars.iter().skip(start).rev().take_while(blank).count();
        Self { chars: chars.get(..end).unwrap_or_default(), at: start, base }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.get(self.at)
    }

    pub(super) fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    pub(super) fn base(&self) -> usize {
        self.base
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The characters from one position to before another.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'t [char] {
        self.chars.get(from..to).unwrap_or_default()
    }

    /// The first character after `at` that is no blank, with its position.
    pub(super) fn significant_after(&self, at: usize) -> Option<(usize, char)> {
        let rest = self.chars.iter().enumerate().skip(at + 1);
        rest.map(|(i, c)| (i, *c)).find(|(_, c)| *c != ' ')
    }

    /// The position of the next `wanted` after `at` that has no backslash before it.
    pub(super) fn unescaped_after(&self, at: usize, wanted: char) -> Option<usize> {
        let mut escaped = false;
        self.chars.iter().enumerate().skip(at + 1).find_map(|(i, c)| {
            let found = *c == wanted && !escaped;
            escaped = *c == '\\' && !escaped;
            found.then_some(i)
        })
    }

    /// The position of the bracket that closes the one at `at`; brackets in quotes do not count,
    /// nor do those between slashes if `patterns`.
    pub(super) fn closing(&self, at: usize, close: char, patterns: bool) -> Option<usize> {
        let open = self.get(at)?;
        let mut depth = 0_usize;
        let mut i = at;
        while let Some(c) = self.get(i) {
            if matches!(c, '\'' | '"') || (patterns && c == '/') {
                i = self.unescaped_after(i, c)?;
            } else if c == open {
                depth += 1;
            } else if c == close {
                depth -= 1;
                if depth == 0 {
                    return Some(i);
                }
            }
            i += 1;
        }
        None
    }

    pub(super) fn failure(&self, message: impl Into<String>) -> Failure {
        Failure { position: self.base + self.at, message: message.into(), fatal: false }
    }

    pub(super) fn fatal(&self, message: impl Into<String>) -> Failure {
        Failure { fatal: true, ..self.failure(message) }
    }

    fn unparsable(&self, expected: &str) -> Failure {
        self.failure(format!("Could not parse token starting at position {}{expected}", self.at))
    }

    /// Whether the path ends here. A single character after a complete step is not looked at.
    fn is_at_tail(&self) -> bool {
        self.at + 1 >= self.chars.len()
    }

    /// Reads `$`, `$$` or `$name` and stays on its last character.
    fn root(&mut self) -> Root {
        match self.get(self.at + 1) {
            Some('$') => {
                self.at += 1;
                Root::Context
            }
            Some(c) if c.is_alphabetic() || c == '_' => {
                let rest = self.chars.iter().skip(self.at + 1);
                let name: String = rest.take_while(|c| c.is_alphanumeric() || **c == '_').collect();
                self.at += name.chars().count();
                Root::Variable(name)
            }
            _ => Root::Input,
        }
    }

    /// Reads the steps after the last character of the root, which is the next one.
    pub(super) fn path(&mut self, depth: usize) -> Result<Vec<Step>, Failure> {
        if depth > MAX_DEPTH {
            return Err(self.fatal("Filters are nested too deep"));
        }
        if self.chars.last() == Some(&'.') {
            self.at = self.chars.len() - 1;
            return Err(self.failure("Path must not end with a '.' or '..'"));
        }
        let mut steps = Vec::new();
        if self.is_at_tail() {
            return Ok(steps);
        }
        self.at += 1;
        if !matches!(self.peek(), Some('.' | '[')) {
            let message = format!("Illegal character at position {} expected '.' or '['", self.at);
            return Err(self.failure(message));
        }
        loop {
            if self.peek() == Some('.') {
                self.dots(&mut steps)?;
            }
            let step = match self.peek() {
                Some('[') => self.brackets(depth)?,
                Some('*') => {
                    self.at += 1;
                    Step::Wildcard
                }
                _ => self.property()?,
            };
            let is_function = matches!(step, Step::Function(_));
            steps.push(step);
            if steps.len() > MAX_STEPS {
                return Err(self.fatal(format!("The path has more than {MAX_STEPS} steps")));
            }
            if self.is_at_tail() {
                return Ok(steps);
            }
            if is_function {
                return Err(self.failure("A function must be the last step of a path"));
            }
        }
    }

    fn dots(&mut self, steps: &mut Vec<Step>) -> Result<(), Failure> {
        self.at += 1;
        if self.peek() == Some('.') {
            self.at += 1;
            steps.push(Step::Scan);
        }
        if self.peek() == Some('.') {
            let message = format!("Character '.' on position {} is not valid.", self.at);
            return Err(self.failure(message));
        }
        Ok(())
    }

    /// A name without quotes, or a function.
    fn property(&mut self) -> Result<Step, Failure> {
        if self.peek().is_none_or(|c| c == ' ') {
            return Err(self.unparsable(""));
        }
        let start = self.at;
        let mut end = start;
        loop {
            match self.get(end) {
                Some(' ') => {
                    return Err(self.failure(format!(
                        "Use bracket notion ['my prop'] if your property contains blank \
                         characters. position: {start}"
                    )));
                }
                None | Some('.' | '[') => break,
                Some('(') => return self.function(start, end),
                Some(_) => end += 1,
            }
        }
        self.at = end;
        let name = self.slice(start, end).iter().collect();
        Ok(Step::Members { names: vec![name], quote: '\'' })
    }

    /// A function whose name is from `start` to the bracket at `open`.
    fn function(&mut self, start: usize, open: usize) -> Result<Step, Failure> {
        let name: String = self.slice(start, open).iter().collect();
        let Some(close) = self.closing(open, ')', false) else {
            return Err(
                self.failure(format!("Arguments to function: '{name}' are not closed properly."))
            );
        };
        let argument: String = self.slice(open + 1, close).iter().collect();
        let function =
            Function::named(&name, argument.trim()).map_err(|text| self.failure(text))?;
        self.at = close + 1;
        Ok(Step::Function(function))
    }

    /// Everything that stands in square brackets.
    fn brackets(&mut self, depth: usize) -> Result<Step, Failure> {
        let step = match self.significant_after(self.at) {
            Some((_, quote @ ('\'' | '"'))) => Some(self.names(quote)?),
            Some((_, c)) if c.is_ascii_digit() || c == '-' || c == ':' => self.numbers()?,
            Some((star, '*')) => Some(self.wildcard(star)?),
            Some((question, '?')) => self.filter(question, depth)?.map(Step::Filter),
            _ => None,
        };
        step.ok_or_else(|| self.unparsable(". Expected ?, ', 0-9, * "))
    }

    fn wildcard(&mut self, star: usize) -> Result<Step, Failure> {
        match self.significant_after(star) {
            Some((close, ']')) => {
                self.at = close + 1;
                Ok(Step::Wildcard)
            }
            _ => Err(self.failure(format!(
                "Expected wildcard token to end with ']' on position {}",
                star + 1
            ))),
        }
    }

    /// `['a']`, `["a","b"]`. A backslash keeps a quote from closing the name and stays part of it:
    /// AWS runs a version of the library that takes no escapes out of names.
    fn names(&mut self, quote: char) -> Result<Step, Failure> {
        let mut names = Vec::new();
        let mut at = self.at + 1;
        let mut after_comma = false;
        loop {
            match self.get(at) {
                Some(c) if c == quote => {
                    let Some(close) = self.unescaped_after(at, quote) else {
                        return Err(self.failure(format!(
                            "Property has not been closed - missing closing {quote}"
                        )));
                    };
                    if !matches!(self.significant_after(close), Some((_, ']' | ','))) {
                        return Err(self.failure(format!(
                            "Property must be separated by comma or Property must be terminated \
                             close square bracket at index {close}"
                        )));
                    }
                    names.push(self.slice(at + 1, close).iter().collect());
                    after_comma = false;
                    at = close;
                }
                Some(']') if !after_comma => break,
                Some(',') if !after_comma => after_comma = true,
                Some(']' | ',') => {
                    return Err(self.failure(format!("Found empty property at index {at}")));
                }
                Some(_) => {}
                None => {
                    let message = "Property has not been closed - missing closing ']'";
                    return Err(self.failure(message));
                }
            }
            at += 1;
        }
        self.at = at + 1;
        Ok(Step::Members { names, quote })
    }

    /// `[0]`, `[0,2]`, `[1:3]`.
    fn numbers(&mut self) -> Result<Option<Step>, Failure> {
        let rest = self.chars.iter().enumerate().skip(self.at);
        let Some((close, _)) = rest.clone().find(|(_, c)| **c == ']') else { return Ok(None) };
        let text: String = self.slice(self.at + 1, close).iter().collect();
        let text = text.trim();
        if text.chars().any(|c| !c.is_ascii_digit() && !matches!(c, ',' | '-' | ':' | ' ')) {
            return Ok(None);
        }
        let step = if text.contains(':') { slice(text) } else { indices(text) };
        let step = step.map_err(|message| self.failure(message))?;
        self.at = close + 1;
        Ok(Some(step))
    }

    fn filter(&mut self, question: usize, depth: usize) -> Result<Option<Filter>, Failure> {
        let Some((open, '(')) = self.significant_after(question) else { return Ok(None) };
        let Some(close) = self.closing(open, ')', true) else { return Ok(None) };
        let Some((end, ']')) = self.significant_after(close) else { return Ok(None) };
        let inner = Parser::new(self.slice(open, close + 1), self.base + open);
        let filter = FilterParser::parse(inner, depth + 1)?;
        self.at = end + 1;
        Ok(Some(filter))
    }
}

fn indices(text: &str) -> Result<Step, String> {
    let indices = text.split(',').map(|token| {
        let token = token.trim();
        token.parse().map_err(|_| format!("Failed to parse token in ArrayIndexOperation: {token}"))
    });
    Ok(Step::Indices(indices.collect::<Result<_, _>>()?))
}

/// A third number, the step, is read over.
fn slice(text: &str) -> Result<Step, String> {
    let failed = || format!("Failed to parse SliceOperation: {text}");
    let mut bounds = text.split(':').map(|token| match token {
        "" => Ok(None),
        token => token.parse().map(Some).map_err(|_| failed()),
    });
    let mut bound = || bounds.next().unwrap_or(Ok(None));
    let (from, to) = (bound()?, bound()?);
    if from.is_none() && to.is_none() { Err(failed()) } else { Ok(Step::Slice { from, to }) }
}
