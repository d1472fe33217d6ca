//! Whether a definition may be a machine, and how that is said in AWS's words.

use super::Kind;
use crate::{
    asl::{AwsDiagnostic, Definition, MachineType, answer, refusal},
    service::{Engine, Error, Exception},
};

/// A finding about a definition, as `ValidateStateMachineDefinition` shows it.
pub type Finding = AwsDiagnostic;

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
        let kind = match kind {
            Kind::Express => MachineType::Express,
            Kind::Standard => MachineType::Standard,
        };
        let (_, found) = Definition::check_as(&definition, kind);
        let findings = answer(&definition, &found);
        (definition, findings)
    });
    validated.await.map_err(|_| Error::ShutDown)
}

/// Gives a definition back, or refuses it if it has errors.
pub(super) async fn refuse(definition: String, kind: Kind) -> Result<String, Exception> {
    let (definition, findings) = validated(definition, kind).await?;
    match refusal(&findings) {
        Some(message) => Err(Exception::InvalidDefinition(message)),
        None => Ok(definition),
    }
}
