//! Answers for tasks, by those who were told their tokens.

use crate::{
    catalog,
    driver::Message,
    engine::{Event, FrameId, Token, execution::Waiting},
    program::{Data, Failure, TaskToken},
    service::{Engine, Exception},
    store::{self, ExecutionId, codec},
};

impl Engine {
    /// Gives the result of a task, as JSON text.
    pub async fn send_task_success(&self, token: &str, output: &str) -> Result<(), Exception> {
        let (execution, token) = self.waiting_task(token).await?;
        let output: serde_json::Value = serde_json::from_str(output)
            .map_err(|error| Exception::InvalidOutput(error.to_string()))?;
        let output = Data::from(output);
        self.answer_task(execution, &Message::TaskSucceeded { token, output }).await
    }

    /// Says that a task failed.
    pub async fn send_task_failure(&self, token: &str, why: Failure) -> Result<(), Exception> {
        let (execution, token) = self.waiting_task(token).await?;
        let failure = why.bounded();
        self.answer_task(execution, &Message::TaskFailed { token, failure }).await
    }

    /// Says that a task is alive.
    pub async fn send_task_heartbeat(&self, token: &str) -> Result<(), Exception> {
        let (execution, token) = self.waiting_task(token).await?;
        self.driver()?.tell(execution, token, Event::Heartbeat { token });
        Ok(())
    }

    /// The execution and the attempt that a token names, if the attempt still waits.
    async fn waiting_task(&self, token: &str) -> Result<(ExecutionId, Token), Exception> {
        let token: TaskToken = token.parse().map_err(|_| Exception::InvalidToken)?;
        let found = self.with_store(move |store| {
            let Some(id) = catalog::find(store, &token.execution)? else { return Ok(None) };
            let Some(loaded) = codec::load(store, id)? else { return Ok(None) };
            let (ended, frames) = (loaded.execution.is_ended(), loaded.execution.frames);
            let waiting = match frames.get(&FrameId(token.frame)).map(|frame| &frame.waiting) {
                Some(Waiting::Task(task)) if !ended => Some(task.token),
                _ => None,
            };
            Ok(Some((id, waiting.filter(|waiting| waiting.random == token.random))))
        });
        let (id, token) = found.await?.ok_or(Exception::TaskDoesNotExist)?;
        Ok((id, token.ok_or(Exception::TaskTimedOut)?))
    }

    /// Answers for a task, durably.
    async fn answer_task(&self, id: ExecutionId, answer: &Message) -> Result<(), Exception> {
        let (sent, body) = (self.inner.clock.now(), answer.encode());
        let message = store::Message { execution: Some(id), sent, body };
        self.with_store(move |store| store.send(&[message])).await?;
        self.driver()?.look_into_inbox();
        Ok(())
    }
}
