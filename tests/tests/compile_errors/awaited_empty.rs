//! Both required members are missing, and so is `send`.

use sagemaker_runtime::{Client, Error};

pub async fn predict(client: &Client) -> Result<(), Error> {
    let output = client.invoke_endpoint().accept("text/csv").await?;
    println!("{}", output.body.text().await?);
    Ok(())
}
