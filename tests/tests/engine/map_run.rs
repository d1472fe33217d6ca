//! A distributed Map: an execution of its own for each item or batch.

use serde_json::{Value, json};
use stepwright::{
    engine::{
        ChildOutcome, Effect, Event, ReadItems, StartChild, Status, Taken, Token, WriteResults,
    },
    program::{Data, Failure},
};
use stepwright_tests::bench::{Bench, activity, machine};

/// A distributed Map with more fields.
fn distributed(more: &Value) -> Value {
    let mut map = json!({
        "Type": "Map",
        "Label": "Each",
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "work",
            "States": { "work": { "Type": "Task", "Resource": activity("work"), "End": true } },
        },
        "End": true,
    });
    map.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    map
}

fn started(more: &Value, input: Value) -> Bench {
    Bench::started(&machine(&json!({ "each": distributed(more) })), input)
}

fn reader() -> Value {
    let arguments = json!({ "Bucket": "orders", "Key": "today.json" });
    json!({ "Resource": "arn:aws:states:::s3:getObject", "Arguments": arguments })
}

fn writer(config: &Value) -> Value {
    let arguments = json!({ "Bucket": "results", "Prefix": "runs/" });
    let resource = "arn:aws:states:::s3:putObject";
    json!({ "Resource": resource, "Arguments": arguments, "WriterConfig": config })
}

fn asked(bench: &Bench) -> Vec<&StartChild> {
    let asked = bench.effects.iter().filter_map(|effect| match effect {
        Effect::StartChild(child) => Some(&**child),
        _ => None,
    });
    asked.collect()
}

/// The inputs of the executions that were asked for.
fn inputs(bench: &Bench) -> Vec<Value> {
    asked(bench).into_iter().map(|child| (*child.input).clone()).collect()
}

fn stopped(bench: &Bench) -> Vec<u32> {
    let stopped = bench.effects.iter().filter_map(|effect| match effect {
        Effect::StopChild { token, .. } => Some(token.attempt),
        _ => None,
    });
    stopped.collect()
}

fn read(bench: &Bench) -> ReadItems {
    let last = bench.effects.iter().rev().find_map(|effect| match effect {
        Effect::ReadItems(read) => Some((**read).clone()),
        _ => None,
    });
    last.expect("items are read")
}

fn write(bench: &Bench) -> WriteResults {
    let last = bench.effects.iter().rev().find_map(|effect| match effect {
        Effect::WriteResults(write) => Some((**write).clone()),
        _ => None,
    });
    last.expect("results are written")
}

/// Lets the execution with this index, of those that were asked for, end.
fn end(bench: &mut Bench, index: usize, status: Status) -> Taken {
    let child = asked(bench)[index].clone();
    let at = "2026-11-22T12:00:00Z".parse().unwrap();
    let name = child.name.unwrap();
    let outcome = ChildOutcome {
        execution: format!("{}:{name}", child.machine.replace(":stateMachine:", ":execution:")),
        name,
        machine: child.machine,
        input: child.input,
        started: at,
        stopped: at,
        status,
    };
    bench.give(Event::ChildEnded { token: child.token, child: Box::new(outcome) })
}

fn succeed(bench: &mut Bench, index: usize, output: Value) {
    assert_eq!(end(bench, index, Status::Succeeded(output.into())), Taken::Committing);
}

fn fail(bench: &mut Bench, index: usize) {
    let failure = Failure::new("Broken", "it broke");
    assert_eq!(end(bench, index, Status::Failed(failure)), Taken::Committing);
}

fn give_items(bench: &mut Bench, items: &[Value]) -> Taken {
    let token = read(bench).token;
    give_items_to(bench, token, items)
}

fn give_items_to(bench: &mut Bench, token: Token, items: &[Value]) -> Taken {
    let items = items.iter().cloned().map(Data::from).collect();
    bench.give(Event::ItemsRead { token, items })
}

