//! Running a task's own code in a test.

use super::{
    doubles::{Answer, Call},
    world::broken,
};
use crate::workflow::{Cancellation, RunTask, State, TaskContext, TaskFacts};
use std::sync::Arc;

/// Runs the task on a runtime of its own, to its end.
pub(super) fn run(task: RunTask, call: &Call, key: &str, state: State) -> Answer {
    let facts = TaskFacts {
        task: call.task.clone(),
        attempt: call.attempt,
        idempotency_key: key.to_owned(),
        execution: "test".to_owned(),
    };
    let context = TaskContext::new(facts, state, Arc::new(|_progress| {}), Cancellation::never());
    let future = task(call.arguments.clone().into(), context);
    let ended = std::thread::scope(|scope| {
        // A thread of its own: the test may itself run inside a runtime.
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(future))
        });
        thread.join()
    });
    match ended {
        Ok(Ok(Ok(output))) => Answer::ok((*output).clone()),
        Ok(Ok(Err(failure))) => Answer::from(Err(failure)),
        Ok(Err(error)) => Answer::from(Err(broken(format!("no runtime for the task: {error}")))),
        Err(_panic) => Answer::from(Err(broken("the task panicked"))),
    }
}
