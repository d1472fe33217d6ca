//! Operations of those who answer for tasks.

use super::{
    Fault, Fields,
    fields::{DATA, Text},
};
use crate::service::{Engine, Failure};
use serde_json::{Value, json};

const TOKEN: Text = Text::of(1..=2_048);

pub(super) async fn succeed(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let token = fields.required("taskToken", &TOKEN);
    let output = fields.required("output", &DATA);
    fields.close()?;
    engine.send_task_success(&token, &output).await?;
    Ok(json!({}))
}

pub(super) async fn fail(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let token = fields.required("taskToken", &TOKEN);
    let error = fields.text("error", &Text::secret(0..=256));
    let cause = fields.text("cause", &Text::secret(0..=32_768));
    fields.close()?;
    engine.send_task_failure(&token, Failure { error, cause }).await?;
    Ok(json!({}))
}

pub(super) async fn beat(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let token = fields.required("taskToken", &TOKEN);
    fields.close()?;
    engine.send_task_heartbeat(&token).await?;
    Ok(json!({}))
}
