//! Maps: what only a distributed one has, and whether its reader, batcher and writer fit together.

use super::super::{
    Code, Diagnostic, ItemBatcher, ItemReader, MachineType, Map, ResultWriter, diagnostic::below,
    parse::is_placeholder,
};
use super::{Site, fields::number};

/// Longest label, in characters.
const MAX_LABEL: usize = 40;
/// Most input of one child that a batcher may pack, in bytes.
const MAX_BATCH_BYTES: f64 = 262_144.0;

/// Checks a Map.
pub(super) fn check(map: &Map, site: Site<'_, '_>, kind: MachineType, found: &mut Vec<Diagnostic>) {
    let is_distributed = map.processor.is_distributed();
    let config = format!("{}/{}/ProcessorConfig", site.at, map.processor_field());
    if is_distributed && kind == MachineType::Express {
        let message = "an express machine has no distributed Map";
        let finding = Diagnostic::new(Code::Express, below(&config, "Mode"), message);
        let help = "write `INLINE`, or make the machine a standard one";
        found.push(finding.help(help).naming(["DISTRIBUTED"]));
    }
    execution_type(map, is_distributed, &config, found);
    if !is_distributed {
        distributed_only(map, site.at, found);
    }
    if let Some(label) = &map.label {
        self::label(label, below(site.at, "Label"), found);
    }
    if let Some(each) = &map.item_reader {
        reader(each, site, found);
    }
    if let Some(each) = &map.item_batcher {
        batcher(each, site, found);
    }
    if let Some(each) = &map.result_writer {
        writer(each, &below(site.at, "ResultWriter"), found);
    }
}

fn execution_type(map: &Map, is_distributed: bool, config: &str, found: &mut Vec<Diagnostic>) {
    let Some(given) = &map.processor.config else { return };
    match (is_distributed, &given.execution_type) {
        (true, None) => {
            let message = "a distributed Map needs `ExecutionType`";
            let finding = Diagnostic::new(Code::ExecutionType, config, message);
            found.push(finding.help("write `STANDARD`, or `EXPRESS` for children of minutes"));
        }
        (false, Some(_)) => {
            let message = "an inline Map has no `ExecutionType`";
            let at = below(config, "ExecutionType");
            let finding = Diagnostic::new(Code::ExecutionType, at, message);
            found.push(finding.help("remove it, or write `\"Mode\": \"DISTRIBUTED\"`"));
        }
        _ => {}
    }
}

