//! Map Runs over the wire: what a distributed Map leaves, listed and described.

use super::{Api, MACHINE, SECONDS};
use serde_json::{Value, json};
use std::fs;
use stepwright::driver::objects::Directory;
use tempfile::TempDir;

const RUN: &str = "arn:aws:states:us-east-1:123456789012:mapRun:m/Each:";

/// A distributed Map whose executions begin at `first`.
fn each(first: &Value, more: &Value) -> Value {
    let mut map = json!({
        "Type": "Map",
        "Label": "Each",
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "one",
            "States": { "one": first },
        },
        "End": true,
    });
    map.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "each": map })
}

fn pass() -> Value {
    json!({ "Type": "Pass", "End": true })
}

/// Fails for the item 2.
fn picky() -> Value {
    json!({
        "Type": "Choice",
        "Choices": [{ "Condition": "{% $states.input = 2 %}", "Next": "no" }],
        "Default": "yes",
    })
}

fn picky_states() -> Value {
    let mut states = each(&picky(), &json!({ "ToleratedFailureCount": 1, "MaxConcurrency": 3 }));
    let inner = states["each"]["ItemProcessor"]["States"].as_object_mut().unwrap();
    inner.insert("no".to_owned(), json!({ "Type": "Fail", "Error": "Two" }));
    inner.insert("yes".to_owned(), json!({ "Type": "Succeed" }));
    states
}

/// A server with a folder of buckets, in which `b` is.
async fn with_objects() -> (Api, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    let directory = Directory::new(folder.path());
    (Api::with(|builder| builder.objects(directory)).await, folder)
}

/// Runs a machine of these states to its end, and gives the execution's ARN.
async fn run(api: &Api, states: &Value, input: &Value) -> String {
    let machine = api.create("m", states).await;
    let body = json!({ "stateMachineArn": machine, "name": "e", "input": input.to_string() });
    let execution = api.start(body).await;
    api.end(&execution).await;
    execution
}

/// The ARN of the only Map Run of an execution.
async fn map_run(api: &Api, execution: &str) -> String {
    let listed = api.ok("ListMapRuns", json!({ "executionArn": execution })).await;
    let [run] = &listed["mapRuns"].as_array().unwrap()[..] else { panic!("{listed}") };
    run["mapRunArn"].as_str().unwrap().to_owned()
}

async fn output(api: &Api, execution: &str) -> Value {
    let described = api.ok("DescribeExecution", json!({ "executionArn": execution })).await;
    let text = described["output"].as_str();
    serde_json::from_str(text.unwrap_or_else(|| panic!("{described}"))).unwrap()
}

fn counts(succeeded: u32, failed: u32) -> Value {
    json!({
        "pending": 0, "running": 0, "succeeded": succeeded, "failed": failed, "timedOut": 0,
        "aborted": 0, "total": succeeded + failed, "resultsWritten": succeeded,
    })
}

#[tokio::test]
async fn a_map_run_is_listed_by_its_execution_and_described_by_its_arn() {
    let api = Api::new().await;
    let execution = run(&api, &picky_states(), &json!([1, 2, 3])).await;
    let arn = map_run(&api, &execution).await;
    assert!(arn.starts_with(RUN), "{arn}");
    let line = json!({
        "executionArn": execution,
        "mapRunArn": arn,
        "stateMachineArn": format!("{MACHINE}/Each"),
        "startDate": SECONDS,
        "stopDate": SECONDS,
    });
    let asked = json!({ "executionArn": execution });
    api.check("ListMapRuns", asked, json!({ "mapRuns": [line] })).await;
    let expected = json!({
        "mapRunArn": arn,
        "executionArn": execution,
        "status": "SUCCEEDED",
        "startDate": SECONDS,
        "stopDate": SECONDS,
        "maxConcurrency": 3,
        "toleratedFailureCount": 1,
        "toleratedFailurePercentage": 0.0,
        "itemCounts": counts(2, 1),
        "executionCounts": counts(2, 1),
        "redriveCount": 0,
    });
    api.check("DescribeMapRun", json!({ "mapRunArn": arn }), expected).await;
}

