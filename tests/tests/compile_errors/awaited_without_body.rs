//! `Body` is missing, and so is `send`.

use sagemaker_runtime::{Client, Error};

pub async fn predict(client: &Client) -> Result<(), Error> {
    client.invoke_endpoint().endpoint_name("churn").await?;
    Ok(())
}
