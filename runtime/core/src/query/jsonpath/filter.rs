//! The conditions of a filter, and whether a value meets them.

use super::{
    Unmatched,
    compare::{Operand, Operator, PathOperand, compare},
    evaluate::Evaluation,
};
use serde_json::Value;

/// A condition.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    /// Whether something is at a path.
    Exists {
        path: PathOperand,
        wanted: bool,
    },
    Compare {
        left: Operand,
        operator: Operator,
        right: Operand,
    },
}

impl Filter {
    /// At least one of the conditions.
    pub(super) fn any(conditions: Vec<Self>) -> Self {
        single(conditions).unwrap_or_else(Self::Any)
    }

    /// All of the conditions.
    pub(super) fn all(conditions: Vec<Self>) -> Self {
        single(conditions).unwrap_or_else(Self::All)
    }

    /// Whether `item` meets the condition; `$` inside means `evaluation`'s document.
    pub(super) fn accepts(
        &self,
        item: &Value,
        evaluation: &Evaluation<'_>,
    ) -> Result<bool, Unmatched> {
        evaluation.charge(1)?;
        match self {
            Self::Any(conditions) => {
                for condition in conditions {
                    if condition.accepts(item, evaluation)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::All(conditions) => {
                for condition in conditions {
                    if !condition.accepts(item, evaluation)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Not(condition) => Ok(!condition.accepts(item, evaluation)?),
            Self::Exists { path, wanted } => Ok(path.exists(item, evaluation)? == *wanted),
            Self::Compare { left, operator, right } => {
                let (left, right) = (left.term(item, evaluation)?, right.term(item, evaluation)?);
                compare(&left, *operator, &right, evaluation)
            }
        }
    }
}

/// The only condition there is, or all of them back.
fn single(mut conditions: Vec<Filter>) -> Result<Filter, Vec<Filter>> {
    match conditions.pop() {
        Some(only) if conditions.is_empty() => Ok(only),
        Some(last) => {
            conditions.push(last);
            Err(conditions)
        }
        None => Err(conditions),
    }
}
