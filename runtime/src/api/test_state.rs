//! The operation that tests one state.

use super::{
    Fault, Fields,
    fields::{ARN, DATA, DEFINITION, Text},
};
use crate::service::{
    Engine,
    test_state::{Configuration, ErrorOutput, Level, Mock, Request, Validation},
};
use serde_json::Value;

const LEVELS: &[(&str, Level)] =
    &[("INFO", Level::Info), ("DEBUG", Level::Data), ("TRACE", Level::Trace)];

const VALIDATIONS: &[(&str, Validation)] =
    &[("STRICT", Validation::Strict), ("PRESENT", Validation::Present), ("NONE", Validation::None)];

const STATE_NAME: Text = Text::secret(1..=80);

const COUNT: std::ops::RangeInclusive<u32> = 0..=i32::MAX.unsigned_abs();

pub(super) async fn test(engine: &Engine, mut fields: Fields) -> Result<Value, Fault> {
    let request = Request {
        definition: fields.required("definition", &DEFINITION),
        state_name: fields.text("stateName", &STATE_NAME),
        role_arn: fields.text("roleArn", &ARN),
        input: fields.text("input", &DATA),
        variables: fields.text("variables", &DATA),
        level: fields.choice("inspectionLevel", LEVELS).unwrap_or_default(),
        reveal_secrets: fields.flag("revealSecrets").unwrap_or(false),
        mock: fields.object("mock", mock),
        context: fields.text("context", &DATA),
        configuration: fields.object("stateConfiguration", configuration),
    };
    fields.close()?;
    Ok(engine.test_state(&request).await?.to_json())
}

fn mock(fields: &mut Fields) -> Mock {
    Mock {
        result: fields.text("result", &DATA),
        error_output: fields.object("errorOutput", |output| ErrorOutput {
            error: output.text("error", &Text::secret(0..=256)),
            cause: output.text("cause", &Text::secret(0..=32_768)),
        }),
        validation: fields.choice("fieldValidationMode", VALIDATIONS).unwrap_or_default(),
    }
}

fn configuration(fields: &mut Fields) -> Configuration {
    Configuration {
        retrier_retry_count: fields.number("retrierRetryCount", COUNT),
        error_caused_by_state: fields.text("errorCausedByState", &STATE_NAME),
        map_iteration_failure_count: fields.number("mapIterationFailureCount", COUNT),
        map_item_reader_data: fields.text("mapItemReaderData", &DATA),
    }
}
