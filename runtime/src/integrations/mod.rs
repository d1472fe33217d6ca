//! Calls of AWS services that tasks make: who performs them.
//!
//! Step Functions is this server itself; a Lambda function is invoked at the endpoint that the
//! environment names. Enter at [`add`].

mod http;
mod lambda;

use crate::{
    api::StepFunctions,
    driver::NoAnswer,
    program::Data,
    service::{Apis, Builder, Engine},
};
use futures_util::future::{self, BoxFuture};
use lambda::Lambda;
use std::sync::Arc;

pub use http::{Endpoint, NoEndpoint};

/// Where the services are that tasks may call.
#[derive(Debug, Clone, Default)]
pub struct Endpoints {
    /// Answers the API of Lambda.
    pub lambda: Option<Endpoint>,
}

/// Has the tasks of an engine call Step Functions, which is the engine, and the services at these
/// endpoints.
pub fn add(builder: Builder, endpoints: Endpoints) -> Builder {
    let lambda = endpoints.lambda.map(Lambda::at);
    builder.apis(Arc::new(Integrations { lambda }))
}

#[derive(Debug)]
struct Integrations {
    lambda: Option<Lambda>,
}

impl Apis for Integrations {
    fn offers(&self, resource: &str) -> bool {
        StepFunctions.offers(resource) || (self.lambda.is_some() && lambda::is_called_by(resource))
    }

    fn would_offer(&self, resource: &str) -> Option<&'static str> {
        lambda::is_called_by(resource)
            .then_some("`serve --lambda-endpoint URL` names what invokes Lambda functions")
    }

    fn call(
        &self,
        engine: Engine,
        resource: &str,
        arguments: Data,
    ) -> BoxFuture<'static, Result<Data, NoAnswer>> {
        match &self.lambda {
            _ if StepFunctions.offers(resource) => StepFunctions.call(engine, resource, arguments),
            Some(lambda) => lambda.call(resource, &arguments),
            None => Box::pin(future::ready(Err(NoAnswer::unknown(resource)))),
        }
    }
}
