//! The fields of one object: taken one by one, and what is left over reported.

use super::super::{
    Code, Diagnostic, Json, MaybePath, Member, Node, QueryLanguage, Template, diagnostic::below,
    nearest,
};
use indexmap::IndexMap;
use std::{collections::BTreeSet, ops::Range};

/// Fields that only a state in JSONPath mode has.
const JSONPATH: &[&str] = &[
    "InputPath",
    "OutputPath",
    "ResultPath",
    "Parameters",
    "ResultSelector",
    "Result",
    "ItemsPath",
    "SecondsPath",
    "TimestampPath",
    "ErrorPath",
    "CausePath",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "MaxConcurrencyPath",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentagePath",
    "MaxItemsPath",
    "MaxItemsPerBatchPath",
    "MaxInputBytesPerBatchPath",
    "Variable",
    "And",
    "Or",
    "Not",
];
/// Fields that only a state in JSONata mode has.
const JSONATA: &[&str] = &["Arguments", "Output", "Items", "Condition"];

/// What reading has found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The findings.
    pub(super) all: Vec<Diagnostic>,
    /// Whether a state could not be built, so that the rest is not the whole machine.
    pub(super) incomplete: bool,
}

impl Found {
    pub(super) fn push(&mut self, finding: Diagnostic) {
        self.all.push(finding);
    }
}

/// An object being read.
pub(super) struct Fields<'t> {
    members: &'t [Member],
    span: Range<usize>,
    pointer: String,
    what: String,
    language: QueryLanguage,
    taken: BTreeSet<&'t str>,
}

impl<'t> Fields<'t> {
    /// Begins with an object; `what` names it in findings. Reports anything else, and keys given
    /// twice.
    pub(super) fn open(
        node: &'t Node,
        pointer: &str,
        what: impl Into<String>,
        found: &mut Found,
    ) -> Option<Self> {
        let what = what.into();
        let Json::Object(members) = &node.json else {
            let message = format!("{what} is an object, not {}", node.kind());
            let finding = Diagnostic::new(Code::WrongType, pointer, message).naming(["Object"]);
            found.push(finding.at(node.span.clone()));
            return None;
        };
        let mut seen = BTreeSet::new();
        for member in members {
            if !seen.insert(member.key.as_str()) {
                let message = format!("`{}` stands twice", member.key);
                found.push(
                    Diagnostic::new(Code::DuplicateKey, below(pointer, &member.key), message)
                        .help("the first one is lost; rename or remove one of them")
                        .at(member.key_span.clone()),
                );
            }
        }
        let span = node.span.start..node.span.start + 1;
        let pointer = pointer.to_owned();
        let (language, taken) = (QueryLanguage::JsonPath, BTreeSet::new());
        Some(Self { members, span, pointer, what, language, taken })
    }

    /// Says in which language the object is written.
    pub(super) fn speaking(self, language: QueryLanguage) -> Self {
        Self { language, ..self }
    }

    /// The language in which the object is written.
    pub(super) fn language(&self) -> QueryLanguage {
        self.language
    }

