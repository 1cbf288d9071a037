//! Timeouts, and what the client waits for when they pass.

use std::time::Duration;

use aws_credential_types::provider::future;
use sagemaker_runtime::{CallOptions, Error, ProvideCredentials, Retries, Timeouts};
use tests::server::{Reply, Then};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::scene::{Outcome, Scene, invoke, invoke_with, secret_builder};
use super::{Does, Injected, Row, rows};
use crate::logs::record;
use crate::service::{accept_head, answer, listen, skip};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

rows! {
    waiting_for_a_permit: Row {
        fault: "an operation timeout of 20 s passes while other calls hold all permits of `max_in_flight`",
        does: Does::Fails,
        why: "",
        requests: 0,
        is: &["is_timeout"],
        says: "call timed out after 20 s while waiting for a permit of `max_in_flight` [hint: allow more requests at once \
               with `ClientBuilder::max_in_flight`, or more time with `Timeouts::operation`]",
        inject: waiting_for_a_permit_,
    };
    waiting_for_credentials: Row {
        fault: "the same while the credentials provider is at work",
        does: Does::Fails,
        why: "no time is left",
        requests: 0,
        is: &["is_timeout", "is_credentials"],
        says: "call timed out after 20 s while waiting for credentials [hint: allow more time with `Timeouts::operation` \
               if the provider of credentials needs it]",
        inject: || Box::pin(async {
            let scene = Scene::new(vec![Reply::new(200)]).await;
            let call = invoke_with(&scene.client, operation(20).credentials(Silent));
            vec![scene.outcome(at_rest(async { call.await.map(drop) })).await]
        }),
    };
    connecting: Row {
        fault: "an attempt timeout of 20 s passes while connecting",
        does: Does::Retries,
        why: "nothing was sent",
        requests: 0,
        is: &["is_timeout", "is_connect"],
        says: "attempt timed out after 20 s while connecting [3 attempts, hint: allow more time with `Timeouts::attempt` \
               if the service needs it]",
        inject: || Box::pin(async {
            let (listener, url) = listen().await;
            let client = secret_builder(&url.replace("http:", "https:")).build().unwrap();
            let limits = Timeouts::new().connect(None).attempt(20 * SECOND);
            let call = invoke_with(&client, CallOptions::new().timeouts(limits));
            let (result, log) = record(at_rest(async { call.await.map(drop) })).await;
            vec![Outcome::new(&url, listener.requests(), result, &log)]
        }),
    };
    sending: Row {
        fault: "the service stops reading the request",
        does: Does::Fails,
        why: "the service may be at work on it",
        requests: 1,
        is: &["is_timeout"],
        says: "read timeout: no data for 70 s while sending the request [1 attempt, hint: allow a longer silence with \
               `Timeouts::read` if the service needs it]",
        inject: || Box::pin(async {
            let (listener, url) = listen().await;
            let client = secret_builder(&url).build().unwrap();
            let call = client.invoke_endpoint().endpoint_name("model").body(vec![0; 8 << 20]);
            let call = call.send();
            let (result, log) = record(async {
                let call = tokio::spawn(async { call.await.map(drop) });
                let connection = accept_head(&listener).await;
                // The clock jumps to the timeout when all buffers are full.
                let result = at_rest(call).await;
                drop(connection);
                result.unwrap()
            }).await;
            vec![Outcome::new(&url, listener.requests(), result, &log)]
        }),
    };
    reading_an_output: Row {
        fault: "an attempt timeout of 20 s passes while the output arrives",
        does: Does::Fails,
        why: "the service may be at work on it",
        requests: 1,
        is: &["is_timeout"],
        says: "attempt timed out after 20 s while reading the response [request id req-1, 1 attempt, hint: allow more \
               time with `Timeouts::attempt` if the service needs it]",
        inject: || Box::pin(async {
            let output = Reply::new(202).header("x-amzn-RequestId", "req-1").body(r#"{"InferenceId":"MARK"}"#);
            let scene = Scene::new(vec![output.close_after(6).then(Then::Hang)]).await;
            let call = scene.client.invoke_endpoint_async().endpoint_name("model");
            let call = call.options(attempt(20)).send();
            let server = scene.server.url().to_owned();
            let (result, log) = record(async {
                let call = tokio::spawn(async { call.await.map(drop) });
                scene.server.wait_for(1).await;
                // What has been sent arrives.
                skip(SECOND).await;
                skip(19 * SECOND).await;
                call.await.unwrap()
            }).await;
            vec![Outcome::new(&server, scene.server.requests().len(), result, &log)]
        }),
    };
    reading_an_error: Row {
        fault: "an attempt or operation timeout passes while an error arrives: what has arrived counts",
        does: Does::Fails,
        why: "the error is final",
        requests: 1,
        is: &["is_service"],
        says: "ValidationError (400) [request id req-1, 1 attempt]",
        inject: || Box::pin(async {
            let mut outcomes = Vec::new();
            let repeats = Retries::new().after_timeout(true);
            for options in [attempt(20), operation(20), attempt(20).retries(repeats), operation(20).retries(repeats)] {
                for pace in [Pace::Stalls, Pace::Drips] {
                    outcomes.push(slow_error("400 Bad\r\nx-amzn-ErrorType: ValidationError", options.clone(), pace, 1).await);
                }
            }
            outcomes
        }),
    };
    reading_an_error_that_passes: Row {
        fault: "an attempt timeout passes while a transient error arrives",
        does: Does::Retries,
        why: "the service says that it failed",
        requests: 3,
        is: &["is_service"],
        says: "HTTP 503: Service Unavailable [request id req-1, 3 attempts]",
        inject: || Box::pin(async {
            vec![slow_error("503 Busy", attempt(20), Pace::Stalls, 3).await]
        }),
    };
    reading_an_error_to_the_end_of_the_call: Row {
        fault: "the same with an operation timeout",
        does: Does::Fails,
        why: "the operation timeout would pass",
        requests: 1,
        is: &["is_service"],
        says: "HTTP 503: Service Unavailable [not retried because the operation timeout would pass before, request \
               id req-1, 1 attempt]",
        inject: || Box::pin(async {
            vec![slow_error("503 Busy", operation(20), Pace::Drips, 1).await]
        }),
    };
}

fn attempt(seconds: u32) -> CallOptions {
    CallOptions::new().timeouts(Timeouts::new().attempt(seconds * SECOND))
}

fn operation(seconds: u32) -> CallOptions {
    CallOptions::new().timeouts(Timeouts::new().operation(seconds * SECOND))
}

/// A provider that never answers.
#[derive(Debug)]
struct Silent;

impl ProvideCredentials for Silent {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(std::future::pending())
    }
}

