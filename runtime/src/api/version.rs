//! Operations on published versions.

use super::{
    Fault, Fields,
    fields::{ARN, DESCRIPTION, PAGE_TOKEN, Text},
    machine::{object, put, seconds},
    token,
};
use crate::service::{Engine, Exception};
use serde_json::{Value, json};

pub(super) async fn publish(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("stateMachineArn", &ARN);
    let revision = fields.text("revisionId", &Text::of(0..=usize::MAX));
    let description = fields.text("description", &DESCRIPTION);
    fields.close()?;
    let published = engine.publish_state_machine_version(&arn, revision, description);
    let (arn, version) = published.await?;
    Ok(json!({ "stateMachineVersionArn": arn, "creationDate": seconds(version.created) }))
}

pub(super) async fn delete(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("stateMachineVersionArn", &Text::of(1..=2_000));
    fields.close()?;
    engine.delete_state_machine_version(&arn).await?;
    Ok(json!({}))
}

pub(super) async fn list(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("stateMachineArn", &ARN);
    let limit = fields.page_size();
    let token = fields.text("nextToken", &PAGE_TOKEN);
    fields.close()?;
    let list = format!("versions {arn}");
    let before = token.map(|token| token::decode(&list, &token)).transpose()?;
    let before = before.map(|place| place.parse::<u64>().map_err(|_| Exception::InvalidToken));
    let before = before.transpose()?;
    let all = engine.state_machine_versions(&arn)?;
    let mut shown: Vec<_> = all.versions.iter().collect();
    shown.retain(|version| before.is_none_or(|before| version.number < before));
    let more = shown.len() > limit;
    shown.truncate(limit);
    let next = shown.last().filter(|_| more).map(|last| token::encode(&list, last.number));
    let lines: Vec<_> = shown
        .into_iter()
        .map(|version| {
            json!({
                "stateMachineVersionArn": all.arn(version),
                "creationDate": seconds(version.created),
            })
        })
        .collect();
    let mut answer = object(json!({ "stateMachineVersions": lines }));
    put(&mut answer, "nextToken", next);
    Ok(answer.into())
}
