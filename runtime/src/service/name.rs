//! How an execution is found by what a user types.

use super::{Engine, Error};
use crate::{
    catalog::{Resource, check_name, execution_of, name_of},
    store::{self, ExecutionId, Store},
};

/// An execution that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) id: ExecutionId,
    pub(super) arn: String,
}

/// Whether a name may name an execution, by AWS's rules.
pub(crate) fn check(name: &str) -> Result<(), Error> {
    check_name(name).map_err(|why| Error::InvalidName { name: name.to_owned(), why })
}

impl Engine {
    /// Finds an execution by its ARN, `workflow/name`, or its name alone.
    pub(super) async fn lookup(&self, execution: &str) -> Result<Found, Error> {
        let asked = execution.to_owned();
        let mut found = self.with_store(move |store| candidates(store, &asked)).await?;
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (None, _) => Err(Error::UnknownExecution(execution.to_owned())),
            (Some(one), false) => {
                found.push(one);
                let arns = found.into_iter().map(|found| found.arn).collect();
                Err(Error::AmbiguousName { name: execution.to_owned(), arns })
            }
        }
    }
}

fn candidates(store: &dyn Store, execution: &str) -> Result<Vec<Found>, store::Error> {
    if let Ok(Resource::Execution { machine, name }) = Resource::parse(execution) {
        let id = store.find(&machine, &name)?;
        return Ok(id.map(|id| Found { id, arn: execution.to_owned() }).into_iter().collect());
    }
    let (of, name) = match execution.split_once('/') {
        Some((machine, name)) => (Some(machine), name),
        None => (None, execution),
    };
    let mut found = Vec::new();
    for machine in store.machines()? {
        if of.is_none_or(|of| of == name_of(&machine.arn))
            && let Some(id) = store.find(&machine.arn, name)?
        {
            found.push(Found { id, arn: execution_of(&machine.arn, name) });
        }
    }
    Ok(found)
}
