//! `EndpointName` is missing, after all that is optional.

use sagemaker_runtime::{CallOptions, Client, Error};

pub async fn predict(client: &Client) -> Result<(), Error> {
    let output = client
        .invoke_endpoint()
        .body("42")
        .content_type("text/csv")
        .options(CallOptions::new())
        .send()
        .await?;
    println!("{}", output.body.text().await?);
    Ok(())
}
