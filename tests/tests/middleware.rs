//! Limits and timeouts of tower around calls. Hedging is for the program to decide: a model would run twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::test::Fake;
use sagemaker_runtime::{Client, Error};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt as _, service_fn};

const SECOND: Duration = Duration::from_secs(1);

/// The calls of a client as a service: what stands in front of it counts whole calls, with all their attempts.
fn predictions(client: Client) -> impl Service<String, Response = String, Error = Error, Future: Send> + Clone {
    service_fn(move |endpoint: String| {
        let call = client.invoke_endpoint().endpoint_name(endpoint).body("42,0,1");
        async move { call.send().await?.body.text().await }
    })
}

#[tokio::test(start_paused = true)]
async fn a_timeout_and_a_limit_around_calls() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .when(|input| input.endpoint_name == "slow")
        .answer(|_| InvokeEndpointOutput::of("late"))
        .after(20 * SECOND);
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    fake.on::<InvokeEndpointInput>()
        .answer(|input| InvokeEndpointOutput::of(input.endpoint_name))
        .after(SECOND);
    let inner = {
        let (running, most, inner) = (Arc::clone(&running), Arc::clone(&most), predictions(fake.client()));
        service_fn(move |endpoint: String| {
            let (running, most, inner) = (Arc::clone(&running), Arc::clone(&most), inner.clone());
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                let result = inner.oneshot(endpoint).await;
                running.fetch_sub(1, Ordering::Relaxed);
                result
            }
        })
    };
    let service = ServiceBuilder::new()
        .concurrency_limit(2)
        .timeout(10 * SECOND)
        .service(inner);

    let calls: Vec<_> = (0..6)
        .map(|number| tokio::spawn(service.clone().oneshot(number.to_string())))
        .collect();
    for (number, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap().unwrap(), number.to_string());
    }
    assert_eq!(most.load(Ordering::Relaxed), 2);

    let error: BoxError = service.oneshot("slow".to_owned()).await.unwrap_err();
    assert!(error.is::<tower::timeout::error::Elapsed>(), "{error}");
}

/// The idempotent operation of a service may be asked twice, and the first answer counts.
#[tokio::test(start_paused = true)]
async fn a_second_request_when_the_first_is_slow() {
    async fn hedged<T>(call: impl AsyncFn() -> Result<T, Error>, patience: Duration) -> Result<T, Error> {
        tokio::select! {
            result = call() => result,
            result = async {
                tokio::time::sleep(patience).await;
                call().await
            } => result,
        }
    }

    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|_| InvokeEndpointOutput::of("slow"))
        .after(60 * SECOND)
        .answer(|_| InvokeEndpointOutput::of("fast"))
        .after(SECOND);
    let service = predictions(fake.client());
    let answer = hedged(async || service.clone().oneshot("churn".to_owned()).await, 5 * SECOND).await;
    assert_eq!(answer.unwrap(), "fast");
    assert_eq!(fake.calls::<InvokeEndpointInput>().len(), 2);
}
