//! Machines that exercise what the driver does: tasks, retries, joins, waits, children.

use super::world::Binary;
use crate::{
    asl::Definition,
    catalog::{self, Catalog},
    registry::Registry,
    store::Store,
};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Their names.
pub(super) const NAMES: [&str; 10] =
    ["chain", "retry", "parallel", "map", "wait", "parent", "starter", "looping", "run", "written"];

/// All machines of a binary, put into a store.
pub(super) fn catalog(store: &dyn Store, now: Timestamp, binary: Binary) -> Catalog {
    let machines = NAMES.iter().copied().chain(["child", "patron", "napping", "naps", "endless"]);
    let lacks = |name: &&str| binary == Binary::Poorer && *name == "child";
    let machines = machines.filter(|name| !lacks(name)).map(|name| {
        let mut machine = machine(name);
        if binary != Binary::First {
            merge(&mut machine, json!({ "Comment": format!("{binary:?}") }));
        }
        (name.to_owned(), definition(&machine))
    });
    let machines: IndexMap<_, _> = machines.collect();
    Catalog::open(store, &Registry::new(), machines, now).unwrap()
}

fn definition(value: &Value) -> Definition {
    let (definition, findings) = Definition::parse(&value.to_string());
    definition.unwrap_or_else(|| panic!("{findings:?}"))
}

fn task(name: &str, then: Value) -> Value {
    let mut task = json!({
        "Type": "Task",
        "Resource": catalog::activity_arn(name),
        "Arguments": "{% $states.input %}",
        "Retry": [{ "ErrorEquals": ["Flaky"], "IntervalSeconds": 1, "MaxAttempts": 9 }],
        "TimeoutSeconds": 60,
    });
    merge(&mut task, then);
    task
}

fn merge(into: &mut Value, more: Value) {
    let (Value::Object(into), Value::Object(more)) = (into, more) else { panic!("no objects") };
    into.extend(more);
}

fn end() -> Value {
    json!({ "End": true })
}

fn machine(name: &str) -> Value {
    let (start, states) = match name {
        "chain" => ("a", chain()),
        "retry" => ("a", retry()),
        "parallel" => ("p", json!({ "p": parallel() })),
        "map" => ("m", json!({ "m": map() })),
        "wait" => ("a", wait()),
        "parent" => ("c", json!({ "c": parent("child") })),
        "starter" => ("s", starter()),
        "patron" => ("c", json!({ "c": parent("napping") })),
        "napping" => ("w", json!({ "w": { "Type": "Wait", "Seconds": 3600, "End": true } })),
        "naps" => ("m", json!({ "m": naps() })),
        "child" => {
            ("a", json!({ "a": task("a", json!({ "Next": "b" })), "b": task("flaky", end()) }))
        }
        "looping" => ("set", looping()),
        "endless" => ("a", json!({ "a": { "Type": "Pass", "Next": "a" } })),
        "run" => ("m", json!({ "m": run() })),
        "written" => ("m", json!({ "m": written() })),
        other => panic!("no machine {other}"),
    };
    json!({ "QueryLanguage": "JSONata", "StartAt": start, "States": states })
}

fn chain() -> Value {
    json!({
        "a": task("a", json!({ "Next": "b" })),
        "b": task("b", json!({ "Next": "c" })),
        "c": task("c", end()),
    })
}

fn retry() -> Value {
    let caught = |error: &str, more: Value| {
        let mut fields = json!({ "Catch": [{ "ErrorEquals": [error], "Next": "z" }] });
        merge(&mut fields, more);
        fields
    };
    json!({
        "a": task("flaky", caught("States.ALL", json!({ "Next": "b" }))),
        "b": task("doomed", caught("Doom", end())),
        "z": { "Type": "Pass", "Output": "caught", "End": true },
    })
}

fn parallel() -> Value {
    let one = json!({ "x": task("x", json!({ "Next": "y" })), "y": task("y", end()) });
    let wait = json!({ "Type": "Wait", "Seconds": 5, "Next": "v" });
    let other = json!({ "u": wait, "v": task("v", end()) });
    json!({
        "Type": "Parallel",
        "Branches": [
            { "StartAt": "x", "States": one },
            { "StartAt": "u", "States": other },
        ],
        "End": true,
    })
}

fn map() -> Value {
    json!({
        "Type": "Map",
        "Items": [1, 2, 3, 4, 5],
        "MaxConcurrency": 2,
        "ItemProcessor": { "StartAt": "i", "States": { "i": task("flaky", end()) } },
        "End": true,
    })
}

fn run() -> Value {
    json!({
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "Arguments": { "Bucket": "b", "Key": "k" },
        },
        "MaxConcurrency": 2,
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "i",
            "States": { "i": task("flaky", end()) },
        },
        "End": true,
    })
}

fn naps() -> Value {
    json!({
        "Type": "Map",
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "w",
            "States": { "w": { "Type": "Wait", "Seconds": 3600, "End": true } },
        },
        "End": true,
    })
}

fn written() -> Value {
    json!({
        "Type": "Map",
        "Items": [1, 2, 3],
        "ToleratedFailureCount": 1,
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
            "StartAt": "i",
            "States": { "i": task("doomed", end()) },
        },
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Arguments": { "Bucket": "b" },
        },
        "End": true,
    })
}

fn wait() -> Value {
    json!({
        "a": task("a", json!({ "Next": "w" })),
        "w": { "Type": "Wait", "Seconds": 3600, "Next": "b" },
        "b": task("b", end()),
    })
}

fn parent(child: &str) -> Value {
    json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": {
            "StateMachineArn": catalog::machine_arn(child),
            "Input": "{% $states.input %}",
        },
        "Output": "{% $states.result.Output %}",
        "End": true,
    })
}

/// It starts an execution and does not wait for its end.
fn starter() -> Value {
    let start = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution",
        "Arguments": { "StateMachineArn": catalog::machine_arn("child"), "Input": {} },
        "Output": "{% $states.input %}",
        "Next": "b",
    });
    json!({ "s": start, "b": task("b", end()) })
}

fn looping() -> Value {
    json!({
        "set": { "Type": "Pass", "Assign": { "n": 0 }, "Next": "a" },
        "a": task("a", json!({ "Assign": { "n": "{% $n + 1 %}" }, "Next": "more" })),
        "more": {
            "Type": "Choice",
            "Choices": [{ "Condition": "{% $n < 3 %}", "Next": "a" }],
            "Default": "done",
        },
        "done": { "Type": "Succeed", "Output": "{% $n %}" },
    })
}
