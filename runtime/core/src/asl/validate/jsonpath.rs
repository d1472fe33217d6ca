//! Paths and intrinsic functions: their syntax, what they may name in their place, and texts that
//! look like one and are constants.

use super::super::{
    Code, Comparison, Diagnostic, Kind, Operand, Operator, QueryLanguage, State, Template,
    diagnostic::below, nearest,
};
use super::{
    Site,
    comparisons::each_comparison,
    paths::{Form, PathField, Sees, assigns, paths, payloads},
};
use crate::query::{
    intrinsic::{Called, Intrinsic},
    jsonpath::{Path, ReferencePath, Root},
};
use std::collections::BTreeSet;

/// A read of a variable by a path.
pub(super) struct Read {
    pub(super) name: String,
    /// The JSON pointer of the text that reads it.
    pub(super) at: String,
}

/// Checks a state in JSONPath.
pub(super) fn check(site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    if site.language == QueryLanguage::JsonPath {
        visit(site, found, &mut Vec::new());
        constants(site, found);
    }
}

/// The variables that a state in JSONPath reads.
pub(super) fn reads(site: Site<'_, '_>) -> Vec<Read> {
    let mut reads = Vec::new();
    if site.language == QueryLanguage::JsonPath {
        visit(site, &mut Vec::new(), &mut reads);
    }
    reads
}

fn visit(site: Site<'_, '_>, found: &mut Vec<Diagnostic>, reads: &mut Vec<Read>) {
    for field in paths(site) {
        let mut reader = Reader { sees: Sees::default(), found, reads };
        reader.field(&field);
    }
    for payload in payloads(site) {
        let mut reader = Reader { sees: payload.sees, found, reads };
        reader.template(payload.template, &payload.at);
    }
    for (at, assign) in assigns(site) {
        let mut reader = Reader { sees: Sees::default(), found, reads };
        for (key, value) in assign {
            reader.member(key, value, &at);
        }
        twice(assign.keys(), &at, found);
    }
}

/// Reads the texts of one field.
struct Reader<'f> {
    sees: Sees,
    found: &'f mut Vec<Diagnostic>,
    reads: &'f mut Vec<Read>,
}

