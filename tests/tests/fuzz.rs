//! A short run of every fuzz target, and the time that large machines take.

use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};
use stepwright::asl::{Definition, answer};
use stepwright_tests::fuzz::{Inputs, shrink, targets, worked};

/// Inputs of each target in a normal run of the tests.
const INPUTS: u64 = 300;

#[test]
fn no_target_fails_on_its_first_inputs() {
    for target in targets() {
        let inputs = Inputs::new(&*target, 1).patient();
        for at in 0..INPUTS {
            if let Err(failure) = inputs.run(at) {
                panic!("{}: {} (input {at})\n{}", target.name(), failure.reason, failure.input);
            }
        }
    }
}

#[test]
fn an_input_follows_from_its_seed_and_number() {
    for target in targets() {
        let inputs = |seed| Inputs::new(&*target, seed);
        let first = |seed| (0..20).map(|at| inputs(seed).input(at)).collect::<Vec<_>>();
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
    }
}

#[test]
fn an_input_shrinks_to_what_makes_it_fail() {
    let small = shrink("a long text with a needle in it", |text| text.contains("needle"));
    assert_eq!(small, "needle");
    let large = json!({"events": [1, {"kind": "beat", "at": 7}, [["fail"]], 3], "seed": 12});
    let small = shrink(&large.to_string(), |text| text.contains("beat") && text.contains("fail"));
    assert_eq!(small, r#"["beat","fail"]"#);
}

/// A machine of `n` steps that `step` makes, each leading to the next one.
fn chain(n: usize, step: impl Fn(usize) -> Value) -> String {
    let mut states = Map::new();
    for i in 0..n {
        let mut state = step(i);
        if state.get("Choices").is_none() {
            let next = if i + 1 == n {
                ("End", json!(true))
            } else {
                ("Next", json!(format!("s{}", i + 1)))
            };
            state.as_object_mut().unwrap().insert(next.0.to_owned(), next.1);
        }
        states.insert(format!("s{i}"), state);
    }
    json!({"QueryLanguage": "JSONata", "StartAt": "s0", "States": states}).to_string()
}

#[expect(clippy::disallowed_methods, reason = "what is measured here is the real time")]
fn time(text: &str) -> Duration {
    let began = Instant::now();
    let before = worked(began);
    let (_, found) = Definition::check(text);
    assert!(answer(text, &found).len() <= found.len() + 1);
    worked(began).saturating_sub(before)
}

/// Asserts that eight times the text take no more than thirty times as long.
#[track_caller]
fn check(what: &str, text: impl Fn(usize) -> String) {
    let (small, large) = (text(100), text(800));
    let quick = (0..3).map(|_| time(&small)).min().unwrap();
    let slow = (0..2).map(|_| time(&large)).min().unwrap();
    assert!(
        slow < quick * 30,
        "{what}: {quick:?} for {} bytes, {slow:?} for {}",
        small.len(),
        large.len()
    );
}

#[test]
fn time_grows_with_the_text() {
    check("each state assigns a variable and reads the one before", |n| {
        chain(n, |i| {
            let before = i.saturating_sub(1);
            json!({"Type": "Pass", "Assign": {format!("v{i}"): 1}, "Output": format!("{{% $v{before} %}}")})
        })
    });
    check("each state reads what nobody assigns", |n| {
        chain(n, |i| json!({"Type": "Pass", "Output": format!("{{% $nothing{i} %}}")}))
    });
    check("each state may go back to the first one", |n| {
        chain(n, |i| {
            json!({"Type": "Choice", "Default": format!("s{}", (i + 1) % n),
                "Choices": [{"Condition": "{% true %}", "Assign": {format!("v{i}"): 1}, "Next": "s0"}]})
        })
    });
    check("each state leads to one that does not exist", |n| {
        chain(n, |i| {
            json!({"Type": "Choice", "Default": format!("s{}", (i + 1) % n),
                "Choices": [{"Condition": true, "Next": format!("somewhere-else-{i}")}]})
        })
    });
    check("each state has an unknown field", |n| {
        chain(n, |i| json!({"Type": "Pass", format!("Outpu{i}"): 1}))
    });
    check("a Parallel with many branches", |n| {
        let branch = |i: usize| {
            json!({"StartAt": format!("b{i}"), "States": {format!("b{i}"): {
            "Type": "Pass", "Assign": {format!("v{i}"): 1}, "End": true}}})
        };
        let branches: Vec<_> = (0..n).map(branch).collect();
        chain(1, |_| json!({"Type": "Parallel", "Branches": branches.clone()}))
    });
}
