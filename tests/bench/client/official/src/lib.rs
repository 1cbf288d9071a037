//! The official SDK.

use std::pin::pin;

use aws_sdk_sagemakerruntime::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sagemakerruntime::primitives::Blob;
use aws_sdk_sagemakerruntime::types::ResponseStream;
use aws_sdk_sagemakerruntime::{Client, Config};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use eventsource_stream::Eventsource;
use futures_util::TryStreamExt;
use futures_util::stream::try_unfold;
use workload::{Blocks, BoxError};

#[derive(Clone)]
pub struct Compared(Client);

impl workload::Client for Compared {
    fn new(url: &str) -> Result<Self, BoxError> {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "static"))
            .endpoint_url(url)
            .build();
        Ok(Self(Client::from_conf(config)))
    }

    fn in_memory(response: Blocks) -> Option<Self> {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "static"))
            .http_client(http_client_fn(move |_, _| {
                SharedHttpConnector::new(Memory(response.clone()))
            }))
            .build();
        Some(Self(Client::from_conf(config)))
    }

    async fn call(&self, endpoint: &str, payload: Vec<u8>) -> Result<u64, BoxError> {
        let output = self
            .0
            .invoke_endpoint()
            .endpoint_name(endpoint)
            .content_type("text/csv")
            .body(Blob::new(payload))
            .send()
            .await?;
        Ok(output.body.map_or(0, |body| body.as_ref().len() as u64))
    }

    /// The output has the whole body.
    async fn stream(&self, endpoint: &str) -> Result<u64, BoxError> {
        self.call(endpoint, b"1,2,3".to_vec()).await
    }

    async fn events(&self, endpoint: &str) -> Result<u64, BoxError> {
        let mut output = self
            .0
            .invoke_endpoint_with_response_stream()
            .endpoint_name(endpoint)
            .content_type("text/plain")
            .body(Blob::new("Hello"))
            .send()
            .await?;
        let mut read = 0;
        while let Some(event) = output.body.recv().await? {
            let ResponseStream::PayloadPart(part) = event else {
                return Err(format!("{event:?}").into());
            };
            read += part.bytes.map_or(0, |bytes| bytes.as_ref().len() as u64);
        }
        Ok(read)
    }

    /// The loop that programs write around the crate for it.
    async fn sse(&self) -> Result<u64, BoxError> {
        let call = self
            .0
            .invoke_endpoint_with_response_stream()
            .endpoint_name("memory")
            .content_type("text/plain")
            .body(Blob::new("Hello"));
        let parts = try_unfold(call.send().await?.body, |mut body| async move {
            match body.recv().await? {
                None => Ok(None),
                Some(ResponseStream::PayloadPart(part)) => {
                    let bytes = part.bytes.unwrap_or_default().into_inner();
                    Ok(Some((bytes, body)))
                }
                Some(event) => Err(BoxError::from(format!("{event:?}"))),
            }
        });
        let mut events = pin!(parts.eventsource());
        let mut read = 0;
        while let Some(event) = events.try_next().await? {
            read += event.data.len() as u64;
        }
        Ok(read)
    }
}

/// A connector that answers from memory.
#[derive(Debug)]
struct Memory(Blocks);

impl HttpConnector for Memory {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let body = SdkBody::from_body_1_x(self.0.clone());
        let status = StatusCode::try_from(200).map_err(|error| ConnectorError::other(error.into(), None));
        HttpConnectorFuture::ready(status.map(|status| HttpResponse::new(status, body)))
    }
}
