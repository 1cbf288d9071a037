//! The example with tower: limits, timeouts and hedging around calls.

#[expect(dead_code, reason = "an example, which has a main function")]
#[path = "../examples/middleware.rs"]
mod middleware;

use std::time::Duration;

use middleware::{predictions, records};
use sagemaker_featurestore_runtime::operation::get_record::{GetRecordInput, GetRecordOutput};
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::test::Fake;
use tokio::time::Instant;
use tower::{Service as _, ServiceExt as _};

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

/// Ten records in a second each, then one whose first answer is late.
#[tokio::test(start_paused = true)]
async fn a_late_record_is_asked_for_again() {
    let fake = sagemaker_featurestore_runtime::test::Fake::new();
    fake.on::<GetRecordInput>()
        .answer(|_| GetRecordOutput::default())
        .times(10)
        .after(SECOND)
        .answer(|_| GetRecordOutput::default())
        .after(60 * SECOND)
        .answer(|_| GetRecordOutput::default())
        .after(SECOND);
    let (mut service, started) = (records(fake.client(), 10 * SECOND), Instant::now());
    for id in 0..11 {
        service.ready().await.unwrap().call(id.to_string()).await.unwrap();
    }
    assert_eq!(started.elapsed().as_secs(), 10 + 2);
    let calls = fake.calls::<GetRecordInput>();
    let asked: Vec<_> = calls
        .iter()
        .map(|call| &*call.record_identifier_value_as_string)
        .collect();
    assert_eq!(asked[9..], ["9", "10", "10"]);
}
