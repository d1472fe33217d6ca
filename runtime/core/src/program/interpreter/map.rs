//! Map: items, the iterations' inputs, and bounds.

use super::{
    batch::Batcher,
    compile::{CompileError, Compiler, Field, Filled},
    distributed::Distributed,
    exit::{Catchers, Exit},
    inspect::Inspection,
    paths::{Picked, filter},
    setting::{Number, Setting},
    visit::{Evaluated, Outcome, Visit, failed, state_failed},
};
use crate::{
    asl::{self, QueryLanguage},
    program::{Data, Inputs, Item, MapStep, RunItems, RunStep, Step, Then, Tolerance},
    query::jsonpath::Path,
};
use serde_json::{Value, json};

const MAX_CONCURRENCY: Number = count("MaxConcurrency", "MaxConcurrency cannot be negative.");
const FAILURE_COUNT: Number =
    count("ToleratedFailureCount", "ToleratedFailureCount cannot be negative.");
const MAX_ITEMS: Number =
    Number { name: "MaxItems", fractions: false, least: 0.0, most: 100_000_000.0, outside: None };
const FAILURE_PERCENTAGE: Number = Number {
    name: "ToleratedFailurePercentage",
    fractions: true,
    least: 0.0,
    most: 100.0,
    outside: Some("ToleratedFailurePercentage must be between 0 and 100."),
};

const fn count(name: &'static str, outside: &'static str) -> Number {
    let most = 4_294_967_295.0;
    Number { name, fractions: false, least: 0.0, most, outside: Some(outside) }
}

#[derive(Debug)]
pub(super) struct Map {
    /// What the state's fields see of its input.
    input: Picked,
    items: Items,
    /// How many items of an `ItemReader` count; 0 means all.
    max_items: Option<Setting>,
    inputs: Inputting,
    batcher: Option<Batcher>,
    max_concurrency: Option<Setting>,
    tolerated_count: Option<Setting>,
    tolerated_percentage: Option<Setting>,
    distributed: Option<Distributed>,
    pub(super) exit: Exit,
    pub(super) catchers: Catchers,
}

/// Where the items are.
#[derive(Debug)]
enum Items {
    /// The state's input is the list.
    Input,
    Field(Field),
    Path(Path),
}

/// What the iterations get.
#[derive(Debug)]
enum Inputting {
    /// The items themselves.
    Items,
    Selector(Field),
    /// ItemSelector, or Parameters as it was called before.
    Filled(Filled),
}

impl Map {
    pub(super) fn compile(compiler: &Compiler<'_>, state: &asl::Map) -> Result<Self, CompileError> {
        let paths = &state.flow.paths;
        let setting = |number, value: &Option<asl::Template>, path: &Option<String>| {
            Setting::compile(compiler, number, value.as_ref(), path.as_deref())
        };
        Ok(Self {
            input: Picked::compile(compiler, "InputPath", paths.input_path.as_ref())?,
            items: Items::compile(compiler, state)?,
            max_items: match state.item_reader.as_ref().and_then(|reader| reader.config.as_ref()) {
                Some(config) => setting(&MAX_ITEMS, &config.max_items, &config.max_items_path)?,
                None => None,
            },
            inputs: Inputting::compile(compiler, state)?,
            batcher: state
                .item_batcher
                .as_ref()
                .map(|batcher| Batcher::compile(compiler, batcher))
                .transpose()?,
            max_concurrency: setting(
                &MAX_CONCURRENCY,
                &state.max_concurrency,
                &state.max_concurrency_path,
            )?,
            tolerated_count: setting(
                &FAILURE_COUNT,
                &state.tolerated_failure_count,
                &state.tolerated_failure_count_path,
            )?,
            tolerated_percentage: setting(
                &FAILURE_PERCENTAGE,
                &state.tolerated_failure_percentage,
                &state.tolerated_failure_percentage_path,
            )?,
            distributed: Distributed::compile(compiler, state)?,
            exit: Exit::of_state(compiler, &state.flow)?,
            catchers: Catchers::compile(compiler, &state.catch)?,
        })
    }

    pub(super) fn enter(&self, visit: &Visit<'_>) -> Outcome {
        let step = match &self.distributed {
            Some(run) if visit.inspection().is_none() => {
                self.run(run, visit).map(|run| Step::Run(Box::new(run)))
            }
            _ => self.step(visit).map(Step::Map),
        };
        step.map_or_else(Outcome::Fail, Outcome::Step)
    }

