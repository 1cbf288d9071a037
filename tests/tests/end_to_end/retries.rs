//! Attempts after the first: what they share, what is fresh, and when there are none.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{HeaderValue, Request, Response};
use sagemaker_runtime::{Body, CallOptions, Retries, Timeouts};
use tests::server::{Recorded, Reply, Server, Then};
use tests::sigv4;
use tokio::time::Instant;

use crate::logs::{Log, record};
use crate::service::{BoxError, ServiceFn, always, builder, client, failure, invoke, keys, scripted, service};

#[tokio::test]
async fn each_attempt_is_numbered_and_signed_afresh() {
    let server = scripted(vec![
        failure(503, "ServiceUnavailable"),
        Reply::close(),
        Reply::new(200).body("fine"),
    ])
    .await;
    let client = client(&server);
    let output = invoke(&client).await.unwrap();
    assert_eq!(output.response_metadata.attempts(), 3);
    assert_eq!(output.body.text().await.unwrap(), "fine");

    let requests = server.requests();
    assert_eq!(
        all(&requests, "amz-sdk-request"),
        ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"]
    );
    let ids: BTreeSet<&str> = all(&requests, "amz-sdk-invocation-id").into_iter().collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    for request in &requests {
        assert_eq!(request.body, "1,2");
        assert_eq!(request.header("content-length"), Some("3"));
        let scope = sigv4::verify(request, &keys(), "sagemaker").unwrap();
        // What changes from attempt to attempt is not signed, and each attempt has one signature.
        assert!(!scope.signed_headers.iter().any(|name| name.starts_with("amz-sdk")));
        assert_eq!(request.headers_named("authorization").count(), 1);
    }

    invoke(&client).await.unwrap();
    let other = server.requests()[3].header("amz-sdk-invocation-id").unwrap().to_owned();
    assert!(!ids.contains(&*other), "another call has another id");
}

/// The peer closes a connection that served a call before, just when the next request arrives.
async fn stale_then(replies: Vec<Reply>) -> Server {
    scripted([vec![Reply::new(200), Reply::close()], replies].concat()).await
}

/// The request has reached the peer, so it counts.
#[tokio::test]
async fn a_connection_that_closes_under_a_request_takes_an_attempt() {
    let server = stale_then(vec![failure(503, "ServiceUnavailable"), Reply::new(200)]).await;
    let client = builder(server.url())
        .retries(Retries::new().max_attempts(2))
        .build()
        .unwrap();
    invoke(&client).await.unwrap();
    let error = invoke(&client).await.unwrap_err();
    assert_eq!(error.code(), Some("ServiceUnavailable"));
    assert_eq!(error.attempts(), 2);
    let requests = server.requests();
    assert_eq!(
        all(&requests[1..], "amz-sdk-request"),
        ["attempt=1; max=2", "attempt=2; max=2"]
    );
    assert_eq!(requests[1].connection, requests[0].connection);
    assert_ne!(requests[2].connection, requests[1].connection, "a fresh one");
}

#[tokio::test]
async fn one_attempt_is_one_request_on_a_used_connection_as_well() {
    let server = stale_then(vec![Reply::new(200)]).await;
    let client = builder(server.url()).retries(Retries::none()).build().unwrap();
    invoke(&client).await.unwrap();
    let error = invoke(&client).await.unwrap_err();
    assert!(error.is_connection() && error.attempts() == 1, "{error}");
    assert_eq!(server.requests().len(), 2);
}

/// A server that dies on each request does so no more often than the caller allows.
#[tokio::test]
async fn a_server_that_dies_on_each_request_gets_as_many_as_others() {
    let server = scripted(vec![Reply::new(200), Reply::close()]).await;
    let client = client(&server);
    invoke(&client).await.unwrap();
    let error = invoke(&client).await.unwrap_err();
    assert!(error.is_connection() && error.attempts() == 3, "{error}");
    assert_eq!(server.requests().len(), 1 + 3);
}

#[tokio::test]
async fn the_number_of_attempts_can_be_set() {
    let server = always(failure(503, "ServiceUnavailable")).await;
    for (retries, requests) in [
        (Retries::none(), 1),
        (Retries::new().max_attempts(0), 1),
        (Retries::new().max_attempts(2), 2),
        (Retries::new().max_attempts(5), 5),
    ] {
        let before = server.requests().len();
        let client = builder(server.url()).retries(retries).build().unwrap();
        let error = invoke(&client).await.unwrap_err();
        assert_eq!(error.attempts(), requests);
        let requests = &server.requests()[before..];
        assert_eq!(requests.len(), error.attempts() as usize);
        assert!(
            requests[0]
                .header("amz-sdk-request")
                .unwrap()
                .ends_with(&format!("max={}", requests.len()))
        );
    }
}

