//! Whatever happens in whatever order: the engine stands.

use super::bench::{Bench, activity, machine};
use proptest::prelude::*;
use serde_json::{Value, json};
use stepwright::{
    engine::{Event, Status},
    program::Failure,
};

/// A machine with every kind of state, joins within joins, retriers and catchers.
fn everything() -> String {
    let task = |name: &str| {
        json!({ "Type": "Task", "Resource": activity(name), "TimeoutSeconds": 20, "HeartbeatSeconds": 7, "End": true,
        "Retry": [{ "ErrorEquals": ["A"], "MaxAttempts": 2, "JitterStrategy": "FULL", "IntervalSeconds": 3 }] })
    };
    let branch = |name: &str, state: Value| json!({ "StartAt": name, "States": { name: state } });
    let items = json!({ "Type": "Map", "Items": [1, 2, 3], "MaxConcurrency": 2, "End": true,
        "Retry": [{ "ErrorEquals": ["B"], "MaxAttempts": 1 }],
        "ItemProcessor": branch("work", task("work")) });
    let inner = json!({ "Type": "Parallel", "End": true,
        "Branches": [branch("left", task("left")), branch("pause", json!({ "Type": "Wait", "Seconds": 9, "End": true }))] });
    machine(&json!({
        "set": { "Type": "Pass", "Assign": { "i": 0 }, "Next": "join" },
        "join": { "Type": "Parallel", "Branches": [branch("each", items), branch("inner", inner), branch("remote", task("remote"))],
            "Next": "loop", "Catch": [{ "ErrorEquals": ["States.TaskFailed", "States.Timeout"], "Next": "loop", "Assign": { "e": "{% $states.errorOutput %}" } }] },
        "loop": { "Type": "Choice", "Default": "end", "Choices": [{ "Condition": "{% $i < 2 %}", "Assign": { "i": "{% $i + 1 %}" }, "Next": "join" }] },
        "end": { "Type": "Succeed", "Output": "{% $i %}" },
    }))
}

#[derive(Debug, Clone)]
enum Happening {
    Succeed(prop::sample::Index),
    Fail(prop::sample::Index, &'static str),
    Take(prop::sample::Index),
    Heartbeat(prop::sample::Index),
    Stale(u64),
    Pass(u8),
    Recover,
    Continue,
    Stop,
}

fn happening() -> impl Strategy<Value = Happening> {
    let any_index = any::<prop::sample::Index>;
    prop_oneof![
        6 => any_index().prop_map(Happening::Succeed),
        3 => (any_index(), prop_oneof![Just("A"), Just("B"), Just("C")]).prop_map(|(task, error)| Happening::Fail(task, error)),
        2 => any_index().prop_map(Happening::Take),
        2 => any_index().prop_map(Happening::Heartbeat),
        1 => any::<u64>().prop_map(Happening::Stale),
        4 => (0_u8..15).prop_map(Happening::Pass),
        1 => Just(Happening::Recover),
        1 => Just(Happening::Continue),
        1 => prop_oneof![9 => Just(Happening::Continue), 1 => Just(Happening::Stop)],
    ]
}

fn apply(bench: &mut Bench, happening: &Happening) {
    let tokens: Vec<_> = bench.open.values().map(|task| task.token).collect();
    let pick = |index: &prop::sample::Index| (!tokens.is_empty()).then(|| *index.get(&tokens));
    let event = match happening {
        Happening::Succeed(index) => {
            pick(index).map(|token| Event::TaskSucceeded { token, output: json!("ok").into() })
        }
        Happening::Fail(index, error) => {
            pick(index).map(|token| Event::TaskFailed { token, failure: Failure::new(*error, "") })
        }
        Happening::Take(index) => {
            pick(index).map(|token| Event::TaskStarted { token, worker: None })
        }
        Happening::Heartbeat(index) => pick(index).map(|token| Event::Heartbeat { token }),
        Happening::Stale(random) => tokens.first().map(|token| Event::TaskSucceeded {
            token: stepwright::engine::Token { random: *random, ..*token },
            output: json!("never").into(),
        }),
        Happening::Pass(seconds) => {
            bench.advance(f64::from(*seconds));
            None
        }
        Happening::Recover => Some(Event::Recovered),
        Happening::Continue => Some(Event::Continue),
        Happening::Stop => Some(Event::Stop(Failure { error: None, cause: None })),
    };
    if let Some(event) = event {
        if let Event::TaskSucceeded { token, .. } | Event::TaskFailed { token, .. } = &event {
            let token = *token;
            bench.give(event);
            bench.open.retain(|_, task| task.token != token);
        } else {
            bench.give(event);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_order_of_events_keeps_the_invariants(happenings in prop::collection::vec(happening(), 1..60)) {
        let mut bench = Bench::started(&everything(), json!({}));
        for happening in &happenings {
            apply(&mut bench, happening);
        }
        let mut last = bench.history[0].timestamp;
        for (event, id) in bench.history.iter().zip(1..) {
            prop_assert_eq!(event.id, id, "ids are dense");
            prop_assert!(event.previous_event_id < event.id, "an event follows an earlier one");
            prop_assert!(event.timestamp >= last, "history never goes back in time");
            last = event.timestamp;
        }
        prop_assert_eq!(bench.execution.head.last_event, bench.history.len() as u64);
        let ended = bench.history.iter().filter(|event| event.kind.ends_execution()).count();
        prop_assert_eq!(ended, usize::from(bench.execution.is_ended()));
        if matches!(bench.execution.head.status, Status::Succeeded(_)) {
            prop_assert!(bench.execution.frames.is_empty() && bench.execution.results.is_empty());
        }
        for frame in bench.execution.frames.values() {
            if let Some(parent) = frame.role.parent() {
                prop_assert!(bench.execution.frames.contains_key(&parent), "no frame without its parent");
            }
        }
    }
}
