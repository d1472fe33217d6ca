//! What is kept of a machine that was made at run time, in JSON.

use crate::store::Blob;
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How executions of a machine are kept.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Durably, with their history.
    #[default]
    Standard,
    /// In memory, for at most five minutes.
    Express,
}

/// What a revision says beside its definition.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Settings {
    /// ARN of the role.
    pub role_arn: String,
    /// What is logged.
    pub logging: Logging,
    /// Whether executions are traced.
    pub tracing: bool,
    /// How data are encrypted.
    pub encryption: Encryption,
}

/// What is logged of executions, and where to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Logging {
    /// Which events.
    pub level: LogLevel,
    /// Whether with their data.
    pub include_execution_data: bool,
    /// ARNs of log groups.
    pub destinations: Vec<String>,
}

/// Which events are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the levels are AWS's own")]
pub enum LogLevel {
    All,
    Error,
    Fatal,
    #[default]
    Off,
}

/// How data are encrypted. Kept for clients that ask; local data are not encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Encryption {
    /// Whose key.
    pub kind: EncryptionKind,
    /// The customer's key.
    pub key: Option<String>,
    /// How long a data key is used, in seconds.
    pub reuse_seconds: Option<u32>,
}

/// Whose key encrypts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the types are AWS's own")]
pub enum EncryptionKind {
    #[default]
    AwsOwnedKey,
    CustomerManagedKmsKey,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Its number.
    pub number: u64,
    /// The revision that it is.
    pub revision: u64,
    /// What it was published for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was published.
    pub created: Timestamp,
}

/// A machine besides its revisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) kind: Kind,
    pub(super) created: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) deleted: bool,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub(super) tags: IndexMap<String, String>,
    /// The number of the revision in force.
    pub(super) revision: u64,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) versions: Vec<Published>,
    /// Numbers of versions are never used twice.
    pub(super) last_version: u64,
}

/// A revision besides its definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    /// The id that clients see; the first revision of a machine has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) settings: Settings,
}

/// Encodes a record. The records above have no map with structured keys, which is all that JSON
/// refuses.
pub(super) fn encode(record: &impl Serialize) -> Blob {
    Blob::new(serde_json::to_string(record).unwrap_or_default())
}

/// Decodes a record, or says why it can't be read.
pub(super) fn decode<T: DeserializeOwned>(blob: &Blob) -> Result<T, String> {
    serde_json::from_str(blob.text()).map_err(|error| error.to_string())
}
