//! What workflows become: their definitions, and that both forms do the same.

#![allow(unused_variables, reason = "workflows bind what they never read")]

mod equivalence_of_control;
mod equivalence_of_data;
mod snapshots;

use serde_json::Value;
use stepwright::{Workflow, prelude::*, testing::equivalent};

/// Both forms come to this.
#[track_caller]
pub(super) fn check<W: Workflow>(input: impl Into<Value>, output: impl Into<Value>) {
    let (input, output) = (input.into(), output.into());
    for run in equivalent::<W>().input(input.clone()).check() {
        assert_eq!(run.output(), Some(&output), "input {input}");
    }
}

/// Both forms fail with this error.
#[track_caller]
pub(super) fn fails<W: Workflow>(input: impl Into<Value>, error: &str) {
    let input = input.into();
    for run in equivalent::<W>().input(input.clone()).check() {
        let failure = run.failure().and_then(|failure| failure.error.clone());
        assert_eq!(failure.as_deref(), Some(error), "input {input}");
    }
}

pub(super) const BREAKS: &str = "States.QueryEvaluationError";

#[data]
#[derive(Clone, PartialEq)]
pub(super) enum Level {
    Low,
    #[serde(rename = "MID")]
    Mid,
    High {
        by: u8,
    },
}
#[data]
#[derive(Clone, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Thing {
    pub(super) own_id: String,
    pub(super) is_gift: bool,
    pub(super) level: Level,
    pub(super) tags: Vec<String>,
    pub(super) best_of: Option<i64>,
    pub(super) pair: (i64, String),
}
#[data]
#[derive(Clone)]
pub(super) struct Wrap(pub(super) String);
#[data]
#[derive(TaskError)]
pub(super) enum Oops {
    Bad {
        n: i64,
    },
    Late,
    #[task_error(other)]
    Other(stepwright::program::Failure),
}
#[data]
#[derive(TaskError)]
pub(super) enum Plain {
    Bad2(i64),
    Worse,
}
#[data]
#[derive(TaskError)]
pub(super) enum Outer {
    In(#[from] Plain),
    Own(String),
}

#[task]
pub(super) async fn risky(n: i64) -> Result<i64, Oops> {
    match n {
        1 => Err(Oops::Bad { n: 7 }),
        2 => Err(Oops::Late),
        n => Ok(n * 10),
    }
}
#[task]
pub(super) async fn plain(n: i64) -> Result<i64, Plain> {
    match n {
        1 => Err(Plain::Bad2(8)),
        2 => Err(Plain::Worse),
        n => Ok(n * 10),
    }
}
#[task]
pub(super) async fn outer(n: i64) -> Result<i64, Outer> {
    match n {
        1 => Err(Outer::In(Plain::Bad2(3))),
        2 => Err(Outer::Own("own".into())),
        3 => Err(Outer::In(Plain::Worse)),
        n => Ok(n * 10),
    }
}
#[task]
pub(super) async fn double(n: i64) -> i64 {
    n * 2
}
#[task]
pub(super) async fn text(s: &str) -> String {
    s.to_owned()
}
#[task]
pub(super) async fn thing(t: Thing) -> Thing {
    t
}
#[task]
pub(super) async fn opt(n: Option<i64>) -> Option<i64> {
    n
}
