//! This client.

use sagemaker_runtime::types::ResponseStream;
use sagemaker_runtime::{Client, Credentials, blocking};
use workload::{Blocks, BoxError};

#[derive(Clone)]
pub struct Compared(Client);

impl workload::Client for Compared {
    fn new(url: &str) -> Result<Self, BoxError> {
        let client = Client::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKIDEXAMPLE", "secret", None, None, "static"))
            .endpoint_url(url)
            .build()?;
        Ok(Self(client))
    }

    fn in_memory(response: Blocks) -> Option<Self> {
        let client = Client::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKIDEXAMPLE", "secret", None, None, "static"))
            .transport(response)
            .build();
        client.ok().map(Self)
    }

    async fn call(&self, endpoint: &str, payload: Vec<u8>) -> Result<u64, BoxError> {
        let output = self
            .0
            .invoke_endpoint()
            .endpoint_name(endpoint)
            .content_type("text/csv")
            .body(payload)
            .send()
            .await?;
        Ok(output.body.bytes().await?.len() as u64)
    }

    fn call_blocking(&self, endpoint: &str, payload: Vec<u8>) -> Result<u64, BoxError> {
        let output = blocking::Client::from(self.0.clone())
            .invoke_endpoint()
            .endpoint_name(endpoint)
            .content_type("text/csv")
            .body(payload)
            .send()?;
        Ok(blocking::wait(output.body.bytes())?.len() as u64)
    }

    async fn stream(&self, endpoint: &str) -> Result<u64, BoxError> {
        let mut output = self
            .0
            .invoke_endpoint()
            .endpoint_name(endpoint)
            .content_type("text/csv")
            .body("1,2,3")
            .send()
            .await?;
        let mut read = 0;
        while let Some(piece) = output.body.chunk().await? {
            read += piece.len() as u64;
        }
        Ok(read)
    }

    async fn events(&self, endpoint: &str) -> Result<u64, BoxError> {
        let mut output = self
            .0
            .invoke_endpoint_with_response_stream()
            .endpoint_name(endpoint)
            .content_type("text/plain")
            .body("Hello")
            .send()
            .await?;
        let mut read = 0;
        while let Some(event) = output.body.recv().await? {
            let ResponseStream::PayloadPart(part) = event else {
                return Err(format!("{event:?}").into());
            };
            read += part.bytes.map_or(0, |bytes| bytes.len() as u64);
        }
        Ok(read)
    }

    async fn sse(&self) -> Result<u64, BoxError> {
        let call = self
            .0
            .invoke_endpoint_with_response_stream()
            .endpoint_name("memory")
            .content_type("text/plain")
            .body("Hello");
        let mut events = call.send().await?.body.into_bytes().sse();
        let mut read = 0;
        while let Some(event) = events.next().await? {
            read += event.data().len() as u64;
        }
        Ok(read)
    }
}