/// 500 tokens, 14 for a retry of a failure: 35 retries, and what a success gives back.
#[tokio::test]
async fn a_client_that_fails_too_often_stops_trying_again() {
    let healthy = Arc::new(AtomicBool::new(false));
    let switch = healthy.clone();
    let server = service(move |_| match switch.load(Ordering::Relaxed) {
        true => Reply::new(200),
        false => failure(503, "ServiceUnavailable"),
    })
    .await;
    let client = client(&server);
    for _ in 0..17 {
        assert_eq!(invoke(&client).await.unwrap_err().attempts(), 3);
    }
    let error = invoke(&client).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert_eq!(
        error.to_string(),
        "InvokeEndpoint failed: ServiceUnavailable (503): about ServiceUnavailable [not retried because too many \
         calls have failed: the retry quota is used up, request id req-1, 2 attempts]"
    );
    // Clones share the quota, other clients do not.
    assert_eq!(invoke(&client.clone()).await.unwrap_err().attempts(), 1);
    assert_eq!(invoke(&self::client(&server)).await.unwrap_err().attempts(), 3);

    // 10 tokens are left. Each success gives one back, so that after 4 there is one retry again.
    healthy.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        invoke(&client).await.unwrap();
    }
    healthy.store(false, Ordering::Relaxed);
    assert_eq!(invoke(&client).await.unwrap_err().attempts(), 1);
    healthy.store(true, Ordering::Relaxed);
    invoke(&client).await.unwrap();
    healthy.store(false, Ordering::Relaxed);
    assert_eq!(invoke(&client).await.unwrap_err().attempts(), 2);
}

/// The service has done its work, so that it is for the caller to make the call again, where that may help.
#[tokio::test]
async fn an_answer_that_breaks_off_is_transient_and_not_retried() {
    let cut_off = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab";
    let too_long = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabcdef";
    for (answer, is_retryable) in [
        (&cut_off[..1], true),
        (&cut_off[..30], true),
        (cut_off, true),
        (too_long, false),
        ("SSH-2.0-OpenSSH_9.6\r\n", false),
    ] {
        let server = always(Reply::raw(answer, Then::Close)).await;
        let result = async { invoke(&client(&server)).await?.body.bytes().await };
        let error = result.await.unwrap_err();
        assert_eq!(error.is_retryable(), is_retryable, "{error}");
        assert_eq!(server.requests().len(), 1, "{error}");
    }
}

/// A call that succeeds at the second attempt gives back what the retry took: no number of such calls uses up the quota.
#[tokio::test]
async fn retries_that_help_cost_nothing() {
    let server = service(|request| match request.header("amz-sdk-request") {
        Some("attempt=1; max=3") => failure(503, "ServiceUnavailable"),
        _ => Reply::new(200),
    })
    .await;
    let client = client(&server);
    for _ in 0..50 {
        assert_eq!(invoke(&client).await.unwrap().response_metadata.attempts(), 2);
    }
}

/// A model that takes its time is waited for as long as the caller likes: throttling costs 5 of 500 tokens.
#[tokio::test]
async fn a_model_that_is_not_ready_can_be_waited_for() {
    let mut replies = vec![failure(429, "ModelNotReadyException"); 20];
    replies.push(Reply::new(200).body("ready"));
    let server = scripted(replies).await;
    let patient = CallOptions::new().retries(Retries::new().max_attempts(100));
    let call = client(&server).invoke_endpoint().endpoint_name("model").body("1");
    let output = call.options(patient).send().await.unwrap();
    assert_eq!(output.response_metadata.attempts(), 21);
    assert_eq!(output.body.text().await.unwrap(), "ready");
}

