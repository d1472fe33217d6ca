//! Use cases in our own types: start, wait, describe, list, history, stop, watch.
//!
//! [`Engine`] is the whole public handle: cheap to clone, usable from any task. Nothing here knows
//! a wire protocol or a command line. What runs the executions is the [`driver`](crate::driver).

mod builder;
mod error;
mod handle;
mod view;
mod watch;

pub use crate::driver::Limits;
pub use builder::{Builder, IntoStore};
pub use error::{Ended, Error};
pub use handle::{Handle, Json, Returns, Start};
pub use view::{
    Description, History, HistoryOrder, HistoryRequest, List, ListCursor, ListRequest, State,
    Summary,
};
pub use watch::Watch;

use crate::{
    engine::Status,
    program::Failure,
    store::{ExecutionId, Facts},
    workflow::Workflow,
};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// Runs workflows durably, or reads what another process runs.
#[derive(Debug, Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {}

impl Engine {
    /// Begins the settings of an engine that owns its store.
    pub fn builder() -> Builder {
        Builder::new()
    }

    async fn open(_builder: Builder) -> Result<Self, Error> {
        Ok(Self { inner: Arc::new(Inner {}) })
    }

    /// An engine that reads a store which another process may own: `list`, `history`, `describe`,
    /// and `stop` by way of the inbox. It starts and runs nothing.
    pub fn reading(_store: impl IntoStore) -> Result<Self, Error> {
        Ok(Self { inner: Arc::new(Inner {}) })
    }

    /// Starts a workflow with its input: the value of its parameter, an object keyed by parameter
    /// name if it has several, `()` if it has none. Await what this returns.
    pub fn start<W: Workflow>(&self, input: impl Serialize) -> Start<W> {
        let input = serde_json::to_value(input).map_err(|error| Error::UnwritableInput {
            workflow: W::NAME.to_owned(),
            why: error.to_string(),
        });
        Start::new(self.clone(), W::NAME.to_owned(), input)
    }

    /// Starts the workflow of this name with an input that is checked against its parameters.
    pub fn start_json(&self, workflow: &str, input: Value) -> Start<Json> {
        Start::new(self.clone(), workflow.to_owned(), Ok(input))
    }

    /// Finds an execution of a workflow by its name.
    pub async fn execution<W: Workflow>(&self, name: &str) -> Result<Handle<W>, Error> {
        self.handle(&format!("{}/{name}", W::NAME)).await
    }

    /// Finds an execution by its ARN, `workflow/name`, or its name alone if only one has it.
    pub async fn find(&self, execution: &str) -> Result<Handle<Json>, Error> {
        self.handle(execution).await
    }

    async fn handle<W: Returns>(&self, execution: &str) -> Result<Handle<W>, Error> {
        Err(Error::UnknownExecution(execution.to_owned()))
    }

    /// The newest execution of this workflow and input that has not ended.
    pub async fn unfinished(
        &self,
        _workflow: &str,
        _input: &Value,
    ) -> Result<Option<Description>, Error> {
        Ok(None)
    }

    /// Describes an execution, named as for [`find`](Self::find).
    pub async fn describe(&self, execution: &str) -> Result<Description, Error> {
        Err(Error::UnknownExecution(execution.to_owned()))
    }

    /// Lists executions, newest first.
    pub async fn list(&self, _request: ListRequest) -> Result<List, Error> {
        Ok(List::default())
    }

    /// Reads a page of an execution's history.
    pub async fn history(&self, execution: &str, _: HistoryRequest) -> Result<History, Error> {
        Err(Error::UnknownExecution(execution.to_owned()))
    }

    /// An execution's history from its first event on, and each new event as it is stored. The
    /// stream ends with the execution.
    pub async fn watch(&self, execution: &str) -> Result<Watch, Error> {
        Err(Error::UnknownExecution(execution.to_owned()))
    }

    /// Asks for the end of an execution, durably; its owner stops it as soon as it reads this. An
    /// execution that has ended stays as it is.
    pub async fn stop(&self, execution: &str, _why: Failure) -> Result<(), Error> {
        Err(Error::UnknownExecution(execution.to_owned()))
    }

    /// What the store is and has done.
    pub async fn facts(&self) -> Result<Facts, Error> {
        Err(Error::ShutDown)
    }

    /// Lets running tasks end for a while, stores what they gave, and gives the store up. What has
    /// not ended goes on when the store is opened again.
    pub async fn shutdown(&self) -> Result<(), Error> {
        Ok(())
    }

    async fn begin(
        &self,
        _workflow: &str,
        _input: Value,
        _name: Option<String>,
    ) -> Result<(ExecutionId, String), Error> {
        Err(Error::ShutDown)
    }

    async fn wait(&self, _id: ExecutionId) -> Result<Status, Error> {
        Err(Error::ShutDown)
    }
}
