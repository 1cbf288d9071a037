//! This client, reading pages.

use ec2::Credentials;
use workload::{Blocks, BoxError, Page, PageReader};

enum Reader {
    Objects(s3::Client),
    Instances(ec2::Client),
}

impl PageReader for Reader {
    fn new(page: Page, response: Blocks) -> Result<Self, BoxError> {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "static");
        Ok(match page {
            Page::Objects => Self::Objects(
                s3::Client::builder()
                    .region("us-east-1")
                    .credentials(credentials)
                    .transport(response)
                    .build()?,
            ),
            Page::Instances => Self::Instances(
                ec2::Client::builder()
                    .region("us-east-1")
                    .credentials(credentials)
                    .transport(response)
                    .build()?,
            ),
        })
    }

    async fn read(&self) -> Result<u64, BoxError> {
        match self {
            Self::Objects(client) => {
                let page = client.list_objects_v2().bucket("bench").send().await?;
                Ok(page.contents.len() as u64)
            }
            Self::Instances(client) => {
                let page = client.describe_instances().send().await?;
                let instances = page
                    .reservations
                    .iter()
                    .map(|reservation| reservation.instances.len() as u64);
                Ok(instances.sum())
            }
        }
    }
}

fn main() -> Result<(), BoxError> {
    workload::main_of_pages::<Reader>()
}