/// Waits for what nothing but the clock ends, which jumps meanwhile.
async fn at_rest<T>(waiting: impl Future<Output = T>) -> T {
    tokio::time::pause();
    let result = timeout(HOUR, waiting).await.unwrap();
    tokio::time::resume();
    result
}

fn waiting_for_a_permit_() -> Injected {
    Box::pin(async {
        let scene = Scene::with(vec![Reply::hang()], |builder| builder.max_in_flight(1)).await;
        let holding = invoke(&scene.client);
        let holding: JoinHandle<Result<(), Error>> = tokio::spawn(async { holding.await.map(drop) });
        scene.server.wait_for(1).await;
        let call = invoke_with(&scene.client, operation(20));
        let outcome = scene.outcome(async move {
            let result = at_rest(async { call.await.map(drop) }).await;
            holding.abort();
            assert!(holding.await.unwrap_err().is_cancelled());
            result
        });
        vec![outcome.await]
    })
}

#[derive(Clone, Copy)]
enum Pace {
    /// Some of the body comes, and nothing after that.
    Stalls,
    /// A byte comes every 4 s, without an end.
    Drips,
}

/// A service that answers so many requests with this head, and a body that takes longer than 20 s.
async fn slow_error(head: &'static str, options: CallOptions, pace: Pace, requests: usize) -> Outcome {
    let (listener, url) = listen().await;
    let client = secret_builder(&url).build().unwrap();
    let (result, log) = record(async {
        let call = invoke_with(&client, options);
        let mut call = tokio::spawn(async { call.await.map(drop) });
        let mut connections = Vec::new();
        for request in 1..=requests {
            let mut connection = tokio::select! {
                connection = accept_head(&listener) => connection,
                result = &mut call => panic!("{result:?} before request {request}"),
            };
            let head = format!("HTTP/1.1 {head}\r\nx-amzn-RequestId: req-1\r\ncontent-length: 100\r\n\r\n");
            answer(&mut connection, head).await;
            answer(&mut connection, "MARK").await;
            skip(Duration::ZERO).await;
            for _ in 0..5 {
                assert!(!call.is_finished());
                skip(4 * SECOND).await;
                if matches!(pace, Pace::Drips) {
                    answer(&mut connection, "-").await;
                    skip(Duration::ZERO).await;
                }
            }
            connections.push(connection);
        }
        let result = call.await.unwrap();
        let read = result.as_ref().unwrap_err().raw_body().unwrap();
        let expected: &[u8] = match pace {
            Pace::Stalls => b"MARK",
            Pace::Drips => b"MARK----",
        };
        assert_eq!(read, expected);
        result
    })
    .await;
    Outcome::new(&url, listener.requests(), result, &log)
}
