//! The items of a Map that reads them elsewhere, from data as its `ItemReader` finds it.

use super::Refused;
use crate::{
    asl::{ItemReader, ReaderConfig},
    program::Data,
};
use serde_json::{Map, Value};

/// Reads the data as the reader says.
pub(super) fn read(reader: &ItemReader, data: &str) -> Result<Vec<Data>, Refused> {
    let config = reader.config.clone().unwrap_or_default();
    let items = match config.input_type.as_deref() {
        Some("CSV") => csv(&config, data),
        Some("JSONL") => lines(data)?,
        _ => document(&config, data)?,
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

fn lines(data: &str) -> Result<Vec<Value>, Refused> {
    let lines = data.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).map_err(|_| invalid("valid JSON lines"))).collect()
}

fn invalid(what: &str) -> Refused {
    Refused::validation(format!("MapItemReaderData must be {what}"))
}

/// The rows of a CSV file as objects; more fields than headers are left out.
fn csv(config: &ReaderConfig, data: &str) -> Vec<Value> {
    let delimiter = match config.csv_delimiter.as_deref() {
        Some("PIPE") => '|',
        Some("SEMICOLON") => ';',
        Some("SPACE") => ' ',
        Some("TAB") => '\t',
        _ => ',',
    };
    let mut rows = rows(data, delimiter).into_iter();
    let headers = match &config.csv_headers {
        Some(headers) => headers.clone(),
        None => rows.next().unwrap_or_default(),
    };
    let object = |row: Vec<String>| {
        let missing = std::iter::repeat(String::new());
        let fields = headers.iter().cloned().zip(row.into_iter().chain(missing));
        Value::Object(fields.map(|(name, value)| (name, value.into())).collect::<Map<_, _>>())
    };
    rows.map(object).collect()
}

/// Splits CSV into rows of fields, by RFC 4180.
fn rows(data: &str, delimiter: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut characters) = (false, data.chars().peekable());
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted || field.is_empty() => quoted = !quoted,
            c if quoted => field.push(c),
            c if c == delimiter => row.push(std::mem::take(&mut field)),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows.retain(|row| row.iter().any(|field| !field.is_empty()));
    rows
}