    /// The items of the reader have been read.
    pub(super) fn items(&self, visit: &Visit<'_>, items: &[Data]) -> Outcome {
        let input = self.input.pick_input(visit);
        let inputs = input.and_then(|input| self.inputs(visit, &input, items));
        inputs.map_or_else(Outcome::Fail, |inputs| Outcome::Step(Step::Inputs(inputs)))
    }

    /// An iteration begins.
    pub(super) fn item(&self, visit: &Visit<'_>, item: &Item) -> Outcome {
        let input = self.input.pick_input(visit);
        let input = input.and_then(|input| {
            self.inputs.of_item(&visit.of_item(item.index, &item.value), &input, &item.value)
        });
        input.map_or_else(Outcome::Fail, |input| Outcome::Step(Step::Input(input)))
    }

    fn step(&self, visit: &Visit<'_>) -> Evaluated<MapStep> {
        let input = self.input.pick_input(visit)?;
        let items = match visit.inspection().and_then(Inspection::items) {
            Some(items) => self.read(visit, &input, items)?,
            None => self.find(visit, &input)?,
        };
        if visit.inspection().is_some() {
            self.show_inputs(visit, &input, &items)?;
        }
        let max_concurrency = self.max_concurrency(visit, &input)?;
        let tolerance = self.tolerance(visit, &input)?;
        visit.note(|trace| {
            (trace.max_concurrency, trace.tolerance) = (Some(max_concurrency), tolerance);
        });
        let selects = !matches!(self.inputs, Inputting::Items);
        Ok(MapStep { items, selects, max_concurrency, tolerance })
    }

    /// Shows what all iterations would get.
    fn show_inputs(&self, visit: &Visit<'_>, input: &Data, items: &[Data]) -> Evaluated<()> {
        let inputs = self.inputs.of(visit, input, items)?;
        if !matches!(self.inputs, Inputting::Items) {
            visit.note(|trace| trace.item_selector = Some(inputs.clone()));
        }
        if let Some(batcher) = &self.batcher {
            let batches = batcher.pack(visit, input, &inputs)?;
            visit.note(|trace| trace.item_batcher = Some(batches));
        }
        Ok(())
    }

    /// The Map Run. What it tolerates is looked at when the Map has begun (recorded).
    fn run(&self, run: &Distributed, visit: &Visit<'_>) -> Evaluated<RunStep> {
        let input = self.input.pick_input(visit)?;
        let (items, length) = match &run.reader {
            Some(reader) => {
                (RunItems::At(reader.source(visit, &input, self.most(visit, &input)?)?), 0)
            }
            None => {
                let items = self.find(visit, &input)?;
                let length = u32::try_from(items.len()).unwrap_or(u32::MAX);
                (RunItems::Here(self.inputs(visit, &input, &items)?), length)
            }
        };
        let max_concurrency = self.max_concurrency(visit, &input)?;
        let begun = |then| Then::Begun { length, then: Box::new(then) };
        Ok(RunStep {
            label: run.label.clone(),
            express: run.express,
            items,
            max_concurrency,
            tolerance: self.tolerance(visit, &input).map_err(begun)?,
            results: run.results(visit, &input).map_err(begun)?,
        })
    }

    /// The inputs of the executions of a Map Run.
    fn inputs(&self, visit: &Visit<'_>, input: &Data, items: &[Data]) -> Evaluated<Inputs> {
        let mut each = self.inputs.of(visit, input, items)?;
        if let Some(batcher) = &self.batcher {
            each = batcher.pack(visit, input, &each)?;
        }
        let each = Value::Array(each.into_iter().map(Data::into_value).collect());
        Ok(Inputs { each: each.into(), batched: self.batcher.is_some() })
    }

    fn max_concurrency(&self, visit: &Visit<'_>, input: &Data) -> Evaluated<u32> {
        let most = self.max_concurrency.as_ref();
        let most = most.map(|most| most.evaluate(visit, input, &MAX_CONCURRENCY)).transpose()?;
        Ok(most.map_or(0, whole))
    }

    fn tolerance(&self, visit: &Visit<'_>, input: &Data) -> Evaluated<Tolerance> {
        let number = |setting: &Option<Setting>, number: &Number| {
            setting.as_ref().map(|setting| setting.evaluate(visit, input, number)).transpose()
        };
        Ok(Tolerance {
            count: number(&self.tolerated_count, &FAILURE_COUNT)?.map(whole),
            percentage: number(&self.tolerated_percentage, &FAILURE_PERCENTAGE)?,
        })
    }

