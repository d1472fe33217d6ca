//! Paths: reading them, selecting with them, writing where they point.

use super::{
    Target,
    document::{self, document},
    mutate::Mutator,
    paths,
};
use crate::random::Random;
use serde_json::{Value, json};
use std::time::Duration;
use stepwright::query::jsonpath::{Path, PathError, ReferencePath, Scope, Selection};

/// The paths of the unit tests.
const TABLE: &str = include_str!("../../../runtime/core/src/query/jsonpath/jayway.tsv");

const WORDS: &[&str] = &[
    "$",
    "$$",
    "@",
    "..",
    "[*]",
    "[?(",
    ")]",
    "[?(@.a",
    "&&",
    "||",
    "!",
    "==",
    "=~",
    "/a/i",
    "in",
    "['",
    "']",
    "[\"",
    ",",
    ":",
    ".length()",
    ".index(",
    "\\'",
    "\\u0000",
    "[-1]",
    "[99999999999]",
    "[?(@)]",
    "[?($)]",
];

/// The reader and the evaluator of paths.
#[derive(Debug)]
pub(super) struct JsonPath(Mutator);

impl JsonPath {
    pub(super) fn new() -> Self {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        let paths = rows.filter_map(|row| Some(row.split('\t').next()?.to_owned()));
        Self(Mutator::of_texts(paths.collect(), WORDS))
    }
}

impl Target for JsonPath {
    fn name(&self) -> &'static str {
        "jsonpath"
    }

    fn input(&self, random: &mut Random) -> String {
        let path = match random.below(10) {
            0..=2 => self.0.text(random),
            3 => paths::nested(random),
            _ => paths::path(random, 3),
        };
        let (one, other) = (document(random, 5), document(random, 2));
        json!({"path": path, "document": one, "value": other}).to_string()
    }

    fn run(&self, input: &str) -> Result<(), String> {
        let Some(input) = document::read(input) else { return Ok(()) };
        let Some(text) = input.get("path").and_then(Value::as_str) else { return Ok(()) };
        let document = input.get("document").cloned().unwrap_or_default();
        let path = match Path::parse(text) {
            Ok(path) => path,
            Err(error) => return inside(text, &error),
        };
        let again = Path::parse(path.text())
            .map_err(|error| format!("its own text is refused: {error}"))?;
        let variables = json!({"v": &document});
        let Value::Object(variables) = &variables else { return Ok(()) };
        let scope = Scope::new(&document, 1).context(&document).variables(variables);
        let selected = path.evaluate(&scope);
        if again.evaluate(&scope).map(Selection::into_value)
            != selected.clone().map(Selection::into_value)
        {
            return Err("its own text selects something else".to_owned());
        }
        if let Ok(selected) = &selected
            && matches!(selected, Selection::One(_)) != path.is_definite()
        {
            return Err(format!("whether it selects one: {selected:?}"));
        }
        writes(text, &document, input.get("value").unwrap_or(&Value::Null))
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(1)
    }
}

fn inside(text: &str, error: &PathError) -> Result<(), String> {
    match text.get(error.offset..) {
        Some(_) => Ok(()),
        None => Err(format!("the error is shown outside of the text: {error:?}")),
    }
}

/// What was written where a reference path points is there afterwards; what could not be written
/// has changed nothing.
fn writes(text: &str, document: &Value, value: &Value) -> Result<(), String> {
    let path = match ReferencePath::parse(text) {
        Ok(path) => path,
        Err(error) => return inside(text, &error),
    };
    if !path.path().is_definite() {
        return Err("a reference path may select several".to_owned());
    }
    let mut changed = document.clone();
    if path.set(&mut changed, value.clone()).is_err() {
        return if changed == *document {
            Ok(())
        } else {
            Err("a failed write has changed something".to_owned())
        };
    }
    match path.path().select(&changed).map(Selection::into_value) {
        Ok(read) if *read == *value => Ok(()),
        read => Err(format!("what was written is not there: {read:?}")),
    }
}
