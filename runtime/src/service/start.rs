//! Starting: the input is checked, the name is free or means the same execution.

use super::{Engine, Error, Limits, name};
use crate::{
    catalog::Machine,
    driver::Driver,
    program::Data,
    store::{ExecutionId, Status, codec},
    workflow::Workflow,
};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// The JSON of a typed input: the parameter's value, or an object of several by name.
pub(super) fn input_of<W: Workflow>(input: &W::Input) -> serde_json::Result<Value>
where
    W::Input: Serialize,
{
    let value = serde_json::to_value(input)?;
    let params = W::workflow().params;
    match value {
        Value::Array(values) if params.len() > 1 => {
            let names = params.iter().map(|name| (*name).to_owned());
            Ok(Value::Object(names.zip(values).collect()))
        }
        value => Ok(value),
    }
}

/// Whether an input is short enough.
pub(crate) fn check_length(workflow: &str, input: &Value, limits: Limits) -> Result<(), Error> {
    let Some(limit) = limits.execution.payload else { return Ok(()) };
    let bytes = input.to_string().len();
    if bytes > limit {
        return Err(Error::InputTooLong { workflow: workflow.to_owned(), bytes, limit });
    }
    Ok(())
}

impl Engine {
    /// Starts an execution, or finds the running one of that name and input.
    pub(super) async fn begin(
        &self,
        workflow: &str,
        input: Value,
        given: Option<String>,
    ) -> Result<(ExecutionId, String), Error> {
        self.driver()?;
        let machine = self.machine(workflow)?;
        self.check_input(&machine, &input)?;
        let name = match given {
            Some(name) => name,
            None => self.inner.entropy.uuid().to_string(),
        };
        name::check(&name)?;
        self.begin_machine(machine, input.into(), name).await
    }

    /// Starts an execution of a machine, or finds the running one of that name and input.
    pub(super) async fn begin_machine(
        &self,
        machine: Arc<Machine>,
        input: Data,
        name: String,
    ) -> Result<(ExecutionId, String), Error> {
        let driver = self.driver()?;
        let workflow = machine.name.clone();
        let arn = machine.execution_arn(&name);
        let permit = self.inner.starts.acquire().await.map_err(|_| Error::ShutDown)?;
        let begun = driver.begin(machine, name.clone(), input.clone()).await;
        drop(permit);
        let begun = begun.map_err(|error| Error::of(error, &arn))?;
        if !begun.new {
            self.check_same(begun.execution, &workflow, &name, input).await?;
        }
        Ok((begun.execution, arn))
    }

    /// What runs durable executions, if this engine runs any.
    pub(super) fn driver(&self) -> Result<&Driver, Error> {
        self.inner.driver.as_ref().ok_or(Error::ReadOnly)
    }

    fn machine(&self, workflow: &str) -> Result<Arc<Machine>, Error> {
        let catalog = &self.inner.catalog;
        catalog.by_name(workflow).map(Arc::clone).ok_or_else(|| Error::UnknownWorkflow {
            name: workflow.to_owned(),
            known: catalog.names(),
        })
    }

    pub(super) fn check_input(&self, machine: &Machine, input: &Value) -> Result<(), Error> {
        check_length(&machine.name, input, self.inner.limits)?;
        let check = machine.check_input.map_or(Ok(()), |check| check(input));
        check.map_err(|mismatch| Error::InvalidInput { workflow: machine.name.clone(), mismatch })
    }

    /// Whether the execution that has the name already is the one that is asked for.
    async fn check_same(
        &self,
        id: ExecutionId,
        workflow: &str,
        name: &str,
        input: Data,
    ) -> Result<(), Error> {
        let why = self.with_store(move |store| {
            let Some(record) = store.describe(id)? else { return Ok(None) };
            if record.status != Status::Running {
                return Ok(Some("and has ended"));
            }
            let context = codec::context(store, &record)?;
            Ok((context.input != input).then_some("with another input"))
        });
        match why.await? {
            None => Ok(()),
            Some(why) => Err(Error::AlreadyExists {
                workflow: workflow.to_owned(),
                name: name.to_owned(),
                why,
            }),
        }
    }
}
