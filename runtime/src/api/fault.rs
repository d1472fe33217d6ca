//! What a client gets instead of an answer.

use crate::{
    engine::Refusal,
    service::{Error, Exception},
};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// An error answer.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) status: StatusCode,
    name: &'static str,
    message: String,
}

impl Fault {
    fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into() }
    }

    pub(super) fn body(&self) -> Value {
        json!({ "__type": self.name, "message": self.message })
    }

    /// Whether the service is going, so that the request may be made again elsewhere.
    pub(super) fn is_shutdown(&self) -> bool {
        self.status == StatusCode::SERVICE_UNAVAILABLE
    }

    pub(super) fn unknown_operation(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "UnknownOperationException", message)
    }

    pub(super) fn serialization(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "SerializationException", message)
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ValidationException", message)
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let message = format!("The request has more than {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLargeException", message)
    }

    pub(super) fn from_a_web_page() -> Self {
        let message = "Requests of web pages are refused: they have an Origin header";
        Self::new(StatusCode::FORBIDDEN, "AccessDeniedException", message)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self { status: fault.status.as_u16(), ..Self::new(fault.name, fault.message) }
    }
}

impl From<Exception> for Fault {
    fn from(exception: Exception) -> Self {
        let status = match &exception {
            Exception::Engine(Error::ShutDown) => StatusCode::SERVICE_UNAVAILABLE,
            Exception::Engine(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::new(status, exception.name(), exception.to_string())
    }
}
