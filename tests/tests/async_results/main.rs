//! Results of asynchronous invocations, which the service writes to S3. Time is tokio's, and passes at once.

mod s3_stand_in;
mod uploads;

use std::time::Duration;

use lean_aws_runtime::ErrorKind;
use s3_stand_in::{Answer, StandIn};
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
    let stand_in = StandIn::new(|request, seconds| match request.path() {
        OUTPUT if seconds >= 40 => Answer::object("0.8317"),
        _ => Answer::missing(),
    });
    let begin = Instant::now();
    let result = queued().result(&stand_in.client()).await;
    assert_eq!(text(result).await, "0.8317");
    // After 1, 2, 4, 8 and from then on 15 seconds.
    let rounds: Vec<u64> = [0, 1, 3, 7, 15, 30]
        .into_iter()
        .flat_map(|second| [second; 2])
        .collect();
    assert_eq!(stand_in.seconds(), [&rounds[..], &[45]].concat());
    assert_eq!(begin.elapsed().as_secs(), 45);
    let paths = stand_in.paths();
    assert!(
        paths
            .chunks(2)
            .all(|round| round[0] == OUTPUT && round.get(1).is_none_or(|path| path == FAILURE))
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_an_error_with_its_text_at_once() {
    let stand_in = StandIn::new(|request, _| match request.path() {
        FAILURE => Answer::object("expected 4 columns,\ngot 3"),
        _ => Answer::missing(),
    });
    let error = queued().result(&stand_in.client()).await.unwrap_err();
    assert_eq!(stand_in.seconds(), [0, 0]);
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: s3://results/failed/42.csv reports a failure: expected 4 columns, got 3"
    );
    assert_eq!(error.message(), Some("expected 4 columns,\ngot 3"));
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Service, false));
}

#[tokio::test(start_paused = true)]
async fn without_a_place_for_failures_only_the_result_is_asked_for() {
    let stand_in = StandIn::new(|_, _| Answer::missing());
    let output = queued().with(|output| output.failure_location = None);
    let result = output.result(&stand_in.client()).timeout(Duration::from_secs(10));
    let error = result.await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: no result after 10 s and 5 rounds: s3://results/out/42.csv does not exist"
    );
    // The last round comes 2 s before the deadline.
    assert_eq!(stand_in.seconds(), [0, 1, 3, 7, 8]);
    assert!(stand_in.paths().iter().all(|path| path == OUTPUT));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_names_both_places_and_what_may_be_forbidden() {
    let stand_in = StandIn::new(|request, _| match request.path() {
        OUTPUT => Answer::forbidden(),
        _ => Answer::missing(),
    });
    let begin = Instant::now();
    let result = queued().result(&stand_in.client()).timeout(Duration::from_secs(1200));
    let error = result.await.unwrap_err();
    assert!(begin.elapsed() <= Duration::from_secs(1200));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: no result after 1200 s and 84 rounds: s3://results/out/42.csv does not exist, or may not \
         be read (403), s3://results/failed/42.csv does not exist [hint: allow `s3:GetObject`, and `s3:ListBucket` for the \
         bucket: without that, S3 says 403 of an object that does not exist]"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_forbidden_may_still_come() {
    let stand_in = StandIn::new(|request, seconds| match request.path() {
        OUTPUT if seconds >= 5 => Answer::object("0.8317"),
        _ => Answer::forbidden(),
    });
    assert_eq!(text(queued().result(&stand_in.client()).await).await, "0.8317");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_holds_when_nothing_is_answered() {
    let stand_in = StandIn::new(|_, _| Answer::silence());
    let begin = Instant::now();
    let result = queued().result(&stand_in.client()).timeout(Duration::from_secs(7));
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
    let stand_in = StandIn::new(|request, seconds| match (request.region(), request.path()) {
        ("eu-west-1", OUTPUT) if seconds >= 1 => Answer::object("0.8317"),
        ("eu-west-1", _) => Answer::missing(),
        _ => Answer::redirect("eu-west-1"),
    });
    assert_eq!(text(queued().result(&stand_in.client()).await).await, "0.8317");
    let regions = ["us-east-1", "eu-west-1", "us-east-1", "eu-west-1", "eu-west-1"];
    assert_eq!(stand_in.regions(), regions);
}

