//! Operations on state machines.

use super::{
    Fault, Fields,
    fields::{ARN, DEFINITION, DESCRIPTION, NAME, PAGE_TOKEN, Text},
    token,
};
use crate::service::{
    Engine,
    machines::{
        CreateStateMachine, Encryption, EncryptionKind, Given, Kind, LogLevel, Logging, Revision,
        Settings, Severity, UpdateStateMachine,
    },
};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

const TYPES: &[(&str, Kind)] = &[("STANDARD", Kind::Standard), ("EXPRESS", Kind::Express)];
const LEVELS: &[(&str, LogLevel)] = &[
    ("ALL", LogLevel::All),
    ("ERROR", LogLevel::Error),
    ("FATAL", LogLevel::Fatal),
    ("OFF", LogLevel::Off),
];
const ENCRYPTIONS: &[(&str, EncryptionKind)] = &[
    ("AWS_OWNED_KEY", EncryptionKind::AwsOwnedKey),
    ("CUSTOMER_MANAGED_KMS_KEY", EncryptionKind::CustomerManagedKmsKey),
];
const SEVERITIES: &[(&str, Severity)] =
    &[("ERROR", Severity::Error), ("WARNING", Severity::Warning)];

/// Whether data are shown, or only what is about them.
const INCLUDED: &[(&str, bool)] = &[("ALL_DATA", true), ("METADATA_ONLY", false)];

pub(super) async fn create(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let (name, definition) =
        (fields.required("name", &NAME), fields.required("definition", &DEFINITION));
    let role_arn = Some(fields.required("roleArn", &ARN));
    let asked = CreateStateMachine {
        name,
        definition,
        kind: fields.choice("type", TYPES).unwrap_or_default(),
        given: Given { role_arn, ..given(&mut fields) },
        tags: tags(&mut fields),
        publish: fields.flag("publish").unwrap_or(false),
        version_description: fields.text("versionDescription", &DESCRIPTION),
    };
    fields.close()?;
    let made = engine.create_state_machine(asked).await?;
    let mut answer = object(json!({
        "stateMachineArn": made.arn,
        "creationDate": seconds(made.created),
    }));
    put(&mut answer, "stateMachineVersionArn", made.version_arn);
    Ok(answer.into())
}

pub(super) async fn update(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let asked = UpdateStateMachine {
        arn: fields.required("stateMachineArn", &ARN),
        definition: fields.text("definition", &DEFINITION),
        given: Given { role_arn: fields.text("roleArn", &ARN), ..given(&mut fields) },
        publish: fields.flag("publish").unwrap_or(false),
        version_description: fields.text("versionDescription", &DESCRIPTION),
    };
    fields.close()?;
    let changed = engine.update_state_machine(asked).await?;
    let mut answer = object(json!({ "updateDate": seconds(changed.updated) }));
    put(&mut answer, "revisionId", changed.revision);
    put(&mut answer, "stateMachineVersionArn", changed.version_arn);
    Ok(answer.into())
}

pub(super) async fn delete(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("stateMachineArn", &ARN);
    fields.close()?;
    engine.delete_state_machine(&arn).await?;
    Ok(json!({}))
}

pub(super) async fn describe(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("stateMachineArn", &ARN);
    let with_data = included(&mut fields);
    fields.close()?;
    let machine = engine.state_machine(&arn).await?;
    let mut answer = object(json!({
        "stateMachineArn": machine.arn,
        "name": machine.name,
        "status": "ACTIVE",
        "type": name_of(TYPES, machine.kind),
        "creationDate": seconds(machine.created),
    }));
    show_revision(&mut answer, &machine.revision, with_data);
    put(&mut answer, "description", machine.description.filter(|_| with_data));
    Ok(answer.into())
}

pub(super) async fn describe_for_execution(
    engine: &Engine,
    mut fields: Fields,
) -> Result<Value, Fault> {
    let arn = fields.required("executionArn", &ARN);
    let with_data = included(&mut fields);
    fields.close()?;
    let runs = engine.definition_of_execution(&arn).await?;
    let mut answer = object(json!({
        "stateMachineArn": runs.machine,
        "name": runs.name,
        "updateDate": seconds(runs.revision.created),
    }));
    show_revision(&mut answer, &runs.revision, with_data);
    Ok(answer.into())
}

pub(super) async fn list(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let limit = fields.page_size();
    let token = fields.text("nextToken", &PAGE_TOKEN);
    fields.close()?;
    let after = token.map(|token| token::decode("machines", &token)).transpose()?;
    let mut machines = engine.state_machines().await?;
    machines.retain(|machine| after.as_ref().is_none_or(|after| machine.arn > *after));
    let more = machines.len() > limit;
    machines.truncate(limit);
    let next = machines.last().filter(|_| more);
    let next = next.map(|machine| token::encode("machines", &machine.arn));
    let lines: Vec<_> = machines
        .into_iter()
        .map(|machine| {
            json!({
                "stateMachineArn": machine.arn,
                "name": machine.name,
                "type": name_of(TYPES, machine.kind),
                "creationDate": seconds(machine.created),
            })
        })
        .collect();
    let mut answer = object(json!({ "stateMachines": lines }));
    put(&mut answer, "nextToken", next);
    Ok(answer.into())
}

