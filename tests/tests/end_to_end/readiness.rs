//! Waiting until a model is ready. There is no network, and the clock jumps.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Response;
use sagemaker_runtime::{CallOptions, Client, Error, Retries, Timeouts};
use tokio::time::Instant;

use crate::logs::record;
use crate::retries::response;
use crate::service::{BoxError, ServiceFn, builder, invoke};

const MINUTE: Duration = Duration::from_secs(60);

/// A client of a model that answers as the function says, given the number of the request, counted from 1.
fn client(
    retries: Retries,
    answer: impl Fn(usize) -> Result<Response<String>, BoxError> + Clone + Send + Sync + 'static,
) -> Client {
    let count = Arc::new(AtomicUsize::new(0));
    let transport = ServiceFn(move |_| {
        let answer = answer(count.fetch_add(1, Ordering::Relaxed) + 1);
        async { answer }
    });
    let builder = builder("http://model").transport(transport);
    // These tests are about the pauses that other tests do without.
    let builder = builder.retries(Retries::new().max_backoff(Duration::from_secs(20)));
    builder.retries(retries).build().unwrap()
}

fn not_ready() -> Result<Response<String>, BoxError> {
    response(429, "ModelNotReadyException")
}

/// A client of a model that is ready after this time.
fn ready_after(time: Duration, retries: Retries) -> Client {
    let started = Instant::now();
    client(retries, move |_| match started.elapsed() < time {
        true => not_ready(),
        false => Ok(Response::new("ready".to_owned())),
    })
}

async fn attempts(call: impl Future<Output = Result<u32, Error>>) -> u32 {
    call.await.unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test(start_paused = true)]
async fn a_model_is_waited_for_as_long_as_it_takes() {
    // Even where there is one attempt alone: the wait was asked for.
    for retries in [Retries::new(), Retries::none()] {
        let started = Instant::now();
        let client = ready_after(7 * MINUTE, retries.wait_until_ready(10 * MINUTE));
        let call = async { Ok(invoke(&client).await?.response_metadata.attempts()) };
        // A pause is at most 20 s long.
        let count = attempts(call).await;
        assert!(count > 7 * 3, "{count} attempts");
        let elapsed = started.elapsed();
        assert!(elapsed >= 7 * MINUTE && elapsed <= 7 * MINUTE + Duration::from_secs(21));
    }
}

#[tokio::test(start_paused = true)]
async fn one_call_can_wait() {
    let client = ready_after(2 * MINUTE, Retries::new());
    let options = CallOptions::new().wait_until_ready(3 * MINUTE);
    let call = client.invoke_endpoint().endpoint_name("model").body("1");
    let output = call.options(options).send().await.unwrap();
    assert_eq!(output.body.text().await.unwrap(), "ready");
    // The others do not.
    let client = ready_after(2 * MINUTE, Retries::new());
    assert_eq!(invoke(&client).await.unwrap_err().attempts(), 3);
}

/// The last attempt is made when the time is over, and no other after it.
#[tokio::test(start_paused = true)]
async fn the_wait_has_an_end() {
    let started = Instant::now();
    let client = client(Retries::new().wait_until_ready(5 * MINUTE), |_| not_ready());
    let (result, log) = record(invoke(&client)).await;
    let error = result.unwrap_err();
    assert!(error.is_throttling() && !error.is_timeout());
    let sent = log.events("attempt").count();
    assert_eq!(error.attempts() as usize, sent);
    assert_eq!(
        error.to_string(),
        format!(
            "InvokeEndpoint failed: ModelNotReadyException (429) [not ready within 300 s, {sent} attempts, hint: give the \
             model more time with `CallOptions::wait_until_ready`]"
        )
    );
    let elapsed = started.elapsed();
    // The clock of tokio counts in milliseconds.
    assert!(
        elapsed >= 5 * MINUTE && elapsed < 5 * MINUTE + Duration::from_millis(2 * sent as u64),
        "{elapsed:?}"
    );
    let last = log.events("attempt").last().unwrap();
    assert_eq!(last.field("retry.again"), "false");
    assert_eq!(last.field("retry.reason"), "the time to become ready is over");
}

#[tokio::test(start_paused = true)]
async fn no_time_is_no_wait() {
    let client = client(Retries::new().wait_until_ready(Duration::ZERO), |_| not_ready());
    let error = invoke(&client).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert!(
        error.to_string().contains("[not ready within 0 s, 1 attempt, "),
        "{error}"
    );
}

/// Other errors have the attempts that they always have, wherever they come in.
#[tokio::test(start_paused = true)]
async fn other_errors_take_attempts() {
    for failing in [[1, 3, 5], [4, 5, 6], [2, 9, 30]] {
        let retries = Retries::new().wait_until_ready(60 * MINUTE);
        let client = client(retries, move |number| match failing.contains(&number) {
            true => response(503, "ServiceUnavailable"),
            false => not_ready(),
        });
        let error = invoke(&client).await.unwrap_err();
        assert_eq!(error.code(), Some("ServiceUnavailable"));
        // The third of them is the last.
        assert_eq!(error.attempts() as usize, failing[2]);
    }
    // With one attempt, the first of them is.
    let retries = Retries::none().wait_until_ready(60 * MINUTE);
    let client = client(retries, |number| match number {
        1..=4 => not_ready(),
        _ => response(503, "ServiceUnavailable"),
    });
    assert_eq!(invoke(&client).await.unwrap_err().attempts(), 5);
}

#[tokio::test(start_paused = true)]
async fn the_operation_timeout_still_holds() {
    let client = client(Retries::new().wait_until_ready(60 * MINUTE), |_| not_ready());
    let options = CallOptions::new().timeouts(Timeouts::new().operation(MINUTE));
    let started = Instant::now();
    let call = client.invoke_endpoint().endpoint_name("model").body("1");
    let error = call.options(options).send().await.unwrap_err();
    assert!(started.elapsed() <= MINUTE);
    let reason = "[not retried because the operation timeout would pass before, ";
    assert!(error.to_string().contains(reason), "{error}");
}

/// Of 500 tokens, a hundred requests for patience would leave none.
#[tokio::test(start_paused = true)]
async fn waiting_takes_nothing_from_the_quota() {
    let retries = Retries::new().wait_until_ready(60 * MINUTE);
    let waited = Arc::new(AtomicUsize::new(0));
    let count = waited.clone();
    let client = client(retries, move |number| match number {
        ..500 => {
            count.fetch_add(1, Ordering::Relaxed);
            not_ready()
        }
        _ => response(503, "ServiceUnavailable"),
    });
    let options = CallOptions::new().retries(Retries::new().max_backoff(Duration::from_secs(1)));
    let call = client.invoke_endpoint().endpoint_name("model").body("1");
    let error = call.options(options).send().await.unwrap_err();
    assert_eq!(waited.load(Ordering::Relaxed), 499);
    assert_eq!(error.attempts(), 499 + 3);
}