impl Reader<'_> {
    fn field(&mut self, field: &PathField<'_>) {
        let PathField { at, text, form } = field;
        let path = match form {
            Form::Computed if is_call(text) => return self.call(text, at, Code::Path),
            Form::Path => Path::parse(text),
            _ => match Path::parse(text) {
                Ok(_) => match ReferencePath::parse(text) {
                    Ok(reference) => Ok(reference.path().clone()),
                    Err(_) => return self.several(text, at),
                },
                Err(error) => Err(error),
            },
        };
        match path {
            Ok(path) if *form == Form::Target && *path.root() != Root::Input => {
                let message =
                    "a result is put into the input of its state, whose path begins with `$`";
                let finding = Diagnostic::new(Code::ReferencePath, at.as_str(), message);
                let finding = finding.help("use `Assign` to put it into a variable");
                self.found.push(finding.naming(["It must begin with '$'"]));
            }
            Ok(path) => self.path(&path, at),
            Err(error) => {
                let message = format!("`{text}` is not a path: {error}");
                let finding = Diagnostic::new(Code::Path, at.as_str(), message);
                self.found.push(if text.starts_with('$') {
                    finding
                } else {
                    finding.help(format!("a path begins with `$`, such as `$.{}`", word(text)))
                });
            }
        }
    }

    fn several(&mut self, text: &str, at: &str) {
        let message = format!("`{text}` may name several places, and one is needed");
        let help = "use members and indices alone, such as `$.items[0].name`";
        let finding = Diagnostic::new(Code::ReferencePath, at, message).help(help);
        self.found.push(finding.naming(["It must name a single node"]));
    }

    fn path(&mut self, path: &Path, at: &str) {
        match path.root() {
            Root::Input => {}
            Root::Variable(name) if name == "states" => {
                let message = "`$states` exists in JSONata; a path reads `$` and `$$`";
                let finding = Diagnostic::new(Code::StatesInJsonPath, at, message);
                self.found.push(finding.help("write `$` for the input and `$$` for the context"));
            }
            Root::Variable(name) => {
                self.reads.push(Read { name: name.clone(), at: at.to_owned() });
            }
            Root::Context => self.context(path.text(), at),
        }
    }

    fn context(&mut self, text: &str, at: &str) {
        let mut names = text.trim_start_matches("$$").split('.').skip(1);
        let names: Vec<&str> =
            names.by_ref().take_while(|name| name.chars().all(char::is_alphanumeric)).collect();
        let misplaced = match names.as_slice() {
            ["Map", "Item", ..] => !self.sees.item,
            ["Task", "Token", ..] => !self.sees.token,
            _ => false,
        };
        if misplaced {
            let (what, place) = match names.first() {
                Some(&"Map") => ("$$.Map.Item", "ItemSelector and Parameters of a Map"),
                _ => ("$$.Task.Token", "Parameters of a Task"),
            };
            let message = format!("`{what}` exists only in {place}");
            self.found.push(Diagnostic::new(Code::UnknownContext, at, message));
        } else if let Some((parent, name, known)) = unknown(&names) {
            let message = format!("`{parent}` has no field `{name}`");
            let finding = Diagnostic::new(Code::UnknownContext, at, message);
            self.found.push(match nearest(name, known.iter().copied()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help(format!("it has {}", known.join(", "))),
            });
        }
    }

    fn call(&mut self, text: &str, at: &str, otherwise: Code) {
        let error = match Intrinsic::parse(text) {
            Ok(call) => {
                for Called { name, count, .. } in call.calls().iter().filter(|call| !call.fits) {
                    let message = format!("`{name}` does not take {count} arguments");
                    self.found.push(Diagnostic::new(Code::IntrinsicArguments, at, message));
                }
                call.paths().into_iter().for_each(|path| self.path(path, at));
                return;
            }
            Err(error) => error,
        };
        // The name that stands where the error is.
        let name = text.get(error.offset..).unwrap_or_default();
        let name = name.split('(').next().unwrap_or_default().trim();
        let is_name = name.starts_with("States.") && !Intrinsic::names().any(|it| it == name);
        if is_name {
            let message = format!("there is no intrinsic function `{name}`");
            let finding = Diagnostic::new(Code::UnknownIntrinsic, at, message);
            self.found.push(match nearest(name, Intrinsic::names()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            });
        } else {
            let message = format!("`{text}` is not a call of an intrinsic function: {error}");
            self.found.push(Diagnostic::new(otherwise, at, message));
        }
    }

    fn template(&mut self, template: &Template, at: &str) {
        match template {
            Template::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.template(item, &below(at, i));
                }
            }
            Template::Object(members) => {
                for (key, value) in members {
                    self.member(key, value, at);
                }
                twice(members.keys(), at, self.found);
            }
            _ => {}
        }
    }

    /// Reads a member of an object whose JSON pointer is `parent`.
    fn member(&mut self, key: &str, value: &Template, parent: &str) {
        let at = below(parent, key);
        if !key.ends_with(".$") {
            if let Template::String(text) = value
                && (is_call(text) || is_path(text))
            {
                let message = format!("`{text}` is a constant text here");
                let help = format!("name the key `{key}.$` if it is to be looked up");
                self.found
                    .push(Diagnostic::new(Code::NoDollar, at, message).help(help).naming([key]));
            } else {
                self.template(value, &at);
            }
            return;
        }
        let before = self.found.len();
        match value {
            Template::String(text) if is_call(text) => self.call(text, &at, Code::PathOrFunction),
            Template::String(text) => match Path::parse(text) {
                Ok(path) => self.path(&path, &at),
                Err(error) => {
                    let message = format!("`{text}` is neither a path nor a function: {error}");
                    let finding = Diagnostic::new(Code::PathOrFunction, at, message);
                    self.found.push(if text.starts_with('$') {
                        finding
                    } else {
                        finding.help(format!("drop `.$` from `{key}` if the text is meant"))
                    });
                }
            },
            _ => {
                let message = format!("the value of `{key}` is a path or a function, in a string");
                let finding = Diagnostic::new(Code::PathOrFunction, at, message);
                self.found.push(finding.help("drop `.$` from the key of a constant"));
            }
        }
        for finding in self.found.iter_mut().skip(before) {
            finding.names = vec![key.to_owned()];
        }
    }
}

