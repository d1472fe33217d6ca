//! Which variables each state reads, as `DescribeStateMachine` tells it.

use super::{Definition, QueryLanguage, States, print::print_state};
use crate::query::jsonata::{Expression, is_function_name};
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::BTreeSet;

/// Fields of JSONPath states whose keys that end in `.$` have paths.
const TEMPLATES: &[&str] = &[
    "Parameters",
    "ResultSelector",
    "Assign",
    "ItemSelector",
    "BatchInput",
    "Credentials",
    "Arguments",
];

/// Fields that hold states of their own, or plain data.
const OPAQUE: &[&str] = &["Branches", "ItemProcessor", "Iterator", "Result", "Comment"];

impl Definition {
    /// The variables that each state reads, by the state's name; a state that reads none is left
    /// out.
    pub fn variable_references(&self) -> IndexMap<String, BTreeSet<String>> {
        let mut found = IndexMap::new();
        scope(&self.states, self.query_language, &mut found);
        found
    }
}

fn scope(states: &States, machine: QueryLanguage, found: &mut IndexMap<String, BTreeSet<String>>) {
    for (name, state) in &states.states {
        let mut names = BTreeSet::new();
        let printed = print_state(state);
        match state.query_language(machine) {
            QueryLanguage::Jsonata => expressions(&printed, &mut names),
            QueryLanguage::JsonPath => paths(&printed, Place::State, &mut names),
        }
        if !names.is_empty() {
            found.insert(name.clone(), names);
        }
        for (_, inner) in state.scopes() {
            scope(inner, machine, found);
        }
    }
}

/// Collects what the expressions of a JSONata state read.
fn expressions(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let inner = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}"));
            let Some(Ok((expression, _))) = inner.map(Expression::compile_all) else { return };
            let read = expression.variables().iter();
            let own = read.filter(|name| *name != "states" && !is_function_name(name));
            names.extend(own.cloned());
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, names)),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(key, _)| !OPAQUE.contains(&key.as_str()));
            fields.for_each(|(_, field)| expressions(field, names));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Where a value of a JSONPath state stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Among the fields of the language.
    State,
    /// In a template, where only keys that end in `.$` have paths.
    Template,
}

/// Collects what the paths and intrinsic functions of a JSONPath state read.
fn paths(value: &Value, place: Place, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| paths(item, place, names)),
        Value::Object(fields) => {
            for (key, field) in fields {
                let is_path = match place {
                    Place::State => key.ends_with("Path") || key == "Variable",
                    Place::Template => key.ends_with(".$"),
                };
                match field {
                    Value::String(text) if is_path => variables(text, names),
                    _ if place == Place::State && OPAQUE.contains(&key.as_str()) => {}
                    _ if TEMPLATES.contains(&key.as_str()) => paths(field, Place::Template, names),
                    _ => paths(field, place, names),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Collects the variables of a path or an intrinsic function: `$name`, but neither `$.` nor `$$`,
/// and nothing in quotes.
fn variables(text: &str, names: &mut BTreeSet<String>) {
    let mut rest = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            '\'' => quoted = !quoted,
            '$' if !quoted => {
                if rest.next_if_eq(&'$').is_some() {
                    continue;
                }
                let mut name = String::new();
                while let Some(c) = rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                if !name.is_empty() {
                    names.insert(name);
                }
            }
            _ => {}
        }
    }
}
