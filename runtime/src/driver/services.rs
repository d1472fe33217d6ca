//! What a driver asks of the service above it: calls of AWS APIs, and starts that need more than a
//! machine in memory.

use super::core::Children;
use crate::{
    catalog::Machine,
    engine::{Refusal, StartChild},
    program::{Data, Failure, names},
};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::sync::Arc;

/// Performs calls of AWS APIs.
pub(crate) trait Services: std::fmt::Debug + Send + Sync {
    /// Whether the call that a Resource names can be made.
    fn offers(&self, resource: &str) -> bool;

    /// How the process would be made to make it, if there is a way.
    fn would_offer(&self, _resource: &str) -> Option<&'static str> {
        None
    }

    /// Makes a call. It may be made again after a crash.
    fn call(&self, resource: &str, arguments: Data) -> BoxFuture<'static, Result<Data, NoAnswer>>;

    /// Finds what is to be started, and starts what the driver can't.
    fn admit(
        &self,
        child: StartChild,
        children: Children,
    ) -> BoxFuture<'static, Result<Admitted, Refusal>>;
}

/// Why a call has no answer.
#[derive(Debug)]
#[cfg_attr(not(feature = "server"), expect(dead_code, reason = "nothing else makes calls"))]
pub(crate) enum NoAnswer {
    /// The service refuses it.
    Refused(Refusal),
    /// What was called failed.
    Failed(Failure),
}

impl NoAnswer {
    /// Nobody makes the call that a Resource names.
    pub(crate) fn unknown(resource: &str) -> Self {
        Self::Failed(Failure::new(names::RUNTIME, format!("nothing here calls {resource}")))
    }
}

/// What became of a start.
#[derive(Debug)]
pub(crate) enum Admitted {
    /// The driver is to start it.
    Here {
        /// Of what.
        machine: Arc<Machine>,
        /// Its name.
        name: String,
        /// Its input.
        input: Data,
    },
    /// It has begun.
    Begun {
        /// Its ARN.
        execution: String,
        /// When.
        started: Timestamp,
    },
}