    /// Every field, taken or not.
    pub(super) fn members(&self) -> &'t [Member] {
        self.members
    }

    /// Notes that a field was read by way of [`members`](Self::members).
    pub(super) fn note(&mut self, name: &'t str) {
        self.taken.insert(name);
    }

    /// The object's JSON pointer.
    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// A finding about a field, at its value.
    pub(super) fn finding(&self, code: Code, name: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, below(&self.pointer, name), message).at(self.span_of(name))
    }

    /// A finding about the object itself.
    pub(super) fn finding_here(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.pointer.as_str(), message).at(self.span.clone())
    }

    /// The place of a field's value, or of the object's beginning.
    pub(super) fn span_of(&self, name: &str) -> Range<usize> {
        self.find(name).map_or_else(|| self.span.clone(), |node| node.span.clone())
    }

    fn find(&self, name: &str) -> Option<&'t Node> {
        self.members.iter().rev().find(|member| member.key == name).map(|member| &member.value)
    }

    /// Whether the field is there, taken or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Takes a field.
    pub(super) fn take(&mut self, name: &'static str) -> Option<&'t Node> {
        self.taken.insert(name);
        self.find(name)
    }

    /// Every field.
    pub(super) fn all(&self) -> IndexMap<String, &'t Node> {
        self.members.iter().map(|member| (member.key.clone(), &member.value)).collect()
    }

    /// Takes a field that must be there.
    pub(super) fn required(&mut self, name: &'static str, found: &mut Found) -> Option<&'t Node> {
        let node = self.take(name);
        if node.is_none() {
            let message = format!("{} needs `{name}`", self.what);
            found.push(self.finding_here(Code::MissingField, message).naming([name]));
        }
        node
    }

    /// Takes any JSON.
    pub(super) fn template(&mut self, name: &'static str) -> Option<Template> {
        self.take(name).map(Node::to_value)
    }

    /// Takes any JSON, of a field that only JSONata has.
    pub(super) fn jsonata(&mut self, name: &'static str) -> Option<Template> {
        (self.language == QueryLanguage::Jsonata).then(|| self.template(name))?
    }

    /// Takes any JSON, of a field that only JSONPath has.
    pub(super) fn jsonpath(&mut self, name: &'static str) -> Option<Template> {
        (self.language == QueryLanguage::JsonPath).then(|| self.template(name))?
    }

    /// Takes the text of a path.
    pub(super) fn path(&mut self, name: &'static str, found: &mut Found) -> Option<String> {
        (self.language == QueryLanguage::JsonPath).then(|| self.string(name, found))?
    }

    /// Takes a path or null.
    pub(super) fn maybe_path(
        &mut self,
        name: &'static str,
        found: &mut Found,
    ) -> Option<MaybePath> {
        let is_null = matches!(self.find(name)?.json, Json::Null);
        if is_null && self.language == QueryLanguage::JsonPath {
            self.take(name);
            return Some(MaybePath::Null);
        }
        self.path(name, found).map(MaybePath::Path)
    }

    /// Takes an object of templates: an Assign.
    pub(super) fn templates(
        &mut self,
        name: &'static str,
        found: &mut Found,
    ) -> Option<IndexMap<String, Template>> {
        let node = self.take(name)?;
        let pointer = below(&self.pointer, name);
        let fields = Fields::open(node, &pointer, format!("`{name}`"), found)?;
        let templates = fields.all().into_iter();
        Some(templates.map(|(key, node)| (key, node.to_value())).collect())
    }

    /// Takes a string.
    pub(super) fn string(&mut self, name: &'static str, found: &mut Found) -> Option<String> {
        let node = self.take(name)?;
        self.as_string(name, node, found)
    }

    /// Reads a node that was taken as a string.
    pub(super) fn as_string(&self, name: &str, node: &Node, found: &mut Found) -> Option<String> {
        let text = node.text().map(str::to_owned);
        if text.is_none() {
            found.push(self.wrong_type(name, ("a string", "STRING"), node));
        }
        text
    }

    /// Takes a whole number that is not negative.
    pub(super) fn count(&mut self, name: &'static str, found: &mut Found) -> Option<u64> {
        let node = self.take(name)?;
        let count = match &node.json {
            Json::Number(number) => number.as_u64(),
            _ => None,
        };
        if count.is_none() {
            let wanted = ("a whole number of at least 0", "Integer");
            found.push(self.wrong_type(name, wanted, node));
        }
        count
    }

    /// Takes a number.
    pub(super) fn number(&mut self, name: &'static str, found: &mut Found) -> Option<f64> {
        let node = self.take(name)?;
        let number = match &node.json {
            Json::Number(number) => number.as_f64(),
            _ => None,
        };
        if number.is_none() {
            found.push(self.wrong_type(name, ("a number", "Number"), node));
        }
        number
    }

    /// Takes a list and reads its items, each with its JSON pointer.
    pub(super) fn list<T>(
        &mut self,
        name: &'static str,
        found: &mut Found,
        mut read: impl FnMut(&'t Node, &str, &mut Found) -> Option<T>,
    ) -> Option<Vec<T>> {
        let node = self.take(name)?;
        let Some(items) = node.items() else {
            found.push(self.wrong_type(name, ("an array", "Array"), node));
            return None;
        };
        let pointer = below(&self.pointer, name);
        // Every item is read before one that failed makes the list fail.
        let read: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(i, item)| read(item, &below(&pointer, i), found))
            .collect();
        read.into_iter().collect()
    }

    fn wrong_type(&self, name: &str, wanted: (&str, &str), node: &Node) -> Diagnostic {
        let message = format!("`{name}` is {}, not {}", wanted.0, node.kind());
        self.finding(Code::WrongType, name, message).naming([wanted.1])
    }

    /// Takes a string that must be one of a list.
    pub(super) fn choice(
        &mut self,
        name: &'static str,
        allowed: &[&str],
        found: &mut Found,
    ) -> Option<String> {
        let text = self.string(name, found)?;
        if !allowed.contains(&text.as_str()) && !is_placeholder(&text) {
            let near = nearest(&text, allowed.iter().copied());
            let help = near.map_or_else(
                || format!("it is one of {}", allowed.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("`{name}` has no value `{text}`");
            let finding = self.finding(Code::UnknownValue, name, message);
            found.push(finding.help(help).naming(allowed.iter().copied()));
        }
        Some(text)
    }

    /// Reports a field that stands beside another one that excludes it.
    pub(super) fn exclusive(&self, (first, second): (&str, &str), help: &str, found: &mut Found) {
        if self.has(first) && self.has(second) {
            let message = format!("{} has one of `{first}` and `{second}`, not both", self.what);
            let finding = self.finding(Code::TwoForms, second, message);
            found.push(finding.help(help).naming([first, second]));
        }
    }

    /// Reports a field of JSONPath beside the one that holds a constant; in JSONata it is no field.
    pub(super) fn one_form(&self, name: &str, found: &mut Found) {
        if self.language == QueryLanguage::JsonPath {
            let path = format!("{name}Path");
            self.exclusive((name, &path), "keep the constant or the path", found);
        }
    }

    /// Ends: what was not taken does not belong here.
    pub(super) fn close(self, found: &mut Found) {
        for member in self.members {
            let name = member.key.as_str();
            if self.taken.contains(name) {
                continue;
            }
            let pointer = below(&self.pointer, name);
            let is_jsonata = self.language == QueryLanguage::Jsonata;
            let near = nearest(name, self.taken.iter().copied());
            let (finding, meant) = if JSONPATH.contains(&name) && is_jsonata {
                let message = format!("`{name}` is a field of JSONPath");
                let help = "in JSONata there are `Arguments`, `Assign` and `Output`";
                let finding = Diagnostic::new(Code::JsonPathField, pointer, message).help(help);
                (finding, counterpart(name))
            } else if JSONATA.contains(&name) && !is_jsonata {
                let message = format!("`{name}` is a field of JSONata");
                let help = "write `\"QueryLanguage\": \"JSONata\"`, or the fields of JSONPath";
                let finding = Diagnostic::new(Code::JsonataField, pointer, message).help(help);
                (finding, counterpart(name))
            } else {
                let message = format!("{} has no field `{name}`", self.what);
                let finding = Diagnostic::new(Code::UnknownField, pointer, message);
                match near {
                    Some(near) => (finding.help(format!("did you mean `{near}`?")), Some(near)),
                    None => (finding, None),
                }
            };
            let names = std::iter::once(name).chain(meant);
            found.push(finding.naming(names).at(member.key_span.clone()));
        }
    }
}

/// The field that the other query language has in its place.
fn counterpart(name: &str) -> Option<&'static str> {
    Some(match name {
        "Parameters" => "Arguments",
        "Arguments" => "Parameters",
        "Variable" | "And" | "Or" | "Not" => "Condition",
        "Condition" => "Variable",
        _ => return None,
    })
}

/// Whether a text is `${..}`, which tools that deploy replace.
pub(in super::super) fn is_placeholder(text: &str) -> bool {
    text.starts_with("${") && text.ends_with('}')
}
