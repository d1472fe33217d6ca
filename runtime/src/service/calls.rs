//! The service as its own executions call it: starts that the driver can't do by itself, and APIs.

use super::{Engine, Error, Exception, Inner, executions::StartExecution};
use crate::{
    catalog::created::Kind,
    driver::{Admitted, Children, NoAnswer, Services},
    engine::{Refusal, StartChild},
    program::Data,
};
use futures_util::future::{self, BoxFuture};
use std::sync::{Arc, OnceLock, Weak};

/// AWS APIs that tasks may call, as far as this process answers them.
pub(crate) trait Apis: std::fmt::Debug + Send + Sync {
    /// Whether the call that a Resource names can be made.
    fn offers(&self, resource: &str) -> bool;

    /// How the process would be made to make it, if there is a way.
    fn would_offer(&self, _resource: &str) -> Option<&'static str> {
        None
    }

    /// Makes a call.
    fn call(
        &self,
        engine: Engine,
        resource: &str,
        arguments: Data,
    ) -> BoxFuture<'static, Result<Data, NoAnswer>>;
}

/// Performs what tasks ask of the engine that runs them.
#[derive(Debug)]
pub(super) struct Calls {
    engine: OnceLock<Weak<Inner>>,
    apis: Option<Arc<dyn Apis>>,
}

impl Calls {
    pub(super) fn new(apis: Option<Arc<dyn Apis>>) -> Self {
        Self { engine: OnceLock::new(), apis }
    }

    /// Takes the engine, which is made last.
    pub(super) fn serve(&self, engine: &Engine) {
        let _once = self.engine.set(Arc::downgrade(&engine.inner));
    }

    /// None while the engine is opened or when it has gone: what is asked then is asked again.
    fn engine(&self) -> Option<Engine> {
        let inner = self.engine.get()?.upgrade()?;
        Some(Engine { inner })
    }
}

impl Services for Calls {
    fn offers(&self, resource: &str) -> bool {
        self.apis.as_ref().is_some_and(|apis| apis.offers(resource))
    }

    fn would_offer(&self, resource: &str) -> Option<&'static str> {
        self.apis.as_ref()?.would_offer(resource)
    }

    fn call(&self, resource: &str, arguments: Data) -> BoxFuture<'static, Result<Data, NoAnswer>> {
        match (&self.apis, self.engine()) {
            (Some(apis), Some(engine)) => apis.call(engine, resource, arguments),
            _ => Box::pin(future::pending()),
        }
    }

    fn admit(
        &self,
        child: StartChild,
        children: Children,
    ) -> BoxFuture<'static, Result<Admitted, Refusal>> {
        let Some(engine) = self.engine() else { return Box::pin(future::pending()) };
        Box::pin(async move {
            match admit(&engine, child, children).await {
                // The next owner asks again.
                Err(Exception::Engine(Error::ShutDown)) => future::pending().await,
                admitted => admitted.map_err(Refusal::from),
            }
        })
    }
}

async fn admit(
    engine: &Engine,
    child: StartChild,
    children: Children,
) -> Result<Admitted, Exception> {
    let StartChild { machine, name, input, detached, .. } = child;
    let asked = StartExecution { machine, name, input: Some(input.to_string()) };
    if children == Children::Elsewhere {
        let begun = engine.start_execution(asked).await?;
        return Ok(Admitted::Begun { execution: begun.arn, started: begun.started });
    }
    let (machine, input, name) = engine.admit(asked).await?;
    match machine.kind {
        Kind::Standard => Ok(Admitted::Here { machine, name, input }),
        // Nobody is told of its end.
        Kind::Express if !detached => Err(Exception::StateMachineTypeNotSupported),
        Kind::Express => {
            let run = engine.express()?.begin(&machine, &name, input).await?;
            Ok(Admitted::Begun { execution: run.arn, started: run.started })
        }
    }
}

impl From<Exception> for Refusal {
    fn from(exception: Exception) -> Self {
        let status = if let Exception::Engine(_) = exception { 500 } else { 400 };
        Self { status, ..Self::new(exception.name(), exception.to_string()) }
    }
}
