//! The Amazon States Language: its model, its JSON, its rules. No I/O, no clock, no async.
//!
//! Enter at [`Definition::check`] with a text, at [`Definition::validate`] with a definition that
//! was built. [`Definition::to_text`] gives the canonical JSON back.
//!
//! Invariant: parsing never stops at the first mistake; it gives `(Option<Definition>, diagnostics)`.

mod code;
mod diagnostic;
mod json;
mod model;
mod nearest;
mod parse;
mod print;
mod references;
mod validate;

pub use code::Code;
pub use diagnostic::{Diagnostic, Severity};
pub use json::{Json, Member, Node, SyntaxError};
pub use model::{
    Branch, Catcher, Choice, ChoiceRule, Common, Comparison, Condition, Definition, Fail,
    ItemBatcher, ItemReader, Kind, Map, MaybePath, Operand, Operator, Parallel, Pass, Paths,
    ProcessorConfig, QueryLanguage, ReaderConfig, Relation, ResultWriter, Retrier, State, States,
    Succeed, Task, Template, Test, Wait, WaitUntil,
};

pub(crate) use nearest::nearest;

/// Largest definition that AWS takes, in bytes.
const MAX_BYTES: usize = 1_048_576;

impl Definition {
    /// Reads a definition. Every mistake in its form is reported; where one keeps a state from
    /// being built there is no definition.
    pub fn parse(text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        let (definition, _, diagnostics) = parse_with_source(text);
        (definition, diagnostics)
    }

    /// Reads a definition and applies every rule to it; findings carry their places in the text
    /// and stand in its order.
    pub fn check(text: &str) -> (Option<Self>, Vec<Diagnostic>) {
        let (definition, source, mut diagnostics) = parse_with_source(text);
        if let (Some(definition), Some(source)) = (&definition, &source) {
            diagnostics.extend(definition.validate().into_iter().map(|found| {
                let span = match found.code {
                    Code::Unreachable
                    | Code::StateNameLength
                    | Code::StateNameTwice
                    | Code::VariableName
                    | Code::VariableReserved
                    | Code::VariableHidesFunction
                    | Code::VariableOfOuterScope => source.locate_key(&found.pointer),
                    _ => source.locate(&found.pointer),
                };
                found.at(span)
            }));
        }
        diagnostics.sort_by_key(|found| found.span.as_ref().map_or(0, |span| span.start));
        (definition, diagnostics)
    }

    /// Applies every rule to a definition; findings carry JSON pointers.
    pub fn validate(&self) -> Vec<Diagnostic> {
        validate::validate(self)
    }
}

fn parse_with_source(text: &str) -> (Option<Definition>, Option<Node>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    if text.len() > MAX_BYTES {
        let message = format!("the definition has {} bytes, at most {MAX_BYTES}", text.len());
        diagnostics.push(Diagnostic::new(Code::TooLarge, "", message).at(0..1));
    }
    match Node::parse(text) {
        Ok(source) => {
            let definition = parse::parse(&source, &mut diagnostics);
            (definition, Some(source), diagnostics)
        }
        Err(error) => {
            diagnostics.push(Diagnostic::new(Code::Json, "", error.message).at(error.span));
            (None, None, diagnostics)
        }
    }
}

#[cfg(test)]
mod tests;