/// Without a network and with a clock that jumps, so that the pauses are long and the test is not.
#[tokio::test(start_paused = true)]
async fn pauses_grow_at_random_up_to_a_limit() {
    for (status, code, base, limit) in [
        (503, "ServiceUnavailable", 50, 20_000),
        (429, "ModelNotReadyException", 1000, 20_000),
        (503, "ServiceUnavailable", 50, 300),
    ] {
        let retries = Retries::new()
            .max_attempts(12)
            .max_backoff(Duration::from_millis(limit));
        let transport = ServiceFn(move |_| async move { response(status, code) });
        let client = builder("http://model")
            .transport(transport)
            .retries(retries)
            .build()
            .unwrap();
        let started = Instant::now();
        let (result, log) = record(invoke(&client)).await;
        assert_eq!(result.unwrap_err().attempts(), 12);

        let pauses: Vec<u64> = pauses(&log).collect();
        assert_eq!(pauses.len(), 11);
        for (retry, &pause) in pauses.iter().enumerate() {
            assert!(pause <= limit.min(base << retry), "{code}, retry {retry}: {pause} ms");
        }
        assert!(pauses.iter().any(|&pause| pause > base), "{pauses:?}");
        assert!(pauses.iter().any(|&pause| pause != pauses[10]), "{pauses:?}");
        // The pauses are logged in whole milliseconds.
        assert!(started.elapsed() >= Duration::from_millis(pauses.iter().sum()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_service_can_ask_for_a_longer_pause_within_bounds() {
    for (header, asked, pause) in [
        ("x-amz-retry-after", "1500", 1500..=1500),
        ("x-amz-retry-after", "60000", 20_000..=20_000),
        ("retry-after", "3", 3000..=3000),
        ("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT", 20_000..=20_000),
        ("x-amz-retry-after", "soon", 0..=50),
        ("retry-after", "-1", 0..=50),
    ] {
        let transport = ServiceFn(move |request: Request<Body>| async move {
            let mut response = match request.headers()["amz-sdk-request"].to_str()? {
                "attempt=1; max=3" => response(503, "ServiceUnavailable")?,
                _ => Response::new(String::new()),
            };
            let headers = response.headers_mut();
            headers.insert(header, HeaderValue::from_static(asked));
            headers.insert("date", HeaderValue::from_static("Wed, 21 Oct 2026 07:28:00 GMT"));
            Ok::<_, BoxError>(response)
        });
        let retries = Retries::new().max_backoff(Duration::from_secs(20));
        let client = builder("http://model")
            .transport(transport)
            .retries(retries)
            .build()
            .unwrap();
        let started = Instant::now();
        let (result, log) = record(invoke(&client)).await;
        result.unwrap();
        let pauses: Vec<u64> = pauses(&log).collect();
        assert!(pauses.len() == 1 && pause.contains(&pauses[0]), "{asked}: {pauses:?}");
        assert!(started.elapsed() >= Duration::from_millis(pauses[0]));
    }
}

/// With more attempts than there is time for, the deadline of the call decides.
#[tokio::test(start_paused = true)]
async fn a_model_that_is_not_ready_can_be_waited_for_up_to_a_deadline() {
    let deadline = Duration::from_secs(120);
    let transport = ServiceFn(|_| async { response(429, "ModelNotReadyException") });
    let client = builder("http://model")
        .transport(transport)
        .retries(Retries::new().max_attempts(1000).max_backoff(Duration::from_secs(10)))
        .timeouts(Timeouts::new().operation(deadline))
        .build()
        .unwrap();
    let started = Instant::now();
    let (result, log) = record(invoke(&client)).await;
    let error = result.unwrap_err();
    let sent = log.events("attempt").count();
    assert!(sent > 10, "{sent} attempts");
    assert_eq!(error.attempts() as usize, sent);
    // The reason is what the service says, not that a limit was set.
    assert!(error.is_throttling() && !error.is_timeout(), "{error}");
    let reason = "not retried because the operation timeout would pass before";
    let text = error.to_string();
    let expected = format!("InvokeEndpoint failed: ModelNotReadyException (429) [{reason}, {sent} attempts, hint: ");
    assert!(text.starts_with(&expected), "{text}");
    assert!(started.elapsed() <= deadline);
}

/// How long the client paused before each retry, in milliseconds.
fn pauses(log: &Log) -> impl Iterator<Item = u64> {
    log.events("retrying")
        .map(|event| event.field("pause_ms").parse().unwrap())
}

pub(crate) fn response(status: u16, code: &'static str) -> Result<Response<String>, BoxError> {
    let response = Response::builder().status(status).header("x-amzn-ErrorType", code);
    Ok(response.body(String::new())?)
}

/// The values of a header in all requests.
fn all<'a>(requests: &'a [Recorded], name: &str) -> Vec<&'a str> {
    requests.iter().map(|request| request.header(name).unwrap()).collect()
}
