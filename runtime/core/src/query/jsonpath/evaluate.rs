//! From a document to the nodes that a path selects.

use super::{
    Path, Unmatched,
    function::Function,
    path::{Step, is_definite},
    step::{Place, Position, Strictness},
};
use serde_json::Value;
use std::{borrow::Cow, cell::Cell};

/// Work that one evaluation may do: nodes visited, selected and compared. A payload of 256 KiB has
/// at most 128 Ki nodes, so only paths that multiply nodes come near.
const MAX_WORK: usize = 5_000_000;

/// What copying a node costs more than visiting it. So a list of nodes has at most as many, with all
/// below them, as fit a payload.
const COPY: usize = 16;

/// What a path selects.
#[derive(Debug, Clone, PartialEq)]
pub enum Selection<'a> {
    /// The node of a definite path.
    One(Cow<'a, Value>),
    /// The nodes of an indefinite path, in document order.
    Many(Vec<Cow<'a, Value>>),
}

impl<'a> Selection<'a> {
    /// The value of the path: a node, or a list of nodes.
    pub fn into_value(self) -> Cow<'a, Value> {
        match self {
            Self::One(value) => value,
            Self::Many(values) => {
                let values = values.into_iter().map(Cow::into_owned).collect();
                Cow::Owned(Value::Array(values))
            }
        }
    }

    /// The same nodes, without a hold on the document.
    pub(super) fn into_owned<'b>(self) -> Selection<'b> {
        let owned = |value: Cow<'_, Value>| Cow::Owned(value.into_owned());
        match self {
            Self::One(value) => Selection::One(owned(value)),
            Self::Many(values) => Selection::Many(values.into_iter().map(owned).collect()),
        }
    }
}

/// Applies the steps of a path from the one at `start`, which begins at `document`.
pub(super) fn select<'a>(
    path: &Path,
    start: usize,
    document: &'a Value,
) -> Result<Selection<'a>, Unmatched> {
    let evaluation = Evaluation { document, work: Cell::new(MAX_WORK) };
    let steps = path.steps().get(start..).unwrap_or_default();
    let place = |count| path.location(count + start);
    evaluation.run(steps, document, Strictness::SkipMissing, Some(&place))
}

/// One evaluation of a path, with the filters in it.
#[derive(Debug)]
pub(super) struct Evaluation<'a> {
    /// What `$` means inside filters.
    pub(super) document: &'a Value,
    work: Cell<usize>,
}

/// What the steps before a function, or all of them, lead to.
struct Found<'a> {
    nodes: Vec<Cow<'a, Value>>,
    /// Whether there were none even before the last step.
    was_empty: bool,
}

impl<'a> Evaluation<'a> {
    /// Counts work.
    pub(super) fn charge(&self, work: usize) -> Result<(), Unmatched> {
        let left = self.work.get().checked_sub(work).ok_or(Unmatched::TooMuch)?;
        self.work.set(left);
        Ok(())
    }

    /// Counts every node from here down, before all of them are compared.
    pub(super) fn charge_tree(&self, node: &Value) -> Result<(), Unmatched> {
        self.charge_nodes(node, 1)
    }

    /// Counts every node from here down, before all of them are copied.
    pub(super) fn charge_copy(&self, node: &Value) -> Result<(), Unmatched> {
        self.charge_nodes(node, COPY)
    }

