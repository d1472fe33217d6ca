//! State machines: made, described, changed, deleted, listed, validated.

use super::{Api, MACHINE, ROLE, SECONDS, definition, gives, waits};
use serde_json::{Value, json};
use std::time::Duration;
use stepwright::service::Home;

const MESSY: &str = "{ \"StartAt\": \"a\",\n\t\"States\": {\"a\": {\"Type\":\"Succeed\"}} }";

fn plain() -> Value {
    json!({
        "stateMachineArn": MACHINE,
        "name": "m",
        "status": "ACTIVE",
        "type": "STANDARD",
        "creationDate": SECONDS,
        "roleArn": ROLE,
        "definition": MESSY,
        "loggingConfiguration": { "level": "OFF", "includeExecutionData": false },
        "tracingConfiguration": { "enabled": false },
        "encryptionConfiguration": { "type": "AWS_OWNED_KEY" },
    })
}

fn with(mut value: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("{more}") };
    value.as_object_mut().unwrap().extend(more);
    value
}

fn create(more: Value) -> Value {
    with(json!({ "name": "m", "definition": MESSY, "roleArn": ROLE }), more)
}

#[tokio::test]
async fn a_machine_is_made_and_described_as_it_was_written() {
    let api = Api::new().await;
    let made = json!({ "stateMachineArn": MACHINE, "creationDate": SECONDS });
    api.check("CreateStateMachine", create(json!({})), made).await;
    api.check("DescribeStateMachine", json!({ "stateMachineArn": MACHINE }), plain()).await;
    let mut without = plain();
    without.as_object_mut().unwrap().remove("definition");
    let asked = json!({ "stateMachineArn": MACHINE, "includedData": "METADATA_ONLY" });
    api.check("DescribeStateMachine", asked, without).await;
}

#[tokio::test]
async fn every_setting_is_kept() {
    let api = Api::new().await;
    let group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/g:*";
    let settings = json!({
        "loggingConfiguration": {
            "level": "ERROR", "includeExecutionData": true,
            "destinations": [{ "cloudWatchLogsLogGroup": { "logGroupArn": group } }],
        },
        "tracingConfiguration": { "enabled": true },
        "encryptionConfiguration": {
            "type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/k",
            "kmsDataKeyReusePeriodSeconds": 300,
        },
    });
    let asked = json!({ "type": "EXPRESS", "tags": [{ "key": "team", "value": "a" }] });
    api.ok("CreateStateMachine", create(with(settings.clone(), asked))).await;
    let shown = with(with(plain(), settings), json!({ "type": "EXPRESS" }));
    api.check("DescribeStateMachine", json!({ "stateMachineArn": MACHINE }), shown).await;
}

#[tokio::test]
async fn settings_that_contradict_themselves_are_refused() {
    let api = Api::new().await;
    let one = "Invalid Logging Configuration: Must specify exactly one Log Destination.";
    let log = json!({ "cloudWatchLogsLogGroup": { "logGroupArn": "arn:aws:logs:::g:*" } });
    for logging in
        [json!({ "level": "ALL" }), json!({ "level": "FATAL", "destinations": [log, log] })]
    {
        let body = create(json!({ "loggingConfiguration": logging }));
        api.refused("CreateStateMachine", body, "InvalidLoggingConfiguration", one).await;
    }
    for (encryption, why) in [
        (
            json!({ "type": "CUSTOMER_MANAGED_KMS_KEY" }),
            "CUSTOMER_MANAGED_KMS_KEY needs a kmsKeyId.",
        ),
        (
            json!({ "type": "AWS_OWNED_KEY", "kmsKeyId": "k" }),
            "kmsKeyId and kmsDataKeyReusePeriodSeconds belong to CUSTOMER_MANAGED_KMS_KEY.",
        ),
    ] {
        let body = create(json!({ "encryptionConfiguration": encryption }));
        let text = format!("Invalid Encryption Configuration: {why}");
        api.refused("CreateStateMachine", body, "InvalidEncryptionConfiguration", &text).await;
    }
    let body = create(json!({ "roleArn": "me" }));
    api.refused("CreateStateMachine", body, "InvalidArn", "Invalid Arn: 'Invalid Role Arn: me'")
        .await;
    let body = create(json!({ "versionDescription": "v" }));
    let text = "Version description can only be set when publish is true";
    api.refused("CreateStateMachine", body, "ValidationException", text).await;
    let tags: Vec<_> = (0..51).map(|n| json!({ "key": n.to_string(), "value": "" })).collect();
    let body = create(json!({ "tags": tags }));
    let text = "A resource can have at most 50 tags";
    api.refused("CreateStateMachine", body, "TooManyTags", text).await;
    api.check("ListStateMachines", json!({}), json!({ "stateMachines": [] })).await;
}

