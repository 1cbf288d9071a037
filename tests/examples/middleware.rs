//! Limits, timeouts and hedging around calls, with tower: `cargo run --example middleware`.
//!
//! What stands in front of a call counts all its attempts, and the time until its payload has been read. What stands in front
//! of an attempt is a transport: see `ClientBuilder::transport`.

use std::time::Duration;

use sagemaker_featurestore_runtime::operation::get_record::{GetRecordInput, GetRecordOutput};
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use tower::hedge::{Hedge, Policy};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt as _, service_fn};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    // Stand-ins for the services, which need no network. A program has `Client::from_env()?`.
    let endpoints = sagemaker_runtime::test::Fake::new();
    endpoints
        .on::<InvokeEndpointInput>()
        .answer(|input| InvokeEndpointOutput::of(format!("0.5 from {}", input.endpoint_name)));
    let features = sagemaker_featurestore_runtime::test::Fake::new();
    features
        .on::<GetRecordInput>()
        .answer(|_| GetRecordOutput::default())
        .after(Duration::from_millis(10))
        .times(20)
        .answer(|_| GetRecordOutput::default())
        .after(Duration::from_secs(2))
        .answer(|_| GetRecordOutput::default());

    let predictions = predictions(endpoints.client());
    println!("{}", predictions.oneshot("churn".to_owned()).await?);

    let mut records = records(features.client(), Duration::from_millis(100));
    for id in 0..21 {
        records.ready().await?.call(id.to_string()).await?;
    }
    println!("21 records took {} calls", features.calls::<GetRecordInput>().len());
    Ok(())
}

/// Predictions of endpoints: two at once for all clones of the service, and each within 10 s, without the time that it waits
/// for others.
pub(crate) fn predictions(
    client: sagemaker_runtime::Client,
) -> impl Service<String, Response = String, Error = BoxError, Future: Send> + Clone + Send + 'static {
    ServiceBuilder::new()
        .concurrency_limit(2)
        .timeout(Duration::from_secs(10))
        .service(service_fn(move |endpoint: String| {
            let call = client.invoke_endpoint().endpoint_name(endpoint).body("42,0,1");
            async move { call.send().await?.body.text().await }
        }))
}

/// Records of customers. One that takes longer than nine of ten did in the period before is asked for again, if there were
/// five at least. The first answer counts; dropping the other call closes its connection.
///
/// A record may be read twice. `InvokeEndpoint` would run the model twice, so it is not hedged.
pub(crate) fn records(
    client: sagemaker_featurestore_runtime::Client,
    period: Duration,
) -> impl Service<String, Response = GetRecordOutput, Error = BoxError, Future: Send> + Send + 'static {
    let calls = service_fn(move |id: String| {
        let call = client.get_record().feature_group_name("customers");
        call.record_identifier_value_as_string(id).send()
    });
    Hedge::new(calls, Always, 5, 0.9, period)
}

/// Asks again for whatever is late.
#[derive(Clone)]
struct Always;

impl Policy<String> for Always {
    fn clone_request(&self, id: &String) -> Option<String> {
        Some(id.clone())
    }

    fn can_retry(&self, _: &String) -> bool {
        true
    }
}
