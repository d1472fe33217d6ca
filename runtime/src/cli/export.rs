//! `export` and `graph`: what a definition becomes outside.

use super::{
    args::{ExportArguments, Format, Tasks},
    error::Error,
    out::Out,
};
use crate::{
    asl::Definition,
    export::{
        arns::{Arns, place},
        asl, mermaid,
    },
    registry::{Registered, Registry},
};
use serde_json::json;

/// Prints a flowchart.
pub(super) fn graph(definition: &Definition, out: Out) -> Result<(), Error> {
    let flowchart = mermaid::flowchart(definition);
    if out.json {
        return Out::result(&format!("{:#}", json!({"format": "mermaid", "text": flowchart})));
    }
    Out::raw(&flowchart)
}

/// Prints a definition.
pub(super) fn export(
    registry: &Registry,
    workflow: &Registered,
    arguments: ExportArguments,
    out: Out,
) -> Result<(), Error> {
    let ExportArguments { workflow: _, format, tasks, home, substitutions } = arguments;
    if format == Format::Mermaid {
        return graph(workflow.program.definition(), out);
    }
    let name = workflow.def.name;
    if !workflow.def.export {
        return Err(Error::usage(format!("`{name}` is marked `export = false`"))
            .help("it may hold Rust that has no form in JSONata; remove the mark to see what"));
    }
    let tasks = match tasks {
        Tasks::Activity => asl::Tasks::Activity,
        Tasks::Lambda => asl::Tasks::Lambda,
    };
    let mut definition = asl::bind(workflow.program.definition().clone(), tasks, registry);
    let arns = if substitutions { Arns::Substitutions } else { Arns::Home(home.home()) };
    let needed = place(&mut definition, &arns);
    Out::raw(&definition.to_text())?;
    if !needed.is_empty() {
        let needed: Vec<_> = needed.into_iter().collect();
        out.note(&format!("to be filled in: {}", needed.join(", ")));
    }
    Ok(())
}