#[tokio::test]
async fn making_a_machine_again_answers_as_at_first() {
    let api = Api::new().await;
    let first = api.ok("CreateStateMachine", create(json!({}))).await;
    api.clock.advance(Duration::from_secs(60));
    let again = create(json!({ "roleArn": "arn:aws:iam::1:role/other" }));
    api.check("CreateStateMachine", again, first).await;
    let exists = format!("State Machine Already Exists: '{MACHINE}'");
    for other in [
        json!({ "definition": definition(&waits()) }),
        json!({ "type": "EXPRESS" }),
        json!({ "tracingConfiguration": { "enabled": true } }),
        json!({ "publish": true }),
    ] {
        let body = create(other);
        api.refused("CreateStateMachine", body, "StateMachineAlreadyExists", &exists).await;
    }
}

#[tokio::test]
async fn a_change_makes_a_revision_and_no_change_makes_none() {
    let api = Api::new().await;
    api.ok("CreateStateMachine", create(json!({}))).await;
    let update = |more| with(json!({ "stateMachineArn": MACHINE }), more);
    let same = update(json!({ "definition": MESSY, "roleArn": ROLE }));
    api.check("UpdateStateMachine", same, json!({ "updateDate": SECONDS })).await;
    api.clock.advance(Duration::from_secs(1));
    let changed =
        api.ok("UpdateStateMachine", update(json!({ "roleArn": "arn:aws:iam::1:role/r2" }))).await;
    assert_eq!(changed["updateDate"], SECONDS + 1.0);
    let revision = changed["revisionId"].as_str().unwrap();
    assert_eq!(revision.len(), 36);
    let again = update(json!({ "roleArn": "arn:aws:iam::1:role/r2" }));
    assert_eq!(api.ok("UpdateStateMachine", again).await["revisionId"], revision);
    let next =
        api.ok("UpdateStateMachine", update(json!({ "definition": definition(&waits()) }))).await;
    assert_ne!(next["revisionId"], revision);
    let shown = api.ok("DescribeStateMachine", json!({ "stateMachineArn": MACHINE })).await;
    let expected = with(
        plain(),
        json!({
            "roleArn": "arn:aws:iam::1:role/r2",
            "definition": definition(&waits()),
            "revisionId": next["revisionId"],
        }),
    );
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn a_change_that_says_nothing_or_of_nothing_is_refused() {
    let api = Api::new().await;
    api.ok("CreateStateMachine", create(json!({}))).await;
    let text = "Either the definition, the role ARN, the LoggingConfiguration, the \
                TracingConfiguration, or the EncryptionConfiguration must be specified";
    let body = json!({ "stateMachineArn": MACHINE, "publish": true });
    api.refused("UpdateStateMachine", body, "MissingRequiredParameter", text).await;
    for arn in [format!("{MACHINE}n"), format!("{MACHINE}:1")] {
        let body = json!({ "stateMachineArn": arn, "roleArn": ROLE });
        let text = format!("State Machine Does Not Exist: '{arn}'");
        api.refused("UpdateStateMachine", body, "StateMachineDoesNotExist", &text).await;
    }
}

#[tokio::test]
async fn a_deleted_machine_is_gone_and_may_be_made_anew() {
    let api = Api::new().await;
    let arn = json!({ "stateMachineArn": MACHINE });
    api.ok("CreateStateMachine", create(json!({ "publish": true }))).await;
    api.check("DeleteStateMachine", arn.clone(), json!({})).await;
    api.check("DeleteStateMachine", arn.clone(), json!({})).await;
    let text = format!("State Machine Does Not Exist: '{MACHINE}'");
    for operation in
        ["DescribeStateMachine", "StartExecution", "ListExecutions", "ListStateMachineVersions"]
    {
        api.refused(operation, arn.clone(), "StateMachineDoesNotExist", &text).await;
    }
    let other = create(json!({ "definition": definition(&waits()), "publish": true }));
    let made = api.ok("CreateStateMachine", other).await;
    assert_eq!(made["stateMachineVersionArn"], format!("{MACHINE}:1"));
    let shown = with(plain(), json!({ "definition": definition(&waits()) }));
    api.check("DescribeStateMachine", arn, shown).await;
    let body = json!({ "stateMachineArn": format!("{MACHINE}:1") });
    let text = format!("Qualified state machine ARNs are not supported: {MACHINE}:1");
    api.refused("DeleteStateMachine", body, "ValidationException", &text).await;
}

#[tokio::test]
async fn machines_are_listed_page_by_page() {
    let api = Api::new().await;
    for name in ["c", "a", "b"] {
        api.create(name, &waits()).await;
    }
    let page = api.ok("ListStateMachines", json!({ "maxResults": 2 })).await;
    let names = |page: &Value| {
        let machines = page["stateMachines"].as_array().unwrap().iter();
        machines.map(|machine| machine["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&page), ["a", "b"]);
    let token = page["nextToken"].clone();
    let last = api.ok("ListStateMachines", json!({ "maxResults": 2, "nextToken": token })).await;
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:c";
    let line = json!({
        "stateMachineArn": arn, "name": "c", "type": "STANDARD", "creationDate": SECONDS,
    });
    assert_eq!(last, json!({ "stateMachines": [line] }));
    let text = "Invalid Token: 'Invalid token'";
    api.refused("ListStateMachines", json!({ "nextToken": "x" }), "InvalidToken", text).await;
    let elsewhere = json!({ "stateMachineArn": arn, "nextToken": page["nextToken"] });
    api.refused("ListStateMachineVersions", elsewhere, "InvalidToken", text).await;
}

#[tokio::test]
async fn machines_live_where_the_engine_is_told() {
    let home = Home { region: "eu-central-1".to_owned(), account: "000000000000".to_owned() };
    let api = Api::with(|builder| builder.home(home)).await;
    let arn = api.create("m", &gives(&json!(1))).await;
    assert_eq!(arn, "arn:aws:states:eu-central-1:000000000000:stateMachine:m");
    let execution = api.start(json!({ "stateMachineArn": arn, "name": "e" })).await;
    assert_eq!(execution, "arn:aws:states:eu-central-1:000000000000:execution:m:e");
    api.end(&execution).await;
    let described = api.ok("DescribeExecution", json!({ "executionArn": execution })).await;
    assert_eq!(described["stateMachineArn"], arn);
    let elsewhere = json!({ "stateMachineArn": MACHINE });
    let text = format!("State Machine Does Not Exist: '{MACHINE}'");
    api.refused("StartExecution", elsewhere, "StateMachineDoesNotExist", &text).await;
}

#[tokio::test]
async fn variables_are_told_by_the_states_that_read_them() {
    let api = Api::new().await;
    let arn = api.create("m", &gives(&json!("{% $x + $y %}"))).await;
    let shown = api.ok("DescribeStateMachine", json!({ "stateMachineArn": arn })).await;
    assert_eq!(shown["variableReferences"], json!({ "only": ["x", "y"] }));
}

#[tokio::test]
async fn a_definition_is_validated_without_being_kept() {
    let api = Api::new().await;
    let fine = json!({ "result": "OK", "diagnostics": [], "truncated": false });
    let body = json!({ "definition": definition(&waits()) });
    api.check("ValidateStateMachineDefinition", body.clone(), fine).await;
    api.check("ListStateMachines", json!({}), json!({ "stateMachines": [] })).await;
    let broken = definition(&json!({ "a": { "Type": "Pass", "Next": "b" } }));
    let answer = api.ok("ValidateStateMachineDefinition", json!({ "definition": broken })).await;
    assert_eq!(answer["result"], "FAIL");
    assert_eq!(answer["diagnostics"][0]["severity"], "ERROR");
    assert_eq!(answer["diagnostics"][0]["location"], "/States/a/Next");
    let broken =
        definition(&json!({ "a": { "Type": "Pass", "Next": "b" }, "c": { "Type": "Wait" } }));
    let one = json!({ "definition": broken, "maxResults": 1 });
    let answer = api.ok("ValidateStateMachineDefinition", one).await;
    assert_eq!(answer["diagnostics"].as_array().unwrap().len(), 1);
    assert_eq!(answer["truncated"], true);
    let all = json!({ "definition": broken, "maxResults": 0 });
    let answer = api.ok("ValidateStateMachineDefinition", all).await;
    assert!(answer["diagnostics"].as_array().unwrap().len() > 1);
    assert_eq!(answer["truncated"], false);
}

#[tokio::test]
async fn a_definition_of_more_than_a_mebibyte_is_refused() {
    let api = Api::new().await;
    let sized = |length: usize| {
        let text = definition(&waits());
        format!("{text}{}", " ".repeat(length - text.len()))
    };
    let fits = json!({ "definition": sized(1_048_576) });
    assert_eq!(api.ok("ValidateStateMachineDefinition", fits).await["result"], "OK");
    let text = "1 validation error detected: Value at 'definition' failed to satisfy constraint: \
        Member must have length less than or equal to 1048576";
    let long = sized(1_048_577);
    let body = json!({ "definition": long });
    api.refused("ValidateStateMachineDefinition", body, "ValidationException", text).await;
    let body = create(json!({ "definition": long }));
    api.refused("CreateStateMachine", body, "ValidationException", text).await;
}

#[tokio::test]
async fn warnings_are_shown_where_they_are_asked_for() {
    let api = Api::new().await;
    let text = json!({ "StartAt": "a", "States": {
        "a": { "Type": "Pass", "End": true, "Parameters": { "path": "$.x" } } } })
    .to_string();
    let validated = async |severity: &str| {
        let body = json!({ "definition": text, "severity": severity });
        let answer = api.ok("ValidateStateMachineDefinition", body).await;
        (answer["result"].clone(), answer["diagnostics"].as_array().unwrap().len())
    };
    assert_eq!(validated("ERROR").await, (json!("OK"), 0));
    assert_eq!(validated("WARNING").await, (json!("OK"), 1));
}

#[tokio::test]
async fn express_machines_wait_for_nothing_outside() {
    let api = Api::new().await;
    let refused = async |resource: &str, what: &str| {
        let task = json!({ "t": { "Type": "Task", "Resource": resource, "End": true,
            "Arguments": { "QueueUrl": "q", "MessageBody": "b", "JobName": "j",
                "JobDefinition": "d", "JobQueue": "q" } } });
        let body = create(json!({ "definition": definition(&task), "type": "EXPRESS" }));
        let text = format!(
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state machine \
             does not support {what} at /States/t/Resource'"
        );
        api.refused("CreateStateMachine", body, "InvalidDefinition", &text).await;
    };
    refused("arn:aws:states:us-east-1:123456789012:activity:a", "Activity ARN").await;
    let waiting = "'.waitForTaskToken' service integration ";
    refused("arn:aws:states:::sqs:sendMessage.waitForTaskToken", waiting).await;
    refused("arn:aws:states:::batch:submitJob.sync", "'.sync' service integration ").await;
}
