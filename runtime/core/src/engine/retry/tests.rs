//! Which names match which failures.

use super::*;

#[track_caller]
fn check(name: &str, error: &str, origin: Origin, expected: bool) {
    assert_eq!(matches(&[name.to_owned()], Some(error), origin), expected, "{name} for {error}");
}

#[test]
fn all_takes_everything_but_a_runtime_error() {
    check("States.ALL", "Mine", Origin::Step, true);
    check("States.ALL", names::TIMEOUT, Origin::Step, true);
    check("States.ALL", names::QUERY_EVALUATION_ERROR, Origin::State, true);
    check("States.ALL", names::DATA_LIMIT_EXCEEDED, Origin::Step, true);
    check("States.ALL", names::RUNTIME, Origin::State, false);
    check("States.Runtime", names::RUNTIME, Origin::State, false);
}

#[test]
fn task_failed_takes_neither_timeouts_nor_failing_expressions() {
    check("States.TaskFailed", "Mine", Origin::Step, true);
    check("States.TaskFailed", names::TIMEOUT, Origin::Step, false);
    check("States.TaskFailed", names::TIMEOUT, Origin::Heartbeat, false);
    check("States.TaskFailed", names::QUERY_EVALUATION_ERROR, Origin::State, false);
}

#[test]
fn silence_is_a_timeout_and_a_heartbeat_timeout() {
    check("States.Timeout", names::TIMEOUT, Origin::Heartbeat, true);
    check("States.HeartbeatTimeout", names::TIMEOUT, Origin::Heartbeat, true);
    check("States.HeartbeatTimeout", names::TIMEOUT, Origin::Step, false);
}

#[test]
fn what_is_final_is_taken_by_nobody() {
    check("States.ALL", names::DATA_LIMIT_EXCEEDED, Origin::Final, false);
}
