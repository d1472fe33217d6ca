//! Published versions.

use super::{Api, MACHINE, ROLE, SECONDS, definition, gives};
use serde_json::{Value, json};
use std::time::Duration;

const VERSIONS: &str = "ListStateMachineVersions";

fn create(more: &Value) -> Value {
    let mut body = json!({
        "name": "m", "definition": definition(&gives(&json!(1))), "roleArn": ROLE,
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn update(output: i32, publish: bool) -> Value {
    let definition = definition(&gives(&json!(output)));
    json!({ "stateMachineArn": MACHINE, "definition": definition, "publish": publish })
}

fn line(number: u64, created: f64) -> Value {
    json!({ "stateMachineVersionArn": format!("{MACHINE}:{number}"), "creationDate": created })
}

#[tokio::test]
async fn a_version_keeps_what_was_published() {
    let api = Api::new().await;
    let first = create(&json!({ "publish": true, "versionDescription": "first" }));
    let made = api.ok("CreateStateMachine", first).await;
    let version = format!("{MACHINE}:1");
    assert_eq!(made["stateMachineVersionArn"], version);
    api.clock.advance(Duration::from_secs(1));
    api.ok("UpdateStateMachine", update(2, false)).await;
    let shown = api.ok("DescribeStateMachine", json!({ "stateMachineArn": version })).await;
    assert_eq!(shown["stateMachineArn"], version);
    assert_eq!(shown["definition"], definition(&gives(&json!(1))));
    assert_eq!(shown["description"], "first");
    assert_eq!(shown["creationDate"], SECONDS);
    assert_eq!(shown.get("revisionId"), None);
    let asked = json!({ "stateMachineArn": format!("{MACHINE}:2") });
    let text = format!("State Machine Does Not Exist: '{MACHINE}:2'");
    api.refused("DescribeStateMachine", asked, "StateMachineDoesNotExist", &text).await;
}

#[tokio::test]
async fn a_revision_is_published_once() {
    let api = Api::new().await;
    api.ok("CreateStateMachine", create(&json!({}))).await;
    let publish = json!({ "stateMachineArn": MACHINE, "description": "one" });
    api.check("PublishStateMachineVersion", publish.clone(), line(1, SECONDS)).await;
    api.clock.advance(Duration::from_secs(1));
    api.check("PublishStateMachineVersion", publish.clone(), line(1, SECONDS)).await;
    let same = api.ok("UpdateStateMachine", update(1, true)).await;
    assert_eq!(same["stateMachineVersionArn"], format!("{MACHINE}:1"));
    let other = api.ok("UpdateStateMachine", update(2, true)).await;
    assert_eq!(other["stateMachineVersionArn"], format!("{MACHINE}:2"));
    let listed = json!({ "stateMachineVersions": [line(2, SECONDS + 1.0), line(1, SECONDS)] });
    api.check(VERSIONS, json!({ "stateMachineArn": MACHINE }), listed).await;
}

#[tokio::test]
async fn only_the_revision_that_is_meant_is_published() {
    let api = Api::new().await;
    api.ok("CreateStateMachine", create(&json!({}))).await;
    let publish = |revision: &Value| json!({ "stateMachineArn": MACHINE, "revisionId": revision });
    let initial = publish(&json!("INITIAL"));
    api.check("PublishStateMachineVersion", initial.clone(), line(1, SECONDS)).await;
    let old = api.ok("UpdateStateMachine", update(2, false)).await["revisionId"].clone();
    let new = api.ok("UpdateStateMachine", update(3, false)).await["revisionId"].clone();
    for (stale, named) in [(publish(&old), old.as_str().unwrap()), (initial, "INITIAL")] {
        let text = format!(
            "Failed to publish the State Machine version for revision {named}. The current State \
             Machine revision is {}.",
            new.as_str().unwrap()
        );
        api.refused("PublishStateMachineVersion", stale, "ConflictException", &text).await;
    }
    api.check("PublishStateMachineVersion", publish(&new), line(2, SECONDS)).await;
}

#[tokio::test]
async fn a_version_that_was_taken_back_leaves_its_number_unused() {
    let api = Api::new().await;
    api.ok("CreateStateMachine", create(&json!({ "publish": true }))).await;
    let version = json!({ "stateMachineVersionArn": format!("{MACHINE}:1") });
    for _ in 0..2 {
        api.check("DeleteStateMachineVersion", version.clone(), json!({})).await;
    }
    let listed = json!({ "stateMachineVersions": [] });
    api.check(VERSIONS, json!({ "stateMachineArn": MACHINE }), listed).await;
    let publish = json!({ "stateMachineArn": MACHINE });
    api.check("PublishStateMachineVersion", publish, line(2, SECONDS)).await;
    let machine = json!({ "stateMachineVersionArn": MACHINE });
    let text = format!("State machine version ARN must be specified: {MACHINE}");
    api.refused("DeleteStateMachineVersion", machine, "ValidationException", &text).await;
}

#[tokio::test]
async fn versions_are_listed_newest_first_page_by_page() {
    let api = Api::new().await;
    api.ok("CreateStateMachine", create(&json!({}))).await;
    for output in 2..=4 {
        api.ok("UpdateStateMachine", update(output, true)).await;
    }
    let page = api.ok(VERSIONS, json!({ "stateMachineArn": MACHINE, "maxResults": 2 })).await;
    assert_eq!(page["stateMachineVersions"], json!([line(3, SECONDS), line(2, SECONDS)]));
    let token = page["nextToken"].clone();
    let last = json!({ "stateMachineVersions": [line(1, SECONDS)] });
    api.check(VERSIONS, json!({ "stateMachineArn": MACHINE, "nextToken": token }), last).await;
}

#[tokio::test]
async fn an_execution_runs_the_version_that_it_was_started_with() {
    let api = Api::new().await;
    api.ok("CreateStateMachine", create(&json!({ "publish": true }))).await;
    let new = api.ok("UpdateStateMachine", update(2, false)).await["revisionId"].clone();
    let version = format!("{MACHINE}:1");
    let output = async |machine: &str| {
        let execution = api.start(json!({ "stateMachineArn": machine })).await;
        api.end(&execution).await;
        let asked = json!({ "executionArn": execution });
        let described = api.ok("DescribeExecution", asked.clone()).await;
        let runs = api.ok("DescribeStateMachineForExecution", asked).await;
        assert_eq!(described["stateMachineArn"], MACHINE);
        assert_eq!(runs["stateMachineArn"], MACHINE);
        assert_eq!(runs["updateDate"], SECONDS);
        (
            described["output"].clone(),
            described.get("stateMachineVersionArn").cloned(),
            runs.get("revisionId").cloned(),
        )
    };
    assert_eq!(output(&version).await, (json!("1"), Some(json!(version)), None));
    assert_eq!(output(MACHINE).await, (json!("2"), None, Some(new)));
    let listed = api.ok("ListExecutions", json!({ "stateMachineArn": version })).await;
    let lines = listed["executions"].as_array().unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["stateMachineVersionArn"], version);
    let all = api.ok("ListExecutions", json!({ "stateMachineArn": MACHINE })).await;
    assert_eq!(all["executions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_execution_keeps_its_definition_when_its_machine_is_deleted() {
    let api = Api::new().await;
    let arn = api.create("m", &super::waits()).await;
    let execution = api.start(json!({ "stateMachineArn": arn })).await;
    api.ok("DeleteStateMachine", json!({ "stateMachineArn": arn })).await;
    let asked = json!({ "executionArn": execution });
    let runs = api.ok("DescribeStateMachineForExecution", asked.clone()).await;
    assert_eq!(runs["definition"], definition(&super::waits()));
    assert_eq!(api.ok("DescribeExecution", asked.clone()).await["status"], "RUNNING");
    api.clock.advance(Duration::from_hours(1));
    api.end(&execution).await;
    assert_eq!(api.ok("DescribeExecution", asked).await["status"], "SUCCEEDED");
}
