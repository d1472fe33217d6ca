//! How much one expression may take, and what counts it.
//!
//! Step Functions evaluates in a sandbox: 100 levels deep, one second, 20 MiB. Its bounds are known
//! from the largest values that it accepted. The levels, lists and texts below are those, so that
//! what runs here runs there. Depth and size stop a runaway in the same place each time; the clock
//! only stops what they let through.

use jsonata_core::{evaluator::EvaluatorError, value::JValue};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

/// The bounds of one evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nested evaluations, counted as the reference does: every node of the syntax tree is one.
    pub depth: usize,
    /// Items of one list, and bytes of one text divided by eight.
    pub items: usize,
    /// Items of all lists that an expression asks for in bulk; and bytes of all texts that are alive
    /// at one time, divided by sixteen.
    pub total: usize,
    /// Milliseconds of wall time.
    pub millis: u64,
}

impl Limits {
    /// Those of Step Functions.
    pub const STEP_FUNCTIONS: Self =
        Self { depth: 100, items: 873_782, total: 5_000_000, millis: 1_000 };

    /// Bytes of one text.
    pub(super) fn bytes(self) -> usize {
        self.items.saturating_mul(BYTES_PER_ITEM)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::STEP_FUNCTIONS
    }
}

/// Bytes that count as much as one item.
const BYTES_PER_ITEM: usize = 8;
/// Bytes of all texts for an item of all lists.
const BYTES_OF_ALL: usize = 16;
/// Shorter texts are not counted: the second of wall time bounds how many there can be.
const COUNTED_TEXT: usize = 64;
/// Texts are looked through for the first time when they hold as many bytes.
const FIRST_SWEEP: usize = 16 << 20;

/// What one evaluation has built so far.
#[derive(Debug)]
pub(super) struct Meter {
    pub(super) limits: Limits,
    items: Cell<usize>,
    texts: RefCell<Texts>,
}

/// The texts that functions made. A text that nothing else holds any more is dropped when they are
/// looked through, so that a loop which builds a long text bit by bit is charged for the last one.
#[derive(Debug)]
struct Texts {
    held: Vec<Rc<str>>,
    bytes: usize,
    next_sweep: usize,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        let texts = Texts { held: Vec::new(), bytes: 0, next_sweep: FIRST_SWEEP };
        Self { limits, items: Cell::new(0), texts: RefCell::new(texts) }
    }

    /// Counts the items of a list that is about to be made.
    pub(super) fn list(&self, length: usize) -> Result<(), EvaluatorError> {
        let items = self.items.get().saturating_add(length);
        self.items.set(items);
        if length > self.limits.items || items > self.limits.total {
            return Err(too_much_memory());
        }
        Ok(())
    }

    /// Refuses a text of so many bytes before it is made.
    pub(super) fn room(&self, bytes: usize) -> Result<(), EvaluatorError> {
        if bytes > self.limits.bytes() { Err(too_much_memory()) } else { Ok(()) }
    }

    /// Makes a value of a text, and counts it.
    pub(super) fn text(&self, text: String) -> Result<JValue, EvaluatorError> {
        self.room(text.len())?;
        let text: Rc<str> = text.into();
        if text.len() >= COUNTED_TEXT {
            self.texts.borrow_mut().add(&text, self.limits.total.saturating_mul(BYTES_OF_ALL))?;
        }
        Ok(JValue::String(text))
    }
}

impl Texts {
    fn add(&mut self, text: &Rc<str>, most: usize) -> Result<(), EvaluatorError> {
        self.bytes += text.len();
        self.held.push(Rc::clone(text));
        if self.bytes > self.next_sweep {
            self.held.retain(|text| Rc::strong_count(text) > 1);
            self.bytes = self.held.iter().map(|text| text.len()).sum();
            self.next_sweep = self.bytes.saturating_mul(2).clamp(FIRST_SWEEP, most);
        }
        if self.bytes > most { Err(too_much_memory()) } else { Ok(()) }
    }
}

/// What Step Functions says when an expression builds too much.
pub(super) const TOO_MUCH_MEMORY: &str =
    "Expression evaluation memory limit exceeded: Check for excessive memory usage";
/// What it says when an expression nests too deep.
pub(super) const TOO_DEEP: &str = "Stack overflow error: Check for non-terminating recursive \
     function. Consider rewriting as tail-recursive";
/// What it says when an expression takes too long.
pub(super) const TOO_SLOW: &str = "Expression evaluation timeout: Check for infinite loop";

pub(super) fn too_much_memory() -> EvaluatorError {
    EvaluatorError::EvaluationError(TOO_MUCH_MEMORY.to_owned())
}
