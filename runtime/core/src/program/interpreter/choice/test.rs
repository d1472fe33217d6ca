//! What a rule of a Choice tests in JSONPath mode.
//!
//! A value of another kind than the comparison's makes the test false, not the state fail; a path
//! that leads nowhere makes it fail, but for `IsPresent`.

use super::super::{
    compile::{CompileError, Compiler},
    paths::look_up,
    visit::{Evaluated, Visit, state_failed},
};
use crate::{
    asl::{self, Kind, Operator, Relation},
    program::Data,
    query::jsonpath::Path,
};
use jiff::Timestamp;
use serde_json::Value;
use std::cmp::Ordering;

/// A compiled test.
#[derive(Debug)]
pub(super) enum Test {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Compare { variable: Path, operator: Operator, operand: Operand },
}

#[derive(Debug)]
pub(super) enum Operand {
    Value(Value),
    Path(Path),
}

impl Test {
    pub(super) fn compile(compiler: &Compiler<'_>, test: &asl::Test) -> Result<Self, CompileError> {
        let all = |tests: &[asl::Test]| {
            tests.iter().map(|test| Self::compile(compiler, test)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match test {
            asl::Test::And(tests) => Self::And(all(tests)?),
            asl::Test::Or(tests) => Self::Or(all(tests)?),
            asl::Test::Not(test) => Self::Not(Box::new(Self::compile(compiler, test)?)),
            asl::Test::Compare(comparison) => {
                let operand = match &comparison.operand {
                    asl::Operand::Value(value) => Operand::Value(value.clone()),
                    asl::Operand::Path(path) => {
                        Operand::Path(compiler.path(&comparison.field(), path)?)
                    }
                };
                let variable = compiler.path("Variable", &comparison.variable)?;
                Self::Compare { variable, operator: comparison.operator, operand }
            }
        })
    }

    pub(super) fn holds(&self, visit: &Visit<'_>, input: &Data) -> Evaluated<bool> {
        match self {
            Self::And(tests) => {
                for test in tests {
                    if !test.holds(visit, input)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(tests) => {
                for test in tests {
                    if test.holds(visit, input)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Not(test) => Ok(!test.holds(visit, input)?),
            Self::Compare { variable, operator, operand } => {
                let value = look_up(visit, variable, input);
                if *operator == Operator::IsPresent {
                    return Ok(value.is_ok() == is_asked_for(operand));
                }
                let value = value.map_err(|_nothing| invalid(variable))?;
                Ok(compare(*operator, &value, &operand.value(visit, input)?))
            }
        }
    }
}

impl Operand {
    fn value(&self, visit: &Visit<'_>, input: &Data) -> Evaluated<Value> {
        match self {
            Self::Value(value) => Ok(value.clone()),
            Self::Path(path) => look_up(visit, path, input).map_err(|_nothing| invalid(path)),
        }
    }
}

/// `IsNull: false` asks whether the value is not null.
fn is_asked_for(operand: &Operand) -> bool {
    !matches!(operand, Operand::Value(Value::Bool(false)))
}

fn invalid(path: &Path) -> crate::program::Then {
    let message = "The choice state's condition path references an invalid value.";
    state_failed(format!("Invalid path '{}': {message}", path.shown()))
}

/// Whether the value stands in the relation to the operand.
fn compare(operator: Operator, value: &Value, operand: &Value) -> bool {
    let asked = operand.as_bool() != Some(false);
    match operator {
        Operator::IsPresent => asked,
        Operator::IsNull => value.is_null() == asked,
        Operator::Is(kind) => is(kind, value) == asked,
        Operator::Matches => match (value, operand) {
            (Value::String(text), Value::String(pattern)) => matches(text, pattern),
            _ => false,
        },
        Operator::Compare(kind, relation) => {
            order(kind, value, operand).is_some_and(|order| holds(relation, order))
        }
    }
}

fn is(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Boolean => value.is_boolean(),
        Kind::Numeric => value.is_number(),
        Kind::String => value.is_string(),
        Kind::Timestamp => timestamp(value).is_some(),
    }
}

fn timestamp(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

/// The order of two values, if both are of the kind.
fn order(kind: Kind, left: &Value, right: &Value) -> Option<Ordering> {
    match kind {
        Kind::Boolean => Some(left.as_bool()?.cmp(&right.as_bool()?)),
        Kind::Numeric => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        // Java compares strings by their UTF-16 units.
        Kind::String => Some(left.as_str()?.encode_utf16().cmp(right.as_str()?.encode_utf16())),
        Kind::Timestamp => Some(timestamp(left)?.cmp(&timestamp(right)?)),
    }
}

fn holds(relation: Relation, order: Ordering) -> bool {
    match relation {
        Relation::Equals => order == Ordering::Equal,
        Relation::LessThan => order == Ordering::Less,
        Relation::LessThanEquals => order != Ordering::Greater,
        Relation::GreaterThan => order == Ordering::Greater,
        Relation::GreaterThanEquals => order != Ordering::Less,
    }
}

/// A part of a pattern.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// `*`: any text.
    Any,
    One(char),
}

/// Whether a text fits a pattern, in which `*` stands for any text and `\*` for a star.
fn matches(text: &str, pattern: &str) -> bool {
    let mut parts = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '*' => Part::Any,
            '\\' => Part::One(chars.next().unwrap_or('\\')),
            c => Part::One(c),
        });
    }
    let text: Vec<char> = text.chars().collect();
    // The furthest star, and how much of the text it has swallowed: every mismatch gives it one more.
    let (mut at, mut part, mut star) = (0, 0, None);
    while let Some(c) = text.get(at) {
        match parts.get(part) {
            Some(Part::Any) => {
                star = Some((part, at));
                part += 1;
            }
            Some(Part::One(wanted)) if wanted == c => {
                at += 1;
                part += 1;
            }
            _ => {
                let Some((behind, swallowed)) = star else { return false };
                star = Some((behind, swallowed + 1));
                (part, at) = (behind + 1, swallowed + 1);
            }
        }
    }
    parts.get(part..).unwrap_or_default().iter().all(|part| *part == Part::Any)
}

#[cfg(test)]
mod tests {
    use super::{compare, matches};
    use crate::asl::Operator;
    use serde_json::{Value, json};

