//! The official SDK, reading pages.

use aws_sdk_ec2::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use workload::{Blocks, BoxError, Page, PageReader};

enum Reader {
    Objects(aws_sdk_s3::Client),
    Instances(aws_sdk_ec2::Client),
}

impl PageReader for Reader {
    fn new(page: Page, response: Blocks) -> Result<Self, BoxError> {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "static");
        let region = Region::new("us-east-1");
        Ok(match page {
            Page::Objects => {
                let config = aws_sdk_s3::Config::builder()
                    .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
                    .region(region)
                    .credentials_provider(credentials)
                    .http_client(memory(response))
                    .build();
                Self::Objects(aws_sdk_s3::Client::from_conf(config))
            }
            Page::Instances => {
                let config = aws_sdk_ec2::Config::builder()
                    .behavior_version(BehaviorVersion::latest())
                    .region(region)
                    .credentials_provider(credentials)
                    .http_client(memory(response))
                    .build();
                Self::Instances(aws_sdk_ec2::Client::from_conf(config))
            }
        })
    }

    async fn read(&self) -> Result<u64, BoxError> {
        match self {
            Self::Objects(client) => {
                let page = client.list_objects_v2().bucket("bench").send().await?;
                Ok(page.contents().len() as u64)
            }
            Self::Instances(client) => {
                let page = client.describe_instances().send().await?;
                let instances = page
                    .reservations()
                    .iter()
                    .map(|reservation| reservation.instances().len() as u64);
                Ok(instances.sum())
            }
        }
    }
}

fn memory(response: Blocks) -> SharedHttpClient {
    http_client_fn(move |_, _| SharedHttpConnector::new(Memory(response.clone())))
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

fn main() -> Result<(), BoxError> {
    workload::main_of_pages::<Reader>()
}
