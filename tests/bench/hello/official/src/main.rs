//! One call, with credentials in the code.

use aws_sdk_sagemakerruntime::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sagemakerruntime::primitives::Blob;
use aws_sdk_sagemakerruntime::{Client, Config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "static"))
        .build();
    let output = Client::from_conf(config)
        .invoke_endpoint()
        .endpoint_name("churn")
        .content_type("text/csv")
        .body(Blob::new("1,2,3"))
        .send()
        .await?;
    let body = output.body.map(Blob::into_inner).unwrap_or_default();
    println!("{}", String::from_utf8(body)?);
    Ok(())
}
