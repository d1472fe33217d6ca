//! Choice.

use serde_json::{Value, json};
use stepwright_tests::bench::{Bench, machine};

fn states(default: Option<&str>) -> Value {
    let mut choice = json!({
        "Type": "Choice",
        "Choices": [
            { "Condition": "{% $states.input.n > 10 %}", "Next": "big", "Assign": { "size": "big" } },
            { "Condition": "{% $states.input.n > 5 %}", "Next": "middle", "Output": "{% $states.input.n * 2 %}" },
        ],
        "Assign": { "size": "small" },
    });
    if let Some(default) = default {
        choice["Default"] = json!(default);
    }
    json!({
        "choose": choice,
        "big": { "Type": "Succeed", "Output": "{% $size %}" },
        "middle": { "Type": "Succeed" },
        "small": { "Type": "Succeed", "Output": "{% $size %}" },
    })
}

#[track_caller]
fn check(input: Value, default: Option<&str>, expected: &str) {
    let bench = Bench::started(&machine(&states(default)), input);
    assert_eq!(bench.ended(), expected);
}

#[test]
fn the_first_true_rule_decides_with_its_own_assign_and_output() {
    check(json!({ "n": 11 }), None, r#"SUCCEEDED "big""#);
    check(json!({ "n": 7 }), None, "SUCCEEDED 14");
}

#[test]
fn the_states_own_assign_is_for_the_default() {
    check(json!({ "n": 1 }), Some("small"), r#"SUCCEEDED "small""#);
}

#[test]
fn no_true_rule_and_no_default_fails() {
    check(
        json!({ "n": 1 }),
        None,
        "FAILED States.Runtime An error occurred while executing the state 'choose' (entered at the \
         event id #2). Failed to transition out of the state. The state does not point to a next \
         state.",
    );
}

#[test]
fn a_condition_must_be_a_boolean() {
    let states = json!({
        "choose": { "Type": "Choice", "Choices": [{ "Condition": "{% 1 %}", "Next": "end" }], "Default": "end" },
        "end": { "Type": "Succeed" },
    });
    let bench = Bench::started(&machine(&states), json!({}));
    insta::assert_snapshot!(bench.shown(), @"
    1 < 0 ExecutionStarted input={}
    2 < 0 ChoiceStateEntered input={} name=choose
    3 < 0 EvaluationFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'choose' (entered at the event id #2). The JSONata expression '1' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1 location=Choices[0]/Condition state=choose
    4 < 3 ExecutionFailed error=States.QueryEvaluationError cause=An error occurred while executing the state 'choose' (entered at the event id #2). The JSONata expression '1' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1
    ");
}

#[test]
fn a_loop_of_choices_commits_every_64_transitions_and_goes_on() {
    use stepwright::engine::{Effect, Event};
    let states = json!({
        "start": { "Type": "Pass", "Assign": { "i": 0 }, "Next": "while_i" },
        "while_i": { "Type": "Choice", "Default": "end",
            "Choices": [{ "Condition": "{% $i < 200 %}", "Next": "while_i", "Assign": { "i": "{% $i + 1 %}" } }] },
        "end": { "Type": "Succeed", "Output": "{% $i %}" },
    });
    let mut bench = Bench::new(&machine(&states), json!({}));
    let first = bench.step(Event::Started);
    assert_eq!(first.effects, [Effect::Continue]);
    assert_eq!(first.history.len(), 1 + 64 * 2);
    while bench.step(Event::Continue).effects == [Effect::Continue] {}
    assert_eq!(bench.ended(), "SUCCEEDED 200");
}
