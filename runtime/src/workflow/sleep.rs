//! Pauses.

use super::{DurableCall, Numbers, Op, Refused, Timer, Timestamp};
use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

/// Waits so long. In a workflow it is a Wait, rounded up to whole seconds, that survives restarts;
/// awaited elsewhere it waits for real.
pub fn sleep(duration: Duration) -> Sleep {
    Sleep { duration, timer: None }
}

/// Waits until a point in time; the past means now.
pub fn sleep_until(deadline: Timestamp) -> SleepUntil {
    SleepUntil { deadline, timer: None }
}

/// A pause; made by [`sleep`].
#[must_use = "a sleep does nothing unless it is awaited"]
pub struct Sleep {
    duration: Duration,
    timer: Option<Pin<Box<tokio::time::Sleep>>>,
}

/// A pause until a point in time; made by [`sleep_until`].
#[must_use = "a sleep does nothing unless it is awaited"]
pub struct SleepUntil {
    deadline: Timestamp,
    timer: Option<Pin<Box<tokio::time::Sleep>>>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a direct call, outside any execution, waits for real"
)]
fn timer(duration: Duration) -> Pin<Box<tokio::time::Sleep>> {
    Box::pin(tokio::time::sleep(duration))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a direct call, outside any execution, waits for real"
)]
fn left(deadline: Timestamp) -> Duration {
    Duration::try_from(Timestamp::now().until(deadline).unwrap_or_default()).unwrap_or_default()
}

impl Sleep {
    pub(super) const fn duration(&self) -> Duration {
        self.duration
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let duration = self.duration;
        self.timer.get_or_insert_with(|| timer(duration)).as_mut().poll(cx)
    }
}

impl Future for SleepUntil {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline;
        self.timer.get_or_insert_with(|| timer(left(deadline))).as_mut().poll(cx)
    }
}

impl DurableCall for Sleep {
    type Output = ();
    type Def = Timer;

    fn into_op(self, _numbers: Numbers) -> Result<Op, Refused> {
        Ok(Op::Sleep(self.duration))
    }
}

impl DurableCall for SleepUntil {
    type Output = ();
    type Def = Timer;

    fn into_op(self, _numbers: Numbers) -> Result<Op, Refused> {
        Ok(Op::Until(self.deadline))
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sleep").field(&self.duration).finish()
    }
}

impl fmt::Debug for SleepUntil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SleepUntil").field(&self.deadline).finish()
    }
}
