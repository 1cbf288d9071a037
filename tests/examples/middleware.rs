//! Limits and timeouts around calls, with tower: `cargo run --example middleware`.
//!
//! What stands in front of a call counts all its attempts, and the time until its payload has been read. What stands in front
//! of an attempt is a transport: see `ClientBuilder::transport`.

use std::time::Duration;

use sagemaker_runtime::Client;
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::test::Fake;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt as _, service_fn};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|input| InvokeEndpointOutput::of(format!("0.5 from {}", input.endpoint_name)));
    let service = predictions(fake.client());
    println!("{}", service.oneshot("churn".to_owned()).await?);
    Ok(())
}

/// Predictions of endpoints: two at once for all clones of the service, and each within 10 s, without the time that it waits
/// for others.
pub(crate) fn predictions(
    client: Client,
) -> impl Service<String, Response = String, Error = BoxError, Future: Send> + Clone + Send + 'static {
    ServiceBuilder::new()
        .concurrency_limit(2)
        .timeout(Duration::from_secs(10))
        .service(service_fn(move |endpoint: String| {
            let call = client.invoke_endpoint().endpoint_name(endpoint).body("42,0,1");
            async move { call.send().await?.body.text().await }
        }))
}
