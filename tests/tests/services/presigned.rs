//! Presigned requests: how long they are valid, and what they hold.

use std::time::{Duration, SystemTime};

use lean_aws_runtime::PresignedRequest;
use s3::{Client, Credentials, Error, ErrorKind};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn presigned(expiry: Option<SystemTime>, valid_for: Duration) -> Result<PresignedRequest, Error> {
    let credentials = Credentials::new("AKIDEXAMPLE", "SECRET", Some("SESSION".to_owned()), expiry, "test");
    let client = Client::builder().region("eu-west-1").credentials(credentials).build()?;
    let call = client
        .get_object()
        .bucket("my-bucket")
        .key("out 42.csv")
        .range("bytes=0-9");
    call.presign(valid_for).await
}

/// The seconds that the URL says.
fn seconds(request: &PresignedRequest) -> u64 {
    let url = request.url();
    let seconds = url
        .split("X-Amz-Expires=")
        .nth(1)
        .and_then(|rest| rest.split('&').next());
    seconds.and_then(|seconds| seconds.parse().ok()).unwrap()
}

#[tokio::test]
async fn a_request_is_valid_for_as_long_as_wanted() {
    let request = presigned(None, 7 * DAY).await.unwrap();
    assert_eq!(seconds(&request), 604_800);
    let left = request.expires_at().duration_since(SystemTime::now()).unwrap();
    assert!(left <= 7 * DAY && left > 6 * DAY, "{left:?}");
    assert_eq!(request.method(), "GET");
    let url = request.url();
    assert!(
        url.starts_with("https://my-bucket.s3.eu-west-1.amazonaws.com/out%2042.csv?"),
        "{url}"
    );
    assert_eq!(request.headers()["range"], "bytes=0-9");
}

#[tokio::test]
async fn a_request_is_valid_no_longer_than_its_credentials() {
    let hour = Duration::from_secs(3600);
    let request = presigned(Some(SystemTime::now() + hour), DAY).await.unwrap();
    assert!((3500..=3600).contains(&seconds(&request)), "{}", request.url());

    let error = presigned(Some(SystemTime::now() - hour), DAY).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
}

#[tokio::test]
async fn other_times_are_refused() {
    for (wrong, given) in [
        (Duration::ZERO, "0 s"),
        (Duration::from_millis(999), "999 ms"),
        (7 * DAY + Duration::from_secs(1), "604801 s"),
    ] {
        let error = presigned(None, wrong).await.unwrap_err();
        let expected = format!("GetObject failed: `valid_for` is {given}; it must be from 1 s to 7 days");
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.kind(), ErrorKind::Input);
    }
}
