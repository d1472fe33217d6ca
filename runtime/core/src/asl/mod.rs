//! The Amazon States Language: its model, its JSON, its rules. No I/O, no clock, no async.
//!
//! Enter at [`Definition::check`] with a text, at [`Definition::validate`] with a definition that
//! was built. [`Definition::to_text`] gives the canonical JSON back, [`refusal`] what AWS says to
//! a definition that it does not take.
//!
//! Invariant: parsing never stops at the first mistake; it gives `(Option<Definition>, diagnostics)`.

mod aws;
mod code;
mod diagnostic;
mod json;
mod model;
mod nearest;
mod parse;
mod print;
mod references;
mod resource;
mod validate;

pub use aws::{AwsDiagnostic, answer, refusal};
pub use code::Code;
pub use diagnostic::{Diagnostic, Severity};
pub use json::{Json, Member, Node, SyntaxError};
pub use model::{
    Branch, Catcher, Choice, ChoiceRule, Comparison, Condition, Definition, Fail, Flow,
    ItemBatcher, ItemReader, Kind, MachineType, Map, MaybePath, Operand, Operator, Parallel, Pass,
    Paths, ProcessorConfig, QueryLanguage, ReaderConfig, Relation, ResultWriter, Retrier, State,
    States, Succeed, Task, Template, Test, Wait, WaitUntil,
};

pub use nearest::nearest;
pub use resource::{Pattern, TaskResource};

use indexmap::IndexSet;

/// Largest definition that AWS takes, in bytes.
const MAX_BYTES: usize = 1_048_576;

impl Definition {
    /// Reads a definition. Every mistake in its form is reported; where one keeps a state from
    /// being built there is no definition.
    pub fn parse(text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        let (_, parsed) = parse_with_source(text);
        (parsed.definition.filter(|_| !parsed.incomplete), parsed.found)
    }

    /// Reads the definition of a standard machine and applies every rule to it; findings carry
    /// their places in the text and stand in its order.
    pub fn check(text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        Self::check_as(text, MachineType::Standard)
    }

    /// Reads the definition of a machine of that type and applies every rule to it. The rules that
    /// look at whole states are applied to those that could be built.
    pub fn check_as(text: &str, kind: MachineType) -> (Option<Self>, Vec<Diagnostic>) {
        let (source, parse::Parsed { definition, incomplete, mut found }) = parse_with_source(text);
        if let (Some(definition), Some(source)) = (&definition, &source) {
            let rules = validate::Rules { kind, incomplete };
            found.extend(validate::validate(definition, rules).into_iter().map(|found| {
                let span = if found.code.is_about_the_key() {
                    source.locate_key(&found.pointer)
                } else {
                    source.locate(&found.pointer)
                };
                found.at(span)
            }));
        }
        once(&mut found);
        found.sort_by_key(|found| found.span.as_ref().map_or(0, |span| span.start));
        (definition.filter(|_| !incomplete), found)
    }

    /// Applies every rule to the definition of a standard machine; findings carry JSON pointers.
    pub fn validate(&self) -> Vec<Diagnostic> {
        let rules = validate::Rules { kind: MachineType::Standard, incomplete: false };
        validate::validate(self, rules)
    }
}

/// Removes what only follows from another finding: a field is missing because it is misspelt, or
/// because its name is that of the other query language.
fn once(found: &mut Vec<Diagnostic>) {
    let mut meant = IndexSet::new();
    for it in &*found {
        let is_wrong_name =
            matches!(it.code, Code::UnknownField | Code::JsonPathField | Code::JsonataField);
        if let (true, Some((parent, _))) = (is_wrong_name, it.pointer.rsplit_once('/')) {
            let names = it.names.iter().skip(1);
            meant.extend(names.map(|name| (parent.to_owned(), name.clone())));
        }
    }
    found.retain(|it| {
        let is_missing =
            matches!(it.code, Code::MissingField | Code::MissingArgument | Code::NoForm);
        let follows = |name: &String| meant.contains(&(it.pointer.clone(), name.clone()));
        !(is_missing && it.names.iter().any(follows))
    });
}

fn parse_with_source(text: &str) -> (Option<Node>, parse::Parsed) {
    let (source, mut parsed) = match Node::parse(text) {
        Ok(source) => {
            let parsed = parse::parse(&source);
            (Some(source), parsed)
        }
        Err(error) => {
            let found = Diagnostic::new(Code::Json, "", error.message).at(error.span);
            let parsed = parse::Parsed { definition: None, incomplete: true, found: vec![found] };
            (None, parsed)
        }
    };
    if text.len() > MAX_BYTES {
        let message = format!("the definition has {} bytes, at most {MAX_BYTES}", text.len());
        parsed.found.insert(0, Diagnostic::new(Code::TooLarge, "", message).at(0..1));
    }
    (source, parsed)
}

#[cfg(test)]
mod tests;
