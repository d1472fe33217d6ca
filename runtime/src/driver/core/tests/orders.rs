//! The core in an order of events made up by hand.

use super::world::{Crash, World, outcome};
use crate::{
    driver::core::{Run, Work},
    engine::Status,
    store::{ExecutionId, Filter, MemoryStore, Page},
};
use jiff::SignedDuration;
use serde_json::json;
use std::sync::Arc;

const ALL: Page = Page { before: None, limit: 99 };

fn world() -> World {
    World::new(Arc::new(MemoryStore::new()), 7)
}

/// How often a task was handed out.
fn delivered(run: &Run) -> Option<u32> {
    match &run.work {
        Work::Task(task) => Some(task.delivery),
        Work::Read(_) | Work::Write(_) => None,
    }
}

#[test]
fn a_start_is_answered_and_its_task_runs_only_after_the_commit() {
    let mut world = world();
    world.start(0, "chain", "one", json!(1));
    let inputs = std::mem::take(&mut world.inputs);
    let output = world.core.poll(world.now, inputs);
    assert!(output.group.is_some());
    assert!(output.started.is_empty() && output.run.is_empty() && output.history.is_empty());
    let committed = world.store.commit(output.group.unwrap()).unwrap();
    let output = world.core.poll(world.now, [crate::driver::core::Input::Committed(committed)]);
    assert_eq!((output.started.len(), output.run.len()), (1, 1));
}

#[test]
fn a_core_that_has_given_back_runs_nothing_on() {
    let mut world = world();
    world.start(0, "endless", "one", json!(1));
    let mut inputs = std::mem::take(&mut world.inputs);
    for turn in 0..8 {
        if turn == 4 {
            assert!(world.core.is_writing() || world.core.is_ready(), "it would go on and on");
            world.core.give_back();
        }
        let group = world.core.poll(world.now, inputs.drain(..)).group;
        let committed = group.map(|group| world.store.commit(group).unwrap());
        inputs.extend(committed.map(crate::driver::core::Input::Committed));
    }
    assert!(!world.core.is_writing() && !world.core.is_ready());
}

#[test]
fn a_sleeper_leaves_memory_and_comes_back_when_it_is_due() {
    let mut world = world();
    world.start(0, "wait", "one", json!(1));
    world.turn(Crash::Never);
    world.finish(0, outcome);
    world.turn(Crash::Never);
    assert_eq!(world.core.len(), 0);
    world.now += SignedDuration::from_secs(3599);
    world.turn(Crash::Never);
    assert_eq!(world.core.len(), 0);
    world.now += SignedDuration::from_secs(1);
    world.turn(Crash::Never);
    assert_eq!(world.running.len(), 1);
    world.finish(0, outcome);
    world.turn(Crash::Never);
    let id = world.ledger.started[&0];
    assert_eq!(world.ledger.ended[&id], Status::Succeeded(json!({ "by": "b" }).into()));
}

#[test]
fn a_sleeper_can_be_stopped() {
    let mut world = world();
    world.start(0, "wait", "one", json!(1));
    world.turn(Crash::Never);
    world.finish(0, outcome);
    world.turn(Crash::Never);
    let id = world.ledger.started[&0];
    world.stop(id);
    world.turn(Crash::Never);
    assert!(matches!(world.ledger.ended[&id], Status::Aborted(_)));
    assert_eq!(world.store.inbox(0, 10).unwrap(), []);
}

#[test]
fn a_stopped_parent_stops_its_child() {
    let mut world = world();
    world.start(0, "parent", "one", json!(1));
    world.turn(Crash::Never);
    assert_eq!(world.running.len(), 1);
    world.stop(world.ledger.started[&0]);
    world.turn(Crash::Never);
    assert_eq!((world.ledger.ended.len(), world.running.len()), (2, 0));
    assert!(world.ledger.ended.values().all(|status| matches!(status, Status::Aborted(_))));
}

#[test]
fn a_sleeper_wakes_after_news_that_were_none_of_its_business() {
    let mut world = world();
    world.start(0, "wait", "one", json!(1));
    world.turn(Crash::Never);
    world.finish(0, outcome);
    world.turn(Crash::Never);
    world.tell_nothing(world.ledger.started[&0]);
    world.turn(Crash::Never);
    assert_eq!((world.core.len(), world.store.inbox(0, 10).unwrap().len()), (0, 0));
    world.now += SignedDuration::from_hours(1);
    world.turn(Crash::Never);
    assert_eq!(world.running.len(), 1);
}

#[test]
fn a_late_answer_of_an_attempt_is_refused() {
    let mut world = world();
    world.start(0, "chain", "one", json!(1));
    world.turn(Crash::Never);
    world.now += SignedDuration::from_secs(61);
    world.turn(Crash::Never);
    let id = world.ledger.started[&0];
    assert!(matches!(world.ledger.ended[&id], Status::Failed(_)));
    assert!(world.running.is_empty(), "the task was cancelled");
}

