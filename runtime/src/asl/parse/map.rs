//! A Map, with the fields that only a distributed one has.

use super::super::{
    Branch, Code, Diagnostic, ItemBatcher, ItemReader, Map, Node, QueryLanguage, ReaderConfig,
    ResultWriter, State, diagnostic::below,
};
use super::{
    branch,
    fields::Fields,
    flow::{Selects, Shared, catch, common, payload, retry},
};

/// Reads a Map of a machine in the language `machine`.
pub(super) fn map(
    fields: &mut Fields<'_>,
    machine: QueryLanguage,
    found: &mut Vec<Diagnostic>,
) -> Option<State> {
    let mut common = common(fields, Shared::Step, found);
    payload(fields, &mut common.paths, Selects::Yes, found);
    let retry = retry(fields, found);
    let catch = catch(fields, found);
    let (processor, iterator) = processor(fields, machine, found);
    Some(State::Map(Map {
        common,
        items: fields.jsonata("Items"),
        items_path: fields.path("ItemsPath", found),
        item_reader: inner(fields, "ItemReader", found, item_reader),
        item_selector: fields.template("ItemSelector"),
        item_batcher: inner(fields, "ItemBatcher", found, |it, found| {
            Some(item_batcher(it, found))
        }),
        processor: processor?,
        iterator,
        max_concurrency: fields.template("MaxConcurrency"),
        max_concurrency_path: fields.path("MaxConcurrencyPath", found),
        tolerated_failure_count: fields.template("ToleratedFailureCount"),
        tolerated_failure_count_path: fields.path("ToleratedFailureCountPath", found),
        tolerated_failure_percentage: fields.template("ToleratedFailurePercentage"),
        tolerated_failure_percentage_path: fields.path("ToleratedFailurePercentagePath", found),
        result_writer: inner(fields, "ResultWriter", found, |it, found| {
            Some(result_writer(it, found))
        }),
        label: fields.string("Label", found),
        retry,
        catch: catch?,
    }))
}

/// Reads the processor, under its name or its older one.
fn processor(
    fields: &mut Fields<'_>,
    machine: QueryLanguage,
    found: &mut Vec<Diagnostic>,
) -> (Option<Branch>, bool) {
    let iterator = fields.has("Iterator") && !fields.has("ItemProcessor");
    let name = if iterator { "Iterator" } else { "ItemProcessor" };
    if fields.has("Iterator") && fields.has("ItemProcessor") {
        fields.take("Iterator");
        let message = "`Iterator` is the older name of `ItemProcessor`; a Map has one of them";
        found.push(fields.finding(Code::TwoForms, "Iterator", message));
    }
    let pointer = below(fields.pointer(), name);
    let node = fields.required(name, found);
    let what = if iterator { "an Iterator" } else { "an ItemProcessor" };
    (node.and_then(|node| branch(node, &pointer, (what, machine), found)), iterator)
}

/// Reads a field that is an object of its own.
fn inner<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    found: &mut Vec<Diagnostic>,
    read: impl FnOnce(&mut Fields<'_>, &mut Vec<Diagnostic>) -> Option<T>,
) -> Option<T> {
    let (pointer, language) = (below(fields.pointer(), name), fields.language());
    let node: &Node = fields.take(name)?;
    let inner = Fields::open(node, &pointer, format!("`{name}`"), found)?;
    let mut inner = inner.speaking(language);
    inner.string("Comment", found);
    let value = read(&mut inner, found);
    inner.close(found);
    value
}

fn item_reader(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<ItemReader> {
    let resource = fields.required("Resource", found);
    let resource = resource.and_then(|node| fields.as_string("Resource", node, found));
    let (arguments, parameters) = (fields.jsonata("Arguments"), fields.jsonpath("Parameters"));
    let config =
        inner(fields, "ReaderConfig", found, |fields, found| Some(reader_config(fields, found)));
    Some(ItemReader { resource: resource?, arguments, parameters, config })
}

fn reader_config(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> ReaderConfig {
    ReaderConfig {
        input_type: fields.string("InputType", found),
        transformation: fields.string("Transformation", found),
        csv_delimiter: fields.string("CSVDelimiter", found),
        csv_header_location: fields.string("CSVHeaderLocation", found),
        csv_headers: fields.list("CSVHeaders", found, |node, pointer, found| {
            let header = node.text().map(str::to_owned);
            if header.is_none() {
                let message = format!("a header is a string, not {}", node.kind());
                let finding = Diagnostic::new(Code::WrongType, pointer, message);
                found.push(finding.at(node.span.clone()));
            }
            header
        }),
        manifest_type: fields.string("ManifestType", found),
        items_pointer: fields.string("ItemsPointer", found),
        max_items: fields.template("MaxItems"),
        max_items_path: fields.path("MaxItemsPath", found),
    }
}

fn item_batcher(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> ItemBatcher {
    ItemBatcher {
        batch_input: fields.template("BatchInput"),
        max_items_per_batch: fields.template("MaxItemsPerBatch"),
        max_items_per_batch_path: fields.path("MaxItemsPerBatchPath", found),
        max_input_bytes_per_batch: fields.template("MaxInputBytesPerBatch"),
        max_input_bytes_per_batch_path: fields.path("MaxInputBytesPerBatchPath", found),
    }
}

fn result_writer(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> ResultWriter {
    ResultWriter {
        resource: fields.string("Resource", found),
        arguments: fields.jsonata("Arguments"),
        parameters: fields.jsonpath("Parameters"),
        config: fields.template("WriterConfig"),
    }
}
