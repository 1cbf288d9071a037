//! One call, with whatever credentials there are.

use sagemaker_runtime::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
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
