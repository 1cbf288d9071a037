//! Services that say nothing, or say it slowly.

use std::time::Duration;

use bytes::Bytes;
use sagemaker_runtime::{CallOptions, Client, Error, Retries, Timeouts};
use tests::frame;
use tests::server::{Reply, Then};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::timeout;

use super::scene::{Call, Outcome, Scene, invoke_with, make, secret_builder};
use super::{Does, Injected, Row, rows};
use crate::logs::record;
use crate::peer::{Accepted, Peer, Scheme};
use crate::service::{accept_head, answer, listen, skip};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

rows! {
    no_answer: Row {
        fault: "no response within the read timeout",
        does: Does::Fails,
        why: "the service may be at work on it",
        requests: 1,
        is: &["is_timeout"],
        says: "read timeout: no data for 70 s while waiting for the response [1 attempt, hint: allow a longer silence with `Timeouts::read` if the service needs it]",
        inject: || hanging(CallOptions::new(), 1, 70 * SECOND),
    };
    no_answer_and_again: Row {
        fault: "the same with `Retries::after_timeout(true)`",
        does: Does::Retries,
        why: "the caller allows it",
        requests: 3,
        is: &["is_timeout"],
        says: "read timeout: no data for 70 s while waiting for the response [3 attempts, hint: allow a longer silence with `Timeouts::read` if the service needs it]",
        inject: || hanging(CallOptions::new().retries(Retries::new().after_timeout(true)), 3, 70 * SECOND),
    };
    no_answer_within_an_attempt: Row {
        fault: "no response within an attempt timeout of 20 s",
        does: Does::Fails,
        why: "the service may be at work on it",
        requests: 1,
        is: &["is_timeout"],
        says: "attempt timed out after 20 s while waiting for the response [1 attempt, hint: allow more time with `Timeouts::attempt` if the service needs it]",
        inject: || hanging(CallOptions::new().timeouts(Timeouts::new().attempt(20 * SECOND)), 1, 20 * SECOND),
    };
    no_answer_within_the_call: Row {
        fault: "no response within an operation timeout of 20 s",
        does: Does::Fails,
        why: "no time is left",
        requests: 1,
        is: &["is_timeout"],
        says: "call timed out after 20 s while waiting for the response [1 attempt, hint: allow more time with `Timeouts::operation` if the service needs it]",
        inject: || hanging(CallOptions::new().timeouts(Timeouts::new().operation(20 * SECOND)), 1, 20 * SECOND),
    };
    silence_within_an_answer: Row {
        fault: "the read timeout passes in the middle of a payload",
        does: Does::Fails,
        why: "",
        requests: 1,
        is: &["is_timeout"],
        says: "read timeout: no data for 70 s while reading the response [request id req-1, 1 attempt, hint: allow a longer silence with `Timeouts::read` if the service needs it]",
        inject: || Box::pin(async {
            let stalled = Reply::new(200).header("x-amzn-RequestId", "req-1").body("MARK-RESPONSE-BODY");
            let scene = Scene::new(vec![stalled.close_after(4).then(Then::Hang)]).await;
            let client = scene.client.clone();
            vec![scene.outcome(async move {
                let mut body = invoke_with(&client, CallOptions::new()).await?.body;
                assert_eq!(body.chunk().await?.unwrap(), "MARK");
                // Nothing else happens any more: the clock jumps to the timeout by itself.
                tokio::time::pause();
                let result = timeout(HOUR, body.chunk()).await.unwrap();
                tokio::time::resume();
                result.map(drop)
            }).await]
        }),
    };
    busy: Row {
        fault: "a response, or a part of it, arrives in time, but the thread is busy or the process is suspended \
                until the read timeout has passed",
        does: Does::Succeeds,
        why: "",
        requests: 1,
        is: &[],
        says: "",
        inject: || Box::pin(async {
            let events = format!("HTTP/1.1 200 OK\r\ncontent-type: {}\r\nconnection: close\r\n\r\n", frame::MEDIA_TYPE);
            let event = frame::event("PayloadPart", b"MARK");
            vec![
                busy_between(Call::Invoke, "", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await,
                busy_between(
                    Call::Invoke,
                    "HTTP/1.1 102 Processing\r\n\r\n",
                    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
                ).await,
                busy_between(Call::Invoke, "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nMARK", "MARK").await,
                busy_between(Call::Stream, [events.as_bytes(), &event].concat(), event).await,
            ]
        }),
    };
    slow_payload: Row {
        fault: "a payload arrives slowly, one piece a minute",
        does: Does::Succeeds,
        why: "",
        requests: 1,
        is: &[],
        says: "",
        inject: slow_payload_,
    };
}

/// A service that takes requests and does not answer; a limit passes for each of them.
fn hanging(options: CallOptions, requests: usize, limit: Duration) -> Injected {
    Box::pin(async move {
        let scene = Scene::new(vec![Reply::hang()]).await;
        let call = spawn(&scene.client, options);
        let server = scene.server.url().to_owned();
        let (result, log) = record(async {
            for request in 1..=requests {
                scene.server.wait_for(request).await;
                skip(limit - SECOND).await;
                assert!(!call.is_finished());
                skip(SECOND).await;
            }
            call.await.unwrap()
        })
        .await;
        // Nothing was sent since.
        vec![Outcome::new(&server, scene.server.requests().len(), result, &log)]
    })
}

fn spawn(client: &Client, options: CallOptions) -> JoinHandle<Result<(), Error>> {
    let call = invoke_with(client, options);
    tokio::spawn(async move { call.await.map(drop) })
}

/// A service that answers in two parts. From before the second one until the read timeout has passed, the only thread of
/// the client is busy with something else.
async fn busy_between(call: Call, first: impl Into<Bytes>, second: impl Into<Bytes>) -> Outcome {
    let parts = [first.into(), second.into()];
    let peer = Peer::start(Scheme::Http, move |mut accepted: Accepted| {
        let [first, second] = parts.clone();
        async move {
            accepted.read_request().await.unwrap();
            accepted.send(first).await;
            accepted.signal();
            accepted.permission().await;
            accepted.send(second).await;
            accepted.signal();
        }
    });
    let client = secret_builder(peer.url()).build().unwrap();
    let (result, log) = record(async {
        let busy = async {
            while !peer.has_signaled() {
                yield_now().await;
            }
            // What has arrived is noticed.
            skip(Duration::ZERO).await;
            peer.go_on();
            assert_eq!(peer.wait(), 0);
            skip(71 * SECOND).await;
        };
        tokio::join!(make(&client, call), busy).0
    })
    .await;
    Outcome::new(peer.url(), peer.requests(), result, &log)
}

/// A model that writes a word a minute is not silent.
fn slow_payload_() -> Injected {
    Box::pin(async {
        let (listener, url) = listen().await;
        let client = secret_builder(&url).build().unwrap();
        let (pieces, mut received) = tokio::sync::mpsc::unbounded_channel();
        let (result, log) = record(async {
            let reading = tokio::spawn(async move {
                let mut body = invoke_with(&client, CallOptions::new()).await?.body;
                while let Some(piece) = body.chunk().await? {
                    pieces.send(piece).unwrap();
                }
                Ok(())
            });
            let mut connection = accept_head(&listener).await;
            answer(&mut connection, "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n").await;
            for _ in 0..10 {
                answer(&mut connection, "word ").await;
                assert_eq!(received.recv().await.unwrap(), "word ");
                skip(MINUTE).await;
            }
            reading.await.unwrap()
        })
        .await;
        vec![Outcome::new(&url, listener.requests(), result, &log)]
    })
}
