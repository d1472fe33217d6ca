//! Machines that start themselves without end: what stops them.

use super::{Api, MACHINE, waits};
use serde_json::{Value, json};
use stepwright::{
    driver::Limits,
    integrations::{self, Endpoints},
};

/// A server where so many executions may be open, and so many wait for one another.
async fn api(open: u64, nested: u32) -> Api {
    let mut limits = Limits::default();
    (limits.open, limits.nested) = (open, nested);
    Api::with(|builder| integrations::add(builder.limits(limits), Endpoints::default())).await
}

/// A state that starts the machine anew.
fn again(name: &str, resource: &str) -> Value {
    let resource = format!("arn:aws:states:::{resource}");
    let arguments = json!({ "StateMachineArn": MACHINE, "Input": "{% $states.input %}" });
    json!({ name: { "Type": "Task", "Resource": resource, "Arguments": arguments, "End": true } })
}

async fn started(api: &Api, states: &Value) -> String {
    api.create("m", states).await;
    api.start(json!({ "stateMachineArn": MACHINE, "name": "first" })).await
}

/// How the executions of the machine stand, newest first.
async fn statuses(api: &Api) -> Vec<Value> {
    let listed = api.ok("ListExecutions", json!({ "stateMachineArn": MACHINE })).await;
    listed["executions"].as_array().unwrap().iter().map(|it| it["status"].clone()).collect()
}

#[tokio::test]
async fn executions_that_wait_for_one_another_without_end_fail() {
    let api = api(1_000, 3).await;
    let first = started(&api, &again("again", "states:startExecution.sync:2")).await;
    api.end(&first).await;
    assert_eq!(statuses(&api).await, ["FAILED"; 4]);
    let described = api.ok("DescribeExecution", json!({ "executionArn": first })).await;
    let cause = described["cause"].as_str().unwrap();
    let why = "Execution Limit Exceeded: 'more than 3 executions would wait, each for the next, \
               with one more of arn:aws:states:us-east-1:123456789012:stateMachine:m'";
    assert!(cause.contains(why), "{cause}");
    assert!(cause.contains("StepFunctions.ExecutionLimitExceededException"), "{cause}");
}

#[tokio::test]
async fn an_execution_that_goes_on_in_a_new_one_may_do_so_for_ever() {
    let api = api(1_000, 3).await;
    let count =
        json!({ "StateMachineArn": MACHINE, "Input": { "n": "{% $states.input.n + 1 %}" } });
    let next =
        |resource| json!({ "Type": "Task", "Resource": resource, "Arguments": count, "End": true });
    let states = json!({
        "enough": { "Type": "Choice", "Default": "done",
            "Choices": [{ "Condition": "{% $states.input.n < 9 %}", "Next": "again" }] },
        "again": next("arn:aws:states:::states:startExecution"),
        "done": { "Type": "Pass", "End": true },
    });
    api.create("m", &states).await;
    let first = json!({ "stateMachineArn": MACHINE, "name": "first", "input": "{\"n\":0}" });
    api.start(first).await;
    while statuses(&api).await.len() < 10 {
        tokio::task::yield_now().await;
    }
    for arn in api.ok("ListExecutions", json!({ "stateMachineArn": MACHINE })).await["executions"]
        .as_array()
        .unwrap()
    {
        api.end(arn["executionArn"].as_str().unwrap()).await;
    }
    assert_eq!(statuses(&api).await, ["SUCCEEDED"; 10]);
}

#[tokio::test]
async fn no_more_executions_are_open_than_may_be() {
    let api = api(2, 1_000).await;
    api.create("m", &waits()).await;
    let named = |name: &str| json!({ "stateMachineArn": MACHINE, "name": name });
    let one = api.start(named("one")).await;
    api.start(named("two")).await;
    let why = "Execution Limit Exceeded: '2 executions have not ended; end or stop some before you \
               start another one'";
    api.refused("StartExecution", named("three"), "ExecutionLimitExceeded", why).await;
    assert_eq!(api.start(named("one")).await, one, "it is there already");
    api.ok("StopExecution", json!({ "executionArn": one })).await;
    api.end(&one).await;
    api.start(named("three")).await;
}

#[tokio::test]
async fn who_is_stopped_stops_all_that_grew_from_it() {
    let api = api(200, 1_000).await;
    let branch =
        |name| json!({ "StartAt": name, "States": again(name, "states:startExecution.sync:2") });
    let retry =
        json!([{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 99_999 }]);
    let states = json!({ "twice": { "Type": "Parallel", "End": true, "Retry": retry,
        "Branches": [branch("left"), branch("right")] } });
    let first = started(&api, &states).await;
    while statuses(&api).await.len() < 100 {
        tokio::task::yield_now().await;
    }
    api.ok("StopExecution", json!({ "executionArn": first })).await;
    api.end(&first).await;
    while statuses(&api).await.contains(&json!("RUNNING")) {
        tokio::task::yield_now().await;
    }
    let left = statuses(&api).await;
    assert!(left.contains(&json!("ABORTED")), "{left:?}");
}
