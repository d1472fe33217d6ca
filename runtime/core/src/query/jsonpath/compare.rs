//! What a filter compares, and how.

use super::{
    Unmatched,
    evaluate::{Evaluation, Selection},
    literal,
    path::Step,
    step::Strictness,
};
use regex::Regex;
use serde_json::{Number, Value};
use std::{borrow::Cow, cmp::Ordering};

/// One side of a comparison.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Path(PathOperand),
    Literal(Value),
    Pattern(Regex),
}

/// A path inside a filter: from the document, or from the value that is tested.
#[derive(Debug, Clone)]
pub(super) struct PathOperand {
    pub(super) from_root: bool,
    pub(super) steps: Vec<Step>,
}

/// One side of a comparison, for one value.
#[derive(Debug)]
pub(super) enum Term<'a> {
    Undefined,
    Value(Cow<'a, Value>),
    Pattern(&'a Regex),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    StrictEqual,
    StrictNotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Matches,
    In,
    NotIn,
    Contains,
    All,
    Size,
    Empty,
    SubsetOf,
    AnyOf,
    NoneOf,
}

impl Operator {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "===" => Self::StrictEqual,
            "!==" => Self::StrictNotEqual,
            "<" => Self::Less,
            "<=" => Self::LessEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterEqual,
            "=~" => Self::Matches,
            "in" => Self::In,
            "nin" => Self::NotIn,
            "contains" => Self::Contains,
            "all" => Self::All,
            "size" => Self::Size,
            "empty" => Self::Empty,
            "subsetof" => Self::SubsetOf,
            "anyof" => Self::AnyOf,
            "noneof" => Self::NoneOf,
            _ => return None,
        })
    }
}

impl PathOperand {
    fn select<'a>(
        &'a self,
        item: &'a Value,
        evaluation: &Evaluation<'a>,
        strictness: Strictness,
    ) -> Result<Selection<'a>, Unmatched> {
        let document = if self.from_root { evaluation.document } else { item };
        evaluation.select(&self.steps, document, strictness)
    }

    /// Whether something is there; every member on the way has to be.
    pub(super) fn exists(
        &self,
        item: &Value,
        evaluation: &Evaluation<'_>,
    ) -> Result<bool, Unmatched> {
        match self.select(item, evaluation, Strictness::RequireMembers) {
            Ok(_) => Ok(true),
            Err(unmatched) if unmatched.is_absence() => Ok(false),
            Err(unmatched) => Err(unmatched),
        }
    }
}

impl Operand {
    /// Its value for one item.
    pub(super) fn term<'a>(
        &'a self,
        item: &'a Value,
        evaluation: &Evaluation<'a>,
    ) -> Result<Term<'a>, Unmatched> {
        match self {
            Self::Literal(value) => Ok(Term::Value(Cow::Borrowed(value))),
            Self::Pattern(regex) => Ok(Term::Pattern(regex)),
            Self::Path(path) => match path.select(item, evaluation, Strictness::SkipMissing) {
                Ok(selection) => Ok(Term::Value(selection.into_value())),
                Err(unmatched) if unmatched.is_absence() => Ok(Term::Undefined),
                Err(unmatched) => Err(unmatched),
            },
        }
    }
}

/// Compares two terms. Terms of kinds that the operator does not take are unequal, not wrong.
pub(super) fn compare(
    left: &Term<'_>,
    operator: Operator,
    right: &Term<'_>,
    evaluation: &Evaluation<'_>,
) -> Result<bool, Unmatched> {
    charge(left, evaluation)?;
    charge(right, evaluation)?;
    Ok(match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => !equal(left, right),
        Operator::StrictEqual => same_kind(left, right) && equal(left, right),
        Operator::StrictNotEqual => !(same_kind(left, right) && equal(left, right)),
        Operator::Less => order(left, right) == Some(Ordering::Less),
        Operator::LessEqual => matches!(order(left, right), Some(Ordering::Less | Ordering::Equal)),
        Operator::Greater => order(left, right) == Some(Ordering::Greater),
        Operator::GreaterEqual => {
            matches!(order(left, right), Some(Ordering::Greater | Ordering::Equal))
        }
        Operator::Matches => match (left, right) {
            (Term::Pattern(regex), Term::Value(value))
            | (Term::Value(value), Term::Pattern(regex)) => matches(regex, value),
            _ => false,
        },
        Operator::In => is_in(left, right),
        Operator::NotIn => !is_in(left, right),
        Operator::Contains => match (left, right) {
            (Term::Value(left), Term::Value(right)) => contains(left, right),
            _ => false,
        },
        Operator::Size => match (size(left), right) {
            (Some(size), Term::Value(right)) => {
                right.as_f64().is_some_and(|n| whole(n) == Some(size))
            }
            _ => false,
        },
        Operator::Empty => match (size(left), right) {
            (Some(size), Term::Value(right)) => right.as_bool() == Some(size == 0),
            _ => false,
        },
        Operator::All => lists(left, right, |left, right| subset(right, left)),
        Operator::SubsetOf => lists(left, right, subset),
        Operator::AnyOf => lists(left, right, |left, right| left.iter().any(|l| member(l, right))),
        Operator::NoneOf => {
            lists(left, right, |left, right| !left.iter().any(|l| member(l, right)))
        }
    })
}

