//! A Map, with the fields that only a distributed one has.

use super::super::{
    Branch, Code, Diagnostic, ItemBatcher, ItemReader, Map, Node, QueryLanguage, ReaderConfig,
    ResultWriter, State, diagnostic::below,
};
use super::{
    branch,
    fields::{Fields, Found},
    flow::{Selects, Shared, catch, flow, payload, retry},
};

/// What an `ItemReader` can read.
const INPUT_TYPES: &[&str] = &["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"];
/// What can stand between the columns of a CSV file.
const CSV_DELIMITERS: &[&str] = &["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"];

/// Reads a Map of a machine in the language `machine`.
pub(super) fn map(
    fields: &mut Fields<'_>,
    machine: QueryLanguage,
    found: &mut Found,
) -> Option<State> {
    let mut flow = flow(fields, Shared::Step, found);
    payload(fields, &mut flow.paths, Selects::Yes, found);
    for name in ["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"] {
        fields.one_form(name, found);
    }
    let help = "`ItemSelector` is the newer name of `Parameters`";
    if fields.language() == QueryLanguage::JsonPath {
        fields.exclusive(("Parameters", "ItemSelector"), help, found);
    }
    let retry = retry(fields, found);
    let catch = catch(fields, found);
    let (processor, iterator) = processor(fields, machine, found);
    let has_processor = processor.is_some();
    let map = Map {
        flow,
        items: fields.jsonata("Items"),
        items_path: fields.path("ItemsPath", found),
        item_reader: inner(fields, "ItemReader", found, item_reader),
        item_selector: fields.template("ItemSelector"),
        item_batcher: inner(fields, "ItemBatcher", found, |fields, found| {
            Some(item_batcher(fields, found))
        }),
        processor: processor.unwrap_or_default(),
        iterator,
        max_concurrency: fields.template("MaxConcurrency"),
        max_concurrency_path: fields.path("MaxConcurrencyPath", found),
        tolerated_failure_count: fields.template("ToleratedFailureCount"),
        tolerated_failure_count_path: fields.path("ToleratedFailureCountPath", found),
        tolerated_failure_percentage: fields.template("ToleratedFailurePercentage"),
        tolerated_failure_percentage_path: fields.path("ToleratedFailurePercentagePath", found),
        result_writer: inner(fields, "ResultWriter", found, |fields, found| {
            Some(result_writer(fields, found))
        }),
        label: fields.string("Label", found),
        retry,
        catch: catch?,
    };
    has_processor.then_some(State::Map(map))
}

/// Reads the processor, under its name or its older one.
fn processor(
    fields: &mut Fields<'_>,
    machine: QueryLanguage,
    found: &mut Found,
) -> (Option<Branch>, bool) {
    let iterator = fields.has("Iterator") && !fields.has("ItemProcessor");
    let name = if iterator { "Iterator" } else { "ItemProcessor" };
    let help = "`Iterator` is the older name of `ItemProcessor`";
    fields.exclusive(("ItemProcessor", "Iterator"), help, found);
    if !iterator {
        fields.take("Iterator");
    }
    let pointer = below(fields.pointer(), name);
    let node = fields.take(name);
    if node.is_none() {
        let finding = fields.finding_here(Code::NoForm, "a Map state needs `ItemProcessor`");
        found.push(finding.naming(["ItemProcessor", "Iterator"]));
    }
    let what = if iterator { "an Iterator" } else { "an ItemProcessor" };
    (node.and_then(|node| branch(node, &pointer, (what, machine), found)), iterator)
}

/// Reads a field that is an object of its own.
fn inner<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    found: &mut Found,
    read: impl FnOnce(&mut Fields<'_>, &mut Found) -> Option<T>,
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

fn item_reader(fields: &mut Fields<'_>, found: &mut Found) -> Option<ItemReader> {
    let resource = fields.required("Resource", found);
    let resource = resource.and_then(|node| fields.as_string("Resource", node, found));
    let (arguments, parameters) = (fields.jsonata("Arguments"), fields.jsonpath("Parameters"));
    let config =
        inner(fields, "ReaderConfig", found, |fields, found| Some(reader_config(fields, found)));
    Some(ItemReader { resource: resource?, arguments, parameters, config })
}

fn reader_config(fields: &mut Fields<'_>, found: &mut Found) -> ReaderConfig {
    fields.one_form("MaxItems", found);
    ReaderConfig {
        input_type: fields.choice("InputType", INPUT_TYPES, found),
        transformation: fields.choice("Transformation", &["NONE", "LOAD_AND_FLATTEN"], found),
        csv_delimiter: fields.choice("CSVDelimiter", CSV_DELIMITERS, found),
        csv_header_location: fields.choice("CSVHeaderLocation", &["FIRST_ROW", "GIVEN"], found),
        csv_headers: fields.list("CSVHeaders", found, |node, pointer, found| {
            let header = node.text().map(str::to_owned);
            if header.is_none() {
                let message = format!("a header is a string, not {}", node.kind());
                let finding = Diagnostic::new(Code::WrongType, pointer, message);
                found.push(finding.naming(["STRING"]).at(node.span.clone()));
            }
            header
        }),
        manifest_type: fields.choice("ManifestType", &["S3_INVENTORY", "ATHENA_DATA"], found),
        items_pointer: fields.string("ItemsPointer", found),
        max_items: fields.template("MaxItems"),
        max_items_path: fields.path("MaxItemsPath", found),
    }
}

fn item_batcher(fields: &mut Fields<'_>, found: &mut Found) -> ItemBatcher {
    fields.one_form("MaxItemsPerBatch", found);
    fields.one_form("MaxInputBytesPerBatch", found);
    ItemBatcher {
        batch_input: fields.template("BatchInput"),
        max_items_per_batch: fields.template("MaxItemsPerBatch"),
        max_items_per_batch_path: fields.path("MaxItemsPerBatchPath", found),
        max_input_bytes_per_batch: fields.template("MaxInputBytesPerBatch"),
        max_input_bytes_per_batch_path: fields.path("MaxInputBytesPerBatchPath", found),
    }
}

fn result_writer(fields: &mut Fields<'_>, found: &mut Found) -> ResultWriter {
    ResultWriter {
        resource: fields.string("Resource", found),
        arguments: fields.jsonata("Arguments"),
        parameters: fields.jsonpath("Parameters"),
        config: inner(fields, "WriterConfig", found, |fields, found| {
            fields.choice("Transformation", &["NONE", "COMPACT", "FLATTEN"], found);
            fields.choice("OutputType", &["JSON", "JSONL"], found);
            Some(())
        })
        .and_then(|()| fields.template("WriterConfig")),
    }
}