/// The history without the random part of ARNs.
fn shown(bench: &Bench) -> String {
    let text = bench.shown();
    let lines = text.lines().map(|line| match line.split_once("Each:") {
        Some((before, _)) => format!("{before}Each:<id>"),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_run_gives_the_outputs_in_the_order_of_the_items() {
    let mut bench = started(&json!({ "MaxConcurrency": 2 }), json!(["a", "b", "c"]));
    assert_eq!(inputs(&bench), [json!("a"), json!("b")]);
    succeed(&mut bench, 1, json!("B"));
    assert_eq!(inputs(&bench), [json!("a"), json!("b"), json!("c")]);
    succeed(&mut bench, 2, json!("C"));
    succeed(&mut bench, 0, json!("A"));
    insta::assert_snapshot!(shown(&bench), @r#"
    1 < 0 ExecutionStarted input=["a","b","c"]
    2 < 0 MapStateEntered input=["a","b","c"] name=each
    3 < 2 MapStateStarted length=3
    4 < 3 MapRunStarted mapRunArn=arn:aws:states:us-east-1:123456789012:mapRun:m/Each:<id>
    5 < 4 MapRunSucceeded
    6 < 5 MapStateSucceeded
    7 < 5 MapStateExited name=each output=["A","B","C"]
    8 < 7 ExecutionSucceeded output=["A","B","C"]
    "#);
    assert!(bench.execution.results.is_empty());
}

#[test]
fn executions_belong_to_the_run_and_have_a_name_of_their_own() {
    let bench = started(&json!({}), json!([1, 2]));
    let [first, second] = asked(&bench)[..] else { panic!() };
    let part = first.map_run.clone().unwrap();
    assert!(part.arn.starts_with("arn:aws:states:us-east-1:123456789012:mapRun:m/Each:"));
    assert_eq!((part.state.as_str(), part.express), ("each", false));
    assert_eq!(first.machine, "arn:aws:states:us-east-1:123456789012:stateMachine:m/Each");
    assert_ne!(first.name, second.name);
    assert_eq!((first.token.attempt, second.token.attempt), (0, 1));
}

#[test]
fn a_run_of_no_items_is_over_at_once() {
    let bench = started(&json!({}), json!([]));
    assert_eq!(bench.ended(), "SUCCEEDED []");
    assert!(bench.shown().contains("MapRunSucceeded"));
}

#[test]
fn no_more_than_a_thousand_executions_are_alive() {
    let items: Vec<u32> = (0..1_200).collect();
    let mut bench = started(&json!({ "MaxConcurrency": 5_000 }), json!(items));
    assert_eq!(asked(&bench).len(), 1_000);
    succeed(&mut bench, 7, json!(0));
    assert_eq!(asked(&bench).len(), 1_001);
}

#[test]
fn the_fields_of_an_object_are_items() {
    let bench = started(&json!({ "Items": { "a": 1, "b": [2] } }), json!({}));
    assert_eq!(
        inputs(&bench),
        [json!({ "Key": "a", "Value": 1 }), json!({ "Key": "b", "Value": [2] })]
    );
}

#[test]
fn items_are_selected_and_packed_into_batches() {
    let more = json!({
        "ItemSelector": { "n": "{% $states.context.Map.Item.Value %}" },
        "ItemBatcher": { "MaxItemsPerBatch": 2, "BatchInput": { "day": 1 } },
    });
    let bench = started(&more, json!([1, 2, 3]));
    assert_eq!(
        inputs(&bench),
        [
            json!({ "BatchInput": { "day": 1 }, "Items": [{ "n": 1 }, { "n": 2 }] }),
            json!({ "BatchInput": { "day": 1 }, "Items": [{ "n": 3 }] }),
        ]
    );
}

#[test]
fn a_failure_that_is_not_tolerated_stops_the_others_and_fails_the_run() {
    let mut bench = started(&json!({}), json!(["a", "b", "c"]));
    succeed(&mut bench, 0, json!(1));
    fail(&mut bench, 1);
    insta::assert_snapshot!(shown(&bench), @r#"
    1 < 0 ExecutionStarted input=["a","b","c"]
    2 < 0 MapStateEntered input=["a","b","c"] name=each
    3 < 2 MapStateStarted length=3
    4 < 3 MapRunStarted mapRunArn=arn:aws:states:us-east-1:123456789012:mapRun:m/Each:<id>
    5 < 4 MapRunFailed error=States.ExceedToleratedFailureThreshold cause=The specified tolerated failure threshold was exceeded
    6 < 5 MapStateFailed
    7 < 6 ExecutionFailed error=States.ExceedToleratedFailureThreshold cause=The specified tolerated failure threshold was exceeded
    "#);
    assert_eq!(stopped(&bench), [2]);
    assert_eq!(end(&mut bench, 2, Status::Succeeded(json!(3).into())), Taken::Stale);
}

#[test]
fn a_failed_run_is_caught_by_its_name_and_leaves_nothing() {
    let error = "States.ExceedToleratedFailureThreshold";
    let states = json!({
        "each": distributed(&json!({ "Catch": [{ "ErrorEquals": [error], "Next": "w" }] })),
        "w": { "Type": "Wait", "Seconds": 1, "End": true },
    });
    let mut bench = Bench::started(&machine(&states), json!([1, 2]));
    succeed(&mut bench, 0, json!(1));
    fail(&mut bench, 1);
    assert!(bench.execution.results.is_empty());
    bench.advance(1.0);
    let output = json!({
        "Error": error,
        "Cause": "The specified tolerated failure threshold was exceeded",
    });
    assert_eq!(bench.ended(), format!("SUCCEEDED {output}"));
}

#[test]
fn a_retry_is_a_new_run_and_hears_nothing_of_the_old_one() {
    let retry = json!({ "Retry": [{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 1 }] });
    let mut bench = started(&retry, json!([1, 2]));
    fail(&mut bench, 0);
    bench.advance(1.0);
    let [first, _, again, _] = asked(&bench)[..] else { panic!() };
    assert_ne!(first.map_run, again.map_run);
    assert_ne!(first.name, again.name);
    assert_eq!(end(&mut bench, 1, Status::Succeeded(json!(2).into())), Taken::Stale);
    succeed(&mut bench, 2, json!("one"));
    succeed(&mut bench, 3, json!("two"));
    assert_eq!(bench.ended(), r#"SUCCEEDED ["one","two"]"#);
}

/// Fails the first of these executions after one another until the run fails; says how many of them
/// it took, or none if it tolerates all.
#[track_caller]
fn check_tolerated(more: &Value, items: usize, expected: Option<usize>) {
    let mut bench = started(more, json!(vec![1; items]));
    let all = asked(&bench).len();
    let over = |bench: &Bench| bench.execution.is_ended();
    let failed = (0..all).find(|index| {
        fail(&mut bench, *index);
        over(&bench) && bench.ended().starts_with("FAILED")
    });
    assert_eq!(failed.map(|index| index + 1), expected, "{more}");
}

#[test]
fn failures_are_tolerated_up_to_a_count_or_a_percentage_of_items() {
    check_tolerated(&json!({}), 10, Some(1));
    check_tolerated(&json!({ "ToleratedFailureCount": 2 }), 10, Some(3));
    check_tolerated(&json!({ "ToleratedFailurePercentage": 20 }), 10, Some(3));
    check_tolerated(&json!({ "ToleratedFailurePercentage": 100 }), 10, None);
    let both = json!({ "ToleratedFailureCount": 5, "ToleratedFailurePercentage": 10 });
    check_tolerated(&both, 10, Some(2));
}

#[test]
fn all_items_of_a_batch_fail_with_it() {
    let batches = |count: u32| json!({ "ItemBatcher": { "MaxItemsPerBatch": 3 }, "ToleratedFailureCount": count });
    check_tolerated(&batches(2), 9, Some(1));
    check_tolerated(&batches(3), 9, Some(2));
}

#[test]
fn a_tolerated_failure_is_described_in_the_result() {
    let mut bench = started(&json!({ "ToleratedFailureCount": 1 }), json!([1, 2]));
    fail(&mut bench, 0);
    succeed(&mut bench, 1, json!("two"));
    let Status::Succeeded(output) = &bench.execution.head.status else { panic!() };
    assert_eq!(output[0]["Status"], "FAILED");
    assert_eq!(output[0]["Error"], "Broken");
    assert_eq!(output[0]["Input"], "1");
    assert_eq!(output[0]["StartDate"], "2026-11-22T12:00:00.000Z");
    assert_eq!(output[1], "two");
}

#[track_caller]
fn check_result(config: &Value, expected: impl Fn(&Value) -> Value) {
    let mut bench = started(&json!({ "ResultWriter": { "WriterConfig": config } }), json!([1, 2]));
    succeed(&mut bench, 0, json!([1, 1]));
    succeed(&mut bench, 1, json!("two"));
    let Status::Succeeded(output) = &bench.execution.head.status else { panic!() };
    assert_eq!(expected(output), json!(true), "{config}: {output:?}");
}

#[test]
fn results_are_outputs_flattened_outputs_or_descriptions() {
    let transformed = |to: &str| json!({ "Transformation": to });
    check_result(&transformed("COMPACT"), |output| json!(*output == json!([[1, 1], "two"])));
    check_result(&transformed("FLATTEN"), |output| json!(*output == json!([1, 1, "two"])));
    check_result(&transformed("NONE"), |output| json!(output[0]["Output"] == "[1,1]"));
}

#[test]
fn items_are_read_before_executions_begin() {
    let mut bench = started(&json!({ "ItemReader": reader() }), json!({}));
    let asked = read(&bench);
    assert_eq!((asked.state.as_str(), asked.source.bucket.as_str()), ("each", "orders"));
    assert!(inputs(&bench).is_empty());
    let another = Token { random: asked.token.random ^ 1, ..asked.token };
    assert_eq!(give_items_to(&mut bench, another, &[]), Taken::Stale);
    assert_eq!(give_items(&mut bench, &[json!("a")]), Taken::Committing);
    assert_eq!(inputs(&bench), [json!("a")]);
    assert_eq!(give_items(&mut bench, &[json!("b")]), Taken::Stale);
    succeed(&mut bench, 0, json!("A"));
    insta::assert_snapshot!(shown(&bench), @r#"
    1 < 0 ExecutionStarted input={}
    2 < 0 MapStateEntered input={} name=each
    3 < 2 MapStateStarted length=0
    4 < 3 MapRunStarted mapRunArn=arn:aws:states:us-east-1:123456789012:mapRun:m/Each:<id>
    5 < 4 MapRunSucceeded
    6 < 5 MapStateSucceeded
    7 < 5 MapStateExited name=each output=["A"]
    8 < 7 ExecutionSucceeded output=["A"]
    "#);
}

#[test]
fn items_that_cannot_be_read_fail_the_run_and_are_read_again_by_a_retry() {
    let retry = json!([{ "ErrorEquals": ["States.ItemReaderFailed"], "MaxAttempts": 1 }]);
    let mut bench = started(&json!({ "ItemReader": reader(), "Retry": retry }), json!({}));
    let broken = Failure::new("States.ItemReaderFailed", "no such key");
    let first = read(&bench).token;
    bench.give(Event::TaskFailed { token: first, failure: broken.clone() });
    bench.advance(1.0);
    let second = read(&bench).token;
    assert_ne!(first, second);
    bench.give(Event::TaskFailed { token: second, failure: broken });
    insta::assert_snapshot!(shown(&bench), @r#"
    1 < 0 ExecutionStarted input={}
    2 < 0 MapStateEntered input={} name=each
    3 < 2 MapStateStarted length=0
    4 < 3 MapRunStarted mapRunArn=arn:aws:states:us-east-1:123456789012:mapRun:m/Each:<id>
    5 < 4 MapRunFailed error=States.ItemReaderFailed cause=no such key
    6 < 5 MapStateStarted length=0
    7 < 6 MapRunStarted mapRunArn=arn:aws:states:us-east-1:123456789012:mapRun:m/Each:<id>
    8 < 7 MapRunFailed error=States.ItemReaderFailed cause=no such key
    9 < 8 MapStateFailed
    10 < 9 ExecutionFailed error=States.ItemReaderFailed cause=no such key
    "#);
}

#[test]
fn a_selector_that_fails_on_what_was_read_fails_the_run() {
    let more = json!({
        "ItemReader": reader(),
        "ItemSelector": { "n": "{% $states.context.Map.Item.Value.n %}" },
    });
    let mut bench = started(&more, json!({}));
    give_items(&mut bench, &[json!({ "n": 1 }), json!({})]);
    insta::assert_snapshot!(shown(&bench), @r#"
    1 < 0 ExecutionStarted input={}
    2 < 0 MapStateEntered input={} name=each
    3 < 2 MapStateStarted length=0
    4 < 3 MapRunStarted mapRunArn=arn:aws:states:us-east-1:123456789012:mapRun:m/Each:<id>
    5 < 4 EvaluationFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression '$states.context.Map.Item.Value.n' specified for the field 'ItemSelector/n' returned nothing (undefined). location=ItemSelector/n state=each
    6 < 5 MapRunFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression '$states.context.Map.Item.Value.n' specified for the field 'ItemSelector/n' returned nothing (undefined).
    7 < 6 MapStateFailed
    8 < 7 ExecutionFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'each' (entered at the event id #2). The JSONata expression '$states.context.Map.Item.Value.n' specified for the field 'ItemSelector/n' returned nothing (undefined).
    "#);
}

#[test]
fn results_are_written_by_status_with_a_manifest_after_them() {
    let more = json!({ "ResultWriter": writer(&json!({})), "ToleratedFailureCount": 1 });
    let mut bench = started(&more, json!([1, 2]));
    succeed(&mut bench, 0, json!({ "ok": true }));
    fail(&mut bench, 1);
    let written = write(&bench);
    let id = asked(&bench)[0].map_run.clone().unwrap().arn.rsplit(':').next().unwrap().to_owned();
    let keys: Vec<_> = written.objects.iter().map(|(key, _)| key.replace(&id, "<id>")).collect();
    let expected =
        ["runs/<id>/SUCCEEDED_0.json", "runs/<id>/FAILED_0.json", "runs/<id>/manifest.json"];
    assert_eq!(keys, expected);
    let text = |index: usize| -> Value { serde_json::from_str(&written.objects[index].1).unwrap() };
    assert_eq!(text(0)[0]["Output"], r#"{"ok":true}"#);
    assert_eq!(text(1)[0]["Error"], "Broken");
    let manifest = text(2);
    assert_eq!(manifest["DestinationBucket"], "results");
    let size = written.objects[0].1.len();
    let listed = json!([{ "Key": written.objects[0].0, "Size": size }]);
    assert_eq!(manifest["ResultFiles"]["SUCCEEDED"], listed);
    assert_eq!(manifest["ResultFiles"]["PENDING"], json!([]));
    bench.give(Event::ResultsWritten { token: written.token });
    let Status::Succeeded(output) = &bench.execution.head.status else { panic!() };
    let key = format!("runs/{id}/manifest.json");
    assert_eq!(output["ResultWriterDetails"], json!({ "Bucket": "results", "Key": key }));
}

#[test]
fn results_may_be_lines_of_outputs() {
    let config = json!({ "Transformation": "FLATTEN", "OutputType": "JSONL" });
    let mut bench = started(&json!({ "ResultWriter": writer(&config) }), json!([1, 2]));
    succeed(&mut bench, 0, json!([1, { "a": 2 }]));
    succeed(&mut bench, 1, json!("three"));
    let (key, text) = write(&bench).objects[0].clone();
    assert!(key.ends_with("/SUCCEEDED_0.jsonl"), "{key}");
    assert_eq!(text, "1\n{\"a\":2}\n\"three\"\n");
}

#[test]
fn a_run_that_fails_writes_what_it_has_first() {
    let more = json!({ "ResultWriter": writer(&json!({})), "MaxConcurrency": 2 });
    let mut bench = started(&more, json!([1, 2, 3]));
    fail(&mut bench, 0);
    assert_eq!(stopped(&bench), [1]);
    let written = write(&bench);
    let statuses = |index: usize| -> Vec<Value> {
        let all: Value = serde_json::from_str(&written.objects[index].1).unwrap();
        all.as_array().unwrap().iter().map(|one| one["Status"].clone()).collect()
    };
    assert_eq!(statuses(0), ["FAILED", "ABORTED"]);
    assert_eq!(statuses(1), ["PENDING"]);
    assert!(!bench.execution.is_ended());
    let full = Failure::new("States.ResultWriterFailed", "the disk is full");
    bench.give(Event::TaskFailed { token: written.token, failure: full });
    let expected = "FAILED States.ExceedToleratedFailureThreshold The specified tolerated failure \
                    threshold was exceeded";
    assert_eq!(bench.ended(), expected, "the first failure counts");
}

#[test]
fn results_that_cannot_be_written_fail_the_run() {
    let mut bench = started(&json!({ "ResultWriter": writer(&json!({})) }), json!([1]));
    succeed(&mut bench, 0, json!(1));
    let token = write(&bench).token;
    let failure = Failure::new("States.ResultWriterFailed", "no such bucket");
    bench.give(Event::TaskFailed { token, failure });
    assert_eq!(bench.ended(), "FAILED States.ResultWriterFailed no such bucket");
}

#[test]
fn stopping_stops_what_is_alive() {
    let mut bench = started(&json!({}), json!([1, 2, 3]));
    succeed(&mut bench, 1, json!(2));
    bench.give(Event::Stop(Failure { error: None, cause: None }));
    assert_eq!(stopped(&bench), [0, 2]);
    let mut bench = started(&json!({ "ItemReader": reader() }), json!({}));
    let token = read(&bench).token;
    bench.give(Event::Stop(Failure { error: None, cause: None }));
    assert!(bench.effects.contains(&Effect::CancelObjects { token }));
}

#[test]
fn a_failing_sibling_aborts_the_run() {
    let call = json!({ "Type": "Task", "Resource": activity("b"), "End": true });
    let states = json!({ "both": { "Type": "Parallel", "End": true, "Branches": [
        { "StartAt": "each", "States": { "each": distributed(&json!({})) } },
        { "StartAt": "b", "States": { "b": call } },
    ] } });
    let mut bench = Bench::started(&machine(&states), json!([1, 2]));
    let last = bench.history.len() as u64;
    bench.fail("b", "Broken", "");
    assert_eq!(stopped(&bench), [0, 1]);
    insta::assert_snapshot!(bench.lines(last), @r#"
    10 < 9 TaskFailed resourceType=task resource=b error=Broken cause=
    11 < 10 TaskStateAborted
    12 < 6 MapRunAborted
    13 < 12 MapStateAborted
    14 < 10 ParallelStateFailed
    15 < 14 ExecutionFailed error=Broken cause=
    "#);
}

#[test]
fn a_restarted_owner_asks_for_what_is_alive_under_the_same_names() {
    let mut bench = started(&json!({ "MaxConcurrency": 2 }), json!([1, 2, 3]));
    succeed(&mut bench, 0, json!(1));
    let before: Vec<StartChild> = asked(&bench).into_iter().cloned().collect();
    bench.effects.clear();
    bench.give(Event::Recovered);
    let after: Vec<StartChild> = asked(&bench).into_iter().cloned().collect();
    assert_eq!(after, before[1..]);
}

#[test]
fn a_restarted_owner_reads_and_writes_again() {
    let more = json!({ "ItemReader": reader(), "ResultWriter": writer(&json!({})) });
    let mut bench = started(&more, json!({}));
    let first = read(&bench);
    bench.give(Event::Recovered);
    assert_eq!(read(&bench), first);
    give_items(&mut bench, &[]);
    bench.advance(0.0);
    let written = write(&bench);
    bench.give(Event::Recovered);
    assert_eq!(write(&bench), written);
}

#[test]
fn what_a_run_tolerates_is_looked_at_when_the_map_has_begun() {
    let states = json!({ "each": {
        "Type": "Map", "ItemsPath": "$.Items", "ToleratedFailureCountPath": "$.Count",
        "ItemProcessor": distributed(&json!({}))["ItemProcessor"], "End": true } });
    let machine = json!({ "StartAt": "each", "States": states }).to_string();
    let bench = Bench::started(&machine, json!({ "Items": [0], "Count": -1 }));
    insta::assert_snapshot!(bench.shown(), @r#"
    1 < 0 ExecutionStarted input={"Items":[0],"Count":-1}
    2 < 0 MapStateEntered input={"Items":[0],"Count":-1} name=each
    3 < 2 MapStateStarted length=1
    4 < 3 ExecutionFailed error=States.Runtime cause=An error occurred while executing the state 'each' (entered at the event id #2). ToleratedFailureCount cannot be negative.
    "#);
}
