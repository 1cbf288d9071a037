//! Results of asynchronous invocations, which the service writes to S3. Time is tokio's, and passes at once.

mod bucket;
mod uploads;

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bucket::{Answers as _, S3, object};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use lean_aws_runtime::ErrorKind;
use s3::operation::get_object::GetObjectOutput;
use s3::operation::put_object::{PutObjectInput, PutObjectOutput};
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncOutput;
use sagemaker_runtime::test::With;
use sagemaker_runtime::{Error, PendingResult, S3Uri, blocking};
use tokio::time::Instant;

const OUTPUT: &str = "/results/out/42.csv";
const FAILURE: &str = "/results/failed/42.csv";

/// What an endpoint with a place for failures answers.
fn queued() -> InvokeEndpointAsyncOutput {
    InvokeEndpointAsyncOutput::default().with(|output| {
        output.output_location = Some(format!("s3:/{OUTPUT}"));
        output.failure_location = Some(format!("s3:/{FAILURE}"));
    })
}

async fn text(result: Result<sagemaker_runtime::ByteStream, Error>) -> String {
    result.unwrap().text().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn both_places_are_asked_until_the_result_is_there() {
    let s3 = S3::new();
    s3.object(OUTPUT).missing().times(6).answer(|_| object("0.8317"));
    s3.object(FAILURE).missing();
    let begin = Instant::now();
    let result = queued().result(&s3.client()).await;
    assert_eq!(text(result).await, "0.8317");
    // After 1, 2, 4, 8 and from then on 15 seconds.
    let rounds: Vec<u64> = [0, 1, 3, 7, 15, 30]
        .into_iter()
        .flat_map(|second| [second; 2])
        .collect();
    assert_eq!(s3.seconds(), [&rounds[..], &[45]].concat());
    assert_eq!(begin.elapsed().as_secs(), 45);
    let paths = s3.paths();
    assert!(
        paths
            .chunks(2)
            .all(|round| round[0] == OUTPUT && round.get(1).is_none_or(|path| path == FAILURE))
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_an_error_with_its_text_at_once() {
    let s3 = S3::new();
    s3.object(OUTPUT).missing();
    s3.object(FAILURE).answer(|_| object("expected 4 columns,\ngot 3"));
    let error = queued().result(&s3.client()).await.unwrap_err();
    assert_eq!(s3.seconds(), [0, 0]);
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: s3://results/failed/42.csv reports a failure: expected 4 columns, got 3"
    );
    assert_eq!(error.message(), Some("expected 4 columns,\ngot 3"));
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Service, false));
}

#[tokio::test(start_paused = true)]
async fn without_a_place_for_failures_only_the_result_is_asked_for() {
    let s3 = S3::new();
    s3.object(OUTPUT).missing();
    let output = queued().with(|output| output.failure_location = None);
    let result = output.result(&s3.client()).timeout(Duration::from_secs(10));
    let error = result.await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: no result after 10 s and 5 rounds: s3://results/out/42.csv does not exist"
    );
    // The last round comes 2 s before the deadline.
    assert_eq!(s3.seconds(), [0, 1, 3, 7, 8]);
    assert!(s3.paths().iter().all(|path| path == OUTPUT));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_names_both_places_and_what_may_be_forbidden() {
    let s3 = S3::new();
    s3.object(OUTPUT).fail_with(403, "AccessDenied", "not\nyours");
    s3.object(FAILURE).missing();
    let begin = Instant::now();
    let result = queued().result(&s3.client()).timeout(Duration::from_secs(1200));
    let error = result.await.unwrap_err();
    assert!(begin.elapsed() <= Duration::from_secs(1200));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: no result after 1200 s and 84 rounds: s3://results/out/42.csv does not exist, or may not \
         be read (403: not \
         yours), s3://results/failed/42.csv does not exist [hint: allow `s3:GetObject`, and `s3:ListBucket` for the \
         bucket: without that, S3 answers 403 for an object that does not exist]"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_forbidden_may_still_come() {
    let s3 = S3::new();
    s3.object(OUTPUT).forbidden().times(3).answer(|_| object("0.8317"));
    s3.object(FAILURE).forbidden();
    assert_eq!(text(queued().result(&s3.client()).await).await, "0.8317");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_holds_when_nothing_is_answered() {
    let s3 = S3::new();
    s3.object(OUTPUT).hang();
    let begin = Instant::now();
    let result = queued().result(&s3.client()).timeout(Duration::from_secs(7));
    let error = result.await.unwrap_err();
    assert_eq!(begin.elapsed(), Duration::from_secs(7));
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: no result after 7 s and 1 round: s3://results/out/42.csv has not been answered for, \
         s3://results/failed/42.csv has not been answered for"
    );
}

#[tokio::test(start_paused = true)]
async fn a_bucket_in_another_region_is_asked_there() {
    let s3 = S3::new();
    let output = s3.object(OUTPUT).redirect("eu-west-1").missing();
    output.answer(|_| object("0.8317"));
    s3.object(FAILURE).redirect("eu-west-1").missing();
    assert_eq!(text(queued().result(&s3.client()).await).await, "0.8317");
    let regions = ["us-east-1", "eu-west-1", "us-east-1", "eu-west-1", "eu-west-1"];
    assert_eq!(s3.regions(), regions);
}

