//! Both required members are missing.

use sagemaker_runtime::{Client, Error};

pub async fn predict(client: &Client) -> Result<(), Error> {
    client.invoke_endpoint().accept("text/csv").send().await?;
    Ok(())
}