pub(super) async fn validate(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let definition = fields.required("definition", &DEFINITION);
    let kind = fields.choice("type", TYPES).unwrap_or_default();
    let least = fields.choice("severity", SEVERITIES).unwrap_or(Severity::Error);
    let most = fields.number("maxResults", 0..=100).filter(|most| *most > 0).unwrap_or(100);
    fields.close()?;
    let mut found = engine.validate_state_machine_definition(definition, kind).await?;
    let failed = found.iter().any(|finding| finding.severity == Severity::Error);
    found.retain(|finding| finding.severity >= least);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let truncated = found.len() > most;
    let shown = found.into_iter().take(most).map(|finding| {
        let mut shown = object(json!({
            "severity": name_of(SEVERITIES, finding.severity),
            "code": finding.code,
            "message": finding.message,
        }));
        put(&mut shown, "location", finding.location);
        Value::from(shown)
    });
    Ok(json!({
        "result": if failed { "FAIL" } else { "OK" },
        "diagnostics": shown.collect::<Vec<_>>(),
        "truncated": truncated,
    }))
}

/// Reads `includedData`.
pub(super) fn included(fields: &mut Fields) -> bool {
    fields.choice("includedData", INCLUDED).unwrap_or(true)
}

/// Reads the configurations.
fn given(fields: &mut Fields) -> Given {
    let logging = fields.object("loggingConfiguration", |logging| Logging {
        level: logging.choice("level", LEVELS).unwrap_or_default(),
        include_execution_data: logging.flag("includeExecutionData").unwrap_or(false),
        destinations: logging
            .list("destinations", |destination| {
                destination
                    .object("cloudWatchLogsLogGroup", |group| group.text("logGroupArn", &ARN))
            })
            .into_iter()
            .filter_map(Option::flatten)
            .collect(),
    });
    let tracing = fields.object("tracingConfiguration", |tracing| tracing.flag("enabled"));
    let encryption = fields.object("encryptionConfiguration", |encryption| Encryption {
        kind: encryption.required_choice("type", ENCRYPTIONS),
        key: encryption.text("kmsKeyId", &Text::of(1..=2_048)),
        reuse_seconds: encryption.number("kmsDataKeyReusePeriodSeconds", 60..=900),
    });
    Given { role_arn: None, logging, tracing: tracing.map(|it| it.unwrap_or(false)), encryption }
}

fn tags(fields: &mut Fields) -> IndexMap<String, String> {
    let tags = fields.list("tags", |tag| {
        let (key, value) = (Text::of(1..=128), Text::of(0..=256));
        (tag.text("key", &key).unwrap_or_default(), tag.text("value", &value).unwrap_or_default())
    });
    tags.into_iter().collect()
}

/// Shows what a revision says.
fn show_revision(answer: &mut Map<String, Value>, revision: &Revision, with_data: bool) {
    let Settings { role_arn, logging, tracing, encryption } = &revision.settings;
    answer.insert("roleArn".to_owned(), role_arn.clone().into());
    if with_data {
        answer.insert("definition".to_owned(), (*revision.definition).into());
        let references = revision.variable_references();
        if !references.is_empty() {
            answer.insert("variableReferences".to_owned(), json!(references));
        }
    }
    answer.insert("loggingConfiguration".to_owned(), show_logging(logging));
    answer.insert("tracingConfiguration".to_owned(), json!({ "enabled": tracing }));
    answer.insert("encryptionConfiguration".to_owned(), show_encryption(encryption));
    put(answer, "revisionId", revision.id.clone());
}

fn show_logging(logging: &Logging) -> Value {
    let mut shown = object(json!({
        "level": name_of(LEVELS, logging.level),
        "includeExecutionData": logging.include_execution_data,
    }));
    let destinations: Vec<_> = logging
        .destinations
        .iter()
        .map(|arn| json!({ "cloudWatchLogsLogGroup": { "logGroupArn": arn } }))
        .collect();
    if !destinations.is_empty() {
        shown.insert("destinations".to_owned(), destinations.into());
    }
    shown.into()
}

fn show_encryption(encryption: &Encryption) -> Value {
    let mut shown = object(json!({ "type": name_of(ENCRYPTIONS, encryption.kind) }));
    put(&mut shown, "kmsKeyId", encryption.key.clone());
    put(&mut shown, "kmsDataKeyReusePeriodSeconds", encryption.reuse_seconds);
    shown.into()
}

/// The name of a value among choices.
fn name_of<T: PartialEq + Copy>(choices: &[(&'static str, T)], value: T) -> &'static str {
    choices.iter().find(|(_, choice)| *choice == value).map_or("", |(name, _)| name)
}

/// A time as AWS writes it: seconds since 1970, with milliseconds.
pub(super) fn seconds(time: Timestamp) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of our centuries fit")]
    let seconds = time.as_millisecond() as f64 / 1_000.0;
    seconds.into()
}

/// The fields of an object that is being put together.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Adds a field that may be absent.
pub(super) fn put(object: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}
