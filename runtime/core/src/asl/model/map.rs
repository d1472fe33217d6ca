//! The model of a Map: items, where they come from, how they are packed, where results go.

use super::{Branch, Catcher, Flow, Retrier, Template};
use serde_json::Value;

/// A Map. `Parameters`, the older name of `ItemSelector`, is among `flow.paths`.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct Map {
    pub flow: Flow,
    pub items: Option<Template>,
    pub items_path: Option<String>,
    pub item_reader: Option<ItemReader>,
    pub item_selector: Option<Template>,
    pub item_batcher: Option<ItemBatcher>,
    pub processor: Branch,
    /// Whether the processor is written as `Iterator`, its older name.
    pub iterator: bool,
    pub max_concurrency: Option<Template>,
    pub max_concurrency_path: Option<String>,
    pub tolerated_failure_count: Option<Template>,
    pub tolerated_failure_count_path: Option<String>,
    pub tolerated_failure_percentage: Option<Template>,
    pub tolerated_failure_percentage_path: Option<String>,
    pub result_writer: Option<ResultWriter>,
    pub label: Option<String>,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
}

impl Map {
    /// The name under which the processor is written.
    pub fn processor_field(&self) -> &'static str {
        if self.iterator { "Iterator" } else { "ItemProcessor" }
    }
}

/// Where a distributed Map reads its items.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct ItemReader {
    pub resource: String,
    /// In JSONata mode.
    pub arguments: Option<Template>,
    /// In JSONPath mode.
    pub parameters: Option<Template>,
    pub config: Option<ReaderConfig>,
}

/// What is read, and how much of it.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct ReaderConfig {
    pub input_type: Option<String>,
    pub transformation: Option<String>,
    pub csv_delimiter: Option<String>,
    pub csv_header_location: Option<String>,
    pub csv_headers: Option<Vec<String>>,
    pub manifest_type: Option<String>,
    pub items_pointer: Option<String>,
    pub max_items: Option<Template>,
    pub max_items_path: Option<String>,
}

/// How a distributed Map packs several items into the input of one child.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct ItemBatcher {
    pub batch_input: Option<Template>,
    pub max_items_per_batch: Option<Template>,
    pub max_items_per_batch_path: Option<String>,
    pub max_input_bytes_per_batch: Option<Template>,
    pub max_input_bytes_per_batch_path: Option<String>,
}

/// Where a distributed Map writes its results.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "fields are the language's own")]
pub struct ResultWriter {
    pub resource: Option<String>,
    /// In JSONata mode.
    pub arguments: Option<Template>,
    /// In JSONPath mode.
    pub parameters: Option<Template>,
    /// `Transformation` and `OutputType`.
    pub config: Option<Value>,
}
