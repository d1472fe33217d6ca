//! What an integration shows of an AWS API's answer beside the answer itself: who answered, and how
//! an error is called.

use super::Refusal;
use crate::{
    asl::TaskResource,
    program::{Data, Failure},
    query::random::Random,
};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use serde_json::{Map, Value, json};

/// How optimised integrations call a service in an error's name, and in its cause.
const SERVICES: &[(&str, &str, &str)] =
    &[("lambda", "Lambda", "AWSLambda"), ("states", "StepFunctions", "AWSStepFunctions")];

/// How integrations of the SDK call a service.
const SDK_SERVICES: &[(&str, &str)] = &[("sfn", "Sfn")];

/// The response that a call got.
#[derive(Debug)]
pub(super) struct Response {
    request_id: String,
    at: Timestamp,
}

impl Response {
    pub(super) fn new(random: &Random, at: Timestamp) -> Self {
        let bits = u128::from(random.next()) << 64 | u128::from(random.next());
        let id = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid();
        Self { request_id: id.to_string(), at }
    }

    /// The answer as an optimised integration gives it. AWS's own headers are the same for all.
    pub(super) fn with_metadata(&self, mut answer: Map<String, Value>) -> Data {
        let length = Value::Object(answer.clone()).to_string().len().to_string();
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&self.at);
        let headers = [
            ("x-amzn-RequestId", self.request_id.clone()),
            ("connection", "keep-alive".to_owned()),
            ("Content-Length", length),
            ("Date", date.unwrap_or_default()),
            ("Content-Type", "application/x-amz-json-1.0".to_owned()),
        ];
        let all = headers.iter().map(|(name, value)| ((*name).to_owned(), json!([value])));
        let all: Map<_, _> = all.collect();
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.into()));
        let headers: Map<_, _> = headers.collect();
        let http = json!({ "AllHttpHeaders": all, "HttpHeaders": headers, "HttpStatusCode": 200 });
        answer.insert("SdkHttpMetadata".to_owned(), http);
        let id = json!({ "RequestId": self.request_id });
        answer.insert("SdkResponseMetadata".to_owned(), id);
        Value::Object(answer).into()
    }

    /// How the task fails whose call was refused (recorded).
    pub(super) fn failure(&self, resource: &str, refusal: &Refusal) -> Failure {
        let Refusal { code, message, status, request_id } = refusal;
        let id = request_id.as_ref().unwrap_or(&self.request_id);
        let name = code.strip_suffix("Exception").unwrap_or(code);
        let service = match TaskResource::of(resource) {
            TaskResource::Integration { service, .. } => service,
            TaskResource::Function => "lambda",
            _ => return Failure::new(code, message),
        };
        if let Some(service) = service.strip_prefix("aws-sdk:") {
            let known = SDK_SERVICES.iter().find(|(known, _)| *known == service);
            let service = known.map_or(service, |(_, shown)| shown);
            let cause = format!(
                "{message} (Service: {service}, Status Code: {status}, Request ID: {id}) \
                 (SDK Attempt Count: 1)"
            );
            return Failure::new(format!("{service}.{name}Exception"), cause);
        }
        let known = SERVICES.iter().find(|(known, ..)| *known == service);
        let (prefix, shown) =
            known.map_or((service, service), |(_, prefix, shown)| (prefix, shown));
        let cause = format!(
            "{message} (Service: {shown}; Status Code: {status}; Error Code: {code}; \
             Request ID: {id}; Proxy: null)"
        );
        Failure::new(format!("{prefix}.{name}Exception"), cause)
    }
}