#[tokio::test]
async fn executions_of_a_map_run_are_listed_and_described_by_it_and_not_by_the_machine() {
    let api = Api::new().await;
    let execution = run(&api, &picky_states(), &json!([1, 2])).await;
    let arn = map_run(&api, &execution).await;
    let listed = api.ok("ListExecutions", json!({ "mapRunArn": arn })).await;
    let executions = listed["executions"].as_array().unwrap();
    let mut statuses: Vec<_> = executions.iter().map(|one| one["status"].clone()).collect();
    statuses.sort_by_key(ToString::to_string);
    assert_eq!(statuses, ["FAILED", "SUCCEEDED"]);
    for one in executions {
        assert_eq!(one["mapRunArn"], arn.as_str());
        assert_eq!(one["stateMachineArn"], format!("{MACHINE}/Each"));
        let asked = json!({ "executionArn": one["executionArn"] });
        let described = api.ok("DescribeExecution", asked.clone()).await;
        assert_eq!(described["mapRunArn"], arn.as_str());
        assert_eq!(described["status"], one["status"]);
        let history = api.ok("GetExecutionHistory", asked.clone()).await;
        assert_eq!(history["events"][1]["type"], "ChoiceStateEntered");
        let definition = api.ok("DescribeStateMachineForExecution", asked).await;
        assert!(definition["definition"].as_str().unwrap().contains("DISTRIBUTED"));
    }
    let failed = api.ok("ListExecutions", json!({ "mapRunArn": arn, "statusFilter": "FAILED" }));
    assert_eq!(failed.await["executions"].as_array().unwrap().len(), 1);
    let own = api.ok("ListExecutions", json!({ "stateMachineArn": MACHINE })).await;
    assert_eq!(own["executions"].as_array().unwrap().len(), 1);
    assert_eq!(own["executions"][0]["executionArn"], execution.as_str());
}

#[tokio::test]
async fn items_are_read_and_results_written_in_the_directory() {
    let (api, folder) = with_objects().await;
    fs::write(folder.path().join("b/in.csv"), "id,total\n1,12\n2,7\n").unwrap();
    let more = json!({
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" },
            "Arguments": { "Bucket": "b", "Key": "in.csv" },
        },
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Arguments": { "Bucket": "b", "Prefix": "out" },
            "WriterConfig": { "Transformation": "COMPACT", "OutputType": "JSONL" },
        },
    });
    let execution = run(&api, &each(&pass(), &more), &json!({})).await;
    let output = output(&api, &execution).await;
    let key = output["ResultWriterDetails"]["Key"].as_str().unwrap();
    let read = |key: &str| fs::read_to_string(folder.path().join("b").join(key)).unwrap();
    let manifest: Value = serde_json::from_str(&read(key)).unwrap();
    assert_eq!(manifest["MapRunArn"], output["MapRunArn"]);
    let results = read(manifest["ResultFiles"]["SUCCEEDED"][0]["Key"].as_str().unwrap());
    let expected = "{\"total\":\"12\",\"id\":\"1\"}\n{\"total\":\"7\",\"id\":\"2\"}\n";
    assert_eq!(results, expected);
}

#[tokio::test]
async fn without_a_directory_a_reader_fails_and_says_what_to_do() {
    let api = Api::new().await;
    let arguments = json!({ "Bucket": "b", "Key": "in.json" });
    let reader = json!({ "Resource": "arn:aws:states:::s3:getObject", "Arguments": arguments });
    let states = each(&pass(), &json!({ "ItemReader": reader }));
    let execution = run(&api, &states, &json!({})).await;
    let described = api.ok("DescribeExecution", json!({ "executionArn": execution })).await;
    assert_eq!(described["error"], "States.ItemReaderFailed");
    assert!(described["cause"].as_str().unwrap().contains("--objects"), "{described}");
    let arn = map_run(&api, &execution).await;
    let run = api.ok("DescribeMapRun", json!({ "mapRunArn": arn })).await;
    assert_eq!((&run["status"], &run["itemCounts"]["total"]), (&json!("FAILED"), &json!(0)));
}

