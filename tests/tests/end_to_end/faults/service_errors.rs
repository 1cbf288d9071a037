//! Errors with which the service, or a proxy before it, answers.

use std::sync::Arc;
use std::time::Duration;

use sagemaker_runtime::{CallOptions, Retries, Timeouts};
use tests::server::Reply;

use super::scene::{Call, Outcome, Scene, always, each, invoke, invoke_with, make, scripted, secret_builder};
use super::{Does, Injected, Row, rows};
use crate::clock_skew;
use crate::logs::{record, secret_keys};
use crate::service::{accept_head, answer, failure, listen, skip};

const HTML: &str = "<html>\n<h1>MARK-RESPONSE-BODY</h1></html>";

const HOUR: Duration = Duration::from_secs(3600);

rows! {
    model_is_being_loaded: Row {
        fault: "429 `ModelNotReadyException`",
        does: Does::RetriesLater,
        why: "the service refused the request",
        requests: 3,
        is: &["is_service", "is_throttling"],
        says: "ModelNotReadyException (429): about ModelNotReadyException [request id req-1, 3 attempts, hint: give the model \
               more time with `CallOptions::wait_until_ready`]",
        inject: || always(failure(429, "ModelNotReadyException")),
    };
    model_becomes_ready: Row {
        fault: "the same with [`CallOptions::wait_until_ready`], until the model has been loaded",
        does: Does::WaitsUntilReady,
        why: "the service refused the request",
        requests: 21,
        is: &[],
        says: "",
        inject: || Box::pin(async {
            let mut replies = vec![failure(429, "ModelNotReadyException"); 20];
            replies.push(Reply::new(200));
            let scene = Scene::new(replies).await;
            let call = invoke_with(&scene.client, CallOptions::new().wait_until_ready(HOUR));
            vec![scene.outcome(async { call.await.map(drop) }).await]
        }),
    };
    model_is_not_ready_in_time: Row {
        fault: "the same, and the model is not loaded in time",
        does: Does::WaitsUntilReady,
        why: "the service refused the request",
        requests: 2,
        is: &["is_service", "is_throttling"],
        says: "ModelNotReadyException (429): about ModelNotReadyException [not ready within 3600 s, request id \
               req-1, 2 attempts, hint: give the model more time with `CallOptions::wait_until_ready`]",
        inject: model_is_not_ready_in_time_,
    };
    throttling_without_a_message: Row {
        fault: "400 `ThrottlingException`, without a message",
        does: Does::RetriesLater,
        why: "the service refused the request",
        requests: 3,
        is: &["is_service", "is_throttling"],
        says: "ThrottlingException (400) [request id req-1, 3 attempts]",
        inject: || always(failure(400, "ThrottlingException").body(r#"{"message":null}"#)),
    };
    throttled_by_a_gateway: Row {
        fault: "429 without a code, from a gateway or a proxy",
        does: Does::RetriesLater,
        why: "the service refused the request",
        requests: 3,
        is: &["is_service", "is_throttling"],
        says: "HTTP 429: Too Many Requests [request id req-1, 3 attempts]",
        inject: || {
            let reply = Reply::new(429).header("x-amzn-RequestId", "req-1");
            each(Call::Invoke, vec![reply.clone(), reply.body(HTML)])
        },
    };
    code_with_an_appendix: Row {
        fault: "a code to which a gateway appends its own: `ThrottlingException,InternalServerException`",
        does: Does::RetriesLater,
        why: "the service refused the request",
        requests: 3,
        is: &["is_service", "is_throttling"],
        says: "ThrottlingException (400): about it [request id req-1, 3 attempts]",
        inject: || Box::pin(async {
            let code = "aws#ThrottlingException:http://x/,InternalServerException:http://x/";
            let body = format!(r#"{{"__type":"{code}","Message":"about it"}}"#);
            let in_header = failure(400, code).body(r#"{"Message":"about it"}"#);
            let in_body = Reply::new(400).header("x-amzn-RequestId", "req-1").body(body);
            each(Call::Invoke, vec![in_header, in_body]).await
        }),
    };
    model_error: Row {
        fault: "424 `ModelError`: the container answered with an error",
        does: Does::Fails,
        why: "the error is final",
        requests: 1,
        is: &["is_service"],
        says: "ModelError (424): Received server error (500) [original status 500, original message KeyError: 'age', \
               log stream arn:aws:logs:x, request id req-1, 1 attempt]",
        inject: || always(failure(424, "ModelError").body(
            r#"{"Message":"Received server error (500)","OriginalStatusCode":500,"OriginalMessage":"KeyError: 'age'",
                "LogStreamArn":"arn:aws:logs:x"}"#,
        )),
    };
    internal_dependency: Row {
        fault: "530 `InternalDependencyException`",
        does: Does::Retries,
        why: "the service says that it failed",
        requests: 3,
        is: &["is_service"],
        says: "InternalDependencyException (530): about InternalDependencyException [request id req-1, 3 attempts]",
        inject: || always(failure(530, "InternalDependencyException")),
    };
    internal_failure: Row {
        fault: "500 `InternalFailure`",
        does: Does::Retries,
        why: "the service says that it failed",
        requests: 3,
        is: &["is_service"],
        says: "InternalFailure (500): about InternalFailure [request id req-1, 3 attempts]",
        inject: || always(failure(500, "InternalFailure")),
    };
    bad_gateway: Row {
        fault: "502 with a page of HTML",
        does: Does::Retries,
        why: "the service says that it failed",
        requests: 3,
        is: &["is_service"],
        says: "HTTP 502: Bad Gateway [request id req-1, 3 attempts]",
        inject: || Box::pin(async {
            let reply = Reply::new(502).header("x-amzn-RequestId", "req-1").body(HTML);
            let scene = Scene::new(vec![reply]).await;
            let call = invoke(&scene.client);
            vec![scene.outcome(async {
                let error = call.await.unwrap_err();
                assert_eq!(error.code(), Some("502"));
                assert_eq!(error.raw_body().unwrap(), HTML);
                Err(error)
            }).await]
        }),
    };
    bad_gateway_without_text: Row {
        fault: "502 with a compressed page or an image: only [`Error::raw_body`] has what is not text",
        does: Does::Retries,
        why: "the service says that it failed",
        requests: 3,
        is: &["is_service"],
        says: "HTTP 502: Bad Gateway [request id req-1, 3 attempts]",
        inject: || {
            let reply = Reply::new(502).header("x-amzn-RequestId", "req-1");
            each(Call::Invoke, vec![
                reply.clone().body(&b"\x1f\x8b\x08\0MARK-RESPONSE-BODY"[..]),
                reply.clone().body(&b"\x89PNG\r\nMARK-RESPONSE-BODY"[..]),
                reply.header("Content-Encoding", "br").body("MARK-RESPONSE-BODY"),
            ])
        },
    };
    service_unavailable: Row {
        fault: "503 `ServiceUnavailable`",
        does: Does::Retries,
        why: "the service says that it failed",
        requests: 3,
        is: &["is_service"],
        says: "ServiceUnavailable (503): about ServiceUnavailable [request id req-1, 3 attempts]",
        inject: || always(failure(503, "ServiceUnavailable")),
    };
    gateway_timeout: Row {
        fault: "504 without a body",
        does: Does::Retries,
        why: "the service says that it failed",
        requests: 3,
        is: &["is_service"],
        says: "HTTP 504: Gateway Timeout [request id req-1, 3 attempts]",
        inject: || always(Reply::new(504).header("x-amzn-RequestId", "req-1")),
    };
    fault_that_passes: Row {
        fault: "one of these errors, once",
        does: Does::Retries,
        why: "the service says that it failed",
        requests: 2,
        is: &[],
        says: "",
        inject: || scripted(vec![failure(503, "ServiceUnavailable"), Reply::new(200)]),
    };
    told_when_to_try_again: Row {
        fault: "503 with `Retry-After` or `x-amz-retry-after`",
        does: Does::RetriesWhenTold,
        why: "the service says that it failed",
        requests: 2,
        is: &[],
        says: "",
        inject: told_when_to_try_again_,
    };
    quota_is_used_up: Row {
        fault: "503, after too many calls of the client have failed",
        does: Does::Fails,
        why: "the retry quota is used up",
        requests: 1,
        is: &["is_service"],
        says: "ServiceUnavailable (503): about ServiceUnavailable [not retried because too many calls have failed: the \
               retry quota is used up, request id req-1, 1 attempt]",
        inject: || Box::pin(async {
            let scene = Scene::new(vec![failure(503, "ServiceUnavailable")]).await;
            // 500 tokens last for 35 retries of 14.
            for _ in 0..18 {
                make(&scene.client, Call::Invoke).await.unwrap_err();
            }
            vec![scene.meet(Call::Invoke).await]
        }),
    };
    validation_error: Row {
        fault: "400 `ValidationError`",
        does: Does::Fails,
        why: "the error is final",
        requests: 1,
        is: &["is_service"],
        says: "ValidationError (400): about ValidationError [request id req-1, 1 attempt]",
        inject: || always(failure(400, "ValidationError")),
    };
    access_denied: Row {
        fault: "403 `AccessDeniedException`",
        does: Does::Fails,
        why: "the error is final",
        requests: 1,
        is: &["is_service"],
        says: "AccessDeniedException (403): about AccessDeniedException [request id req-1, 1 attempt, hint: check \
               what the policies allow these credentials to do]",
        inject: || always(failure(403, "AccessDeniedException")),
    };
    expired_token: Row {
        fault: "403 `ExpiredTokenException`",
        does: Does::Fails,
        why: "the error is final",
        requests: 1,
        is: &["is_service"],
        says: "ExpiredTokenException (403): about ExpiredTokenException [request id req-1, 1 attempt, hint: get new \
               credentials, or use a source that renews them, such as a profile]",
        inject: || always(failure(403, "ExpiredTokenException")),
    };
    wrong_clock: Row {
        fault: "403 `RequestTimeTooSkewed` because the clock of this machine is wrong",
        does: Does::SendsAgainWithItsTime,
        why: "the service refused the request",
        requests: 2,
        is: &[],
        says: "",
        inject: || Box::pin(async {
            let mut outcomes = Vec::new();
            for code in ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException"] {
                for seconds in [clock_skew::HOUR, -clock_skew::HOUR] {
                    let service = clock_skew::ahead(Arc::new(seconds.into()), code);
                    outcomes.push(Scene::answering(service, |builder| builder).await.meet(Call::Invoke).await);
                }
            }
            outcomes
        }),
    };
    wrong_clock_of_the_service: Row {
        fault: "the same, and the service rejects its own time as well",
        does: Does::SendsAgainWithItsTime,
        why: "the service refused the request",
        requests: 2,
        is: &["is_service"],
        says: "RequestTimeTooSkewed (403): about RequestTimeTooSkewed [request id req-1, 2 attempts, hint: set the clock \
               of this machine]",
        inject: || always(
            failure(403, "RequestTimeTooSkewed").header("Date", clock_skew::date(clock_skew::now() + clock_skew::HOUR)),
        ),
    };
    clock_that_cannot_be_set: Row {
        fault: "the same without a valid `Date`, or with one from a cache (`Age`)",
        does: Does::Fails,
        why: "the error is final",
        requests: 1,
        is: &["is_service"],
        says: "RequestTimeTooSkewed (403): about RequestTimeTooSkewed [request id req-1, 1 attempt, hint: set the clock \
               of this machine]",
        inject: || {
            let refused = failure(403, "RequestTimeTooSkewed");
            let later = clock_skew::date(clock_skew::now() + clock_skew::HOUR);
            let cached = refused.clone().header("Date", later).header("Age", "3600");
            each(Call::Invoke, vec![refused.clone(), refused.header("Date", "yesterday"), cached])
        },
    };
    wrong_clock_once: Row {
        fault: "403 `RequestTimeTooSkewed` with a wrong `Date`, at which the credentials have expired; the next call \
                succeeds",
        does: Does::SendsAgainWithItsTime,
        why: "the service refused the request",
        requests: 2,
        is: &["is_service"],
        says: "RequestTimeTooSkewed (403): about RequestTimeTooSkewed [request id req-1, 2 attempts, hint: set the clock \
               of this machine]",
        inject: || Box::pin(async {
            let service = clock_skew::wrong_once(2 * clock_skew::HOUR);
            let credentials = clock_skew::lasting_an_hour(secret_keys());
            let scene = Scene::answering(service, |builder| builder.credentials(credentials)).await;
            vec![scene.meet(Call::Invoke).await]
        }),
    };
    redirect: Row {
        fault: "a redirect",
        does: Does::Fails,
        why: "the error is final",
        requests: 1,
        is: &["is_service"],
        says: "HTTP 307: Temporary Redirect [request id req-1, 1 attempt]",
        inject: || always(
            Reply::new(307).header("x-amzn-RequestId", "req-1").header("Location", "http://127.0.0.1:1/"),
        ),
    };
    error_cut_off: Row {
        fault: "an error whose body is cut off",
        does: Does::Fails,
        why: "the error is final",
        requests: 1,
        is: &["is_service"],
        says: "ValidationError (400) [request id req-1, 1 attempt]",
        inject: || always(failure(400, "ValidationError").close_after(5)),
    };
    error_before_a_stream: Row {
        fault: "any of these before an event stream begins",
        does: Does::Retries,
        why: "the service says that it failed",
        requests: 3,
        is: &["is_service"],
        says: "ServiceUnavailable (503): about ServiceUnavailable [request id req-1, 3 attempts]",
        inject: || each(Call::Stream, vec![failure(503, "ServiceUnavailable")]),
    };
}

/// The time passes while the service thinks about the second request.
fn model_is_not_ready_in_time_() -> Injected {
    Box::pin(async {
        let (listener, url) = listen().await;
        let client = secret_builder(&url).build().unwrap();
        let (result, log) = record(async {
            let patient = CallOptions::new()
                .timeouts(Timeouts::new().read(None))
                .wait_until_ready(HOUR);
            let call = invoke_with(&client, patient);
            let call = tokio::spawn(async { call.await.map(drop) });
            let body = r#"{"Message":"about ModelNotReadyException"}"#;
            let reply = format!(
                "HTTP/1.1 429 Busy\r\nx-amzn-ErrorType: ModelNotReadyException\r\nx-amzn-RequestId: req-1\r\n\
                 connection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            answer(&mut accept_head(&listener).await, &reply).await;
            let mut connection = accept_head(&listener).await;
            skip(HOUR).await;
            answer(&mut connection, &reply).await;
            call.await.unwrap()
        })
        .await;
        vec![Outcome::new(&url, listener.requests(), result, &log)]
    })
}

/// The service asks for what the client then waits, within its bounds.
fn told_when_to_try_again_() -> Injected {
    Box::pin(async {
        let mut outcomes = Vec::new();
        let cases = [
            ("x-amz-retry-after", "1500", 1500),
            ("x-amz-retry-after", "3600000", 20_000),
            ("retry-after", "3", 3000),
        ];
        for (name, asked, millis) in cases {
            let busy = failure(503, "ServiceUnavailable").header(name, asked);
            let retries = Retries::new().max_backoff(Duration::from_secs(20));
            let scene = Scene::with(vec![busy, Reply::new(200)], |builder| builder.retries(retries)).await;
            // The clock of this test jumps, so that a limit would pass by itself.
            let patient = CallOptions::new().timeouts(Timeouts::new().connect(None).read(None));
            let call = invoke_with(&scene.client, patient);
            let outcome = scene
                .outcome(async move {
                    let call = tokio::spawn(call);
                    let mut waited = Duration::ZERO;
                    while !call.is_finished() {
                        skip(Duration::from_millis(100)).await;
                        waited += Duration::from_millis(100);
                    }
                    assert!(waited >= Duration::from_millis(millis), "{waited:?}");
                    call.await.unwrap().map(drop)
                })
                .await;
            outcomes.push(outcome);
        }
        outcomes
    })
}
