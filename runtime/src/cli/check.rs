//! `check`: the rules of Step Functions, applied to workflows or to files.

use super::{
    Exit,
    error::Error,
    out::{Out, Style},
    plural, render,
};
use crate::{
    asl::{Definition, Diagnostic, MachineType, States},
    registry::{Registry, RegistryError},
    workflow::State,
};
use serde_json::{Value, json};
use std::process::ExitCode;

/// A text that was checked.
pub(super) struct Checked {
    /// What to call it: a workflow or a file.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) definition: Option<Definition>,
    pub(super) found: Vec<Diagnostic>,
}

impl Checked {
    pub(super) fn new(name: String, text: String, kind: MachineType) -> Self {
        let (definition, found) = Definition::check_as(&text, kind);
        Self { name, text, definition, found }
    }

    fn errors(&self) -> usize {
        self.found.iter().filter(|found| found.is_error()).count()
    }
}

/// Checks the exports of all workflows.
pub(super) fn workflows(registry: &Registry, out: Out) -> Result<ExitCode, Error> {
    let mut checked = Vec::new();
    for workflow in registry.workflows() {
        if workflow.def.export {
            let text = workflow.program.definition().to_text();
            checked.push(Checked::new(workflow.def.name.to_owned(), text, MachineType::Standard));
        } else {
            out.note(&format!("{}: not exported, not checked", workflow.def.name));
        }
    }
    let shown = show(&checked, out)?;
    // Missing state is the host's to provide; names are wrong for every host.
    let problems = registry.problems(&State::new()).into_iter();
    let twice: Vec<_> =
        problems.filter(|problem| matches!(problem, RegistryError::Duplicate { .. })).collect();
    for problem in &twice {
        out.error(&Error { exit: Exit::Failed, message: problem.to_string(), help: None });
    }
    Ok(if twice.is_empty() { shown } else { Exit::Failed.into() })
}

/// Prints findings and counts; gives the exit code.
pub(super) fn show(checked: &[Checked], out: Out) -> Result<ExitCode, Error> {
    if out.json {
        let all: Vec<_> = checked.iter().map(as_json).collect();
        Out::result(&format!("{:#}", Value::from(all)))?;
    } else {
        for each in checked {
            let place = if each.name.contains('.') {
                each.name.clone()
            } else {
                format!("{}.asl.json", each.name)
            };
            Out::raw(&render::diagnostics(&each.text, &place, &each.found, out.colored()))?;
            Out::result(&summary(each, out))?;
        }
    }
    let failed = checked.iter().any(|each| each.errors() > 0);
    Ok(if failed { Exit::Failed.into() } else { ExitCode::SUCCESS })
}

fn summary(checked: &Checked, out: Out) -> String {
    let errors = checked.errors();
    let warnings = checked.found.len() - errors;
    let states = checked.definition.as_ref().map_or(0, |it| count(&it.states));
    let verdict = match (errors, warnings) {
        (0, 0) => out.out(Style::Good, "no findings"),
        (0, _) => out.out(Style::Warn, &plural(warnings, "warning")),
        (_, 0) => out.out(Style::Bad, &plural(errors, "error")),
        _ => {
            let both = format!("{}, {}", plural(errors, "error"), plural(warnings, "warning"));
            out.out(Style::Bad, &both)
        }
    };
    format!("{}: {}, {verdict}", checked.name, plural(states, "state"))
}

/// States of all scopes.
fn count(scope: &States) -> usize {
    let inner = scope.states.values().flat_map(|state| state.scopes());
    scope.states.len() + inner.map(|(_, scope)| count(scope)).sum::<usize>()
}

fn as_json(checked: &Checked) -> Value {
    let found: Vec<_> = checked
        .found
        .iter()
        .map(|each| {
            let place = each.span.as_ref().map(|span| render::position(&checked.text, span.start));
            json!({
                "code": each.code.as_str(),
                "severity": if each.is_error() { "error" } else { "warning" },
                "message": each.message,
                "pointer": each.pointer,
                "line": place.map(|(line, _)| line),
                "column": place.map(|(_, column)| column),
                "help": each.help,
            })
        })
        .collect();
    json!({"name": checked.name, "findings": found})
}
