//! What there is without any SDK: hyper-util's client, sending bytes like those of the others, with nothing computed.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use workload::{Blocks, BoxError};

#[derive(Clone)]
pub struct Compared {
    connections: Connections,
    url: String,
}

/// Without TLS there is nothing of it in the way.
#[derive(Clone)]
enum Connections {
    Plain(Client<HttpConnector, Full<Bytes>>),
    Secure(Client<HttpsConnector<HttpConnector>, Full<Bytes>>),
}

/// As many bytes as a signature has.
const SIGNATURE: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240101/us-east-1/sagemaker/aws4_request, \
    SignedHeaders=content-length;content-type;host;x-amz-date, \
    Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

impl Compared {
    async fn send(&self, endpoint: &str, operation: &str, payload: Bytes) -> Result<Incoming, BoxError> {
        let mut request =
            Request::post(format!("{}/endpoints/{endpoint}/{operation}", self.url)).body(Full::new(payload))?;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv"));
        headers.insert(
            HeaderName::from_static("x-amz-date"),
            HeaderValue::from_static("20240101T000000Z"),
        );
        headers.insert(AUTHORIZATION, HeaderValue::from_static(SIGNATURE));
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(
                "sagemaker-runtime/0.1.0 ua/2.1 api/sagemaker-runtime#0.1.0 os/linux lang/rust md/arch#x86_64 m/E",
            ),
        );
        headers.insert(
            HeaderName::from_static("amz-sdk-invocation-id"),
            HeaderValue::from_static("f81d4fae-7dec-41d0-a765-00a0c91e6bf6"),
        );
        headers.insert(
            HeaderName::from_static("amz-sdk-request"),
            HeaderValue::from_static("attempt=1; max=3"),
        );
        let response = match &self.connections {
            Connections::Plain(client) => client.request(request).await?,
            Connections::Secure(client) => client.request(request).await?,
        };
        match response.status().is_success() {
            true => Ok(response.into_body()),
            false => Err(format!("a status of {}", response.status()).into()),
        }
    }

    async fn read(mut body: Incoming) -> Result<u64, BoxError> {
        let mut read = 0;
        while let Some(frame) = body.frame().await {
            read += frame?.data_ref().map_or(0, |piece| piece.len() as u64);
        }
        Ok(read)
    }
}

impl workload::Client for Compared {
    fn new(url: &str) -> Result<Self, BoxError> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new());
        let connections = match url.starts_with("https:") {
            false => Connections::Plain(client.build(connector)),
            true => {
                connector.enforce_http(false);
                let secure = HttpsConnectorBuilder::new().with_native_roots()?.https_only();
                Connections::Secure(client.build(secure.enable_http1().wrap_connector(connector)))
            }
        };
        Ok(Self {
            connections,
            url: url.to_owned(),
        })
    }

    fn in_memory(_: Blocks) -> Option<Self> {
        None
    }

    async fn call(&self, endpoint: &str, payload: Vec<u8>) -> Result<u64, BoxError> {
        let body = self.send(endpoint, "invocations", payload.into()).await?;
        Ok(body.collect().await?.to_bytes().len() as u64)
    }

    async fn stream(&self, endpoint: &str) -> Result<u64, BoxError> {
        Self::read(self.send(endpoint, "invocations", "1,2,3".into()).await?).await
    }

    /// Only reads: events are the business of others.
    async fn events(&self, endpoint: &str) -> Result<u64, BoxError> {
        Self::read(
            self.send(endpoint, "invocations-response-stream", "Hello".into())
                .await?,
        )
        .await
    }
}
