//! Starting and stopping.

use crate::{
    catalog::{Machine, created::Kind},
    engine::Status,
    program::{Data, Failure},
    service::{
        Engine, Error, Exception,
        express::{Express, Run},
        machines::Target,
        name,
    },
    store::ExecutionId,
};
use jiff::Timestamp;
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// How long a stop waits to see the execution's end. It is durable before, so that this only bounds
/// how long a client waits for an execution that nobody can run on with.
const STOPS_IN: Duration = Duration::from_secs(10);

/// An execution to be started.
#[derive(Debug, Clone, Default)]
pub struct StartExecution {
    /// ARN of the machine, or of a version of it.
    pub machine: String,
    /// Its name; one is made up if there is none.
    pub name: Option<String>,
    /// Its input as JSON text; `{}` if there is none.
    pub input: Option<String>,
}

/// A started execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Its ARN.
    pub arn: String,
    /// When it started.
    pub started: Timestamp,
}

/// An execution that was waited for.
#[derive(Debug, Clone, PartialEq)]
pub struct Synchronous {
    /// Its ARN.
    pub arn: String,
    /// ARN of its machine.
    pub machine: String,
    /// Its name.
    pub name: String,
    /// Its input as JSON text.
    pub input: String,
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// How it ended.
    pub status: Status,
}

impl Engine {
    /// Starts an execution. Asked for again with the same name and input while it runs, it answers
    /// as it did at first.
    pub async fn start_execution(&self, asked: StartExecution) -> Result<Started, Exception> {
        let (machine, input, name) = self.admit(asked).await?;
        match machine.kind {
            Kind::Express => {
                let begun = self.express()?.begin(&machine, &name, input).await;
                let Run { arn, started, .. } = begun?;
                Ok(Started { arn, started })
            }
            Kind::Standard => {
                let arn = machine.execution_arn(&name);
                let begun = self.begin_machine(machine, input, name).await;
                let (id, arn) = begun.map_err(|error| match error {
                    Error::AlreadyExists { .. } => Exception::ExecutionAlreadyExists(arn),
                    other => other.into(),
                })?;
                let record = self.with_store(move |store| store.describe(id)).await?;
                let record = record.ok_or_else(|| Exception::ExecutionDoesNotExist(arn.clone()))?;
                Ok(Started { arn, started: record.started })
            }
        }
    }

    /// Starts an execution of an express machine and waits for its end.
    pub async fn start_sync_execution(
        &self,
        asked: StartExecution,
    ) -> Result<Synchronous, Exception> {
        let target = Target::parse(&asked.machine)?;
        if self.kind_of(&target.machine) == Some(Kind::Standard) {
            return Err(Exception::StateMachineTypeNotSupported);
        }
        let (machine, input, name) = self.admit(asked).await?;
        let text = input.to_string();
        let express = self.express()?;
        let begun = express.begin(&machine, &name, input).await?;
        let (status, ended) = express.end(&begun).await?;
        Ok(Synchronous {
            arn: begun.arn,
            machine: machine.arn.clone(),
            name,
            input: text,
            started: begun.started,
            ended,
            status,
        })
    }

    /// Stops an execution and gives the time of its end; one that has ended stays as it is.
    pub async fn stop_execution(&self, arn: &str, why: Failure) -> Result<Timestamp, Exception> {
        let id = self.execution_of(arn).await?;
        if let Some(ended) = self.end_of(id).await? {
            return Ok(ended);
        }
        self.stop(arn, why).await?;
        // A stop that comes too late to be seen is durable all the same.
        let _seen = tokio::time::timeout(STOPS_IN, self.wait(id, arn)).await;
        Ok(self.end_of(id).await?.unwrap_or_else(|| self.inner.clock.now()))
    }

    /// Finds what is to be started, and checks name and input.
    pub(in crate::service) async fn admit(
        &self,
        asked: StartExecution,
    ) -> Result<(Arc<Machine>, Data, String), Exception> {
        let StartExecution { machine: arn, name, input } = asked;
        let target = Target::parse(&arn)?;
        let name = name.unwrap_or_else(|| self.inner.entropy.uuid().to_string());
        name::check(&name)?;
        let text = input.unwrap_or_else(|| "{}".to_owned());
        let input: Value = serde_json::from_str(&text)
            .map_err(|error| Exception::InvalidExecutionInput(error.to_string()))?;
        let found = self.in_catalog(move |store, catalog| {
            catalog.startable(store, &target.machine, target.version)
        });
        let machine = found.await?.map_err(|refused| Exception::of(refused, &arn))?;
        self.check_input(&machine, &input)?;
        Ok((machine, Data::written(input, text), name))
    }

    async fn end_of(&self, id: ExecutionId) -> Result<Option<Timestamp>, Exception> {
        let record = self.with_store(move |store| store.describe(id)).await?;
        Ok(record.and_then(|record| record.ended))
    }

    pub(in crate::service) fn express(&self) -> Result<&Express, Error> {
        self.inner.express.as_ref().ok_or(Error::ReadOnly)
    }
}