    fn charge_nodes(&self, node: &Value, each: usize) -> Result<(), Unmatched> {
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            self.charge(each)?;
            match node {
                Value::Array(items) => stack.extend(items),
                Value::Object(map) => stack.extend(map.values()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Applies the steps of a path inside a filter.
    pub(super) fn select(
        &self,
        steps: &[Step],
        document: &'a Value,
        strictness: Strictness,
    ) -> Result<Selection<'a>, Unmatched> {
        self.run(steps, document, strictness, None)
    }

    fn run(
        &self,
        steps: &[Step],
        document: &'a Value,
        strictness: Strictness,
        place: Place<'_>,
    ) -> Result<Selection<'a>, Unmatched> {
        let found = match steps.split_last() {
            Some((Step::Function(function), before)) => {
                let found = self.nodes(before, true, document, strictness, place)?;
                apply(*function, before, found)?
            }
            _ => self.nodes(steps, false, document, strictness, place)?,
        };
        if is_definite(steps) { last(found, steps, place) } else { self.all(found) }
    }

    /// Takes the steps; `is_followed` says whether a function comes after them.
    fn nodes(
        &self,
        steps: &[Step],
        is_followed: bool,
        document: &'a Value,
        strictness: Strictness,
        place: Place<'_>,
    ) -> Result<Found<'a>, Unmatched> {
        let mut nodes = vec![document];
        let mut position = Position {
            steps: 0,
            is_definite: true,
            is_scanning: false,
            is_leaf: false,
            strictness,
            place,
        };
        let mut was_empty = false;
        for (i, step) in steps.iter().enumerate() {
            self.charge(nodes.len() + 1)?;
            was_empty = nodes.is_empty();
            position.steps = i;
            position.is_leaf = i + 1 == steps.len() && !is_followed;
            if let Step::Scan = step {
                nodes = self.containers(&nodes)?;
                position.is_definite = false;
                position.is_scanning = true;
                continue;
            }
            if let Step::Members { names, .. } = step
                && names.len() > 1
                && position.is_leaf
            {
                let nodes = self.merged(step, names, &nodes, &position)?;
                return Ok(Found { nodes, was_empty });
            }
            nodes = self.step(step, &nodes, &position)?;
            position.is_definite &= step.is_definite();
            position.is_scanning = false;
        }
        if position.is_scanning {
            // A descent leads nowhere by itself.
            nodes.clear();
        }
        Ok(Found { nodes: nodes.into_iter().map(Cow::Borrowed).collect(), was_empty })
    }

    /// The nodes and everything below them that has children, parents first.
    fn containers(&self, nodes: &[&'a Value]) -> Result<Vec<&'a Value>, Unmatched> {
        let mut found = Vec::new();
        let mut stack: Vec<&Value> = nodes.iter().rev().copied().collect();
        while let Some(node) = stack.pop() {
            self.charge(1)?;
            match node {
                Value::Array(items) => stack.extend(items.iter().rev()),
                Value::Object(map) => stack.extend(map.values().rev()),
                _ => continue,
            }
            found.push(node);
        }
        Ok(found)
    }

    /// All that an indefinite path leads to.
    fn all(&self, found: Found<'a>) -> Result<Selection<'a>, Unmatched> {
        for node in &found.nodes {
            self.charge_copy(node)?;
        }
        Ok(Selection::Many(found.nodes))
    }
}

/// Applies a function to every node, or to all that a path found which begins with a descent.
fn apply<'a>(
    function: Function,
    before: &[Step],
    found: Found<'a>,
) -> Result<Found<'a>, Unmatched> {
    let nodes = match before.first() {
        Some(Step::Scan) => {
            let list = found.nodes.into_iter().map(Cow::into_owned).collect();
            vec![function.apply(&Value::Array(list)).map(Cow::Owned)?]
        }
        _ => {
            let values = found.nodes.iter().map(|node| function.apply(node).map(Cow::Owned));
            values.collect::<Result<_, _>>()?
        }
    };
    Ok(Found { nodes, ..found })
}

/// What a definite path leads to.
fn last<'a>(
    mut found: Found<'a>,
    steps: &[Step],
    place: Place<'_>,
) -> Result<Selection<'a>, Unmatched> {
    found.nodes.pop().map(Selection::One).ok_or_else(|| {
        let place = place.map(|place| place(steps.len())).unwrap_or_default();
        let message = format!("No results for path: {place}");
        match steps.last() {
            Some(Step::Indices(_)) if !found.was_empty => Unmatched::OutOfRange(message),
            _ => Unmatched::Missing(message),
        }
    })
}
