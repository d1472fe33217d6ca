//! The items of a Map that reads them elsewhere, from data as its `ItemReader` finds it.

use super::Refused;
use crate::{
    asl::{ItemReader, ReaderConfig},
    program::{Data, ItemFormat},
};
use serde_json::Value;

/// Reads the data as the reader says.
pub(super) fn read(reader: &ItemReader, data: &str) -> Result<Vec<Data>, Refused> {
    let config = reader.config.clone().unwrap_or_default();
    let items = match ItemFormat::of(&config) {
        format @ ItemFormat::Csv { .. } => {
            format.read(data, usize::MAX).map_err(Refused::validation)?
        }
        ItemFormat::JsonLines => {
            let read = ItemFormat::JsonLines.read(data, usize::MAX);
            read.map_err(|_| invalid("valid JSON lines"))?
        }
        ItemFormat::Json { .. } | ItemFormat::Other(_) => document(&config, data)?,
    };
    Ok(items.into_iter().map(Data::from).collect())
}

fn document(config: &ReaderConfig, data: &str) -> Result<Vec<Value>, Refused> {
    let document: Value = serde_json::from_str(data).map_err(|_| invalid("valid JSON"))?;
    let found = match &config.items_pointer {
        Some(pointer) => document.pointer(pointer).cloned().ok_or_else(|| {
            Refused::validation(format!("MapItemReaderData has nothing at '{pointer}'"))
        })?,
        None => document,
    };
    match found {
        Value::Array(items) => Ok(items),
        // What lists objects: the answer of ListObjectsV2, whose Contents are the items.
        Value::Object(mut answer) if config.input_type.is_none() => match answer.remove("Contents")
        {
            Some(Value::Array(items)) => Ok(items),
            _ => Err(invalid("an array")),
        },
        Value::Object(fields) => {
            let item = |(key, value)| {
                Value::Object(
                    [("Key".to_owned(), Value::String(key)), ("Value".into(), value)]
                        .into_iter()
                        .collect(),
                )
            };
            Ok(fields.into_iter().map(item).collect())
        }
        _ => Err(invalid("an array")),
    }
}

fn invalid(what: &str) -> Refused {
    Refused::validation(format!("MapItemReaderData must be {what}"))
}