/// Counts what looking at a term may cost.
fn charge(term: &Term<'_>, evaluation: &Evaluation<'_>) -> Result<(), Unmatched> {
    match term {
        Term::Value(value) => match value.as_ref() {
            Value::String(text) => evaluation.charge(text.len()),
            value => evaluation.charge_tree(value),
        },
        Term::Undefined | Term::Pattern(_) => Ok(()),
    }
}

fn equal(left: &Term<'_>, right: &Term<'_>) -> bool {
    match (left, right) {
        (Term::Value(left), Term::Value(right)) => equal_values(left, right),
        (Term::Pattern(left), Term::Pattern(right)) => left.as_str() == right.as_str(),
        _ => false,
    }
}

/// A text equals a number that is written so, and a number a text that can be read as it.
fn equal_values(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            numbers(left, right) == Some(Ordering::Equal)
        }
        (Value::String(text), Value::Number(number)) => *text == number.to_string(),
        (Value::Number(number), Value::String(text)) => literal::number(text)
            .is_some_and(|read| numbers(number, &read) == Some(Ordering::Equal)),
        (left, right) => left == right,
    }
}

/// Whether both are numbers, texts, booleans, null, or of the kind "list or object".
fn same_kind(left: &Term<'_>, right: &Term<'_>) -> bool {
    let kind = |term: &Term<'_>| match term {
        Term::Undefined => 0,
        Term::Pattern(_) => 1,
        Term::Value(value) => match value.as_ref() {
            Value::Null => 2,
            Value::Bool(_) => 3,
            Value::Number(_) => 4,
            Value::String(_) => 5,
            Value::Array(_) | Value::Object(_) => 6,
        },
    };
    kind(left) == kind(right)
}

fn order(left: &Term<'_>, right: &Term<'_>) -> Option<Ordering> {
    let (Term::Value(left), Term::Value(right)) = (left, right) else { return None };
    match (left.as_ref(), right.as_ref()) {
        (Value::Number(left), Value::Number(right)) => numbers(left, right),
        // Java orders by UTF-16 units.
        (Value::String(left), Value::String(right)) => {
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        _ => None,
    }
}

fn numbers(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

/// Lists match if one of their texts does.
fn matches(regex: &Regex, value: &Value) -> bool {
    match value {
        Value::String(text) => regex.is_match(text),
        Value::Number(_) | Value::Bool(_) => regex.is_match(&value.to_string()),
        Value::Array(items) => items.iter().any(|item| match item {
            Value::String(text) => regex.is_match(text),
            Value::Number(_) | Value::Bool(_) => regex.is_match(&item.to_string()),
            _ => false,
        }),
        Value::Null | Value::Object(_) => false,
    }
}

fn member(value: &Value, list: &[Value]) -> bool {
    list.iter().any(|item| equal_values(value, item))
}

fn subset(left: &[Value], right: &[Value]) -> bool {
    left.iter().all(|value| member(value, right))
}

fn is_in(left: &Term<'_>, right: &Term<'_>) -> bool {
    match (left, right) {
        (Term::Value(left), Term::Value(right)) => {
            right.as_array().is_some_and(|list| member(left, list))
        }
        _ => false,
    }
}

fn contains(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
        (Value::Array(list), value) => member(value, list),
        _ => false,
    }
}

fn size(term: &Term<'_>) -> Option<usize> {
    let Term::Value(value) = term else { return None };
    match value.as_ref() {
        Value::String(text) => Some(text.encode_utf16().count()),
        Value::Array(items) => Some(items.len()),
        Value::Object(map) => Some(map.len()),
        _ => None,
    }
}

fn whole(n: f64) -> Option<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and a larger one than usize is no size"
    )]
    let size = n as usize;
    (n >= 0.0).then_some(size)
}

/// Applies `test` to two lists; anything else fails it.
fn lists(left: &Term<'_>, right: &Term<'_>, test: impl Fn(&[Value], &[Value]) -> bool) -> bool {
    match (left, right) {
        (Term::Value(left), Term::Value(right)) => match (left.as_ref(), right.as_ref()) {
            (Value::Array(left), Value::Array(right)) => test(left, right),
            _ => false,
        },
        _ => false,
    }
}
