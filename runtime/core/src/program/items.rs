//! Items of a distributed Map, from the text of the object in which they are kept.

use crate::{asl::ReaderConfig, query::java::set_order};
use indexmap::IndexSet;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How the items stand in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemFormat {
    /// Rows of fields.
    Csv {
        /// What stands between two fields.
        delimiter: char,
        /// The names of the columns; without them they are in the first row.
        headers: Option<Vec<String>>,
    },
    /// One JSON document.
    Json {
        /// Where in it the array is, as a JSON pointer; without it the document is the array.
        pointer: Option<String>,
    },
    /// A JSON value a line.
    JsonLines,
    /// A format that is not read here, by its name.
    Other(String),
}

impl ItemFormat {
    /// The format that a reader's configuration names.
    pub fn of(config: &ReaderConfig) -> Self {
        match config.input_type.as_deref() {
            None | Some("JSON") => Self::Json { pointer: config.items_pointer.clone() },
            Some("JSONL") => Self::JsonLines,
            Some("CSV") => Self::Csv {
                delimiter: match config.csv_delimiter.as_deref() {
                    Some("PIPE") => '|',
                    Some("SEMICOLON") => ';',
                    Some("SPACE") => ' ',
                    Some("TAB") => '\t',
                    _ => ',',
                },
                headers: config.csv_headers.clone(),
            },
            Some(other) => Self::Other(other.to_owned()),
        }
    }

    /// Reads the items of a text, at most so many.
    ///
    /// # Errors
    /// The text has another format: AWS's words where they are known.
    pub fn read(&self, text: &str, most: usize) -> Result<Vec<Value>, String> {
        // Editors of some systems mark UTF-8 so; it is no part of the first field.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match self {
            Self::Csv { delimiter, headers } => csv(text, *delimiter, headers.as_deref(), most),
            Self::Json { pointer } => json(text, pointer.as_deref(), most),
            Self::JsonLines => lines(text, most),
            Self::Other(name) => Err(format!(
                "Items in the format {name} are not read here: write CSV, JSON or JSONL."
            )),
        }
    }
}

fn json(text: &str, pointer: Option<&str>, most: usize) -> Result<Vec<Value>, String> {
    let mut document: Value =
        serde_json::from_str(text).map_err(|why| format!("The object is no JSON: {why}."))?;
    let found = match pointer {
        None => document,
        Some(pointer) => match document.pointer_mut(pointer) {
            Some(found) => found.take(),
            None => return Err(format!("The object has nothing at '{pointer}'.")),
        },
    };
    match found {
        Value::Array(mut items) => {
            items.truncate(most);
            Ok(items)
        }
        _ => Err("Attempting to map over non-iterable node.".to_owned()),
    }
}

fn lines(text: &str, most: usize) -> Result<Vec<Value>, String> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).take(most);
    let read = lines.map(|(number, line)| {
        serde_json::from_str(line).map_err(|why| format!("Line {number} is no JSON: {why}."))
    });
    read.collect()
}

/// The rows as objects. Fields without a header are left out, missing ones are empty (recorded).
fn csv(
    text: &str,
    delimiter: char,
    headers: Option<&[String]>,
    most: usize,
) -> Result<Vec<Value>, String> {
    let mut rows = Rows { characters: text.chars().peekable(), delimiter, line: 1 };
    let headers = match headers {
        Some(headers) => headers.to_vec(),
        None => rows.next().transpose()?.unwrap_or_default(),
    };
    if headers.iter().collect::<IndexSet<_>>().len() < headers.len() {
        return Err("CSV headers cannot contain duplicates.".to_owned());
    }
    // AWS keeps the fields of a row in a hash map (recorded).
    let names: Vec<Value> = headers.iter().cloned().map(Value::from).collect();
    let order: Vec<&Value> = set_order(names.iter());
    let columns = order.into_iter().filter_map(|name| {
        Some((name.as_str()?, headers.iter().position(|header| name == header.as_str())?))
    });
    let columns: Vec<(&str, usize)> = columns.collect();
    let object = |row: Vec<String>| {
        let field = |index: usize| row.get(index).cloned().unwrap_or_default();
        let fields = columns.iter().map(|(name, index)| ((*name).to_owned(), field(*index).into()));
        Value::Object(fields.collect::<Map<_, _>>())
    };
    rows.take(most).map(|row| row.map(object)).collect()
}

/// The rows of a CSV text, by RFC 4180; lines without a character are none.
struct Rows<'a> {
    characters: std::iter::Peekable<std::str::Chars<'a>>,
    delimiter: char,
    /// The line that comes next, from 1.
    line: usize,
}

