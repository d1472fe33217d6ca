//! One step of a path, taken from nodes.

use super::{Unmatched, evaluate::Evaluation, filter::Filter, function::position, path::Step};
use crate::query::java;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Whether a member may be missing where a path is indefinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    SkipMissing,
    RequireMembers,
}

/// Gives the text of the first so many steps of a path, for messages. Paths inside filters have
/// none: nobody reads why they select nothing, and that may happen for every item.
pub(super) type Place<'p> = Option<&'p dyn Fn(usize) -> String>;

/// Where a step stands in its path.
pub(super) struct Position<'p> {
    /// How many steps come before.
    pub(super) steps: usize,
    /// Whether those lead to one node.
    pub(super) is_definite: bool,
    /// Whether the one before is a descent, so that the step is taken only where it fits.
    pub(super) is_scanning: bool,
    /// Whether nothing comes after.
    pub(super) is_leaf: bool,
    pub(super) strictness: Strictness,
    pub(super) place: Place<'p>,
}

impl Position<'_> {
    /// A message that may name the path up to here.
    fn message(&self, text: impl FnOnce(String) -> String) -> String {
        self.place.map(|place| text(place(self.steps))).unwrap_or_default()
    }

    /// Whether a node that the step does not fit is an error.
    fn is_strict(&self) -> bool {
        self.is_definite && !self.is_scanning
    }
}

impl<'a> Evaluation<'a> {
    /// Takes one step from every node.
    pub(super) fn step(
        &self,
        step: &Step,
        nodes: &[&'a Value],
        position: &Position<'_>,
    ) -> Result<Vec<&'a Value>, Unmatched> {
        let mut found = Vec::new();
        for node in nodes {
            let before = found.len();
            match step {
                Step::Members { names, .. } => members(step, names, node, position, &mut found)?,
                Step::Wildcard => match node {
                    Value::Array(items) => found.extend(items),
                    Value::Object(map) => found.extend(map.values()),
                    _ => {}
                },
                Step::Indices(indices) => {
                    let items = list(step, node, position)?;
                    let at = |index: &i32| items.get(self::position(*index, items.len())?);
                    found.extend(indices.iter().filter_map(at));
                }
                Step::Slice { from, to } => {
                    slice(list(step, node, position)?, *from, *to, &mut found);
                }
                Step::Filter(filter) => self.filtered(step, filter, node, position, &mut found)?,
                Step::Scan | Step::Function(_) => {}
            }
            self.charge(found.len() - before)?;
        }
        Ok(found)
    }

    /// The items of a list that meet a condition, or an object that does.
    fn filtered(
        &self,
        step: &Step,
        filter: &Filter,
        node: &'a Value,
        position: &Position<'_>,
        found: &mut Vec<&'a Value>,
    ) -> Result<(), Unmatched> {
        match node {
            Value::Object(_) if filter.accepts(node, self)? => found.push(node),
            Value::Object(_) => {}
            Value::Array(items) => {
                // A descent takes the filter to lists only where they meet it themselves.
                if position.is_scanning && !filter.accepts(node, self)? {
                    return Ok(());
                }
                for item in items {
                    if filter.accepts(item, self)? {
                        found.push(item);
                    }
                }
            }
            _ if position.is_strict() => {
                return Err(Unmatched::Inapplicable(position.message(|_| {
                    let shown = java::text(node);
                    format!(
                        "Filter: {step} can not be applied to primitives. Current context is: {shown}"
                    )
                })));
            }
            _ => {}
        }
        Ok(())
    }

    /// The last step of `$['a','b']`: one object with those of the members that are there.
    pub(super) fn merged(
        &self,
        step: &Step,
        names: &[String],
        nodes: &[&'a Value],
        position: &Position<'_>,
    ) -> Result<Vec<Cow<'a, Value>>, Unmatched> {
        let mut found = Vec::new();
        for node in nodes {
            let Some(map) = object(step, node, position)? else { continue };
            if position.is_scanning && !names.iter().all(|name| map.contains_key(name)) {
                continue;
            }
            let mut merged = Map::new();
            for name in names {
                if let Some(value) = map.get(name) {
                    self.charge_copy(value)?;
                    merged.insert(name.clone(), value.clone());
                } else if position.strictness == Strictness::RequireMembers {
                    let text = |place| format!("Missing property in path {place}{step}");
                    return Err(Unmatched::Missing(position.message(text)));
                }
            }
            found.push(Cow::Owned(Value::Object(merged)));
        }
        Ok(found)
    }
}

/// The object at a node. Something else is an error where the path is definite.
fn object<'a>(
    step: &Step,
    node: &'a Value,
    position: &Position<'_>,
) -> Result<Option<&'a Map<String, Value>>, Unmatched> {
    match node {
        Value::Object(map) => Ok(Some(map)),
        _ if !position.is_strict() => Ok(None),
        _ => Err(Unmatched::Missing(position.message(|place| {
            let class = java::class(node);
            format!(
                "Expected to find an object with property {step} in path {place} but found \
                 '{class}'. This is not a json object according to the JsonProvider: \
                 'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'."
            )
        }))),
    }
}

/// The items of the list at a node. Something else is an error where the path is definite, and has
/// no items elsewhere.
fn list<'a>(
    step: &Step,
    node: &'a Value,
    position: &Position<'_>,
) -> Result<&'a [Value], Unmatched> {
    match node {
        Value::Array(items) => Ok(items),
        _ if !position.is_strict() => Ok(&[]),
        _ => Err(Unmatched::NotAList(position.message(|place| match node {
            Value::Null => format!("The path {place} is null"),
            _ => {
                let shown = java::text(node);
                format!("Filter: {step} can only be applied to arrays. Current context is: {shown}")
            }
        }))),
    }
}

fn members<'a>(
    step: &Step,
    names: &[String],
    node: &'a Value,
    position: &Position<'_>,
    found: &mut Vec<&'a Value>,
) -> Result<(), Unmatched> {
    let Some(map) = object(step, node, position)? else { return Ok(()) };
    let is_single = names.len() == 1;
    let required = position.strictness == Strictness::RequireMembers;
    for name in names {
        if let Some(value) = map.get(name) {
            found.push(value);
            continue;
        }
        if is_single && position.is_scanning {
            continue;
        }
        let what = match position.is_leaf {
            true if required => "No results for path:",
            false if required || (position.is_definite && is_single) => "Missing property in path",
            _ => continue,
        };
        let text = |place| format!("{what} {place}['{name}']");
        return Err(Unmatched::Missing(position.message(text)));
    }
    Ok(())
}

/// Items of a slice. One that has both ends takes a negative end for what it is, so it can run from
/// the end of the list into its beginning.
fn slice<'a>(items: &'a [Value], from: Option<i32>, to: Option<i32>, found: &mut Vec<&'a Value>) {
    let length = i32::try_from(items.len()).unwrap_or(i32::MAX);
    let (from, to) = match (from, to) {
        (Some(from), None) if from < 0 => (from.saturating_add(length).max(0), length),
        (Some(from), None) => (from, length),
        (None, Some(to)) if to < 0 => (0, to.saturating_add(length)),
        (None, Some(to)) => (0, to.min(length)),
        (Some(from), Some(to)) => (from.max(length.saturating_neg()), to.min(length)),
        (None, None) => return,
    };
    found.extend((from..to).filter_map(|index| items.get(position(index, items.len())?)));
}