    #[test]
    fn a_star_stands_for_any_text_and_an_escaped_one_for_itself() {
        for (text, pattern, fits) in [
            ("log.txt", "log.*", true),
            ("log.txt", "*.txt", true),
            ("log.txt", "l*.t*t", true),
            ("log.txt", "log", false),
            ("log.txt", "*.csv", false),
            ("", "*", true),
            ("", "", true),
            ("a", "", false),
            ("a*b", r"a\*b", true),
            ("axb", r"a\*b", false),
            (r"a\b", r"a\\b", true),
            ("aab", "*ab", true),
            ("abcabd", "*abd", true),
            ("é", "*é*", true),
        ] {
            assert_eq!(matches(text, pattern), fits, "{text} {pattern}");
        }
    }

    #[test]
    fn values_of_another_kind_are_neither_equal_nor_less_nor_greater() {
        for (operator, value, operand, expected) in [
            ("NumericEquals", json!(1), json!(1.0), true),
            ("NumericEquals", json!("1"), json!(1), false),
            (
                "NumericLessThan",
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_994_i64),
                true,
            ),
            ("StringLessThan", json!("a"), json!("b"), true),
            ("StringGreaterThanEquals", json!(2), json!("1"), false),
            // U+1F600 is written with units below U+FF61.
            ("StringLessThan", json!("\u{1F600}"), json!("\u{FF61}"), true),
            ("BooleanEquals", json!(true), json!(true), true),
            ("BooleanEquals", json!("true"), json!(true), false),
            (
                "TimestampEquals",
                json!("2016-12-05T21:29:29Z"),
                json!("2016-12-05T22:29:29+01:00"),
                true,
            ),
            ("TimestampLessThan", json!("no time"), json!("2016-12-05T21:29:29Z"), false),
            ("IsNull", Value::Null, json!(true), true),
            ("IsNull", json!(0), json!(false), true),
            ("IsString", json!(0), json!(false), true),
            ("IsTimestamp", json!("2016-12-05T21:29:29Z"), json!(true), true),
            ("IsTimestamp", json!("2016-12-05"), json!(true), false),
            ("StringMatches", json!(1), json!("*"), false),
        ] {
            let (known, _) = Operator::of_field(operator).expect("an operator");
            assert_eq!(compare(known, &value, &operand), expected, "{value} {operator} {operand}");
        }
    }
}