/// Reports fields that an inline Map does not have, and those that it ignores.
fn distributed_only(map: &Map, at: &str, found: &mut Vec<Diagnostic>) {
    let help = "write `\"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", ..}`, or remove it";
    for (name, given) in [
        ("ItemReader", map.item_reader.is_some()),
        ("ItemBatcher", map.item_batcher.is_some()),
        ("ResultWriter", map.result_writer.is_some()),
    ] {
        if given {
            let message = format!("only a distributed Map has `{name}`");
            let finding = Diagnostic::new(Code::DistributedOnly, below(at, name), message);
            found.push(finding.help(help).naming([name]));
        }
    }
    for (name, given) in [
        ("Label", map.label.is_some()),
        ("ToleratedFailureCount", map.tolerated_failure_count.is_some()),
        ("ToleratedFailureCountPath", map.tolerated_failure_count_path.is_some()),
        ("ToleratedFailurePercentage", map.tolerated_failure_percentage.is_some()),
        ("ToleratedFailurePercentagePath", map.tolerated_failure_percentage_path.is_some()),
    ] {
        if given {
            let message = format!("`{name}` has no effect on an inline Map");
            found.push(Diagnostic::new(Code::NoEffect, below(at, name), message).help(help));
        }
    }
}

fn label(label: &str, at: String, found: &mut Vec<Diagnostic>) {
    let length = label.chars().count();
    let odd = label
        .chars()
        .find(|c| c.is_whitespace() || c.is_control() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(*c));
    if is_placeholder(label) {
    } else if length > MAX_LABEL {
        let message = format!("a label has at most {MAX_LABEL} characters, this one {length}");
        found.push(Diagnostic::new(Code::Label, at, message).naming([label]));
    } else if let Some(odd) = odd {
        let message = format!("a label becomes part of an ARN and has no `{odd}`");
        let finding = Diagnostic::new(Code::Label, at, message);
        found.push(finding.naming([label]).help("use letters, digits, `-` and `_`"));
    }
}

/// Whether a resource is one of these calls of S3.
fn is_call(resource: &str, calls: &[&str]) -> bool {
    let call = resource.rsplit_once(":states:::s3:").map(|(_, call)| call);
    resource.contains("${") || call.is_some_and(|call| calls.contains(&call))
}

fn reader(reader: &ItemReader, site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    let at = below(site.at, "ItemReader");
    if !is_call(&reader.resource, &["getObject", "listObjectsV2"]) {
        let message = "an ItemReader calls `s3:getObject` or `s3:listObjectsV2`";
        let at = below(&at, "Resource");
        found.push(Diagnostic::new(Code::ReaderConfig, at, message).naming(["Resource"]));
    }
    let Some(config) = &reader.config else { return };
    let at = below(&at, "ReaderConfig");
    let is_csv = config.input_type.as_deref() == Some("CSV");
    let location = config.csv_header_location.as_deref();
    let mut refuse = |at: String, message: &str, names: [&str; 2]| {
        found.push(Diagnostic::new(Code::ReaderConfig, at, message).naming(names));
    };
    if is_csv && location.is_none() {
        let message = "a CSV file needs `CSVHeaderLocation`";
        refuse(at.clone(), message, ["required", "CSVHeaderLocation"]);
    }
    if location == Some("GIVEN") && config.csv_headers.is_none() {
        let message = "`CSVHeaders` are to be given, and are not";
        refuse(at.clone(), message, ["required", "CSVHeaders"]);
    }
    if config.input_type.as_deref() == Some("JSON") && location.is_some() {
        let message = "a JSON file has no `CSVHeaderLocation`";
        refuse(below(&at, "CSVHeaderLocation"), message, ["unsupported", "CSVHeaderLocation"]);
    }
    if let Some(most) = &config.max_items {
        number(most, (0.0, 100_000_000.0), site.language, below(&at, "MaxItems"), found);
    }
}

fn batcher(batcher: &ItemBatcher, site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    let at = below(site.at, "ItemBatcher");
    let is_bounded = batcher.max_items_per_batch.is_some()
        || batcher.max_items_per_batch_path.is_some()
        || batcher.max_input_bytes_per_batch.is_some()
        || batcher.max_input_bytes_per_batch_path.is_some();
    if !is_bounded {
        let message = "an ItemBatcher needs `MaxItemsPerBatch` or `MaxInputBytesPerBatch`";
        let names = ["required", "MaxItemsPerBatch"];
        found.push(Diagnostic::new(Code::ReaderConfig, at.as_str(), message).naming(names));
    }
    for (name, most, value) in [
        ("MaxItemsPerBatch", 100_000_000.0, &batcher.max_items_per_batch),
        ("MaxInputBytesPerBatch", MAX_BATCH_BYTES, &batcher.max_input_bytes_per_batch),
    ] {
        if let Some(value) = value {
            number(value, (1.0, most), site.language, below(&at, name), found);
        }
    }
}

fn writer(writer: &ResultWriter, at: &str, found: &mut Vec<Diagnostic>) {
    let resource = writer.resource.as_deref();
    if resource.is_some_and(|resource| !is_call(resource, &["putObject"])) {
        let message = "a ResultWriter calls `s3:putObject`";
        let at = below(at, "Resource");
        found.push(Diagnostic::new(Code::ReaderConfig, at, message).naming(["Resource"]));
    } else if resource.is_none() && writer.config.is_none() {
        let message = "a ResultWriter needs `Resource` or `WriterConfig`";
        let names = ["required", "WriterConfig"];
        found.push(Diagnostic::new(Code::ReaderConfig, at, message).naming(names));
    }
}
