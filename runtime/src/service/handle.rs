//! A started execution: its result, its progress, its end.

use super::{Description, Ended, Engine, Error, History, HistoryRequest, Watch};
use crate::{
    driver::TaskProgress,
    engine::Status,
    program::{Data, Failure},
    store::ExecutionId,
    workflow::Workflow,
};
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::{fmt, future::IntoFuture, marker::PhantomData};

/// Stands for a workflow of which only the name is known: its result is JSON.
#[derive(Debug, Clone, Copy)]
pub enum Json {}

/// What an execution gives when it has ended.
pub trait Returns: 'static {
    /// What a result is.
    type Output: 'static;

    /// The result of a success.
    fn succeeded(output: Data) -> Result<Self::Output, Ended>;

    /// The result of a failure, if the workflow's error type can hold it.
    fn failed(failure: &Failure) -> Option<Self::Output>;
}

impl<W: Workflow> Returns for W {
    type Output = W::Output;

    fn succeeded(output: Data) -> Result<W::Output, Ended> {
        W::returned(&output).map_err(Ended::Output)
    }

    fn failed(failure: &Failure) -> Option<W::Output> {
        <W as Workflow>::failed(failure)
    }
}

impl Returns for Json {
    type Output = Data;

    fn succeeded(output: Data) -> Result<Data, Ended> {
        Ok(output)
    }

    fn failed(_failure: &Failure) -> Option<Data> {
        None
    }
}

/// An execution about to be started: await it. It starts when it is awaited.
#[must_use = "nothing is started before this is awaited"]
pub struct Start<W> {
    engine: Engine,
    workflow: String,
    input: Result<Value, Error>,
    name: Option<String>,
    returns: PhantomData<fn() -> W>,
}

impl<W> Start<W> {
    pub(super) fn new(engine: Engine, workflow: String, input: Result<Value, Error>) -> Self {
        Self { engine, workflow, input, name: None, returns: PhantomData }
    }

    /// Names the execution. A workflow has one execution of a name: starting it again with the
    /// same input while it runs gives the one that runs, and anything else is refused.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

impl<W> fmt::Debug for Start<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("workflow", &self.workflow)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<W: Returns> IntoFuture for Start<W> {
    type Output = Result<Handle<W>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let input = self.input?;
            let (id, arn) = self.engine.begin(&self.workflow, input, self.name).await?;
            Ok(Handle::new(self.engine, id, arn))
        })
    }
}

/// An execution that was started, by this process or an earlier one.
pub struct Handle<W = Json> {
    engine: Engine,
    id: ExecutionId,
    arn: String,
    returns: PhantomData<fn() -> W>,
}

impl<W: Returns> Handle<W> {
    pub(super) fn new(engine: Engine, id: ExecutionId, arn: String) -> Self {
        Self { engine, id, arn, returns: PhantomData }
    }

    /// The execution's ARN.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The execution's name.
    pub fn name(&self) -> &str {
        self.arn.rsplit(':').next().unwrap_or(&self.arn)
    }

    /// Waits for the end and gives what the workflow returned.
    ///
    /// # Errors
    ///
    /// A failure that the workflow's own error type can hold is a result; any other is an
    /// [`Ended`].
    pub async fn result(&self) -> Result<W::Output, Ended> {
        match self.end().await? {
            Status::Succeeded(output) => W::succeeded(output),
            Status::Failed(failure) => W::failed(&failure).ok_or(Ended::Failed(failure)),
            Status::TimedOut(failure) => Err(Ended::TimedOut(failure)),
            Status::Aborted(failure) => Err(Ended::Aborted(failure)),
            Status::Running => Err(Ended::Engine(Error::ShutDown)),
        }
    }

    /// Waits for the end and gives it as it is stored. Never [`Status::Running`].
    pub async fn end(&self) -> Result<Status, Error> {
        self.engine.wait(self.id, &self.arn).await
    }

    /// Describes the execution as it stands.
    pub async fn describe(&self) -> Result<Description, Error> {
        self.engine.describe(&self.arn).await
    }

    /// What its running tasks have last said with a heartbeat, as far as this process runs them.
    pub async fn progress(&self) -> Result<Vec<TaskProgress>, Error> {
        self.engine.progress(self.id, &self.arn).await
    }

    /// Reads a page of its history.
    pub async fn history(&self, request: HistoryRequest) -> Result<History, Error> {
        self.engine.history(&self.arn, request).await
    }

    /// Its history from the first event on, and each new event as it is stored.
    pub async fn watch(&self) -> Result<Watch, Error> {
        self.engine.watch(&self.arn).await
    }

    /// Stops it; a task that runs is cancelled.
    pub async fn stop(&self, why: Failure) -> Result<(), Error> {
        self.engine.stop(&self.arn, why).await
    }
}

impl<W> fmt::Debug for Handle<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.arn).finish()
    }
}
