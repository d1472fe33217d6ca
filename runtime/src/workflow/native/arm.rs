//! Arms: a segment's code runs in a closure, so that its `?` works as in the source.

use super::{
    super::{Sleep, SleepUntil, ops::Violation},
    Action, Run, Slot, Val,
    keep::Io,
};
use std::any::Any;

/// Runs a segment of a frame that returns a `Result` and fails by its `Err`.
pub fn arm<T, E>(
    run: &mut Run<'_>,
    _: &Slot<Val, Result<T, E>>,
    io: &Io<Val, Result<T, E>>,
    segment: impl FnOnce(&mut Run<'_>) -> Result<Action, E>,
) -> Action {
    match segment(run) {
        Ok(action) => action,
        Err(error) => io.end(run, &Err(error)),
    }
}

/// Runs a segment of a frame whose `Result` is data.
pub fn arm_data<T, E>(
    run: &mut Run<'_>,
    _: &Slot<Val, Result<T, E>>,
    io: &Io<Val, Result<T, E>>,
    segment: impl FnOnce(&mut Run<'_>) -> Result<Action, E>,
) -> Action {
    match segment(run) {
        Ok(action) => action,
        Err(error) => io.end_as_data(run, &Err(error)),
    }
}

/// Runs a segment of a frame that returns an `Option`.
pub fn arm_option<T>(
    run: &mut Run<'_>,
    _: &Slot<Val, Option<T>>,
    io: &Io<Val, Option<T>>,
    segment: impl FnOnce(&mut Run<'_>) -> Option<Action>,
) -> Action {
    match segment(run) {
        Some(action) => action,
        None => io.end_as_data(run, &None),
    }
}

/// Runs a segment of a frame without any `?`.
pub fn arm_plain(run: &mut Run<'_>, segment: impl FnOnce(&mut Run<'_>) -> Action) -> Action {
    segment(run)
}

/// The pauses that `sleep` may mean in a workflow: ours, or tokio's.
#[diagnostic::on_unimplemented(
    message = "`sleep` in a workflow must be stepwright's or tokio's, not `{Self}`",
    label = "this is no pause",
    note = "a task can't be called `sleep`: give it another name"
)]
pub trait Pause {}

impl Pause for Sleep {}
impl Pause for SleepUntil {}
impl Pause for tokio::time::Sleep {}

/// Checks what the user calls `sleep`. Never called.
pub fn pause<P: Pause>(_: P) {}

/// Says a type where no value is. Never called.
pub fn never<T>() -> T {
    Violation::new("code that never runs was run").unwind()
}

/// The value of a body that ends without one, which only `()` has.
pub fn unit<T: 'static>() -> T {
    let unit: Box<dyn Any> = Box::new(());
    match unit.downcast::<T>() {
        Ok(unit) => *unit,
        Err(_) => Violation::new("a body without a value came to its end").unwind(),
    }
}
