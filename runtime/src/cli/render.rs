//! Findings about a definition, shown in its text.

use crate::asl::{Diagnostic, Severity};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// Renders findings, each with the lines it is about.
pub(super) fn diagnostics(text: &str, place: &str, found: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    found.iter().map(|each| renderer.render(&report(text, place, each)) + "\n\n").collect()
}

fn report<'r>(text: &'r str, place: &'r str, found: &'r Diagnostic) -> Vec<Group<'r>> {
    let level = match found.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level.primary_title(found.message.as_str()).id(found.code.as_str());
    let mut group = match &found.span {
        Some(span) => {
            let start = span.start.min(text.len());
            // What goes over many lines is shown by its first.
            let line_end = text.get(start..).and_then(|rest| rest.find('\n'));
            let line_end = line_end.map_or(text.len(), |end| start + end);
            let end = span.end.clamp(start, line_end);
            title.element(
                Snippet::source(text)
                    .path(place)
                    .annotation(AnnotationKind::Primary.span(start..end)),
            )
        }
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