impl Iterator for Rows<'_> {
    type Item = Result<Vec<String>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(end) = self.characters.next_if(|c| matches!(c, '\r' | '\n')) {
            self.line += usize::from(end == '\n');
        }
        self.characters.peek()?;
        let (mut row, mut field, mut quoted) = (Vec::new(), String::new(), None);
        while let Some(c) = self.characters.next() {
            self.line += usize::from(c == '\n');
            match (c, quoted) {
                ('"', Some(_)) if self.characters.next_if_eq(&'"').is_some() => field.push('"'),
                ('"', Some(_)) => quoted = None,
                (c, Some(_)) => field.push(c),
                ('"', None) if field.is_empty() => quoted = Some(self.line),
                (c, None) if c == self.delimiter => row.push(std::mem::take(&mut field)),
                ('\r', None) if self.characters.peek() == Some(&'\n') => {}
                ('\n', None) => break,
                (c, None) => field.push(c),
            }
        }
        row.push(field);
        Some(match quoted {
            None => Ok(row),
            Some(line) => Err(format!("Line {line} opens a quote that nothing closes.")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ItemFormat;
    use serde_json::{Value, json};

    const HEADED: ItemFormat = ItemFormat::Csv { delimiter: ',', headers: None };

    fn given(delimiter: char, headers: &[&str]) -> ItemFormat {
        let headers = headers.iter().map(|header| (*header).to_owned()).collect();
        ItemFormat::Csv { delimiter, headers: Some(headers) }
    }

    #[track_caller]
    fn check(format: &ItemFormat, text: &str, expected: Value) {
        let read = format.read(text, usize::MAX).map(Value::Array);
        assert_eq!(read, Ok(expected), "{format:?} of {text:?}");
    }

    #[track_caller]
    fn check_refused(format: &ItemFormat, text: &str, why: &str) {
        assert_eq!(format.read(text, usize::MAX), Err(why.to_owned()), "{format:?} of {text:?}");
    }

    #[test]
    fn rows_of_csv_are_objects_of_texts() {
        check(&HEADED, "a,b\n1,x\n2,y", json!([{ "a": "1", "b": "x" }, { "a": "2", "b": "y" }]));
        check(&HEADED, "a,b\r\n1,x\r\n", json!([{ "a": "1", "b": "x" }]));
        check(&given('|', &["a", "b"]), "1|x\n", json!([{ "a": "1", "b": "x" }]));
        check(&HEADED, "\u{feff}a\n1\n", json!([{ "a": "1" }]));
    }

    #[test]
    fn quoted_fields_keep_delimiters_quotes_and_line_ends() {
        check(&HEADED, "a,b\n\"1,2\",\"x\ny\"\n", json!([{ "a": "1,2", "b": "x\ny" }]));
        check(&HEADED, "a\n\"say \"\"hi\"\"\"\n", json!([{ "a": "say \"hi\"" }]));
        check(&HEADED, "a\nit's 5\" wide\n", json!([{ "a": "it's 5\" wide" }]));
    }

    #[test]
    fn a_quote_that_nothing_closes_is_no_csv() {
        check_refused(&HEADED, "a\n1\n\n\"2\n3\n", "Line 4 opens a quote that nothing closes.");
        check_refused(&HEADED, "\"a\n1\n", "Line 1 opens a quote that nothing closes.");
        assert_eq!(HEADED.read("a\n1\n\"2", 1), Ok(vec![json!({ "a": "1" })]), "not reached");
    }

    #[test]
    fn missing_fields_are_empty_and_those_without_a_header_are_left_out() {
        check(&HEADED, "a,b\n1\n", json!([{ "a": "1", "b": "" }]));
        check(&HEADED, "a\n1,2,3\n", json!([{ "a": "1" }]));
        check(&HEADED, "a,\n1,2\n", json!([{ "a": "1", "": "2" }]));
    }

    #[test]
    fn fields_are_in_the_order_of_a_hash_map() {
        let read = HEADED.read("H1,\n1,2\n", usize::MAX).unwrap();
        assert_eq!(Value::Array(read).to_string(), r#"[{"":"2","H1":"1"}]"#);
        // As the guide of AWS shows a row of its file of ratings.
        let read = HEADED.read("userId,movieId,rating,timestamp\n1,307,3.5,12\n", 1).unwrap();
        let expected = r#"[{"rating":"3.5","movieId":"307","userId":"1","timestamp":"12"}]"#;
        assert_eq!(Value::Array(read).to_string(), expected);
    }

    #[test]
    fn a_line_without_a_character_is_no_row_and_one_of_delimiters_or_blanks_is() {
        check(&HEADED, "a,b\n\n,\n  \n\n", json!([{ "a": "", "b": "" }, { "a": "  ", "b": "" }]));
        check(&HEADED, "", json!([]));
        check(&HEADED, "a,b\n", json!([]));
    }

    #[test]
    fn headers_are_different() {
        check_refused(&HEADED, "a,a\n1,2\n", "CSV headers cannot contain duplicates.");
        check_refused(&given(',', &["a", "a"]), "", "CSV headers cannot contain duplicates.");
    }

    #[test]
    fn a_json_document_is_an_array_or_has_one_at_the_pointer() {
        let whole = ItemFormat::Json { pointer: None };
        let at = ItemFormat::Json { pointer: Some("/orders/0".to_owned()) };
        check(&whole, "[1, {\"a\": 2}]", json!([1, { "a": 2 }]));
        check(&at, "{\"orders\": [[1, 2]]}", json!([1, 2]));
        check_refused(&whole, "{\"a\": 1}", "Attempting to map over non-iterable node.");
        check_refused(&at, "{\"orders\": []}", "The object has nothing at '/orders/0'.");
        check_refused(
            &whole,
            "[1",
            "The object is no JSON: EOF while parsing a list at line 1 column 2.",
        );
    }

    #[test]
    fn json_lines_are_values_and_empty_lines_are_none() {
        check(&ItemFormat::JsonLines, "{\"a\": 1}\n\n2\r\n", json!([{ "a": 1 }, 2]));
        check_refused(
            &ItemFormat::JsonLines,
            "1\n\nx",
            "Line 3 is no JSON: expected value at line 1 column 1.",
        );
    }

    #[test]
    fn no_more_items_are_read_than_asked_for() {
        let texts = [
            (HEADED, "a\n1\n2\n3\n"),
            (ItemFormat::Json { pointer: None }, "[1, 2, 3]"),
            (ItemFormat::JsonLines, "1\n2\nnot reached"),
        ];
        for (format, text) in texts {
            assert_eq!(format.read(text, 2).map(|items| items.len()), Ok(2), "{format:?}");
        }
    }

    #[test]
    fn other_formats_are_refused_by_name() {
        let why = "Items in the format PARQUET are not read here: write CSV, JSON or JSONL.";
        check_refused(&ItemFormat::Other("PARQUET".to_owned()), "", why);
    }
}