/// Reports keys that stand with `.$` and without.
fn twice<'k>(keys: impl Iterator<Item = &'k String>, at: &str, found: &mut Vec<Diagnostic>) {
    let keys: BTreeSet<&str> = keys.map(String::as_str).collect();
    for key in &keys {
        if let Some(name) = key.strip_suffix(".$")
            && keys.contains(name)
        {
            let message = format!("`{name}` is given as a constant too");
            let finding = Diagnostic::new(Code::KeyTwice, below(at, key), message);
            found.push(finding.help("one of the two is lost; remove it"));
        }
    }
}

/// Finds texts in other fields that look like paths.
fn constants(site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    let mut warn = |at: String, text: &str, field: &str| {
        let message = format!("`{field}` compares with the text `{text}` itself");
        let help = format!("`{field}Path` takes what the path leads to");
        found.push(Diagnostic::new(Code::NoPath, at, message).help(help).naming([field]));
    };
    match site.state {
        State::Choice(choice) => each_comparison(choice, site.at, &mut |comparison, at| {
            if let Comparison {
                operator: Operator::Compare(Kind::String, _),
                operand: Operand::Value(Template::String(text)),
                ..
            } = comparison
                && is_path(text)
            {
                let field = comparison.field();
                warn(below(at, &field), text, &field);
            }
        }),
        State::Fail(fail) => {
            for (field, value) in [("Error", &fail.error), ("Cause", &fail.cause)] {
                if let Some(Template::String(text)) = value
                    && (is_path(text) || is_call(text))
                {
                    let message = format!("`{field}` is the text `{text}` itself");
                    let help = format!("`{field}Path` takes what it leads to");
                    let finding = Diagnostic::new(Code::NoPath, below(site.at, field), message);
                    found.push(finding.help(help).naming([field]));
                }
            }
        }
        State::Pass(pass) => {
            if let Some(result) = &pass.result {
                fixed(result, &below(site.at, "Result"), found);
            }
        }
        _ => {}
    }
}

/// Finds what looks dynamic in the Result of a Pass.
fn fixed(result: &Template, at: &str, found: &mut Vec<Diagnostic>) {
    match result {
        Template::String(text) if is_path(text) || is_call(text) => {
            let message = format!("`Result` is a constant: `{text}` stays a text");
            let finding = Diagnostic::new(Code::StaticResult, at, message);
            found.push(finding.help("write `Parameters` with a key that ends in `.$`"));
        }
        Template::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                fixed(item, &below(at, i), found);
            }
        }
        Template::Object(members) => {
            for (key, value) in members {
                fixed(value, &below(at, key), found);
            }
        }
        _ => {}
    }
}

/// What the context object has, by the names that lead there.
const CONTEXT: &[(&[&str], &[&str])] = &[
    (&[], &["Execution", "Map", "State", "StateMachine", "Task"]),
    (
        &["Execution"],
        &["Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"],
    ),
    (&["State"], &["EnteredTime", "Name", "RetryCount"]),
    (&["StateMachine"], &["Id", "Name"]),
    (&["Task"], &["Token"]),
    (&["Map"], &["Item"]),
    (&["Map", "Item"], &["Index", "Key", "Source", "Value"]),
];

/// The first of some names that the context object does not have, what it was looked for in, and
/// what is there.
fn unknown<'n>(names: &[&'n str]) -> Option<(String, &'n str, &'static [&'static str])> {
    (0..names.len()).find_map(|i| {
        let (parent, name) = (names.get(..i)?, names.get(i)?);
        let (_, known) = CONTEXT.iter().find(|(path, _)| *path == parent)?;
        let shown = parent.iter().fold("$$".to_owned(), |shown, name| format!("{shown}.{name}"));
        (!known.contains(name)).then_some((shown, *name, *known))
    })
}

/// Whether a text is meant as a path.
fn is_path(text: &str) -> bool {
    (text.starts_with("$.") || text.starts_with("$$.") || text.starts_with("$["))
        && Path::parse(text).is_ok()
}

/// Whether a text is meant as a call of an intrinsic function.
fn is_call(text: &str) -> bool {
    text.starts_with("States.") && text.contains('(')
}

/// What of a text could be the name of a member.
fn word(text: &str) -> &str {
    let is_name = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    if is_name { text } else { "name" }
}
