//! The comparisons of a Choice in JSONPath: whether their operands are of their kind.

use super::super::{
    Choice, Code, Comparison, Condition, Diagnostic, Kind, Operand, Operator, Test,
    diagnostic::below,
};
use super::{Site, fields::is_timestamp};
use serde_json::Value;

/// Checks the rules of a Choice.
pub(super) fn check(choice: &Choice, site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    each_comparison(choice, site.at, &mut |comparison, at| operand(comparison, at, found));
}

/// Calls `f` for every comparison of a Choice, with the JSON pointer of the object it stands in.
pub(super) fn each_comparison<'d>(
    choice: &'d Choice,
    pointer: &str,
    f: &mut dyn FnMut(&'d Comparison, &str),
) {
    for (i, rule) in choice.choices.iter().enumerate() {
        if let Condition::Test(test) = &rule.condition {
            visit(test, &format!("{pointer}/Choices/{i}"), f);
        }
    }
}

fn visit<'d>(test: &'d Test, at: &str, f: &mut dyn FnMut(&'d Comparison, &str)) {
    let (name, tests) = match test {
        Test::Compare(comparison) => return f(comparison, at),
        Test::Not(inner) => return visit(inner, &below(at, "Not"), f),
        Test::And(tests) => ("And", tests),
        Test::Or(tests) => ("Or", tests),
    };
    for (i, test) in tests.iter().enumerate() {
        visit(test, &format!("{at}/{name}/{i}"), f);
    }
}

fn operand(comparison: &Comparison, at: &str, found: &mut Vec<Diagnostic>) {
    let Operand::Value(value) = &comparison.operand else { return };
    let (fits, wanted, name) = match comparison.operator {
        Operator::IsPresent | Operator::IsNull | Operator::Is(_) => {
            (value.is_boolean(), "true or false", "Boolean")
        }
        Operator::Matches => (
            value.as_str().is_some_and(is_pattern),
            r"a text in which `*` stands for anything, `\*` for a star and `\\` for a backslash",
            "STRING",
        ),
        Operator::Compare(kind, _) => of_kind(kind, value),
    };
    if !fits {
        let field = comparison.field();
        let message = format!("`{field}` wants {wanted}");
        let finding = Diagnostic::new(Code::Operand, below(at, &field), message).naming([name]);
        found.push(match value.as_str() {
            Some(text) if text.starts_with('$') => {
                finding.help(format!("`{field}Path` compares with what a path leads to"))
            }
            _ => finding,
        });
    }
}

fn of_kind(kind: Kind, value: &Value) -> (bool, &'static str, &'static str) {
    match kind {
        Kind::Boolean => (value.is_boolean(), "true or false", "Boolean"),
        Kind::Numeric => (value.is_number(), "a number", "Number"),
        Kind::String => (value.is_string(), "a text", "STRING"),
        Kind::Timestamp => (
            value.as_str().is_some_and(is_timestamp),
            "an RFC 3339 timestamp, such as `2026-01-31T12:00:00Z`",
            "RFC3339",
        ),
    }
}

/// Whether every backslash of a pattern stands before a star or a backslash.
fn is_pattern(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && !matches!(chars.next(), Some('*' | '\\')) {
            return false;
        }
    }
    true
}
