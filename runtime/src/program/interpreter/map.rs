//! Map: items, the iterations' inputs, and bounds.

use super::{
    compile::{CompileError, Compiler, Field},
    exit::{Catchers, Exit},
    visit::{Evaluated, Outcome, Visit, broken, failed},
};
use crate::{
    asl,
    program::{Data, MapStep, Step, Then, Tolerance},
};
use serde_json::Value;

#[derive(Debug)]
pub(super) struct Map {
    items: Option<Field>,
    item_selector: Option<Field>,
    max_concurrency: Option<Field>,
    tolerated_count: Option<Field>,
    tolerated_percentage: Option<Field>,
    distributed: bool,
    pub(super) exit: Exit,
    pub(super) catchers: Catchers,
}

impl Map {
    pub(super) fn compile(compiler: &Compiler<'_>, state: &asl::Map) -> Result<Self, CompileError> {
        let mode = state.processor.config.as_ref().and_then(|config| config.mode.as_deref());
        let percentage = state.tolerated_failure_percentage.as_ref();
        Ok(Self {
            items: compiler.optional("Items", state.items.as_ref())?,
            item_selector: compiler.optional("ItemSelector", state.item_selector.as_ref())?,
            max_concurrency: compiler.optional("MaxConcurrency", state.max_concurrency.as_ref())?,
            tolerated_count: compiler
                .optional("ToleratedFailureCount", state.tolerated_failure_count.as_ref())?,
            tolerated_percentage: compiler.optional("ToleratedFailurePercentage", percentage)?,
            distributed: mode == Some("DISTRIBUTED"),
            exit: Exit::of_state(compiler, &state.common)?,
            catchers: Catchers::compile(compiler, &state.catch)?,
        })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        if self.distributed {
            return Outcome::Fail(broken("a distributed Map is not interpreted"));
        }
        self.step(visit).map_or_else(Outcome::Fail, |map| Outcome::Step(Step::Map(map)))
    }

    fn step(&self, visit: &Visit<'_>) -> Evaluated<MapStep> {
        let items = self.items(visit)?;
        let inputs = match &self.item_selector {
            None => items.clone(),
            Some(selector) => (0..)
                .zip(&items)
                .map(|(index, item)| visit.of_item(index, item).evaluate(selector, "ItemSelector"))
                .collect::<Evaluated<_>>()?,
        };
        let max_concurrency = count(visit, self.max_concurrency.as_ref(), "MaxConcurrency")?;
        let tolerance = Tolerance {
            count: count(visit, self.tolerated_count.as_ref(), "ToleratedFailureCount")?,
            percentage: percentage(visit, self.tolerated_percentage.as_ref())?,
        };
        Ok(MapStep { items, inputs, max_concurrency: max_concurrency.unwrap_or(0), tolerance })
    }

    fn items(&self, visit: &Visit<'_>) -> Evaluated<Vec<Data>> {
        let items = match &self.items {
            Some(template) => match visit.evaluate(template, "Items")?.into_value() {
                Value::Array(items) => items,
                other => return Err(failed(&template.unexpected("Items", "array", other))),
            },
            None => match (**visit.input()).clone() {
                Value::Array(items) => items,
                other => {
                    let message = format!("Map state input must be an array but was: {other}");
                    return Err(Then::EvaluationFailed { location: None, message });
                }
            },
        };
        Ok(items.into_iter().map(Data::from).collect())
    }
}

fn count(visit: &Visit<'_>, template: Option<&Field>, field: &str) -> Evaluated<Option<u32>> {
    let Some(template) = template else { return Ok(None) };
    let value = visit.evaluate(template, field)?;
    match value.as_u64().and_then(|count| u32::try_from(count).ok()) {
        Some(count) => Ok(Some(count)),
        None => Err(failed(&template.unexpected(field, "integer", value.into_value()))),
    }
}

fn percentage(visit: &Visit<'_>, template: Option<&Field>) -> Evaluated<Option<f64>> {
    const FIELD: &str = "ToleratedFailurePercentage";
    let Some(template) = template else { return Ok(None) };
    let value = visit.evaluate(template, FIELD)?;
    match value.as_f64().filter(|share| (0.0..=100.0).contains(share)) {
        Some(share) => Ok(Some(share)),
        None => Err(failed(&template.unexpected(FIELD, "number", value.into_value()))),
    }
}
