//! Timeouts, with a clock that jumps: no test waits for one.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use sagemaker_runtime::{Body, CallOptions, Client, Error, Retries, Timeouts};
use tests::server::{Reply, Then};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::logs::record;
use crate::service::{
    BoxError, ServiceFn, accept, accept_head, always, answer, builder, client, gone, listen, scripted, skip,
};

/// Limits are many of them, so that no machine is so slow that one passes before its test lets it.
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Makes a call beside the test.
fn spawn(client: &Client, options: CallOptions) -> JoinHandle<Result<(), Error>> {
    let call = client.invoke_endpoint().endpoint_name("model").body("1,2");
    tokio::spawn(async move { call.options(options).send().await.map(drop) })
}

fn timeouts(timeouts: Timeouts) -> CallOptions {
    CallOptions::new().timeouts(timeouts)
}

#[tokio::test]
async fn the_read_timeout_can_be_set_for_client_and_call() {
    let server = always(Reply::hang()).await;
    let short = builder(server.url())
        .timeouts(Timeouts::new().read(20 * SECOND))
        .build()
        .unwrap();
    for (number, (client, options, limit)) in [
        (&short, CallOptions::new(), 20 * SECOND),
        (&short, timeouts(Timeouts::new().read(30 * SECOND)), 30 * SECOND),
        // Another timeout leaves this one as it is.
        (&short, timeouts(Timeouts::new().attempt(MINUTE)), 20 * SECOND),
        (
            &client(&server),
            timeouts(Timeouts::new().read(40 * SECOND)),
            40 * SECOND,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let call = spawn(client, options);
        server.wait_for(number + 1).await;
        skip(limit).await;
        let error = call.await.unwrap().unwrap_err();
        let expected = format!(
            "read timeout: no data for {} s while waiting for the response",
            limit.as_secs()
        );
        assert!(error.to_string().contains(&expected), "{error}");
    }
}

#[tokio::test]
async fn the_read_timeout_can_be_switched_off() {
    let (listener, url) = listen().await;
    let client = builder(&url).timeouts(Timeouts::new().read(None)).build().unwrap();
    let call = spawn(&client, CallOptions::new());
    let mut connection = accept(&listener).await;
    skip(HOUR).await;
    assert!(!call.is_finished());
    answer(&mut connection, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    call.await.unwrap().unwrap();
}

/// Only who asks for it has a model run again.
#[tokio::test]
async fn a_call_can_be_repeated_after_a_timeout() {
    for limit in [
        Timeouts::new().read(50 * SECOND),
        Timeouts::new().read(None).attempt(50 * SECOND),
    ] {
        let server = scripted(vec![Reply::hang(), Reply::hang(), Reply::new(200)]).await;
        let retries = Retries::new().after_timeout(true);
        let call = spawn(&client(&server), timeouts(limit).retries(retries));
        for request in 1..=2 {
            server.wait_for(request).await;
            skip(50 * SECOND).await;
        }
        call.await.unwrap().unwrap();
        assert_eq!(server.requests().len(), 3);
        assert_eq!(server.connections(), 3, "a late answer must not meet the next request");
    }
    let server = always(Reply::hang()).await;
    let retries = Retries::new().after_timeout(true).max_attempts(2);
    let call = spawn(
        &client(&server),
        timeouts(Timeouts::new().read(50 * SECOND)).retries(retries),
    );
    for request in 1..=2 {
        server.wait_for(request).await;
        skip(50 * SECOND).await;
    }
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.attempts(), 2);
}

/// A head that comes slowly is no silence, and neither are the signs of life of a service or a proxy at work.
#[tokio::test]
async fn a_slow_head_is_not_silent() {
    let (listener, url) = listen().await;
    let client = builder(&url)
        .timeouts(Timeouts::new().read(100 * SECOND))
        .build()
        .unwrap();
    let call = spawn(&client, CallOptions::new());
    let mut connection = accept(&listener).await;
    let pieces = [
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
        "content-length: 0\r\n",
    ];
    for piece in pieces {
        answer(&mut connection, piece).await;
        skip(MINUTE).await;
        assert!(!call.is_finished(), "{piece}");
    }
    answer(&mut connection, "\r\n").await;
    call.await.unwrap().unwrap();

    // What has begun can be silent all the same.
    let client = builder(&url).build().unwrap();
    let call = spawn(&client, timeouts(Timeouts::new().read(100 * SECOND)));
    let mut connection = accept(&listener).await;
    answer(&mut connection, "HTTP/1.1 200 OK\r\n").await;
    // What has arrived is noticed.
    skip(SECOND).await;
    skip(100 * SECOND).await;
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

/// A transport that takes a piece of the request a minute, and no more than so many.
fn slow_transport(pieces: usize) -> ServiceFn<impl FnMut(Request<Body>) -> SlowAnswer + Clone + Send + Sync + 'static> {
    ServiceFn(move |mut request: Request<Body>| -> SlowAnswer {
        Box::pin(async move {
            for _ in 0..pieces {
                sleep(MINUTE).await;
                if request.body_mut().frame().await.is_none() {
                    return Ok(Response::new("fine".to_owned()));
                }
            }
            std::future::pending().await
        })
    })
}

type SlowAnswer = Pin<Box<dyn Future<Output = Result<Response<String>, BoxError>> + Send>>;

/// Neither is a slow line, as long as bytes leave.
#[tokio::test(start_paused = true)]
async fn a_slow_upload_is_not_silent() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, vec![0; 6 << 20]).unwrap();
    let bodies = [
        |_: &_| Body::from(vec![0; 6 << 20]),
        |path: &std::path::Path| Body::from_path(path),
    ];
    for body in bodies {
        let client = builder("http://model")
            .transport(slow_transport(usize::MAX))
            .build()
            .unwrap();
        let call = client.invoke_endpoint().endpoint_name("model").body(body(file.path()));
        assert_eq!(call.send().await.unwrap().body.text().await.unwrap(), "fine");

        let client = builder("http://model").transport(slow_transport(5)).build().unwrap();
        let call = client.invoke_endpoint().endpoint_name("model").body(body(file.path()));
        let error = timeout(HOUR, call.send()).await.unwrap().unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert_eq!(error.attempts(), 1);
        let expected = "read timeout: no data for 70 s while sending the request";
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// A transport that has all of the request is waited for, because it has no response.
#[tokio::test(start_paused = true)]
async fn a_transport_that_took_everything_has_sent_it() {
    for size in [3, 6 << 20] {
        let transport = ServiceFn(|request: Request<Body>| async move {
            request.into_body().collect().await?;
            std::future::pending::<Result<Response<String>, BoxError>>().await
        });
        let client = builder("http://model").transport(transport).build().unwrap();
        let call = client.invoke_endpoint().endpoint_name("model").body(vec![0; size]);
        let error = timeout(HOUR, call.send()).await.unwrap().unwrap_err();
        let expected = "read timeout: no data for 70 s while waiting for the response";
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// A stream is read before it is signed, and that before it is sent.
#[tokio::test(start_paused = true)]
async fn a_payload_can_be_too_slow() {
    let client = builder("http://model").transport(slow_transport(0)).build().unwrap();
    let stream = StreamBody::new(Never);
    let call = client.invoke_endpoint().endpoint_name("model");
    let call = call.body(Body::from_http_body(stream));
    let options = timeouts(Timeouts::new().operation(20 * SECOND));
    let error = timeout(HOUR, call.options(options).send()).await.unwrap().unwrap_err();
    assert!(error.is_timeout());
    let expected = "call timed out after 20 s while reading the payload of the request [hint: ";
    assert!(error.to_string().contains(expected), "{error}");
}

/// A stream of which nothing comes.
struct Never;

impl Stream for Never {
    type Item = Result<Frame<Bytes>, BoxError>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}

/// The other side has stopped reading: no byte leaves and none comes.
#[tokio::test]
async fn a_stuck_upload_is_silent() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();
    let call = tokio::spawn(async move {
        let call = client.invoke_endpoint().endpoint_name("model").body(vec![0; 8 << 20]);
        call.send().await.map(drop)
    });
    let connection = accept_head(&listener).await;
    // The clock jumps to the timeout when all buffers are full.
    tokio::time::pause();
    let error = timeout(HOUR, call).await.unwrap().unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    drop(connection);
}

#[tokio::test]
async fn an_attempt_can_be_limited() {
    let server = always(Reply::hang()).await;
    let limit = Timeouts::new().attempt(30 * SECOND);
    let client = builder(server.url()).timeouts(limit).build().unwrap();
    let call = spawn(&client, CallOptions::new());
    server.wait_for(1).await;
    skip(30 * SECOND).await;
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "InvokeEndpoint failed: attempt timed out after 30 s while waiting for the response [1 attempt, hint: allow more time with `Timeouts::attempt` if the service needs it]"
    );
    assert_eq!(server.requests().len(), 1);

    // Reading a payload that is a part of the output belongs to the attempt.
    let server = always(
        Reply::new(202)
            .body("{\"InferenceId\":\"1\"}")
            .close_after(4)
            .then(Then::Hang),
    )
    .await;
    let client = builder(server.url()).timeouts(limit).build().unwrap();
    let call = client.invoke_endpoint_async().endpoint_name("slow");
    let call = tokio::spawn(call.send());
    server.wait_for(1).await;
    skip(30 * SECOND).await;
    let error = call.await.unwrap().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("attempt timed out after 30 s while reading the response"),
        "{error}"
    );
}

