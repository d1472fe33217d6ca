//! The API of Step Functions over HTTP, as every AWS SDK speaks it: AWS JSON 1.0.
//!
//! A request is `POST /` with an `X-Amz-Target` that names the operation; its JSON is read with
//! AWS's own checks (`fields`), a use case of [`service`](crate::service) is asked, and its answer
//! or refusal is written. The `Host` header means nothing, so that clients may put prefixes before
//! the name.
//!
//! Enter at [`router`], or at [`serve`] with a socket.

mod execution;
mod fault;
mod fields;
mod history;
mod integration;
mod machine;
mod map_run;
mod operations;
mod task;
mod test_state;
mod token;
mod version;

pub(crate) use integration::StepFunctions;

use crate::service::Engine;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest as _, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use fault::Fault;
use fields::Fields;
use std::{future::Future, io, time::Duration};
use tokio::net::TcpListener;

/// Longest body. A definition may have 1 MiB, and JSON may take two bytes for one of its
/// characters.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// How long requests that are being answered may take once the server is to end.
const GRACE: Duration = Duration::from_secs(5);

/// Answers requests for the machines and executions of an engine.
pub fn router(engine: Engine) -> Router {
    Router::new().fallback(answer).layer(DefaultBodyLimit::max(MAX_BODY)).with_state(engine)
}

/// Answers requests that come to a socket, until `ended`; requests that are being answered then get
/// a little time.
///
/// # Errors
///
/// The socket fails.
pub async fn serve(
    engine: Engine,
    socket: TcpListener,
    ended: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (over, mut is_over) = tokio::sync::watch::channel(false);
    let ended = async move {
        ended.await;
        over.send_replace(true);
    };
    let serving = axum::serve(socket, router(engine)).with_graceful_shutdown(ended);
    let late = async move {
        let _told = is_over.wait_for(|over| *over).await;
        let never = std::future::pending::<()>();
        let _elapsed = tokio::time::timeout(GRACE, never).await;
    };
    tokio::select! {
        served = serving.into_future() => served,
        () = late => Ok(()),
    }
}

async fn answer(State(engine): State<Engine>, request: Request) -> Response {
    let id = engine.request_id();
    let answered = handle(&engine, request).await;
    let (status, body) = match answered {
        Ok(body) => (StatusCode::OK, body),
        Err(fault) => (fault.status, fault.body()),
    };
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/x-amz-json-1.0");
    headers.insert(header::CONTENT_TYPE, json);
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

async fn handle(engine: &Engine, request: Request) -> Result<serde_json::Value, Fault> {
    // SDKs send no Origin, browsers do: a page from elsewhere must not run state machines here.
    if request.headers().contains_key(header::ORIGIN) {
        return Err(Fault::from_a_web_page());
    }
    if request.method() != Method::POST {
        return Err(Fault::unknown_operation("only POST is answered here"));
    }
    let operation = operations::find(target(request.headers())?)?;
    let body = Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Fault::too_large(MAX_BODY)
        } else {
            Fault::serialization("The body of the request breaks off")
        }
    })?;
    operation(engine.clone(), Fields::parse(&body)?).await
}

/// The operation that a request asks for.
fn target(headers: &HeaderMap) -> Result<&str, Fault> {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix("AWSStepFunctions."));
    operation.ok_or_else(|| {
        Fault::unknown_operation("the X-Amz-Target header names no operation of AWSStepFunctions")
    })
}
