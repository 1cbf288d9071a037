//! Services whose clock is not that of this machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use sagemaker_runtime::{ClientBuilder, Credentials, Retries};
use tests::server::{Recorded, Reply, Server};
use tests::sigv4::Keys;

use crate::service::{builder, client, failure, invoke, keys, service};

pub(crate) const HOUR: i64 = 3600;

/// How far a signature may be off, in seconds.
const TOLERANCE: u64 = 5 * 60;

/// In seconds since 1970.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    now.as_secs().try_into().unwrap()
}

pub(crate) fn date(seconds: i64) -> String {
    DateTime::from_secs(seconds).fmt(Format::HttpDate).unwrap()
}

/// When a request was signed, in seconds since 1970. It is a part of what the service verifies.
fn signed(request: &Recorded) -> i64 {
    let stamp = request.header("x-amz-date").unwrap();
    let (day, time) = stamp.split_once('T').unwrap();
    let text = [
        format!("{}-{}-{}T", &day[..4], &day[4..6], &day[6..]),
        format!("{}:{}:{}", &time[..2], &time[2..4], &time[4..]),
    ];
    DateTime::from_str(&text.concat(), Format::DateTime).unwrap().secs()
}

/// A service that takes only signatures of its own time, which is so many seconds ahead, and refuses others with an error
/// of this code.
async fn service_ahead(seconds: Arc<AtomicI64>, code: &'static str) -> Server {
    service(ahead(seconds, code)).await
}

/// What such a service answers.
pub(crate) fn ahead(seconds: Arc<AtomicI64>, code: &'static str) -> impl Fn(&Recorded) -> Reply + Send + Sync {
    move |request| {
        let time = now() + seconds.load(Ordering::Relaxed);
        let reply = match signed(request).abs_diff(time) {
            0..TOLERANCE => Reply::new(200),
            _ => failure(403, code),
        };
        reply.header("Date", date(time))
    }
}

/// What such a service answers whose time is right, but for that in its first answer.
pub(crate) fn wrong_once(seconds: i64) -> impl Fn(&Recorded) -> Reply + Send + Sync {
    let is_first = AtomicBool::new(true);
    let right = ahead(Arc::default(), "RequestTimeTooSkewed");
    move |request| match is_first.swap(false, Ordering::Relaxed) {
        true => failure(403, "RequestTimeTooSkewed").header("Date", date(now() + seconds)),
        false => right(request),
    }
}

/// Credentials that expire in an hour.
pub(crate) fn lasting_an_hour(keys: Keys) -> Credentials {
    let expiry = SystemTime::now() + Duration::from_secs(3600);
    Credentials::new(
        keys.access_key,
        keys.secret_key,
        keys.session_token,
        Some(expiry),
        "test",
    )
}

fn numbers(requests: &[Recorded]) -> Vec<&str> {
    let numbers = requests.iter().map(|request| request.header("amz-sdk-request"));
    numbers.map(Option::unwrap).collect()
}

#[tokio::test]
async fn the_clock_is_set_by_the_service_and_stays_so() {
    for code in [
        "RequestTimeTooSkewed",
        "RequestExpired",
        "RequestInTheFuture",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "AuthFailure",
    ] {
        for seconds in [HOUR, -HOUR, 10 * 365 * 24 * HOUR] {
            let server = service_ahead(Arc::new(seconds.into()), code).await;
            let client = client(&server);
            let output = invoke(&client).await.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(output.response_metadata.attempts(), 2);
            assert_eq!(numbers(&server.requests()), ["attempt=1; max=3", "attempt=2; max=4"]);
            // Clones share the clock.
            invoke(&client.clone()).await.unwrap();
            invoke(&client).await.unwrap();
            assert_eq!(server.requests().len(), 4, "{code}, {seconds} s");
        }
    }
}

/// The retry takes no attempt: with two, there is one left for another error.
#[tokio::test]
async fn setting_the_clock_takes_no_attempt() {
    let skewed = |time| failure(403, "RequestTimeTooSkewed").header("Date", date(time));
    let server = service(move |request| match request.header("amz-sdk-request") {
        Some("attempt=1; max=2") => skewed(now() + HOUR),
        Some("attempt=2; max=3") => failure(503, "ServiceUnavailable"),
        _ => Reply::new(200),
    })
    .await;
    let retries = Retries::new().max_attempts(2);
    let client = builder(server.url()).retries(retries).build().unwrap();
    let output = invoke(&client).await.unwrap();
    assert_eq!(output.response_metadata.attempts(), 3);
    assert_eq!(numbers(&server.requests())[2], "attempt=3; max=3");
}

