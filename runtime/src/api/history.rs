//! `GetExecutionHistory`.

use super::{
    Fault, Fields,
    fields::{ARN, PAGE_TOKEN},
    machine::{object, put, seconds},
    token,
};
use crate::service::{Engine, Exception, HistoryEvent, HistoryRequest};
use serde_json::{Value, json};

/// Parts of details that are execution data.
const DATA: &[&str] = &[
    "input",
    "inputDetails",
    "output",
    "outputDetails",
    "parameters",
    "assignedVariables",
    "assignedVariablesDetails",
];

pub(super) async fn get(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let arn = fields.required("executionArn", &ARN);
    let limit = fields.page_size();
    let reverse = fields.flag("reverseOrder").unwrap_or(false);
    let token = fields.text("nextToken", &PAGE_TOKEN);
    let with_data = fields.flag("includeExecutionData").unwrap_or(true);
    fields.close()?;
    let list = format!("history {arn} {reverse}");
    let from = token.map(|token| token::decode(&list, &token)).transpose()?;
    let from = from.map(|place| place.parse::<u64>().map_err(|_| Exception::InvalidToken));
    let mut request = HistoryRequest::new().limit(limit);
    request.from = from.transpose()?;
    if reverse {
        request = request.reverse();
    }
    let history = engine.execution_history(&arn, request).await?;
    let next = history.next.map(|event| token::encode(&list, event));
    let events: Vec<_> = history.events.iter().map(|event| show(event, with_data)).collect();
    let mut answer = object(json!({ "events": events }));
    put(&mut answer, "nextToken", next);
    Ok(answer.into())
}

fn show(event: &HistoryEvent, with_data: bool) -> Value {
    let mut shown = object(event.to_json());
    shown.insert("timestamp".to_owned(), seconds(event.timestamp));
    if !with_data {
        for details in shown.values_mut().filter_map(Value::as_object_mut) {
            details.retain(|name, _| !DATA.contains(&name.as_str()));
        }
    }
    shown.into()
}