#[test]
fn a_task_that_ends_the_process_three_times_is_lost() {
    let mut world = world();
    world.start(0, "chain", "one", json!(1));
    world.turn(Crash::Never);
    for delivery in 1..=3 {
        assert_eq!(world.running.iter().filter_map(delivered).max(), Some(delivery));
        world.crash();
        world.turn(Crash::Never);
    }
    let id = world.ledger.started[&0];
    let Status::Failed(failure) = &world.ledger.ended[&id] else { panic!("it did not fail") };
    assert_eq!(failure.error.as_deref(), Some("Stepwright.TaskLost"));
}

#[test]
fn the_same_name_is_the_same_execution() {
    let mut world = world();
    world.start(0, "chain", "one", json!(1));
    world.turn(Crash::Never);
    world.start(1, "chain", "one", json!(1));
    world.turn(Crash::Never);
    assert_eq!(world.ledger.started[&0], world.ledger.started[&1]);
    assert_eq!(world.running.len(), 1);
}

/// A parent is stopped before it has heard of its child, which rests from its first commit on.
fn stopped_before_its_child_is_born(crash: Crash) -> World {
    let mut world = world();
    world.start(0, "patron", "one", json!(1));
    world.turn(Crash::Slow);
    // It is about to be written: another process may see it before this one knows.
    world.stop(ExecutionId(1));
    world.turn(crash);
    world.turn(Crash::Never);
    world
}

#[test]
fn a_child_of_a_parent_that_was_stopped_meanwhile_is_stopped() {
    for crash in [Crash::Never, Crash::Slow, Crash::BeforeCommit, Crash::AfterCommit] {
        let world = stopped_before_its_child_is_born(crash);
        for record in world.store.list(&Filter::default(), &ALL).unwrap() {
            let (id, status) = (record.id, world.status(record.id));
            assert!(matches!(status, Status::Aborted(_)), "{crash:?}, {id:?}: {status:?}");
        }
        assert_eq!(world.store.inbox(0, 10).unwrap(), [], "{crash:?}");
    }
}

/// A process ends when children are durable that their parent has not heard of, and the next one
/// is told to stop the parent.
#[track_caller]
fn check_stopped_after_a_restart(machine: &str, children: usize) {
    let mut world = world();
    world.start(0, machine, "one", json!([1, 2, 3]));
    // The parent, then its children, are given out and written.
    world.turn(Crash::Slow);
    world.turn(Crash::Slow);
    world.turn(Crash::BeforeCommit);
    let all = world.store.list(&Filter::default(), &ALL).unwrap();
    assert_eq!(all.len(), children + 1, "{machine}");
    world.stop(ExecutionId(1));
    world.turn(Crash::Never);
    for record in world.store.list(&Filter::default(), &ALL).unwrap() {
        let (id, status) = (record.id, world.status(record.id));
        assert!(matches!(status, Status::Aborted(_)), "{machine}, {id:?}: {status:?}");
    }
    assert_eq!(world.store.inbox(0, 10).unwrap(), [], "{machine}");
}

#[test]
fn children_that_a_stopped_parent_has_not_heard_of_are_found_and_stopped() {
    check_stopped_after_a_restart("patron", 1);
    check_stopped_after_a_restart("naps", 3);
}

#[test]
fn a_message_that_is_read_before_the_answer_to_a_start_is_heard() {
    let mut world = world();
    world.start(0, "chain", "one", json!(1));
    world.turn(Crash::Slow);
    world.stop(ExecutionId(1));
    world.turn(Crash::Never);
    assert!(matches!(world.ledger.ended[&ExecutionId(1)], Status::Aborted(_)));
}

#[test]
fn a_clock_that_is_put_back_delays_nothing_but_what_waits_for_it() {
    let mut world = world();
    world.now += SignedDuration::from_hours(24);
    world.start(0, "chain", "one", json!(1));
    world.start(1, "wait", "two", json!(1));
    world.turn(Crash::Never);
    world.now -= SignedDuration::from_hours(24);
    while !world.running.is_empty() {
        world.finish(0, outcome);
        world.turn(Crash::Never);
    }
    let (chain, wait) = (world.ledger.started[&0], world.ledger.started[&1]);
    assert_eq!(world.ledger.ended[&chain], Status::Succeeded(json!({ "by": "c" }).into()));
    let times = world.times(chain);
    assert!(times.is_sorted(), "histories never go back: {times:?}");
    world.now += SignedDuration::from_hours(1);
    world.turn(Crash::Never);
    world.finish(0, outcome);
    world.turn(Crash::Never);
    assert_eq!(world.ledger.ended[&wait], Status::Succeeded(json!({ "by": "b" }).into()));
}
