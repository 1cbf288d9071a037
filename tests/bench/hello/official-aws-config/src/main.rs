//! One call, with whatever credentials there are.

use aws_config::BehaviorVersion;
use aws_sdk_sagemakerruntime::Client;
use aws_sdk_sagemakerruntime::primitives::Blob;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(&aws_config::load_defaults(BehaviorVersion::latest()).await);
    let output = client
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
