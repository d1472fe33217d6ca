//! Tables of texts and what they are read as; of machines and whether they can end.

use super::*;
use crate::engine::{
    HistoryKind,
    history::{Resource, StateKind},
};
use serde_json::{Value, json};

/// A machine of two tasks, of which a Choice may pass by the second.
fn definition() -> Definition {
    let text = json!({ "QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Which" },
        "Which": { "Type": "Choice", "Default": "Done",
            "Choices": [{ "Condition": "{% true %}", "Next": "B" }] },
        "B": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true },
        "Done": { "Type": "Succeed" } } });
    Definition::parse(&text.to_string()).0.unwrap()
}

#[track_caller]
fn wrong(text: &str, case: Option<&str>, expected: &[&str]) {
    let bad = Answers::parse(text, "m", case, &definition()).unwrap_err();
    let told: Vec<_> = bad
        .mistakes
        .iter()
        .map(|it| {
            let help = it.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{}: {}{help}", text.get(it.span.clone()).unwrap(), it.message)
        })
        .collect();
    assert_eq!(told, expected, "{text}");
}

#[test]
fn answers_by_state_or_resource_are_held_to_their_form() {
    wrong("[]", None, &["[]: the answers must be an object"]);
    wrong("{", None, &[": expected a key in double quotes, found the end of the text"]);
    wrong(
        r#"{"a": {"result": 1}, "Which": {"result": 1}}"#,
        None,
        &[
            r#""a": no state of the definition with a task is called `a`, and none has that Resource (did you mean `A`?)"#,
            r#""Which": no state of the definition with a task is called `Which`, and none has that Resource"#,
        ],
    );
    wrong(
        r#"{"A": [], "B": [1, {"result": 1, "error": "E"}, {"error": 2}, {"reslt": 1}, {}]}"#,
        None,
        &[
            "[]: `A` needs at least one outcome",
            "1: an outcome must be an object",
            r#"{"result": 1, "error": "E"}: an outcome is a result or an error, not both"#,
            "2: a text must stand here",
            r#""reslt": an outcome has no field `reslt` (it is {"result": ..} or {"error": "Name", "cause": ".."})"#,
            "{}: an outcome needs `result` or `error`",
        ],
    );
    wrong(r#"{"A": {"result": 1}, "A": {"result": 2}}"#, None, &[r#""A": `A` stands here twice"#]);
    wrong(
        r#"{"A": {"result": 1}}"#,
        Some("Happy"),
        &[
            "{: there are no test cases here: only a mock configuration with StateMachines and MockedResponses has some",
        ],
    );
}

#[test]
fn mock_configurations_are_held_to_their_form() {
    let config = |case: &str, responses: &str| {
        format!(
            r#"{{"StateMachines": {{"m": {{"TestCases": {{"Happy": {case}}}}}}}, "MockedResponses": {responses}}}"#
        )
    };
    wrong(
        &config(r#"{"A": "R", "b": "R"}"#, r#"{"S": {}}"#),
        None,
        &[
            r#""R": there is no `R` in MockedResponses"#,
            r#""b": no state of the definition with a task is called `b` (did you mean `B`?)"#,
            r#""R": there is no `R` in MockedResponses"#,
        ],
    );
    let responses = |responses: &str, expected: &[&str]| {
        wrong(&config(r#"{"A": "R"}"#, &format!(r#"{{"R": {responses}}}"#)), None, expected);
    };
    responses("{}", &["{}: there must be a response number 0"]);
    responses(
        r#"{"0": {"Return": 1}, "2": {"Return": 1}}"#,
        &[r#""2": the next response must be number 1"#],
    );
    responses(
        r#"{"0-1": {"Return": 1}, "1": {"Return": 1}}"#,
        &[r#""1": the next response must be number 2"#],
    );
    responses(
        r#"{"1-0": {"Throw": {"Eror": "E"}}}"#,
        &[
            r#""1-0": `1-0` is neither a number nor a range such as 1-2"#,
            r#""Eror": `Throw` has no field `Eror`"#,
        ],
    );
    responses(
        r#"{"0": {"Give": 1}}"#,
        &[r#"{"Give": 1}: a mocked response has either `Return` or `Throw`"#],
    );
    wrong(
        r#"{"StateMachines": {"n": {}}, "MockedResponses": {}}"#,
        None,
        &[r#"{"n": {}}: there is no machine `m` here, but `n`"#],
    );
    wrong(
        &config("{}", "{}"),
        Some("Sad"),
        &[r#"{"Happy": {}}: there is no test case `Sad`: there is `Happy`"#],
    );
    wrong(
        r#"{"MockedResponses": {}}"#,
        None,
        &[r#"{"MockedResponses": {}}: an object `StateMachines` is missing"#],
    );
}

#[track_caller]
fn unending(states: &Value, doubles: &Value, expected: &[&str]) {
    let text = json!({ "QueryLanguage": "JSONata", "StartAt": "A", "States": states });
    let definition = Definition::parse(&text.to_string()).0.unwrap();
    let answers = Answers::parse(&doubles.to_string(), "m", None, &definition).unwrap();
    let stuck: Vec<_> = answers.impasse(&definition).into_iter().map(|it| it.state).collect();
    assert_eq!(stuck, expected, "{text}");
}

#[test]
fn an_execution_that_can_end_in_some_way_may_begin() {
    let task = json!({ "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true });
    let next = |to: &str| {
        let mut next = task.clone();
        next.as_object_mut().unwrap().remove("End");
        next["Next"] = to.into();
        next
    };
    let choice = json!({ "Type": "Choice", "Default": "B",
        "Choices": [{ "Condition": "{% true %}", "Next": "C" }] });
    let branch = |name: &str| json!({ "StartAt": name, "States": { name: task } });
    let ok = json!({ "result": 1 });
    unending(&json!({ "A": task }), &json!({}), &["A"]);
    unending(&json!({ "A": task }), &json!({ "A": ok }), &[]);
    unending(&json!({ "A": next("B"), "B": task }), &json!({ "A": ok }), &["B"]);
    // What fails ends, whatever comes after it.
    let failing = json!({ "A": [ok, { "error": "E" }] });
    unending(&json!({ "A": next("B"), "B": task }), &failing, &[]);
    let mut caught = next("B");
    caught["Catch"] = json!([{ "ErrorEquals": ["E"], "Next": "C" }]);
    let end = json!({ "Type": "Succeed" });
    unending(&json!({ "A": caught, "B": task, "C": end }), &json!({ "A": ok }), &[]);
    unending(&json!({ "A": choice, "B": task, "C": end }), &json!({}), &[]);
    unending(&json!({ "A": choice, "B": task, "C": task }), &json!({}), &["B", "C"]);
    let both = json!({ "Type": "Parallel", "Branches": [branch("B"), branch("C")], "End": true });
    unending(&json!({ "A": both }), &json!({ "B": ok }), &["C"]);
    unending(&json!({ "A": both }), &json!({ "B": ok, "C": ok }), &[]);
    let map = json!({ "Type": "Map", "ItemProcessor": branch("B"), "End": true });
    unending(&json!({ "A": map }), &json!({}), &[]);
    let around = json!({ "A": next("B"), "B": { "Type": "Pass", "Next": "A" } });
    unending(&around, &json!({}), &["A"]);
}

/// A history in which the calls of the state `A` were scheduled, and those in `ended` have ended.
fn history(at: i64, calls: u64, ended: &[u64]) -> Vec<HistoryEvent> {
    let resource = Resource { kind: "sns".into(), name: "publish".into(), region: "r".into() };
    let mut events = Vec::new();
    let mut push = |id: u64, previous_event_id: u64, kind: HistoryKind| {
        let timestamp = jiff::Timestamp::from_second(at).unwrap();
        events.push(HistoryEvent { id, previous_event_id, timestamp, kind });
    };
    for call in 0..calls {
        let first = call * 10 + 1;
        let (name, input) = ("A".to_owned(), Value::Null.into());
        push(first, 0, HistoryKind::StateEntered { state: StateKind::Task, name, input });
        let (parameters, resource) = (Value::Null.into(), resource.clone());
        let (timeout, heartbeat) = (None, None);
        let started = HistoryKind::TaskStarted { resource: resource.clone() };
        push(
            first + 1,
            first,
            HistoryKind::TaskScheduled { resource, parameters, timeout, heartbeat },
        );
        push(first + 2, first + 1, started);
    }
    for call in ended {
        let (resource, output) = (resource.clone(), Value::Null.into());
        let started = call * 10 + 3;
        push(1_000 + call, started, HistoryKind::TaskSucceeded { resource, output });
    }
    events
}

#[test]
fn answers_go_on_after_a_restart_and_are_given_again_to_calls_that_are_delivered_again() {
    let check = |calls: u64, ended: &[u64], expected: [usize; 3]| {
        let mut progress = Progress::default();
        progress.add("e", &history(0, calls, ended), of_a);
        let given = [(); 3].map(|()| progress.next("e", 0));
        assert_eq!(given, expected, "{calls} calls, ended {ended:?}");
    };
    check(0, &[], [0, 1, 2]);
    check(2, &[0, 1], [2, 3, 4]);
    check(2, &[1], [0, 2, 3]);
    check(3, &[0], [1, 2, 3]);
}

#[test]
fn answers_go_on_for_each_execution_of_a_map_run() {
    let mut progress = Progress::default();
    progress.add("second", &history(20, 2, &[0]), of_a);
    progress.add("parent", &history(30, 0, &[]), of_a);
    progress.add("first", &history(10, 2, &[1]), of_a);
    let given = ["second", "new", "first", "first"].map(|execution| progress.next(execution, 0));
    assert_eq!(given, [3, 4, 0, 5]);
}

fn of_a(state: &str) -> Option<usize> {
    (state == "A").then_some(0)
}
