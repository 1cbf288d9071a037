//! Everything that is required is set: in any order, twice, on branches, from strings and from bytes.

use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::{Client, Error};

pub async fn predict(client: &Client, name: String, header: Option<&str>) -> Result<(), Error> {
    client.invoke_endpoint().endpoint_name("churn").body("42").send().await?;
    client.invoke_endpoint().body(b"42".to_vec()).accept("text/csv").endpoint_name(&name).send().await?;

    let mut call = client.invoke_endpoint().endpoint_name("first").body("42").endpoint_name(name);
    if let Some(header) = header {
        call = call.content_type(header);
    }
    call.await?;

    // Another builder for each call, all from the one that has what they share.
    let base = || client.invoke_endpoint_async().endpoint_name("churn");
    base().input_location("s3://bucket/key").send().await?;
    base().body("42").send().await?;

    client.call(InvokeEndpointInput::builder().body("42").endpoint_name("churn").build()).await?;
    Ok(())
}
