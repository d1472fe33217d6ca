//! The JSON of a request, read with the checks of AWS's model and its words about what breaks them.

use super::{fault::Fault, integration::raised};
use serde_json::{Map, Value};
use std::{borrow::Cow, ops::RangeInclusive};

/// The fields of an object. What is wrong with them is collected and told by [`Fields::close`].
#[derive(Debug)]
pub(super) struct Fields {
    members: Map<String, Value>,
    /// The path of the object, with a dot at its end.
    path: String,
    /// Values of the wrong type: AWS tells only the first.
    mistaken: Option<String>,
    /// Constraints that are broken.
    broken: Vec<String>,
    /// Whether a task gives them: with capitals in front, and JSON where the API takes it as text.
    of_task: bool,
}

/// What a text may be.
#[derive(Debug, Clone)]
pub(super) struct Text {
    length: RangeInclusive<usize>,
    /// Whether it may be repeated in a message.
    shown: bool,
    ascii: bool,
}

/// An ARN.
pub(super) const ARN: Text = Text::of(1..=256);
/// A name of a machine or an execution.
pub(super) const NAME: Text = Text::of(1..=80);
/// A definition.
pub(super) const DEFINITION: Text = Text::secret(1..=1_048_576);
/// Input of an execution.
pub(super) const DATA: Text = Text::secret(0..=262_144);
/// A description of a version.
pub(super) const DESCRIPTION: Text = Text::secret(0..=256);
/// A place in a list.
pub(super) const PAGE_TOKEN: Text = Text::of(1..=1_024);
/// A header for tracing.
pub(super) const TRACE_HEADER: Text = Text { ascii: true, ..Text::of(0..=256) };

impl Text {
    /// A text of so many characters.
    pub(super) const fn of(length: RangeInclusive<usize>) -> Self {
        Self { length, shown: true, ascii: false }
    }

    /// The same, which no message repeats.
    pub(super) const fn secret(length: RangeInclusive<usize>) -> Self {
        Self { shown: false, ..Self::of(length) }
    }

    fn broken_by(&self, text: &str) -> Option<String> {
        // AWS counts as Java does.
        let length = text.encode_utf16().count();
        if length < *self.length.start() {
            let least = self.length.start();
            Some(format!("Member must have length greater than or equal to {least}"))
        } else if length > *self.length.end() {
            let most = self.length.end();
            Some(format!("Member must have length less than or equal to {most}"))
        } else if self.ascii && !text.is_ascii() {
            Some("Member must satisfy regular expression pattern: \\p{ASCII}*".to_owned())
        } else {
            None
        }
    }
}

