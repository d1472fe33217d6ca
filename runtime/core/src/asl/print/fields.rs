//! The fields that only one kind of state has, and the objects inside of a Map.

use super::super::{
    Fail, ItemBatcher, ItemReader, Map, ReaderConfig, ResultWriter, State, Task, WaitUntil,
};
use super::{Object, print_branch, print_rule};
use serde_json::Value;

/// Prints the fields that only this kind of state has.
pub(super) fn own_fields(object: &mut Object, state: &State) {
    let parameters = state.flow().paths.parameters.clone();
    match state {
        State::Task(task) => {
            object.put("Resource", Some(task.resource.as_str()));
            object.put("Parameters", parameters);
            print_task(object, task);
        }
        State::Choice(choice) => {
            let rules = choice.choices.iter().map(print_rule).collect::<Vec<_>>();
            object.put("Choices", Some(rules));
            object.put("Default", choice.default.as_deref());
        }
        State::Wait(wait) => match &wait.until {
            WaitUntil::Seconds(seconds) => object.put("Seconds", Some(seconds.clone())),
            WaitUntil::Timestamp(time) => object.put("Timestamp", Some(time.clone())),
            WaitUntil::SecondsPath(path) => object.put("SecondsPath", Some(path.as_str())),
            WaitUntil::TimestampPath(path) => object.put("TimestampPath", Some(path.as_str())),
        },
        State::Fail(fail) => print_fail(object, fail),
        State::Parallel(parallel) => {
            object.put("Arguments", parallel.arguments.clone());
            object.put("Parameters", parameters);
            let branches = parallel.branches.iter().map(print_branch).collect::<Vec<_>>();
            object.put("Branches", Some(branches));
        }
        State::Map(map) => {
            print_items(object, map);
            object.put("Parameters", parameters);
            print_bounds(object, map);
            object.put(map.processor_field(), Some(print_branch(&map.processor)));
            object.put("ResultWriter", map.result_writer.as_ref().map(print_writer));
        }
        State::Pass(pass) => {
            object.put("Parameters", parameters);
            object.put("Result", pass.result.clone());
        }
        State::Succeed(_) => {}
    }
}

fn print_task(object: &mut Object, task: &Task) {
    object.put("Arguments", task.arguments.clone());
    object.put("Credentials", task.credentials.clone());
    object.put("TimeoutSeconds", task.timeout_seconds.clone());
    object.put("TimeoutSecondsPath", task.timeout_seconds_path.as_deref());
    object.put("HeartbeatSeconds", task.heartbeat_seconds.clone());
    object.put("HeartbeatSecondsPath", task.heartbeat_seconds_path.as_deref());
}

fn print_fail(object: &mut Object, fail: &Fail) {
    object.put("Error", fail.error.clone());
    object.put("ErrorPath", fail.error_path.as_deref());
    object.put("Cause", fail.cause.clone());
    object.put("CausePath", fail.cause_path.as_deref());
}

fn print_items(object: &mut Object, map: &Map) {
    object.put("Items", map.items.clone());
    object.put("ItemsPath", map.items_path.as_deref());
    object.put("ItemReader", map.item_reader.as_ref().map(print_reader));
    object.put("ItemSelector", map.item_selector.clone());
    object.put("ItemBatcher", map.item_batcher.as_ref().map(print_batcher));
}

fn print_bounds(object: &mut Object, map: &Map) {
    object.put("MaxConcurrency", map.max_concurrency.clone());
    object.put("MaxConcurrencyPath", map.max_concurrency_path.as_deref());
    object.put("ToleratedFailureCount", map.tolerated_failure_count.clone());
    let path = map.tolerated_failure_count_path.as_deref();
    object.put("ToleratedFailureCountPath", path);
    object.put("ToleratedFailurePercentage", map.tolerated_failure_percentage.clone());
    let path = map.tolerated_failure_percentage_path.as_deref();
    object.put("ToleratedFailurePercentagePath", path);
    object.put("Label", map.label.as_deref());
}

fn print_reader(reader: &ItemReader) -> Value {
    let mut object = Object::default();
    object.put("Resource", Some(reader.resource.as_str()));
    object.put("Arguments", reader.arguments.clone());
    object.put("Parameters", reader.parameters.clone());
    object.put("ReaderConfig", reader.config.as_ref().map(print_config));
    object.done()
}

fn print_config(config: &ReaderConfig) -> Value {
    let mut object = Object::default();
    object.put("InputType", config.input_type.as_deref());
    object.put("Transformation", config.transformation.as_deref());
    object.put("CSVDelimiter", config.csv_delimiter.as_deref());
    object.put("CSVHeaderLocation", config.csv_header_location.as_deref());
    object.put("CSVHeaders", config.csv_headers.clone());
    object.put("ManifestType", config.manifest_type.as_deref());
    object.put("ItemsPointer", config.items_pointer.as_deref());
    object.put("MaxItems", config.max_items.clone());
    object.put("MaxItemsPath", config.max_items_path.as_deref());
    object.done()
}

fn print_batcher(batcher: &ItemBatcher) -> Value {
    let mut object = Object::default();
    object.put("BatchInput", batcher.batch_input.clone());
    object.put("MaxItemsPerBatch", batcher.max_items_per_batch.clone());
    object.put("MaxItemsPerBatchPath", batcher.max_items_per_batch_path.as_deref());
    object.put("MaxInputBytesPerBatch", batcher.max_input_bytes_per_batch.clone());
    let path = batcher.max_input_bytes_per_batch_path.as_deref();
    object.put("MaxInputBytesPerBatchPath", path);
    object.done()
}

fn print_writer(writer: &ResultWriter) -> Value {
    let mut object = Object::default();
    object.put("Resource", writer.resource.as_deref());
    object.put("Arguments", writer.arguments.clone());
    object.put("Parameters", writer.parameters.clone());
    object.put("WriterConfig", writer.config.clone());
    object.done()
}