    /// How many items of an `ItemReader` count, if not all.
    fn most(&self, visit: &Visit<'_>, input: &Data) -> Evaluated<Option<u64>> {
        let most = self.max_items.as_ref();
        let most = most.map(|most| most.evaluate(visit, input, &MAX_ITEMS)).transpose()?;
        Ok(most.map(whole).filter(|most| *most > 0).map(u64::from))
    }

    fn find(&self, visit: &Visit<'_>, input: &Data) -> Evaluated<Vec<Data>> {
        self.items.find(visit, input, self.distributed.is_some())
    }

    /// The items that count of those that an `ItemReader` has read.
    fn read(&self, visit: &Visit<'_>, input: &Data, items: &[Data]) -> Evaluated<Vec<Data>> {
        let most = self.most(visit, input)?;
        let most = most.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
        let read: Vec<_> = items.iter().take(most).cloned().collect();
        visit.note(|trace| trace.items_read = Some(read.clone()));
        Ok(read)
    }
}

impl Items {
    fn compile(compiler: &Compiler<'_>, state: &asl::Map) -> Result<Self, CompileError> {
        if let Some(items) = &state.items {
            return Ok(Self::Field(compiler.field("Items", items)?));
        }
        let path = match (&state.items_path, compiler.language) {
            (Some(path), _) => path.as_str(),
            (None, QueryLanguage::JsonPath) => "$",
            (None, QueryLanguage::Jsonata) => return Ok(Self::Input),
        };
        Ok(Self::Path(compiler.path("ItemsPath", path)?))
    }

    /// Finds the items; `objects` says whether an object will do, whose fields are the items then.
    fn find(&self, visit: &Visit<'_>, input: &Data, objects: bool) -> Evaluated<Vec<Data>> {
        let items = match self {
            Self::Field(field) => match visit.evaluate(field, "Items")?.into_value() {
                Value::Array(items) => items,
                Value::Object(fields) if objects => fields.into_iter().map(item_of).collect(),
                other => return Err(failed(&field.unexpected("Items", "array", other))),
            },
            Self::Input => match (**input).clone() {
                Value::Array(items) => items,
                Value::Object(fields) if objects => fields.into_iter().map(item_of).collect(),
                other => {
                    let message = format!("Map state input must be an array but was: {other}");
                    return Err(Then::EvaluationFailed { location: None, message });
                }
            },
            Self::Path(path) => match filter(visit, path, input)? {
                Value::Array(items) => {
                    visit.note(|trace| {
                        trace.items_path = Some(items.iter().cloned().map(Data::from).collect());
                    });
                    items
                }
                _ => {
                    let shown = path.shown();
                    let message = format!("Reference path \"{shown}\" must point to array.");
                    return Err(state_failed(message));
                }
            },
        };
        Ok(items.into_iter().map(Data::from).collect())
    }
}

/// The item that a field of an object is.
fn item_of((key, value): (String, Value)) -> Value {
    json!({ "Key": key, "Value": value })
}

/// A number that was found to be whole and in range.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
fn whole(number: f64) -> u32 {
    number as u32
}

impl Inputting {
    fn compile(compiler: &Compiler<'_>, state: &asl::Map) -> Result<Self, CompileError> {
        let (name, selector) = match (&state.item_selector, &state.flow.paths.parameters) {
            (Some(selector), _) => ("ItemSelector", selector),
            (None, Some(parameters)) => ("Parameters", parameters),
            (None, None) => return Ok(Self::Items),
        };
        Ok(match compiler.language {
            QueryLanguage::Jsonata => Self::Selector(compiler.field(name, selector)?),
            QueryLanguage::JsonPath => Self::Filled(Filled::compile(compiler, name, selector)?),
        })
    }

    fn of(&self, visit: &Visit<'_>, input: &Data, items: &[Data]) -> Evaluated<Vec<Data>> {
        let each = |(index, item)| self.of_item(&visit.of_item(index, item), input, item);
        (0..).zip(items).map(each).collect()
    }

    /// `visit` is that of the item.
    fn of_item(&self, visit: &Visit<'_>, input: &Data, item: &Data) -> Evaluated {
        match self {
            Self::Items => Ok(item.clone()),
            Self::Selector(selector) => visit.evaluate(selector, "ItemSelector"),
            Self::Filled(filled) => filled.fill(visit, input),
        }
    }
}