impl Fields {
    /// Reads the body of a request.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Fault> {
        let body = if body.is_empty() { b"{}" } else { body };
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self::new(fields, String::new())),
            Ok(_) => Err(Fault::serialization("Start of structure expected")),
            Err(error) => Err(Fault::serialization(format!("The body is not JSON: {error}"))),
        }
    }

    /// Takes the arguments of a task.
    pub(super) fn of_task(arguments: Map<String, Value>) -> Self {
        Self { of_task: true, ..Self::new(arguments, String::new()) }
    }

    fn new(members: Map<String, Value>, path: String) -> Self {
        Self { members, path, mistaken: None, broken: Vec::new(), of_task: false }
    }

    /// Refuses the request if something is wrong with what was read.
    pub(super) fn close(self) -> Result<(), Fault> {
        if let Some(mistaken) = self.mistaken {
            return Err(Fault::serialization(mistaken));
        }
        match self.broken.len() {
            0 => Ok(()),
            1 => Err(self.refusal("1 validation error")),
            many => Err(self.refusal(&format!("{many} validation errors"))),
        }
    }

    fn refusal(&self, what: &str) -> Fault {
        Fault::validation(format!("{what} detected: {}", self.broken.join("; ")))
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(&*self.spelt(name)).filter(|value| !value.is_null())
    }

    fn is_absent(&self, name: &str) -> bool {
        self.members.get(&*self.spelt(name)).is_none_or(Value::is_null)
    }

    fn spelt<'n>(&self, name: &'n str) -> Cow<'n, str> {
        if self.of_task { raised(name).into() } else { name.into() }
    }

    fn mistake(&mut self, value: &Value, wanted: &str) {
        let found = match value {
            Value::Object(_) => "Start of structure or map found where not expected.",
            Value::Array(_) => "Start of list found where not expected",
            Value::String(_) => "STRING_VALUE",
            Value::Number(_) => "NUMBER_VALUE",
            Value::Bool(true) => "TRUE_VALUE",
            Value::Bool(false) => "FALSE_VALUE",
            Value::Null => "NULL_VALUE",
        };
        let message = match value {
            Value::Object(_) | Value::Array(_) => found.to_owned(),
            _ => format!("{found} can not be converted to {wanted}"),
        };
        self.mistaken.get_or_insert(message);
    }

    fn breaks(&mut self, name: &str, shown: Option<&str>, constraint: &str) {
        let value = shown.map(|shown| format!(" '{shown}'")).unwrap_or_default();
        let path = &self.path;
        self.broken.push(format!(
            "Value{value} at '{path}{name}' failed to satisfy constraint: {constraint}"
        ));
    }

    fn misses(&mut self, name: &str) {
        let path = &self.path;
        self.broken.push(format!(
            "Value null at '{path}{name}' failed to satisfy constraint: Member must not be null"
        ));
    }

    /// A text, if it is there.
    pub(super) fn text(&mut self, name: &str, rule: &Text) -> Option<String> {
        let value = match self.take(name)? {
            Value::String(text) => Value::String(text),
            other if self.of_task => Value::String(other.to_string()),
            other => other,
        };
        match value {
            Value::String(text) => {
                if let Some(constraint) = rule.broken_by(&text) {
                    self.breaks(name, rule.shown.then_some(&text), &constraint);
                }
                Some(text)
            }
            other => {
                self.mistake(&other, "a String");
                None
            }
        }
    }

    /// A text that must be there; empty if it is not, which [`Fields::close`] tells.
    pub(super) fn required(&mut self, name: &str, rule: &Text) -> String {
        if self.is_absent(name) {
            self.misses(name);
        }
        self.text(name, rule).unwrap_or_default()
    }

    /// A boolean; false if it is not there.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(flag) => Some(flag),
            other => {
                self.mistake(&other, "a Boolean");
                None
            }
        }
    }

    /// A whole number, if it is there.
    pub(super) fn number(&mut self, name: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.take(name)?;
        let Some(number) = value.as_i64() else {
            self.mistake(&value, "an Integer");
            return None;
        };
        let (least, most) = (*range.start(), *range.end());
        if number < i64::from(least) {
            let constraint = format!("Member must have value greater than or equal to {least}");
            self.breaks(name, Some(&number.to_string()), &constraint);
        } else if number > i64::from(most) {
            let constraint = format!("Member must have value less than or equal to {most}");
            self.breaks(name, Some(&number.to_string()), &constraint);
        }
        u32::try_from(number).ok()
    }

    /// How many results a page may have.
    pub(super) fn page_size(&mut self) -> usize {
        let size = self.number("maxResults", 0..=1_000).filter(|size| *size > 0);
        size.map_or(100, |size| usize::try_from(size).unwrap_or(usize::MAX))
    }

    /// One of some names, if it is there. The names stand in the order in which AWS lists them.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name, &Text::of(0..=usize::MAX))?;
        let chosen = choices.iter().find(|(choice, _)| *choice == text);
        if chosen.is_none() {
            let names: Vec<_> = choices.iter().map(|(choice, _)| *choice).collect();
            let constraint = format!("Member must satisfy enum value set: [{}]", names.join(", "));
            self.breaks(name, Some(&text), &constraint);
        }
        chosen.map(|(_, value)| *value)
    }

    /// One of some names that must be there.
    pub(super) fn required_choice<T: Copy + Default>(
        &mut self,
        name: &str,
        choices: &[(&str, T)],
    ) -> T {
        if self.is_absent(name) {
            self.misses(name);
        }
        self.choice(name, choices).unwrap_or_default()
    }

    /// Reads an object, if it is there.
    pub(super) fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        match self.take(name)? {
            Value::Object(fields) => Some(self.inner(fields, name, read)),
            other => {
                self.mistake(&other, "a Structure");
                None
            }
        }
    }

    /// Reads a list of objects; empty if it is not there.
    pub(super) fn list<T>(&mut self, name: &str, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        let items = match self.take(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.mistake(&other, "a List");
                Vec::new()
            }
        };
        let mut all = Vec::new();
        for (number, item) in (1..).zip(items) {
            match item {
                Value::Object(fields) => {
                    all.push(self.inner(fields, &format!("{name}.{number}.member"), &read));
                }
                other => self.mistake(&other, "a Structure"),
            }
        }
        all
    }

    fn inner<T>(
        &mut self,
        fields: Map<String, Value>,
        name: &str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let path = format!("{}{name}.", self.path);
        let mut inner = Self { of_task: self.of_task, ..Self::new(fields, path) };
        let value = read(&mut inner);
        self.broken.append(&mut inner.broken);
        self.mistaken = self.mistaken.take().or(inner.mistaken);
        value
    }
}
