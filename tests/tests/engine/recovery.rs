//! What a restarted owner asks again.

use serde_json::json;
use std::time::Duration;
use stepwright::engine::{Effect, Event, Taken};
use stepwright_tests::bench::{Bench, activity, machine};

fn deliveries(bench: &Bench) -> Vec<(u32, u32)> {
    let asked = bench.effects.iter().filter_map(|effect| match effect {
        Effect::RunTask(task) => Some((task.token.attempt, task.delivery)),
        _ => None,
    });
    asked.collect()
}

#[test]
fn a_task_in_this_process_is_handed_out_again_as_the_same_attempt_and_three_times_at_most() {
    let states = json!({ "call": { "Type": "Task", "Resource": activity("charge"), "TimeoutSeconds": 60, "End": true } });
    let mut bench = Bench::started(&machine(&states), json!({}));
    let first = bench.open.values().next().unwrap().clone();
    let events = bench.history.len();
    bench.sleep(10);
    bench.give(Event::Recovered);
    let second = bench.open.values().next().unwrap().clone();
    assert_eq!(
        (first.token, &first.key, first.deadline),
        (second.token, &second.key, second.deadline)
    );
    bench.give(Event::Recovered);
    assert_eq!(deliveries(&bench), [(0, 1), (0, 2), (0, 3)]);
    assert_eq!(bench.history.len(), events, "no new event");
    bench.give(Event::Recovered);
    insta::assert_snapshot!(bench.lines(4), @"
    5 < 4 TaskFailed resourceType=task resource=charge error=Stepwright.TaskLost cause=the task of 'call' was handed out 3 times, and the process ended each time before it answered
    6 < 5 ExecutionFailed error=Stepwright.TaskLost cause=the task of 'call' was handed out 3 times, and the process ended each time before it answered
    ");
}

#[test]
fn a_lost_task_can_be_retried_by_its_name() {
    let states = json!({ "call": { "Type": "Task", "Resource": activity("charge"), "End": true,
        "Retry": [{ "ErrorEquals": ["Stepwright.TaskLost"] }] } });
    let mut bench = Bench::started(&machine(&states), json!({}));
    for _ in 0..3 {
        bench.give(Event::Recovered);
    }
    bench.advance(1.0);
    assert_eq!(deliveries(&bench).last(), Some(&(1, 1)));
}

#[test]
fn a_worker_elsewhere_goes_on_and_has_one_fresh_interval() {
    let states = json!({ "call": { "Type": "Task", "Resource": activity("remote"), "HeartbeatSeconds": 10, "End": true } });
    let mut bench = Bench::started(&machine(&states), json!({}));
    bench.give(Event::Recovered);
    assert_eq!(deliveries(&bench), [(0, 1), (0, 1)], "nobody had taken it: it is offered again");
    let token = bench.token("call");
    bench.give(Event::TaskStarted { token, worker: None });
    bench.sleep(8);
    bench.give(Event::Recovered);
    assert_eq!(deliveries(&bench).len(), 2, "somebody works on it");
    assert_eq!(bench.next_due(), Some(Duration::from_secs(10)));
}

#[test]
fn what_was_between_two_commits_goes_on() {
    let states = json!({
        "set": { "Type": "Pass", "Assign": { "i": 0 }, "Next": "a" },
        "a": { "Type": "Choice", "Default": "end", "Choices": [
            { "Condition": "{% $i < 100 %}", "Assign": { "i": "{% $i + 1 %}" }, "Next": "a" }] },
        "end": { "Type": "Succeed", "Output": "{% $i %}" },
    });
    let mut bench = Bench::new(&machine(&states), json!({}));
    bench.step(Event::Started);
    bench.give(Event::Recovered);
    assert_eq!(bench.ended(), "SUCCEEDED 100");
}

#[test]
fn a_child_execution_is_asked_for_again_under_the_same_token() {
    let states = json!({ "call": { "Type": "Task", "End": true, "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": { "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child" } } });
    let mut bench = Bench::started(&machine(&states), json!({}));
    bench.give(Event::Recovered);
    let [Effect::StartChild(first), Effect::StartChild(second)] = bench.effects.as_slice() else {
        panic!("{:?}", bench.effects)
    };
    assert_eq!(first, second);
}

#[test]
fn nothing_but_started_and_only_once_begins_an_execution() {
    let states = json!({ "a": { "Type": "Wait", "Seconds": 1, "End": true } });
    let mut bench = Bench::new(&machine(&states), json!({}));
    assert_eq!(bench.give(Event::Continue), Taken::Stale);
    assert_eq!(bench.give(Event::Recovered), Taken::Stale);
    assert_eq!(bench.give(Event::Started), Taken::Committing);
    assert_eq!(bench.give(Event::Started), Taken::Stale);
    assert_eq!(bench.give(Event::TimersDue), Taken::Stale);
}
