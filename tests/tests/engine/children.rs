//! Joins within joins, and what a failed execution keeps.

use serde_json::json;
use stepwright::engine::{Event, execution::Waiting};
use stepwright_tests::bench::{Bench, activity, machine};

#[test]
fn a_failed_execution_keeps_its_frames_and_results_for_a_redrive() {
    let call = |name: &str| json!({ "StartAt": name, "States": { name: { "Type": "Task", "Resource": activity(name), "End": true } } });
    let states =
        json!({ "both": { "Type": "Parallel", "Branches": [call("a"), call("b")], "End": true } });
    let mut bench = Bench::started(&machine(&states), json!({}));
    bench.succeed("a", json!(1));
    bench.fail("b", "Broken", "");
    assert_eq!(bench.ended(), "FAILED Broken ");
    assert_eq!(bench.execution.results.len(), 1);
    let waiting: Vec<_> = bench
        .execution
        .frames
        .values()
        .map(|frame| (frame.state.as_str(), matches!(frame.waiting, Waiting::Failed(_))))
        .collect();
    assert_eq!(waiting, [("both", false), ("b", true)]);
}

#[test]
fn a_caught_failure_leaves_nothing_of_the_branches() {
    let call = |name: &str| json!({ "StartAt": name, "States": { name: { "Type": "Task", "Resource": activity(name), "End": true } } });
    let states = json!({
        "both": { "Type": "Parallel", "Branches": [call("a"), call("b")], "End": true,
                  "Catch": [{ "ErrorEquals": ["Broken"], "Next": "w" }] },
        "w": { "Type": "Wait", "Seconds": 1, "End": true },
    });
    let mut bench = Bench::started(&machine(&states), json!({}));
    bench.succeed("a", json!(1));
    bench.fail("b", "Broken", "");
    assert_eq!(bench.execution.frames.len(), 1);
    assert!(bench.execution.results.is_empty());
}

#[test]
fn stopping_cancels_everything_that_runs() {
    let states = json!({ "each": { "Type": "Map", "End": true, "ItemProcessor": { "StartAt": "call", "States": {
        "call": { "Type": "Task", "Resource": activity("work"), "End": true } } } } });
    let mut bench = Bench::started(&machine(&states), json!([1, 2, 3]));
    assert_eq!(bench.open.len(), 3);
    bench.give(Event::Stop(stepwright::program::Failure { error: None, cause: None }));
    assert!(bench.open.is_empty());
    assert_eq!(bench.ended(), "ABORTED");
}
