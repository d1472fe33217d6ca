//! The workflows: the same steps as the peers'.

use std::{env, fs::OpenOptions, io::Write as _, process};
use stepwright::prelude::*;

/// What a step gives: a small JSON result.
#[data]
pub(crate) struct Reply {
    wf: String,
    step: u32,
    ok: bool,
    note: String,
}

/// Input of the fan-out.
#[data]
pub(crate) struct Fan {
    /// Name of the execution.
    pub(crate) id: String,
    /// The steps to run side by side.
    pub(crate) steps: Vec<u32>,
}

fn reply(wf: &str, step: u32) -> Reply {
    Reply { wf: wf.to_owned(), step, ok: true, note: "a small json result".to_owned() }
}

/// A step that does next to nothing.
#[task]
pub(crate) async fn step(wf: &str, step: u32) -> Reply {
    reply(wf, step)
}

/// A step that takes a while and writes down that it ran.
#[task]
pub(crate) async fn slow_step(wf: &str, step: u32) -> Reply {
    let wait = env::var("STEP_MS").ok().and_then(|text| text.parse().ok()).unwrap_or(100);
    tokio::time::sleep(Duration::from_millis(wait)).await;
    let log = env::var("STEPLOG").unwrap_or_else(|_| "steps.log".to_owned());
    let mut log = OpenOptions::new().create(true).append(true).open(log).unwrap();
    log.write_all(format!("{wf} {step} {}\n", process::id()).as_bytes()).unwrap();
    reply(wf, step)
}

/// Ten steps one after another.
#[workflow]
pub(crate) async fn seq(id: String) -> Reply {
    step(&id, 0).await;
    step(&id, 1).await;
    step(&id, 2).await;
    step(&id, 3).await;
    step(&id, 4).await;
    step(&id, 5).await;
    step(&id, 6).await;
    step(&id, 7).await;
    step(&id, 8).await;
    step(&id, 9).await
}

/// Ten steps in a loop.
#[workflow]
pub(crate) async fn seq_loop(id: String) -> Reply {
    let mut last = step(&id, 0).await;
    while last.step < 9 {
        last = step(&id, last.step + 1).await;
    }
    last
}

/// Ten steps that take a while.
#[workflow]
pub(crate) async fn seq_slow(id: String) -> Reply {
    let mut last = slow_step(&id, 0).await;
    while last.step < 9 {
        last = slow_step(&id, last.step + 1).await;
    }
    last
}

/// A hundred steps side by side.
#[workflow]
pub(crate) async fn fan(fan: Fan) -> usize {
    let replies = join_all(fan.steps.iter().map(|number| step(&fan.id, *number))).await;
    replies.len()
}

/// Sleeps for hours.
#[workflow]
pub(crate) async fn nap(id: String) -> String {
    sleep(Duration::from_hours(10)).await;
    id
}
