//! Step Functions as its own client: tasks that start executions, answer for tasks, and call the
//! API.

use super::{Api, MACHINE, NOW, ROLE, definition, gives, waits};
use serde_json::{Value, json};
use stepwright::{
    integrations::{self, Endpoints},
    service::Builder,
};

const EXECUTION: &str = "arn:aws:states:us-east-1:123456789012:execution:m:e";
const TARGET: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:target";
const STARTED: &str = "arn:aws:states:us-east-1:123456789012:execution:target:t";

async fn api() -> Api {
    Api::with(|builder| integrations::add(builder, Endpoints::default())).await
}

fn call(resource: &str, arguments: &Value) -> Value {
    let resource = format!("arn:aws:states:::{resource}");
    json!({ "call": { "Type": "Task", "Resource": resource, "Arguments": arguments, "End": true } })
}

impl Api {
    /// Runs a machine of these states to its end; gives what `DescribeExecution` says.
    async fn run(&self, states: &Value) -> Value {
        self.create("m", states).await;
        let arn = self.start(json!({ "stateMachineArn": MACHINE, "name": "e" })).await;
        self.end(&arn).await;
        self.described(&arn).await
    }

    async fn described(&self, arn: &str) -> Value {
        self.ok("DescribeExecution", json!({ "executionArn": arn })).await
    }

