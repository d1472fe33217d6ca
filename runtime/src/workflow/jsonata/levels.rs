//! How many levels of evaluation an expression takes, counted while it is written.
//!
//! Step Functions gives an expression 100, and every node of its tree takes one. A function that
//! calls itself is told how many are left, and stops before there are too few.

use super::{
    print::{CONDITION, TIGHT, UNARY},
    term::{Kind, Operator, Term},
};
use serde_json::Value;

/// Levels that an expression may take. The rest is for what is counted at the leaves alone.
const MOST: usize = 96;

/// Of the question whether enough are left: `? :`, `<`, and what it compares.
const QUESTION: usize = 3;

/// Where the writer is.
#[derive(Debug, Default)]
pub(super) struct Levels {
    level: usize,
    functions: Vec<Function>,
}

/// A function that is being written.
#[derive(Debug)]
struct Function {
    /// The parameter with the levels that are left.
    left: String,
    /// The level at which it is called.
    start: usize,
    /// The greatest level in it, but for what the functions that it calls take.
    deepest: usize,
}

impl Levels {
    pub(super) fn enter(&mut self, levels: usize) {
        self.level += levels;
        self.reach(self.level);
    }

    pub(super) fn leave(&mut self, levels: usize) {
        self.level -= levels;
    }

    fn reach(&mut self, level: usize) {
        if let Some(function) = self.functions.last_mut() {
            function.deepest = function.deepest.max(level);
        }
    }

    /// What is left to a function that is called here, as an argument.
    pub(super) fn call(&mut self) -> String {
        self.reach(self.level + QUESTION);
        match self.functions.last() {
            Some(Function { left, start, .. }) => format!("${left} - {}", self.level - start),
            None => MOST.saturating_sub(self.level).to_string(),
        }
    }

    /// Begins the body of a function.
    pub(super) fn begin(&mut self, left: String) {
        self.functions.push(Function { left, start: self.level, deepest: 0 });
        self.enter(1);
    }

    /// Ends it: how many levels it needs.
    pub(super) fn end(&mut self) -> usize {
        self.leave(1);
        self.functions.pop().map_or(0, |function| function.deepest - function.start)
    }
}

/// The levels of a term itself. Parts may be written with fewer, never with more; what builds a value
/// takes one more here than in the reference.
pub(super) fn of(term: &Term, power: u8) -> usize {
    let (own, levels) = match term.kind() {
        Kind::Literal(value) => (TIGHT, of_constant(value)),
        Kind::Lambda(..) | Kind::Shared(..) => (TIGHT, 0),
        Kind::Object(_) | Kind::Entry(..) | Kind::Index(..) | Kind::Sequence(..) => (TIGHT, 2),
        Kind::Recursive { .. } => (TIGHT, 2),
        Kind::Call("map" | "each" | "merge", _) => (TIGHT, 2),
        // an array in it may stand in brackets of its own
        Kind::Array(items) if items.iter().any(|(_, is_array)| *is_array) => (TIGHT, 4),
        Kind::Array(_) => (TIGHT, 2),
        Kind::Checked { .. } => (TIGHT, 4),
        Kind::Condition(..) => (CONDITION, 1),
        Kind::Binary(operator, ..) => (operator.power(), 1),
        Kind::Finite(_) => (Operator::Add.power(), 1),
        Kind::Negative(_) => (UNARY, 1),
        _ => (TIGHT, 1),
    };
    levels + usize::from(own < power)
}

fn of_constant(value: &Value) -> usize {
    let deepest = match value {
        Value::Array(items) => items.iter().map(of_constant).max(),
        Value::Object(entries) => entries.values().map(of_constant).max(),
        _ => return 1,
    };
    2 + deepest.unwrap_or_default()
}
