//! Values that are no payload: JSON, and a reference to some.

use sagemaker_runtime::{Client, Error};
use serde_json::json;

pub async fn predict(client: &Client) -> Result<(), Error> {
    let value = json!({"instances": [1, 2]});
    client.invoke_endpoint().endpoint_name("churn").body(&value).send().await?;
    client.invoke_endpoint().endpoint_name("churn").body(value).await?;
    Ok(())
}