/// The limit of an attempt starts anew with each, that of the call does not.
#[tokio::test]
async fn a_call_can_be_limited() {
    let server = always(Reply::hang()).await;
    let limits = Timeouts::new().attempt(30 * SECOND).operation(50 * SECOND);
    let retries = Retries::new().after_timeout(true);
    let (result, log) = record(async {
        let call = spawn(&client(&server), timeouts(limits).retries(retries));
        server.wait_for(1).await;
        skip(30 * SECOND).await;
        server.wait_for(2).await;
        skip(20 * SECOND).await;
        call.await.unwrap()
    })
    .await;
    let error = result.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(log.events("attempt").count(), 2);
    assert_eq!(
        error.to_string(),
        "InvokeEndpoint failed: call timed out after 50 s while waiting for the response [2 attempts, hint: allow more time with `Timeouts::operation` if the service needs it]"
    );
    assert_eq!(error.attempts(), 2);
    assert_eq!(error.operation(), Some("InvokeEndpoint"));
    assert_eq!(server.requests().len(), 2);
    // What went wrong before is not lost.
    let before = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<Error>());
    assert!(
        before
            .unwrap()
            .to_string()
            .contains("attempt timed out after 30 s while waiting for the response")
    );
}

/// When a timeout ends a call, its connection is closed: the late answer must not be taken for the next one's.
#[tokio::test]
async fn a_late_answer_is_nobodys() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();
    let call = spawn(&client, CallOptions::new());
    let late = accept(&listener).await;
    skip(70 * SECOND).await;
    call.await.unwrap().unwrap_err();
    gone(late).await;
}