    /// The types of an execution's events, and what one of them says.
    async fn history(&self, arn: &str) -> Vec<Value> {
        let history = self.ok("GetExecutionHistory", json!({ "executionArn": arn })).await;
        history["events"].as_array().unwrap().clone()
    }
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

fn output(described: &Value) -> Value {
    assert_eq!(described["status"], "SUCCEEDED", "{described}");
    serde_json::from_str(described["output"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn an_optimised_start_gives_the_answer_with_its_metadata_and_goes_on() {
    let api = api().await;
    api.create("target", &waits()).await;
    let asked = json!({ "StateMachineArn": TARGET, "Name": "t", "Input": null });
    let given = output(&api.run(&call("states:startExecution", &asked)).await);
    assert_eq!(given["ExecutionArn"], STARTED);
    assert_eq!(given["StartDate"], 1_767_323_045_678_i64);
    assert_eq!(given["SdkHttpMetadata"]["HttpStatusCode"], 200);
    let id = given["SdkResponseMetadata"]["RequestId"].as_str().unwrap();
    assert_eq!(given["SdkHttpMetadata"]["HttpHeaders"]["x-amzn-RequestId"], id);
    let started = api.described(STARTED).await;
    assert_eq!((&started["status"], &started["input"]), (&json!("RUNNING"), &json!("{}")));
    let events = api.history(EXECUTION).await;
    assert_eq!(
        types(&events),
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
    assert_eq!(events[3]["taskStartedEventDetails"]["resource"], "startExecution");
    assert_eq!(events[3]["taskStartedEventDetails"]["resourceType"], "states");
}

#[tokio::test]
async fn a_start_by_the_sdk_gives_the_answer_alone() {
    let api = api().await;
    api.create("target", &gives(&json!("{% $states.input %}"))).await;
    let asked = json!({ "StateMachineArn": TARGET, "Name": "t", "Input": "{ \"a\": 1 }" });
    let given = output(&api.run(&call("aws-sdk:sfn:startExecution", &asked)).await);
    assert_eq!(given, json!({ "ExecutionArn": STARTED, "StartDate": NOW }));
    api.end(STARTED).await;
    // A text is handed on as it is.
    assert_eq!(api.described(STARTED).await["input"], "{ \"a\": 1 }");
}

#[tokio::test]
async fn a_version_and_an_express_machine_can_be_started() {
    let api = api().await;
    let definition = definition(&gives(&json!("first")));
    let body =
        json!({ "name": "target", "definition": definition, "roleArn": ROLE, "publish": true });
    let version = api.ok("CreateStateMachine", body).await["stateMachineVersionArn"].clone();
    api.ok("UpdateStateMachine", json!({ "stateMachineArn": TARGET, "definition": super::definition(&gives(&json!("second"))) })).await;
    let asked = json!({ "StateMachineArn": version, "Name": "t" });
    let call_of = |asked| call("states:startExecution.sync:2", asked);
    assert_eq!(output(&api.run(&call_of(&asked)).await)["Output"], "first");

    let body =
        json!({ "name": "fast", "definition": definition, "roleArn": ROLE, "type": "EXPRESS" });
    let fast = api.ok("CreateStateMachine", body).await["stateMachineArn"].clone();
    let asked = json!({ "StateMachineArn": fast, "Name": "t" });
    let states = json!({
        "start": { "Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "Arguments": asked, "Next": "call" },
        "call": call_of(&asked)["call"],
    });
    api.create("both", &states).await;
    let arn =
        api.start(json!({ "stateMachineArn": MACHINE.replace(":m", ":both"), "name": "e" })).await;
    api.end(&arn).await;
    let events = api.history(&arn).await;
    let started = events[4]["taskSucceededEventDetails"]["output"].as_str().unwrap();
    assert!(started.contains(":express:fast:t:"), "{started}");
    // Its end is told to nobody, so that nobody can wait for it.
    let refused = &events[9];
    assert_eq!(refused["type"], "TaskSubmitFailed");
    assert_eq!(
        refused["taskSubmitFailedEventDetails"]["error"],
        "StepFunctions.StateMachineTypeNotSupportedException"
    );
}

/// Runs a call that is refused, and compares error and cause; its request's id is `<id>`.
async fn refused(
    api: &Api,
    resource: &str,
    arguments: &Value,
    failed: &str,
    (error, cause): (&str, &str),
) {
    let described = api.run(&call(resource, arguments)).await;
    assert_eq!(described["error"], error);
    let shown = described["cause"].as_str().unwrap();
    let (before, after) = cause.split_once("<id>").unwrap();
    let id = shown.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    assert_eq!(id.map(str::len), Some(36), "{shown}");
    let events = api.history(EXECUTION).await;
    assert_eq!(types(&events)[3..], ["TaskStarted", failed, "ExecutionFailed"]);
}

#[tokio::test]
async fn a_refused_start_fails_with_the_name_and_the_words_of_its_integration() {
    let asked = json!({ "StateMachineArn": TARGET });
    let absent = format!("State Machine Does Not Exist: '{TARGET}'");
    let optimised = format!(
        "{absent} (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: <id>; Proxy: null)"
    );
    let names = [
        "StepFunctions.StateMachineDoesNotExistException",
        "Sfn.StateMachineDoesNotExistException",
    ];
    let expected = (names[0], optimised.as_str());
    refused(&api().await, "states:startExecution", &asked, "TaskFailed", expected).await;
    refused(&api().await, "states:startExecution.sync", &asked, "TaskSubmitFailed", expected).await;
    let sdk = format!(
        "{absent} (Service: Sfn, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)"
    );
    refused(&api().await, "aws-sdk:sfn:startExecution", &asked, "TaskFailed", (names[1], &sdk))
        .await;
    let wrong = json!({ "StateMachineArn": "m" });
    let invalid = "Invalid Arn: 'Invalid ARN prefix: m' (Service: Sfn, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)";
    let expected = ("Sfn.InvalidArnException", invalid);
    refused(&api().await, "aws-sdk:sfn:startExecution", &wrong, "TaskFailed", expected).await;
}

#[tokio::test]
async fn a_name_that_is_taken_is_the_same_execution_or_refused() {
    for (input, error) in [
        (json!({ "n": 1 }), None),
        (json!({ "n": 2 }), Some("StepFunctions.ExecutionAlreadyExistsException")),
    ] {
        let api = api().await;
        api.create("target", &waits()).await;
        api.start(json!({ "stateMachineArn": TARGET, "name": "t", "input": "{\"n\":1}" })).await;
        let asked = json!({ "StateMachineArn": TARGET, "Name": "t", "Input": input });
        let described = api.run(&call("states:startExecution", &asked)).await;
        match error {
            None => assert_eq!(output(&described)["ExecutionArn"], STARTED),
            Some(error) => assert_eq!(described["error"], error),
        }
    }
}

#[tokio::test]
async fn the_api_is_called_as_the_sdk_calls_it() {
    let api = api().await;
    api.create("target", &waits()).await;
    api.start(json!({ "stateMachineArn": TARGET, "name": "t" })).await;
    let task = |action: &str, arguments: Value, next: &str| {
        json!({ "Type": "Task", "Resource": format!("arn:aws:states:::aws-sdk:sfn:{action}"),
            "Arguments": arguments, "Assign": { action: "{% $states.result %}" }, "Next": next })
    };
    let states = json!({
        "stop": task("stopExecution", json!({ "ExecutionArn": STARTED, "Error": "Enough", "Cause": {"why": 1} }), "look"),
        "look": task("describeExecution", json!({ "ExecutionArn": STARTED }), "end"),
        "end": { "Type": "Succeed", "Output": "{% [$stopExecution, $describeExecution] %}" },
    });
    let expected = json!([
        { "StopDate": NOW },
        {
            "ExecutionArn": STARTED, "StateMachineArn": TARGET, "Name": "t", "Status": "ABORTED",
            "StartDate": NOW, "StopDate": NOW, "Error": "Enough", "Cause": "{\"why\":1}",
            "Input": "{}", "InputDetails": { "Included": true },
            "RedriveCount": 0, "RedriveStatus": "REDRIVABLE",
        },
    ]);
    assert_eq!(output(&api.run(&states).await), expected);
}

#[tokio::test]
async fn a_refused_call_has_the_words_of_the_api() {
    let token = json!({ "TaskToken": "NoSuchTaskToken", "Output": "o" });
    let cause = "Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)";
    let expected = ("Sfn.InvalidTokenException", cause);
    refused(&api().await, "aws-sdk:sfn:sendTaskSuccess", &token, "TaskFailed", expected).await;
    let cause = "1 validation error detected: Value null at 'taskToken' failed to satisfy constraint: \
        Member must not be null (Service: Sfn, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)";
    let expected = ("Sfn.ValidationException", cause);
    refused(&api().await, "aws-sdk:sfn:sendTaskFailure", &json!({}), "TaskFailed", expected).await;
}

/// A machine that answers for the task whose token is in its input.
fn answerer() -> Value {
    call(
        "aws-sdk:sfn:sendTaskSuccess",
        &json!({ "TaskToken": "{% $states.input.token %}", "Output": { "seen": "{% $states.input.n %}" } }),
    )
}

#[tokio::test]
async fn an_execution_that_is_told_the_token_answers_for_the_task() {
    let api = api().await;
    api.create("target", &answerer()).await;
    let input = json!({ "token": "{% $states.context.Task.Token %}", "n": 7 });
    let asked = json!({ "StateMachineArn": TARGET, "Name": "t", "Input": input });
    let states = call("states:startExecution.waitForTaskToken", &asked);
    assert_eq!(output(&api.run(&states).await), json!({ "seen": 7 }));
    let events = api.history(EXECUTION).await;
    assert_eq!(types(&events)[3..6], ["TaskStarted", "TaskSubmitted", "TaskSucceeded"]);
    let submitted = events[4]["taskSubmittedEventDetails"]["output"].as_str().unwrap();
    assert!(submitted.contains(STARTED) && submitted.contains("SdkHttpMetadata"), "{submitted}");
}

#[tokio::test]
async fn whoever_has_the_token_answers_once_for_one_attempt() {
    let api = api().await;
    api.create("target", &waits()).await;
    let input = json!({ "token": "{% $states.context.Task.Token %}" });
    let mut states = call(
        "aws-sdk:sfn:startExecution.waitForTaskToken",
        &json!({ "StateMachineArn": TARGET, "Input": input }),
    );
    states["call"]["Retry"] = json!([{ "ErrorEquals": ["Again"], "IntervalSeconds": 1 }]);
    api.create("m", &states).await;
    api.start(json!({ "stateMachineArn": MACHINE, "name": "e" })).await;
    let first = api.token(1).await;
    let invalid = json!({ "taskToken": first, "output": "no JSON" });
    let (_, answer) = api.call("SendTaskSuccess", invalid.to_string()).await;
    assert_eq!(answer["__type"], "InvalidOutput");
    api.check("SendTaskHeartbeat", json!({ "taskToken": first }), json!({})).await;
    let failed = json!({ "taskToken": first, "error": "Again", "cause": "c" });
    api.check("SendTaskFailure", failed.clone(), json!({})).await;
    api.until(|events| events.contains(&"TaskFailed")).await;
    let late = "Task Timed Out: 'Provided task does not exist anymore'";
    api.refused("SendTaskFailure", failed, "TaskTimedOut", late).await;
    api.clock.advance(std::time::Duration::from_secs(1));
    let second = api.token(2).await;
    assert_ne!(first, second);
    api.check("SendTaskSuccess", json!({ "taskToken": second, "output": "[1]" }), json!({})).await;
    api.end(EXECUTION).await;
    assert_eq!(output(&api.described(EXECUTION).await), json!([1]));
    let gone = json!({ "taskToken": second });
    api.refused("SendTaskHeartbeat", gone, "TaskTimedOut", late).await;
}

impl Api {
    /// Waits until the execution has such events.
    async fn until(&self, enough: impl Fn(&[&str]) -> bool) -> Vec<Value> {
        loop {
            let events = self.history(EXECUTION).await;
            if enough(&types(&events)) {
                return events;
            }
            tokio::task::yield_now().await;
        }
    }

    /// The token that the task scheduled last tells, after so many attempts.
    async fn token(&self, attempts: usize) -> String {
        let enough =
            |types: &[&str]| types.iter().filter(|it| **it == "TaskSubmitted").count() == attempts;
        let events = self.until(enough).await;
        let scheduled = events.iter().rfind(|event| event["type"] == "TaskScheduled").unwrap();
        let parameters = scheduled["taskScheduledEventDetails"]["parameters"].as_str().unwrap();
        let parameters: Value = serde_json::from_str(parameters).unwrap();
        parameters["Input"]["token"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_token_is_good_after_a_restart_and_nothing_is_started_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let stored = |builder: Builder| integrations::add(builder.store(&path), Endpoints::default());
    let api = Api::with(stored).await;
    api.create("target", &waits()).await;
    let input = json!({ "token": "{% $states.context.Task.Token %}" });
    let asked = json!({ "StateMachineArn": TARGET, "Input": input });
    api.create("m", &call("states:startExecution.waitForTaskToken", &asked)).await;
    api.start(json!({ "stateMachineArn": MACHINE, "name": "e" })).await;
    let token = api.token(1).await;
    api.engine.shutdown().await.unwrap();

    let api = Api::with(stored).await;
    api.check("SendTaskSuccess", json!({ "taskToken": token, "output": "1" }), json!({})).await;
    api.end(EXECUTION).await;
    assert_eq!(output(&api.described(EXECUTION).await), 1);
    let started = api.ok("ListExecutions", json!({ "stateMachineArn": TARGET })).await;
    assert_eq!(started["executions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_express_execution_starts_standard_ones() {
    let api = api().await;
    api.create("target", &waits()).await;
    let asked = json!({ "StateMachineArn": TARGET, "Name": "t" });
    let definition = definition(&call("states:startExecution", &asked));
    let body =
        json!({ "name": "fast", "definition": definition, "roleArn": ROLE, "type": "EXPRESS" });
    let fast = api.ok("CreateStateMachine", body).await["stateMachineArn"].clone();
    let ended = api.ok("StartSyncExecution", json!({ "stateMachineArn": fast })).await;
    assert_eq!(output(&ended)["ExecutionArn"], STARTED);
    assert_eq!(api.described(STARTED).await["status"], "RUNNING");
}