/// A service that names regions that are none, or the same ones again, ends the wait.
#[tokio::test(start_paused = true)]
async fn redirects_do_not_go_in_circles() {
    let s3 = S3::new();
    s3.object(OUTPUT).redirect("eu-west-1");
    let error = queued().result(&s3.client()).await.unwrap_err();
    assert_eq!(error.operation(), Some("GetObject"));
    assert_eq!(error.code(), Some("PermanentRedirect"));
    assert_eq!(s3.regions(), ["us-east-1", "eu-west-1"]);

    let s3 = S3::new();
    s3.object(OUTPUT).redirect("eu-west-1").times(1).redirect("us-east-1");
    let error = queued().result(&s3.client()).await.unwrap_err();
    assert_eq!(error.code(), Some("PermanentRedirect"));
    assert_eq!(s3.regions(), ["us-east-1", "eu-west-1"]);

    let s3 = S3::new();
    s3.object(OUTPUT).redirect("evil.example/?");
    let error = queued().result(&s3.client()).await.unwrap_err();
    assert_eq!(error.code(), Some("PermanentRedirect"));
    assert_eq!(s3.regions(), ["us-east-1"]);
}

#[tokio::test(start_paused = true)]
async fn other_errors_end_the_wait() {
    for (status, code) in [
        (404, "NoSuchBucket"),
        (403, "InvalidAccessKeyId"),
        (400, "InvalidRequest"),
    ] {
        let s3 = S3::new();
        s3.object(OUTPUT).error(status, code);
        let error = queued().result(&s3.client()).await.unwrap_err();
        assert_eq!(error.code(), Some(code));
        assert_eq!(s3.seconds(), [0], "{code}");
    }
}

#[tokio::test]
async fn addresses_that_are_none() {
    let s3 = S3::new();
    let cases = [
        (
            queued().with(|output| output.output_location = None),
            "the member `OutputLocation` is missing in the response",
        ),
        (
            queued().with(|output| output.output_location = Some("https://results/42".to_owned())),
            "the member `OutputLocation` cannot be used: `https://results/42` is not an S3 URI: it does not begin with `s3://`",
        ),
        (
            queued().with(|output| output.failure_location = Some("s3://".to_owned())),
            "the member `FailureLocation` cannot be used: `s3://` is not an S3 URI: it has no bucket",
        ),
    ];
    for (output, problem) in cases {
        let error = output.result(&s3.client()).await.unwrap_err();
        assert_eq!(error.to_string(), format!("InvokeEndpointAsync failed: {problem}"));
        assert!(error.is_response());
    }
    assert!(s3.paths().is_empty());
}

/// All that another process needs are the addresses.
#[tokio::test(start_paused = true)]
async fn another_process_can_go_on() {
    let s3 = S3::new();
    s3.object(OUTPUT).missing();
    s3.object(FAILURE).answer(|_| object("out of memory"));
    let (output, failure): (S3Uri, S3Uri) = (
        format!("s3:/{OUTPUT}").parse().unwrap(),
        format!("s3:/{FAILURE}").parse().unwrap(),
    );
    let result: PendingResult = PendingResult::new(&s3.client(), output).failure(failure);
    let error = result.await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "s3://results/failed/42.csv reports a failure: out of memory"
    );
}

#[test]
fn programs_without_async_upload_and_wait() {
    let (s3, endpoint) = (S3::new(), uploads::endpoint());
    s3.object(OUTPUT).answer(|_| object("0.8317"));
    s3.fake.on::<PutObjectInput>().answer(|_| PutObjectOutput::default());
    let client = blocking::Client::from(endpoint.client());
    let store = s3::blocking::Client::from(s3.client());
    let call = client.invoke_endpoint_async().endpoint_name("slow");
    let queued = call.upload(&store, "42", "s3://inputs/42.csv").send().unwrap();
    assert_eq!(s3.fake.calls::<PutObjectInput>()[0].key, "42.csv");
    let result = blocking::wait(queued.result(&store)).unwrap();
    assert_eq!(blocking::wait(result.text()).unwrap(), "0.8317");
}

/// The beginning of an object, and then silence.
struct Beginning(Option<Bytes>);

impl Body for Beginning {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.take() {
            Some(chunk) => Poll::Ready(Some(Ok(Frame::data(chunk)))),
            None => Poll::Pending,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(1 << 30)
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_result_is_streamed_and_a_long_failure_is_cut() {
    let s3 = S3::new();
    s3.object(OUTPUT).answer(|_| {
        let content = Beginning(Some("0.83".into()));
        GetObjectOutput::of(s3::ByteStream::from_http_body(content))
    });
    let mut result = queued().result(&s3.client()).await.unwrap();
    assert_eq!(result.content_length(), Some(1 << 30));
    assert_eq!(result.chunk().await.unwrap().unwrap(), "0.83");

    let s3 = S3::new();
    s3.object(OUTPUT).missing();
    s3.object(FAILURE).answer(|_| object("x".repeat(1 << 20)));
    let error = queued().result(&s3.client()).await.unwrap_err();
    assert_eq!(error.message().unwrap().len(), 64 * 1024);
    assert!(error.to_string().len() < 3000);
}
