//! `check`: the rules of Step Functions, applied to workflows or to files.

use super::{
    Exit,
    error::Error,
    out::{Out, Style},
    plural, render,
};
use crate::{
    asl::{Definition, Diagnostic, MachineType, States},
    registry::{Registered, Registry, RegistryError},
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

    /// Says that it has errors, where a command goes on all the same.
    pub(super) fn warn(&self, out: Out) {
        let errors = self.errors();
        if errors > 0 {
            let message = format!("{} has {}", self.name, plural(errors, "error"));
            out.warning(&message, Some("`check` shows what is wrong"));
        }
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
            checked.push(of_workflow(workflow));
        } else {
            out.note(&format!("{}: not exported, not checked", workflow.def.name));
        }
    }
    if checked.is_empty() {
        out.note("this program has no workflow that is exported");
    }
    let shown = show(&checked, out)?;
    let twice = named_twice(registry);
    for problem in &twice {
        out.error(&Error::new(Exit::Failed, problem.as_str()));
    }
    Ok(if twice.is_empty() { shown } else { Exit::Failed.into() })
}

/// Says what is wrong with a workflow and its program, where a command goes on all the same.
pub(super) fn warn(registry: &Registry, workflow: &Registered, out: Out) {
    if workflow.def.export {
        of_workflow(workflow).warn(out);
    }
    for problem in named_twice(registry) {
        out.warning(&problem, None);
    }
}

fn of_workflow(workflow: &Registered) -> Checked {
    let text = workflow.program.definition().to_text();
    Checked::new(workflow.def.name.to_owned(), text, MachineType::Standard)
}

/// Missing state is the host's to provide; names are wrong for every host.
fn named_twice(registry: &Registry) -> Vec<String> {
    let problems = registry.problems(&State::new()).into_iter();
    let twice = problems.filter(|problem| matches!(problem, RegistryError::Duplicate { .. }));
    twice.map(|problem| problem.to_string()).collect()
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
    let found = checked.found.iter().map(|each| render::as_json(&checked.text, each));
    json!({"name": checked.name, "findings": found.collect::<Vec<_>>()})
}

/// What follows from the errors of a definition, and all of them.
pub(super) fn refused(
    exit: Exit,
    (name, follows): (&str, &str),
    text: &str,
    errors: &[Diagnostic],
) -> Error {
    let message = format!("{name} has {}: {follows}", plural(errors.len(), "error"));
    let shown = render::diagnostics(text, name, errors, false);
    let data = errors.iter().map(|each| render::as_json(text, each)).collect();
    Error::new(exit, message).findings(shown, data)
}
