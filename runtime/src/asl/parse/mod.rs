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
use fields::Fields;
use indexmap::IndexMap;

/// Builds the definition; `None` if a mistake left something that no definition can hold.
pub(super) fn parse(source: &Node, found: &mut Vec<Diagnostic>) -> Option<Definition> {
    let mut fields = Fields::open(source, "", "a state machine", found)?;
    let comment = fields.string("Comment", found);
    let language = query_language(&mut fields, found).unwrap_or(QueryLanguage::JsonPath);
    let mut fields = fields.speaking(language);
    let definition = Definition {
        comment,
        query_language: language,
        version: fields.string("Version", found),
        timeout_seconds: fields.template("TimeoutSeconds"),
        states: states(&mut fields, found)?,
    };
    fields.close(found);
    Some(definition)
}

/// Reads a QueryLanguage.
fn query_language(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<QueryLanguage> {
    let language = fields.string("QueryLanguage", found)?;
    match language.as_str() {
        "JSONata" => Some(QueryLanguage::Jsonata),
        "JSONPath" => Some(QueryLanguage::JsonPath),
        other => {
            found.push(
                fields
                    .finding(
                        Code::UnknownValue,
                        "QueryLanguage",
                        format!("there is no query language `{other}`"),
                    )
                    .help("write `JSONata` or `JSONPath`"),
            );
            None
        }
    }
}

/// Reads StartAt and States of a scope; its states speak the language of `fields` unless they say
/// otherwise.
fn states(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<States> {
    let start_at = fields.required("StartAt", found);
    let start_at = start_at.and_then(|node| fields.as_string("StartAt", node, found));
    let node = fields.required("States", found)?;
    let pointer = below(fields.pointer(), "States");
    let scope = Fields::open(node, &pointer, "States", found)?;
    let mut states = IndexMap::new();
    let mut complete = true;
    for (name, node) in scope.all() {
        match state::state(node, &below(&pointer, &name), fields.language(), found) {
            Some(state) => {
                states.insert(name, state);
            }
            None => complete = false,
        }
    }
    complete.then_some(States { start_at: start_at?, states })
}

/// Reads a branch of a Parallel, or the processor of a Map, in a machine of that language.
fn branch(
    node: &Node,
    pointer: &str,
    (what, machine): (&str, QueryLanguage),
    found: &mut Vec<Diagnostic>,
) -> Option<Branch> {
    let mut fields = Fields::open(node, pointer, what, found)?.speaking(machine);
    let comment = fields.string("Comment", found);
    let config = fields
        .take("ProcessorConfig")
        .and_then(|node| processor_config(node, &below(pointer, "ProcessorConfig"), found));
    if fields.take("QueryLanguage").is_some() {
        found.push(fields.finding(
            Code::InnerQueryLanguage,
            "QueryLanguage",
            format!("{what} has no QueryLanguage of its own"),
        ));
    }
    let states = states(&mut fields, found);
    fields.close(found);
    Some(Branch { comment, states: states?, config })
}

fn processor_config(
    node: &Node,
    pointer: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<ProcessorConfig> {
    let mut fields = Fields::open(node, pointer, "ProcessorConfig", found)?;
    let mode = fields.string("Mode", found);
    let execution_type = fields.string("ExecutionType", found);
    match mode.as_deref() {
        None | Some("INLINE" | "DISTRIBUTED") => {}
        Some(other) => found.push(
            fields
                .finding(Code::UnknownValue, "Mode", format!("there is no mode `{other}`"))
                .help("write `INLINE` or `DISTRIBUTED`"),
        ),
    }
    fields.close(found);
    Some(ProcessorConfig { mode, execution_type })
}
