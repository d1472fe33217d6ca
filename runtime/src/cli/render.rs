//! Findings about a definition, shown in its text.

use crate::{
    asl::{Diagnostic, Severity},
    service::Mistake,
};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};
use std::ops::Range;

/// Renders findings, each with the lines it is about.
pub(super) fn diagnostics(text: &str, place: &str, found: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    found.iter().map(|each| renderer.render(&report(text, place, each)) + "\n\n").collect()
}

/// A finding, for machines.
pub(super) fn as_json(text: &str, found: &Diagnostic) -> Value {
    let place = found.span.as_ref().map(|span| position(text, span.start));
    json!({
        "code": found.code.as_str(),
        "severity": if found.is_error() { "error" } else { "warning" },
        "message": found.message,
        "pointer": found.pointer,
        "line": place.map(|(line, _)| line),
        "column": place.map(|(_, column)| column),
        "help": found.help,
    })
}

/// A mistake in a file of doubles, for machines.
pub(super) fn mistake_as_json(text: &str, found: &Mistake) -> Value {
    let (line, column) = position(text, found.span.start);
    json!({"message": found.message, "line": line, "column": column, "help": found.help})
}

/// Renders a mistake in a file of doubles.
pub(super) fn mistake(text: &str, place: &str, found: &Mistake) -> String {
    let title = Level::ERROR.primary_title(found.message.as_str());
    let group = title.element(snippet(text, place, &found.span));
    let group = match &found.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    };
    Renderer::plain().render(&[group]) + "\n\n"
}

/// The line of a place in the text, from 1, and the column in characters.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// What goes over many lines is shown by its first.
fn snippet<'r>(text: &'r str, place: &'r str, span: &Range<usize>) -> Snippet<'r, Annotation<'r>> {
    let start = span.start.min(text.len());
    let line_end = text.get(start..).and_then(|rest| rest.find('\n'));
    let line_end = line_end.map_or(text.len(), |end| start + end);
    let end = span.end.clamp(start, line_end);
    Snippet::source(text).path(place).annotation(AnnotationKind::Primary.span(start..end))
}

fn report<'r>(text: &'r str, place: &'r str, found: &'r Diagnostic) -> Vec<Group<'r>> {
    let level = match found.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level.primary_title(found.message.as_str()).id(found.code.as_str());
    let mut group = match &found.span {
        Some(span) => title.element(snippet(text, place, span)),
        None => title.element(Level::NOTE.message(format!("at {}", found.pointer))),
    };
    if let Some(help) = &found.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    vec![group]
}

#[cfg(test)]
mod tests {
    use super::diagnostics;
    use crate::asl::Definition;

    #[test]
    fn a_finding_is_shown_in_its_line() {
        let text = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "charge",
  "States": {
    "charge": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge",
      "Output": "{% $reciept %}",
      "Next": "shop"
    },
    "ship": {"Type": "Succeed"}
  }
}
"#;
        let (_, found) = Definition::check(text);
        insta::assert_snapshot!(diagnostics(text, "order.asl.json", &found, false), @r#"
        warning[A0305]: no path here assigns the variable `reciept`
         --> order.asl.json:8:17
          |
        8 |       "Output": "{% $reciept %}",
          |                 ^^^^^^^^^^^^^^^^
          |
          = help: assign it in an `Assign` before this state

        error[A0201]: there is no state `shop` in this scope
         --> order.asl.json:9:15
          |
        9 |       "Next": "shop"
          |               ^^^^^^
          |
          = help: did you mean `ship`?
        "#);
    }
}
