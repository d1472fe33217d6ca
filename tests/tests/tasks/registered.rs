//! Tasks by name: settings, schemas, what is missing.

use serde_json::json;
use std::time::Duration;
use stepwright::{
    prelude::*,
    registry::{Registry, RegistryError},
    workflow::{Binding, Task},
};

#[data]
#[derive(TaskError)]
enum ChargeError {
    GatewayDown,
    Busy,
}

struct Pool;

#[task(
    retry(on = [GatewayDown, "Lambda.TooManyRequestsException"], interval = "2s", max_attempts = 5, backoff = 2.0),
    retry(on = [ChargeError::Busy], max_delay = "1m", jitter = full),
    retry = 3,
    timeout = "30s",
    heartbeat = "10s",
    name = "charge-card"
)]
async fn charge(
    #[state] _pool: &Pool,
    cents: u32,
    note: Option<String>,
) -> Result<bool, ChargeError> {
    match (cents, note) {
        (0, _) => Err(ChargeError::Busy),
        (1, None) => Err(ChargeError::GatewayDown),
        _ => Ok(true),
    }
}

mod other {
    use stepwright::prelude::*;

    #[task(name = "charge-card", lambda = "charge:live")]
    pub(super) async fn refund() {}

    #[task(activity)]
    pub(super) async fn plain() {}
}

#[test]
fn settings_are_those_of_the_attribute() {
    let task = <charge as Task>::DESCRIPTOR;
    assert_eq!(task.name, "charge-card");
    assert_eq!(
        (task.timeout, task.heartbeat),
        (Some(Duration::from_secs(30)), Some(Duration::from_secs(10)))
    );
    assert_eq!(task.params, ["cents", "note"]);
    assert_eq!(
        (task.binding, other::refund::DESCRIPTOR.binding),
        (Binding::Any, Binding::Lambda("charge:live"))
    );
    assert_eq!(other::plain::DESCRIPTOR.binding, Binding::Activity);
    assert!(task.source.file.ends_with("registered.rs") && task.source.line > 20);
    let retriers: Vec<_> = (task.retry)().iter().map(Retry::to_asl).collect();
    assert_eq!(retriers.len(), 3);
    assert_eq!(retriers[0].error_equals, ["GatewayDown", "Lambda.TooManyRequestsException"]);
    assert_eq!(
        (retriers[0].interval_seconds, retriers[0].max_attempts, retriers[0].backoff_rate),
        (Some(2), Some(5), Some(2.0))
    );
    assert_eq!(retriers[1].error_equals, ["Busy"]);
    assert_eq!(retriers[1].max_delay_seconds, Some(60));
    assert_eq!(retriers[1].jitter_strategy.as_deref(), Some("FULL"));
    assert_eq!(retriers[2].error_equals, ["States.TaskFailed", "States.Timeout"]);
}

#[test]
fn schemas_name_the_parameters_and_the_result() {
    let input = (charge::DESCRIPTOR.input_schema)();
    assert_eq!(input["required"], json!(["cents"]));
    assert_eq!(input["properties"]["cents"]["type"], "integer");
    assert_eq!((charge::DESCRIPTOR.output_schema)()["type"], "boolean");
}

#[test]
fn tasks_are_found_by_name() {
    let registry = Registry::new().with::<charge>().with::<charge>().with::<other::plain>();
    assert!(registry.task("charge-card").is_some() && registry.task("charge").is_none());
    assert_eq!(registry.tasks().count(), 2);
    assert_eq!(registry.problems(&State::new().with(Pool)), []);
}

#[test]
fn missing_state_and_two_tasks_of_one_name_are_reported() {
    let registry = Registry::new().with::<charge>().with::<other::refund>();
    let problems = registry.problems(&State::new());
    assert_eq!(problems[0], RegistryError::Duplicate { kind: "task", name: "charge-card" });
    assert_eq!(
        problems[1].to_string(),
        format!(
            "the task `charge-card` needs a `{}`: provide one with `.state(..)`",
            std::any::type_name::<Pool>()
        )
    );
    assert_eq!(problems.len(), 2);
}
