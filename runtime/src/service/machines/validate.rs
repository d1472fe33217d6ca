//! Whether a definition may be a machine, and how that is said in AWS's words.

use super::Kind;
use crate::{
    asl::{Code, Definition, Diagnostic, Severity, State, States},
    service::{Engine, Error, Exception},
};

/// A finding about a definition, as `ValidateStateMachineDefinition` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The kind of finding, by AWS's name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where: a JSON pointer, if it is not the definition as a whole.
    pub location: Option<String>,
}

impl Engine {
    /// Everything that is to say about a definition of a machine of that kind.
    pub async fn validate_state_machine_definition(
        &self,
        definition: String,
        kind: Kind,
    ) -> Result<Vec<Finding>, Exception> {
        Ok(validated(definition, kind).await?.1)
    }
}

/// Validates off the async threads: a large definition takes its time.
async fn validated(definition: String, kind: Kind) -> Result<(String, Vec<Finding>), Error> {
    let validated = tokio::task::spawn_blocking(move || {
        let findings = validate(&definition, kind);
        (definition, findings)
    });
    validated.await.map_err(|_| Error::ShutDown)
}

fn validate(definition: &str, kind: Kind) -> Vec<Finding> {
    let (parsed, found) = Definition::check(definition);
    let mut findings: Vec<_> = found.into_iter().map(finding).collect();
    if let (Some(definition), Kind::Express) = (&parsed, kind) {
        express(&definition.states, "", &mut findings);
    }
    findings
}

/// Gives a definition back, or refuses it if it has errors.
pub(super) async fn refuse(definition: String, kind: Kind) -> Result<String, Exception> {
    let (definition, mut errors) = validated(definition, kind).await?;
    errors.retain(|found| found.severity == Severity::Error);
    if errors.is_empty() {
        return Ok(definition);
    }
    Err(Exception::InvalidDefinition(text(&errors)))
}

/// The text of an `InvalidDefinition`.
fn text(errors: &[Finding]) -> String {
    let one = |found: &Finding| match &found.location {
        Some(location) => format!("{}: {} at {location}", found.code, found.message),
        None => format!("{}: {}", found.code, found.message),
    };
    errors.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn finding(found: Diagnostic) -> Finding {
    let code = match found.code {
        Code::Json => "INVALID_JSON_DESCRIPTION",
        _ => "SCHEMA_VALIDATION_FAILED",
    };
    let location = match found.pointer.as_str() {
        "" if found.code == Code::Json => None,
        "" => Some("/".to_owned()),
        _ => Some(found.pointer),
    };
    Finding { severity: found.severity, code, message: found.message, location }
}

/// What express machines can't do: wait for anything outside longer than for an answer.
fn express(states: &States, pointer: &str, findings: &mut Vec<Finding>) {
    for (name, state) in &states.states {
        let at = format!("{pointer}/States/{name}");
        if let State::Task(task) = state {
            let what = if task.resource.contains(":activity:") {
                Some("Activity ARN".to_owned())
            } else {
                let pattern = [".waitForTaskToken", ".sync:2", ".sync"]
                    .into_iter()
                    .find(|pattern| task.resource.ends_with(pattern));
                pattern.map(|pattern| format!("'{pattern}' service integration "))
            };
            findings.extend(what.map(|what| Finding {
                severity: Severity::Error,
                code: "SCHEMA_VALIDATION_FAILED",
                message: format!("Express state machine does not support {what}"),
                location: Some(format!("{at}/Resource")),
            }));
        }
        for (below, inner) in state.scopes() {
            express(inner, &format!("{at}{below}"), findings);
        }
    }
}
