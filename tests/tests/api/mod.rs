//! The API of Step Functions: requests as clients send them, answers as they get them.

mod bad_input;
mod endless;
mod executions;
mod express;
mod lambda;
mod machines;
mod map_runs;
mod nested;
mod serve;
mod test_state;
mod versions;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;
use stepwright::{
    Engine, api,
    driver::clock::{SeededEntropy, SimulatedClock},
    service::Builder,
};
use tower::ServiceExt as _;

/// The time of every test, and as AWS writes it.
const NOW: &str = "2026-01-02T03:04:05.678Z";
const SECONDS: f64 = 1_767_323_045.678;

const ROLE: &str = "arn:aws:iam::123456789012:role/r";
const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

/// A server in this process, whose clock stands still.
struct Api {
    engine: Engine,
    clock: Arc<SimulatedClock>,
    router: Router,
}

impl Api {
    async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    async fn with(change: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = Arc::new(SimulatedClock::manual(NOW.parse::<Timestamp>().unwrap()));
        let builder = Engine::builder()
            .clock(Arc::clone(&clock) as Arc<_>)
            .entropy(Arc::new(SeededEntropy::new(7)));
        let engine = change(builder).build().await.unwrap();
        let router = api::router(engine.clone());
        Self { engine, clock, router }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Sends a request and gives status and body of the answer.
    async fn call(&self, operation: &str, body: impl Into<Body>) -> (u16, Value) {
        let request = Request::post("/")
            .header("x-amz-target", format!("AWSStepFunctions.{operation}"))
            .header("content-type", "application/x-amz-json-1.0")
            .body(body.into())
            .unwrap();
        answer(self.send(request).await).await
    }

    /// Sends a request that succeeds.
    #[track_caller]
    fn ok(&self, operation: &str, body: Value) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        async move {
            let (status, answer) = self.call(operation, body.to_string()).await;
            assert_eq!(status, 200, "{caller}: {operation} {body}: {answer}");
            answer
        }
    }

    /// Sends a request and compares the answer.
    async fn check(&self, operation: &str, body: Value, expected: Value) {
        assert_eq!(self.ok(operation, body.clone()).await, expected, "{operation} {body}");
    }

    /// Sends a request that is refused with status 400, and compares name and message.
    async fn refused(&self, operation: &str, body: Value, name: &str, message: &str) {
        let (status, answer) = self.call(operation, body.to_string()).await;
        assert_eq!(answer, json!({ "__type": name, "message": message }), "{operation} {body}");
        assert_eq!(status, 400, "{operation} {body}");
    }

    /// Makes a machine of these states and gives its ARN.
    async fn create(&self, name: &str, states: &Value) -> String {
        let body = json!({ "name": name, "definition": definition(states), "roleArn": ROLE });
        let made = self.ok("CreateStateMachine", body).await;
        made["stateMachineArn"].as_str().unwrap().to_owned()
    }

    /// Starts an execution and gives its ARN.
    async fn start(&self, body: Value) -> String {
        let started = self.ok("StartExecution", body).await;
        started["executionArn"].as_str().unwrap().to_owned()
    }

    /// Waits for the end of an execution.
    async fn end(&self, arn: &str) {
        self.engine.find(arn).await.unwrap().end().await.unwrap();
    }
}

async fn answer(response: Response<Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let headers = response.headers();
    assert_eq!(headers["content-type"], "application/x-amz-json-1.0");
    assert_eq!(headers["x-amzn-requestid"].len(), 36);
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

/// The text of a definition with these states, which begins with the first.
fn definition(states: &Value) -> String {
    let first = states.as_object().unwrap().keys().next().unwrap();
    json!({ "QueryLanguage": "JSONata", "StartAt": first, "States": states }).to_string()
}

/// One state that gives this.
fn gives(output: &Value) -> Value {
    json!({ "only": { "Type": "Pass", "Output": output, "End": true } })
}

/// One state that waits for an hour.
fn waits() -> Value {
    json!({ "nap": { "Type": "Wait", "Seconds": 3600, "End": true } })
}
