//! The example with tower: limits and timeouts around calls.

#[expect(dead_code, reason = "an example, which has a main function")]
#[path = "../examples/middleware.rs"]
mod middleware;

use std::time::Duration;

use middleware::predictions;
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::test::Fake;
use tokio::time::Instant;
use tower::ServiceExt as _;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn two_calls_at_once() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|input| InvokeEndpointOutput::of(input.endpoint_name))
        .after(SECOND);
    let (service, started) = (predictions(fake.client()), Instant::now());
    let calls = (0..6).map(|number| tokio::spawn(service.clone().oneshot(number.to_string())));
    for (number, call) in calls.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(call.await.unwrap().unwrap(), number.to_string());
    }
    assert_eq!(started.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn ten_seconds_for_a_call_and_its_payload() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|_| InvokeEndpointOutput::of("late"))
        .after(20 * SECOND);
    let error = predictions(fake.client()).oneshot("slow".to_owned()).await.unwrap_err();
    assert!(error.is::<tower::timeout::error::Elapsed>(), "{error}");
}
