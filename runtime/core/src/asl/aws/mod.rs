//! What AWS answers to a definition: its codes, texts and places, where a client of the service
//! sees them.
//!
//! Enter at [`answer`] with a text and what [`Definition::check_as`](super::Definition::check_as)
//! found in it; [`refusal`] makes the message of `InvalidDefinition` of it.
//!
//! Invariant: what AWS is known to take has no error here, however wrong it is to us. Texts are
//! those of recordings and measurements of the service; where there is none, they follow its style.

mod flow;
mod location;
mod syntax;
mod tell;

use super::{Code, Definition, Diagnostic, Json, Node, Severity};

/// A finding as AWS lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsDiagnostic {
    /// Whether the definition is refused because of it.
    pub severity: Severity,
    /// Such as `SCHEMA_VALIDATION_FAILED`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where, such as `/States/A/Retry[0]/ErrorEquals`.
    pub location: Option<String>,
}

/// The code of most findings.
const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

impl AwsDiagnostic {
    fn error(code: &'static str, message: impl Into<String>, location: Option<String>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), location }
    }
}

/// What AWS lists about a text in which this was found; empty if it takes the text as it is.
pub fn answer(text: &str, found: &[Diagnostic]) -> Vec<AwsDiagnostic> {
    let source = match Node::parse(text) {
        Ok(source) if matches!(source.json, Json::Object(_)) => source,
        Err(error) if !text.trim().is_empty() => return vec![syntax::unreadable(text, &error)],
        _ => {
            let message = "Definition must be a valid JSON object";
            return vec![AwsDiagnostic::error(SCHEMA, message, None)];
        }
    };
    let mut all: Vec<_> =
        together(found).iter().filter_map(|found| tell::tell(found, &source)).collect();
    if let (Some(definition), _) = Definition::parse(text) {
        flow::check(&definition, &source, &mut all);
    }
    all
}

/// The message of `InvalidDefinition`, if there is an error in what AWS lists.
pub fn refusal(listed: &[AwsDiagnostic]) -> Option<String> {
    let errors: Vec<_> = listed
        .iter()
        .filter(|listed| listed.severity == Severity::Error)
        .map(|AwsDiagnostic { code, message, location, .. }| {
            let location = location.as_deref().unwrap_or("null");
            format!("{code}: {message} at {location}")
        })
        .collect();
    let message = || format!("Invalid State Machine Definition: '{}'", errors.join(", "));
    (!errors.is_empty()).then(message)
}

/// The findings, where the missing fields of one object are one finding, the last one first.
fn together(found: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for next in found {
        match all.iter_mut().find(|it| it.code == next.code && it.pointer == next.pointer) {
            Some(first) if next.code == Code::MissingField => {
                first.names.splice(0..0, next.names.iter().cloned());
            }
            _ => all.push(next.clone()),
        }
    }
    all
}
