//! Native code against the direct call: whatever Rust a workflow's body is, the engine, which stores
//! and drops everything between two steps, comes to the same end as calling the function.

#![expect(unused_variables, reason = "workflows bind what they never read")]

mod branches;
mod calls;
mod conversions;
mod data;
mod inference;
mod joins;
mod kept;
mod loops;
mod mixed;
mod order;

use serde_json::Value;
use std::future::Future;
use stepwright::{
    __private::workflow::{Call, DurableCall as _, Numbers, Op},
    Durable, Workflow,
    testing::World,
};

/// Runs a workflow both ways.
#[track_caller]
pub(crate) fn check<W, F>(call: impl Fn() -> Call<W, F>)
where
    W: Workflow,
    F: Future,
    F::Output: Durable,
{
    let direct = directly(call());
    let expected = direct.to_outcome(Numbers::Wide).unwrap();
    let input = match call().into_op(Numbers::Wide).unwrap() {
        Op::Child { input, .. } => (*input).clone(),
        other => panic!("a workflow's call is a child execution, not {other:?}"),
    };
    let run = World::of::<W>().unwrap().run(input.clone()).unwrap();
    match expected {
        Ok(output) => {
            assert_eq!(run.output(), Some(&*output), "{} of {input}: {:?}", W::NAME, run.failure());
        }
        Err(failure) => assert_eq!(run.failure(), Some(&failure), "{} of {input}", W::NAME),
    }
}

/// Runs a workflow for its failure in the engine alone.
#[track_caller]
pub(crate) fn fails<W: Workflow>(input: impl Into<Value>) -> String {
    let run = World::of::<W>().unwrap().run(input).unwrap();
    let failure = run.failure().unwrap();
    let cause = failure.cause.clone().unwrap_or_default();
    format!("{}: {cause}", failure.error.clone().unwrap_or_default())
}

/// Calls the function, on a clock that jumps over its pauses.
fn directly<F: Future>(call: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(call)
}
