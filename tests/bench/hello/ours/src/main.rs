//! One call, with credentials in the code.

use sagemaker_runtime::{Client, Credentials};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret", None, None, "static"))
        .build()?;
    let output = client
        .invoke_endpoint()
        .endpoint_name("churn")
        .content_type("text/csv")
        .body("1,2,3")
        .send()
        .await?;
    println!("{}", output.body.text().await?);
    Ok(())
}
