//! JSON with places to [`Definition`]. Never stops at the first mistake.

mod choice;
mod fields;
mod flow;
mod map;
mod state;

use super::{
    Branch, Code, Definition, Diagnostic, Node, ProcessorConfig, QueryLanguage, States,
    diagnostic::below,
};
use fields::{Fields, Found};
use indexmap::IndexMap;

pub(super) use fields::is_placeholder;

/// What reading a text gives.
pub(super) struct Parsed {
    /// The definition, without what no definition can hold; `None` if there is nothing to build on.
    pub(super) definition: Option<Definition>,
    /// Whether something was left out.
    pub(super) incomplete: bool,
    pub(super) found: Vec<Diagnostic>,
}

/// Builds the definition.
pub(super) fn parse(source: &Node) -> Parsed {
    let mut found = Found::default();
    let definition = machine(source, &mut found);
    Parsed { definition, incomplete: found.incomplete, found: found.all }
}

fn machine(source: &Node, found: &mut Found) -> Option<Definition> {
    let mut fields = Fields::open(source, "", "a state machine", found)?;
    let comment = fields.string("Comment", found);
    let language = query_language(&mut fields, found).unwrap_or(QueryLanguage::JsonPath);
    let mut fields = fields.speaking(language);
    let definition = Definition {
        comment,
        query_language: language,
        version: fields.choice("Version", &["1.0"], found),
        timeout_seconds: fields.template("TimeoutSeconds"),
        states: states(&mut fields, found),
    };
    fields.close(found);
    Some(definition)
}

/// Reads a QueryLanguage.
fn query_language(fields: &mut Fields<'_>, found: &mut Found) -> Option<QueryLanguage> {
    match fields.choice("QueryLanguage", &["JSONPath", "JSONata"], found)?.as_str() {
        "JSONPath" => Some(QueryLanguage::JsonPath),
        // What is written for a misspelt name is most likely meant for JSONata.
        _ => Some(QueryLanguage::Jsonata),
    }
}

/// Reads StartAt and States of a scope; its states speak the language of `fields` unless they say
/// otherwise.
fn states(fields: &mut Fields<'_>, found: &mut Found) -> States {
    let start_at = fields.required("StartAt", found);
    let start_at = start_at.and_then(|node| fields.as_string("StartAt", node, found));
    let node = fields.required("States", found);
    let pointer = below(fields.pointer(), "States");
    let scope = node.and_then(|node| Fields::open(node, &pointer, "States", found));
    found.incomplete |= start_at.is_none() || scope.is_none();
    let mut states = IndexMap::new();
    for (name, node) in scope.iter().flat_map(Fields::all) {
        match state::state(node, &below(&pointer, &name), fields.language(), found) {
            Some(state) => {
                states.insert(name, state);
            }
            None => found.incomplete = true,
        }
    }
    States { start_at: start_at.unwrap_or_default(), states }
}

/// Reads a branch of a Parallel, or the processor of a Map, in a machine of that language.
fn branch(
    node: &Node,
    pointer: &str,
    (what, machine): (&str, QueryLanguage),
    found: &mut Found,
) -> Option<Branch> {
    let mut fields = Fields::open(node, pointer, what, found)?.speaking(machine);
    let comment = fields.string("Comment", found);
    let config = fields
        .take("ProcessorConfig")
        .and_then(|node| processor_config(node, &below(pointer, "ProcessorConfig"), found));
    if fields.take("QueryLanguage").is_some() {
        found.push(
            fields
                .finding(
                    Code::InnerQueryLanguage,
                    "QueryLanguage",
                    format!("{what} has no QueryLanguage of its own"),
                )
                .help("its states have the language of the machine, or name one each"),
        );
    }
    let states = states(&mut fields, found);
    fields.close(found);
    Some(Branch { comment, states, config })
}

fn processor_config(node: &Node, pointer: &str, found: &mut Found) -> Option<ProcessorConfig> {
    let mut fields = Fields::open(node, pointer, "ProcessorConfig", found)?;
    let mode = fields.choice("Mode", &["INLINE", "DISTRIBUTED"], found);
    let execution_type = fields.choice("ExecutionType", &["STANDARD", "EXPRESS"], found);
    fields.close(found);
    Some(ProcessorConfig { mode, execution_type })
}
