//! What a client says of a machine beside its definition, and whether it may.

use super::{Encryption, EncryptionKind, LogLevel, Logging, Settings};
use crate::service::Exception;

/// Settings as a client gives them: what is absent stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// ARN of the role.
    pub role_arn: Option<String>,
    /// What is logged.
    pub logging: Option<Logging>,
    /// Whether executions are traced.
    pub tracing: Option<bool>,
    /// How data are encrypted.
    pub encryption: Option<Encryption>,
}

impl Given {
    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it may be said.
    pub(super) fn check(&self) -> Result<(), Exception> {
        let Self { role_arn, logging, tracing: _, encryption } = self;
        if let Some(role) = role_arn.as_ref().filter(|role| !role.starts_with("arn:")) {
            return Err(Exception::InvalidArn(format!("Invalid Role Arn: {role}")));
        }
        if let Some(logging) = logging {
            check_logging(logging)?;
        }
        if let Some(encryption) = encryption {
            check_encryption(encryption)?;
        }
        Ok(())
    }

    /// The settings after what is said.
    pub(super) fn over(self, before: &Settings) -> Settings {
        let Self { role_arn, logging, tracing, encryption } = self;
        Settings {
            role_arn: role_arn.unwrap_or_else(|| before.role_arn.clone()),
            logging: logging.unwrap_or_else(|| before.logging.clone()),
            tracing: tracing.unwrap_or(before.tracing),
            encryption: encryption.unwrap_or_else(|| before.encryption.clone()),
        }
    }
}

fn check_logging(logging: &Logging) -> Result<(), Exception> {
    let fits = match logging.level {
        LogLevel::Off => logging.destinations.len() <= 1,
        LogLevel::All | LogLevel::Error | LogLevel::Fatal => logging.destinations.len() == 1,
    };
    if fits {
        return Ok(());
    }
    let why = "Must specify exactly one Log Destination.";
    Err(Exception::InvalidLoggingConfiguration(why.to_owned()))
}

fn check_encryption(encryption: &Encryption) -> Result<(), Exception> {
    let Encryption { kind, key, reuse_seconds } = encryption;
    let why = match kind {
        EncryptionKind::AwsOwnedKey if key.is_some() || reuse_seconds.is_some() => {
            "kmsKeyId and kmsDataKeyReusePeriodSeconds belong to CUSTOMER_MANAGED_KMS_KEY."
        }
        EncryptionKind::CustomerManagedKmsKey if key.is_none() => {
            "CUSTOMER_MANAGED_KMS_KEY needs a kmsKeyId."
        }
        EncryptionKind::AwsOwnedKey | EncryptionKind::CustomerManagedKmsKey => return Ok(()),
    };
    Err(Exception::InvalidEncryptionConfiguration(why.to_owned()))
}
