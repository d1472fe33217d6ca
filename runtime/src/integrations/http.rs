//! Requests to an endpoint on this machine or beside it: unsigned, unencrypted, one a connection.

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Request, StatusCode, Uri, header},
};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::str::FromStr;
use tokio::net::TcpStream;

/// Longest answer: Lambda's own limit, and room for its JSON.
const LONGEST: usize = 8 * 1024 * 1024;

/// A server that answers for AWS services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    host: String,
    port: u16,
    /// What comes before the paths of requests; without a slash at its end.
    path: String,
}

/// A text that names no endpoint that can be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoEndpoint {
    /// It is no URL of a server.
    #[error("`{0}` is not a URL like `http://127.0.0.1:4566`")]
    NoUrl(String),
    /// It is to be called in a way that is not known here.
    #[error(
        "`{0}` can't be called: requests are neither encrypted nor signed, so the URL of an endpoint begins with `http://`"
    )]
    NotPlain(String),
}

impl FromStr for Endpoint {
    type Err = NoEndpoint;

    fn from_str(text: &str) -> Result<Self, NoEndpoint> {
        let uri: Uri = text.parse().map_err(|_| NoEndpoint::NoUrl(text.to_owned()))?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
            return Err(NoEndpoint::NoUrl(text.to_owned()));
        };
        if scheme != "http" {
            return Err(NoEndpoint::NotPlain(text.to_owned()));
        }
        Ok(Self {
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(80),
            path: uri.path().trim_end_matches('/').to_owned(),
        })
    }
}

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// A header, if it is there and a text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Endpoint {
    /// Sends a request; the error says in a sentence why there is no answer.
    pub(super) async fn post(
        &self,
        path: &str,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, String> {
        self.send(path, headers, body).await.map_err(|error| {
            format!("Unable to execute HTTP request: {}:{}: {error}", self.host, self.port)
        })
    }

    async fn send(
        &self,
        path: &str,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
        // A literal IPv6 address stands in brackets in a URL.
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((host, self.port)).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let mut request = Request::post(format!("{}{path}", self.path))
            .header(header::HOST, format!("{}:{}", self.host, self.port))
            .header(header::CONTENT_LENGTH, body.len());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let exchange = async {
            let response = sender.send_request(request.body(Body::from(body))?).await?;
            let (parts, body) = response.into_parts();
            let body = to_bytes(Body::new(body), LONGEST).await?;
            Ok(Answer { status: parts.status, headers: parts.headers, body })
        };
        // The connection is driven for as long as its answer is waited for.
        let (mut exchange, mut connection) = (std::pin::pin!(exchange), std::pin::pin!(connection));
        tokio::select! {
            answer = &mut exchange => answer,
            closed = &mut connection => {
                closed?;
                exchange.await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_plain_url() {
        let endpoint = |host: &str, port, path: &str| {
            Ok(Endpoint { host: host.to_owned(), port, path: path.to_owned() })
        };
        assert_eq!("http://127.0.0.1:4566".parse(), endpoint("127.0.0.1", 4566, ""));
        assert_eq!("http://[::1]:9/aws/".parse(), endpoint("[::1]", 9, "/aws"));
        assert_eq!("http://host".parse(), endpoint("host", 80, ""));
        let secure = "https://lambda.us-east-1.amazonaws.com";
        assert_eq!(secure.parse::<Endpoint>(), Err(NoEndpoint::NotPlain(secure.to_owned())));
        for wrong in ["", "localhost", "/x", "http://"] {
            assert_eq!(wrong.parse::<Endpoint>(), Err(NoEndpoint::NoUrl(wrong.to_owned())));
        }
    }
}