/// One attempt is one request. The next call profits all the same.
#[tokio::test]
async fn one_attempt_is_one_request_also_with_a_wrong_clock() {
    let server = service_ahead(Arc::new(HOUR.into()), "RequestTimeTooSkewed").await;
    let client = builder(server.url()).retries(Retries::none()).build().unwrap();
    let error = invoke(&client).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.hint(), Some("set the clock of this machine"));
    assert_eq!(server.requests().len(), 1);
    invoke(&client).await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

/// A service that is wrong itself and finds the right time later is followed: once a call.
#[tokio::test]
async fn a_wrong_correction_is_corrected_by_the_next_answer() {
    let told = AtomicI64::new(HOUR);
    // It tells its time, and when it has been believed it is an hour later.
    let server = service(move |request| {
        let time = now() + told.load(Ordering::Relaxed);
        match signed(request).abs_diff(time) {
            0..TOLERANCE if told.load(Ordering::Relaxed) == 2 * HOUR => Reply::new(200),
            0..TOLERANCE => {
                told.store(2 * HOUR, Ordering::Relaxed);
                failure(403, "RequestExpired").header("Date", date(now() + 2 * HOUR))
            }
            _ => failure(403, "RequestExpired").header("Date", date(time)),
        }
    })
    .await;
    let client = client(&server);
    let error = invoke(&client).await.unwrap_err();
    assert_eq!(error.attempts(), 2, "{error}");
    let output = invoke(&client).await.unwrap();
    assert_eq!(output.response_metadata.attempts(), 1);
}

/// By the time that the service told once, the credentials have expired. The client goes on with them all the same, so
/// that the next answer sets its clock right.
#[tokio::test]
async fn one_wrong_date_does_not_expire_the_credentials() {
    let is_static: fn(ClientBuilder) -> ClientBuilder = |builder| builder.credentials(lasting_an_hour(keys()));
    let is_provided: fn(ClientBuilder) -> ClientBuilder =
        |builder| builder.credentials(aws_credential_types::Credentials::from(lasting_an_hour(keys())));
    for with_credentials in [is_static, is_provided] {
        for retries in [Retries::none(), Retries::new()] {
            let server = service(wrong_once(2 * HOUR)).await;
            let client = with_credentials(builder(server.url()).retries(retries))
                .build()
                .unwrap();
            let mut codes = Vec::new();
            while let Err(error) = invoke(&client).await {
                codes.push(error.code().unwrap_or_else(|| panic!("{error}")).to_owned());
            }
            assert_eq!(server.requests().len(), 3, "{codes:?}");
            invoke(&client).await.unwrap();
            assert_eq!(server.requests().len(), 4);
        }
    }
}

/// What a cache answers says when that was made, and not what time it is.
#[tokio::test]
async fn the_date_of_a_cache_is_not_believed() {
    let server = service(|request| match signed(request).abs_diff(now()) {
        0..TOLERANCE => failure(403, "RequestTimeTooSkewed")
            .header("Date", date(now() - HOUR))
            .header("Age", "3600"),
        _ => panic!("the date was believed"),
    })
    .await;
    let client = client(&server);
    for requests in 1..=2 {
        let error = invoke(&client).await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{error}");
        assert_eq!(server.requests().len(), requests);
    }
}

#[tokio::test]
async fn without_a_date_that_tells_there_is_no_retry() {
    let right = date(now());
    for (code, date, hint) in [
        ("RequestTimeTooSkewed", None, "set the clock of this machine"),
        (
            "RequestTimeTooSkewed",
            Some("yesterday"),
            "set the clock of this machine",
        ),
        (
            "RequestTimeTooSkewed",
            Some("Thu, 01 Jan 1970 00:00:00 GMT"),
            "set the clock of this machine",
        ),
        (
            "SignatureDoesNotMatch",
            Some(&*right),
            "check the secret access key and the clock of this machine, and that no proxy changes requests",
        ),
    ] {
        let date = date.map(str::to_owned);
        let server = service(move |_| {
            let reply = failure(403, code);
            match &date {
                Some(date) => reply.header("Date", &**date),
                None => reply,
            }
        })
        .await;
        let error = invoke(&client(&server)).await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{error}");
        assert_eq!(server.requests().len(), 1);
        assert_eq!(error.hint(), Some(hint));
    }
}