#[tokio::test]
async fn a_stop_takes_the_executions_of_a_map_run_down() {
    let api = Api::new().await;
    let wait = json!({ "Type": "Wait", "Seconds": 3600, "End": true });
    let machine = api.create("m", &each(&wait, &json!({ "MaxConcurrency": 2 }))).await;
    let body = json!({ "stateMachineArn": machine, "name": "e", "input": "[1,2,3]" });
    let execution = api.start(body).await;
    let arn = map_run(&api, &execution).await;
    let running = loop {
        let listed = api.ok("ListExecutions", json!({ "mapRunArn": arn })).await;
        let executions = listed["executions"].as_array().unwrap().clone();
        if executions.len() == 2 {
            break executions;
        }
        tokio::task::yield_now().await;
    };
    let run = api.ok("DescribeMapRun", json!({ "mapRunArn": arn })).await;
    let shown = (&run["status"], &run["itemCounts"]["running"], &run["itemCounts"]["pending"]);
    assert_eq!(shown, (&json!("RUNNING"), &json!(2), &json!(1)));
    api.ok("StopExecution", json!({ "executionArn": execution })).await;
    for one in running {
        let child = one["executionArn"].as_str().unwrap();
        api.end(child).await;
        let described = api.ok("DescribeExecution", json!({ "executionArn": child })).await;
        assert_eq!(described["status"], "ABORTED");
    }
    let run = api.ok("DescribeMapRun", json!({ "mapRunArn": arn })).await;
    let shown = (&run["status"], &run["itemCounts"]["aborted"], &run["itemCounts"]["pending"]);
    assert_eq!(shown, (&json!("ABORTED"), &json!(2), &json!(1)));
}

#[tokio::test]
async fn map_runs_that_are_not_there_and_arns_of_other_things_are_refused() {
    let api = Api::new().await;
    let execution = run(&api, &each(&pass(), &json!({})), &json!([])).await;
    let arn = format!("{RUN}00000000-0000-4000-8000-000000000000");
    let missing = format!("Resource not found: '{arn}'");
    for operation in ["DescribeMapRun", "ListExecutions"] {
        let asked = json!({ "mapRunArn": arn });
        api.refused(operation, asked, "ResourceNotFound", &missing).await;
        let asked = json!({ "mapRunArn": execution });
        let wrong = "Invalid Arn: 'Resource type not valid in this context: execution'";
        api.refused(operation, asked, "InvalidArn", wrong).await;
    }
    let asked = json!({ "executionArn": arn });
    let wrong = "Invalid Arn: 'Resource type not valid in this context: mapRun'";
    api.refused("ListMapRuns", asked, "InvalidArn", wrong).await;
}

#[tokio::test]
async fn the_map_runs_of_a_loop_are_listed_newest_first_and_by_pages() {
    let api = Api::new().await;
    let mut states = each(&pass(), &json!({}));
    let map = states["each"].as_object_mut().unwrap();
    map.remove("End");
    map.extend([("Next".to_owned(), json!("more")), ("Items".to_owned(), json!([1]))]);
    let more = json!({
        "Type": "Choice",
        "Assign": { "n": "{% $n + 1 %}" },
        "Choices": [{ "Condition": "{% $n = 3 %}", "Next": "end" }],
        "Default": "each",
    });
    let states = json!({
        "set": { "Type": "Pass", "Assign": { "n": 1 }, "Next": "each" },
        "each": states["each"], "more": more, "end": { "Type": "Succeed" },
    });
    let execution = run(&api, &states, &json!({})).await;
    let asked = json!({ "executionArn": execution });
    let whole = api.ok("ListMapRuns", asked.clone()).await;
    assert_eq!(whole["mapRuns"].as_array().unwrap().len(), 3);
    let mut paged = Vec::new();
    let mut page = json!({ "executionArn": execution, "maxResults": 2 });
    loop {
        let listed = api.ok("ListMapRuns", page.clone()).await;
        paged.extend(listed["mapRuns"].as_array().unwrap().clone());
        match listed.get("nextToken") {
            Some(token) => page["nextToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!(json!(paged), whole["mapRuns"]);
}