/// A service that names regions that are none, or the same one again, ends the wait.
#[tokio::test(start_paused = true)]
async fn redirects_do_not_go_in_circles() {
    let stand_in = StandIn::new(|request, _| match request.region() {
        "eu-west-1" => Answer::redirect("eu-west-1"),
        _ => Answer::redirect("eu-west-1"),
    });
    let error = queued().result(&stand_in.client()).await.unwrap_err();
    assert_eq!(error.operation(), Some("GetObject"));
    assert_eq!(error.code(), Some("PermanentRedirect"));
    assert_eq!(stand_in.regions(), ["us-east-1", "eu-west-1"]);

    let stand_in = StandIn::new(|_, _| Answer::redirect("evil.example/?"));
    let error = queued().result(&stand_in.client()).await.unwrap_err();
    assert_eq!(error.code(), Some("PermanentRedirect"));
    assert_eq!(stand_in.regions(), ["us-east-1"]);
}

#[tokio::test(start_paused = true)]
async fn other_errors_end_the_wait() {
    for (status, code) in [
        (404, "NoSuchBucket"),
        (403, "InvalidAccessKeyId"),
        (400, "InvalidRequest"),
    ] {
        let stand_in = StandIn::new(move |_, _| Answer::error(status, code));
        let error = queued().result(&stand_in.client()).await.unwrap_err();
        assert_eq!(error.code(), Some(code));
        assert_eq!(stand_in.seconds(), [0], "{code}");
    }
}

#[tokio::test]
async fn addresses_that_are_none() {
    let stand_in = StandIn::new(|_, _| Answer::missing());
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
        let error = output.result(&stand_in.client()).await.unwrap_err();
        assert_eq!(error.to_string(), format!("InvokeEndpointAsync failed: {problem}"));
        assert!(error.is_response());
    }
    assert!(stand_in.paths().is_empty());
}

/// All that another process needs are the addresses.
#[tokio::test(start_paused = true)]
async fn another_process_can_go_on() {
    let stand_in = StandIn::new(|request, _| match request.path() {
        FAILURE => Answer::object("out of memory"),
        _ => Answer::missing(),
    });
    let (output, failure): (S3Uri, S3Uri) = (
        format!("s3:/{OUTPUT}").parse().unwrap(),
        format!("s3:/{FAILURE}").parse().unwrap(),
    );
    let result: PendingResult<s3::Client> = PendingResult::new(&stand_in.client(), output).failure(failure);
    let error = result.await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "s3://results/failed/42.csv reports a failure: out of memory"
    );
}

#[test]
fn programs_without_async_upload_and_wait() {
    let stand_in = StandIn::new(|request, _| match request.path() {
        OUTPUT => Answer::object("0.8317"),
        _ => uploads::answer(request),
    });
    let call = stand_in.runtime_client().invoke_endpoint_async().endpoint_name("slow");
    let queued = blocking::wait(call.upload(&stand_in.client(), "42", "s3://inputs/42.csv")).unwrap();
    let result = blocking::wait(queued.result(&stand_in.client())).unwrap();
    assert_eq!(blocking::wait(result.text()).unwrap(), "0.8317");
}

#[tokio::test(start_paused = true)]
async fn a_large_result_is_streamed_and_a_long_failure_is_cut() {
    let stand_in = StandIn::new(|_, _| Answer::beginning("0.83", 1 << 30));
    let mut result = queued().result(&stand_in.client()).await.unwrap();
    assert_eq!(result.content_length(), Some(1 << 30));
    assert_eq!(result.chunk().await.unwrap().unwrap(), "0.83");

    let stand_in = StandIn::new(|request, _| match request.path() {
        FAILURE => Answer::object(&"x".repeat(1 << 20)),
        _ => Answer::missing(),
    });
    let error = queued().result(&stand_in.client()).await.unwrap_err();
    assert_eq!(error.message().unwrap().len(), 64 * 1024);
    assert!(error.to_string().len() < 3000);
}
