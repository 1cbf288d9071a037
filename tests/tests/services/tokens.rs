//! Bearer tokens that stand for the credentials of a client.

use std::time::{Duration, SystemTime};

use lean_aws_runtime::BearerToken;
use sagemaker_runtime::{Client, Config, Credentials, ErrorKind, blocking};

async fn token(expiry: Option<Duration>, valid_for: Duration) -> Result<BearerToken, sagemaker_runtime::Error> {
    let expiry = expiry.map(|left| SystemTime::now() + left);
    let credentials = Credentials::new("AKIDEXAMPLE", "SECRET", Some("SESSION".to_owned()), expiry, "test");
    let client = Client::builder().region("eu-west-1").credentials(credentials).build()?;
    client.bearer_token(valid_for).await
}

#[tokio::test]
async fn a_token_is_valid_for_as_long_as_wanted_and_no_longer_than_credentials() {
    let hour = Duration::from_secs(3600);
    let left = |token: BearerToken| token.expires_at().duration_since(SystemTime::now()).unwrap();
    let minute = Duration::from_secs(60);
    assert!(left(token(None, 12 * hour).await.unwrap()) > 12 * hour - minute);
    let short = left(token(Some(hour), 12 * hour).await.unwrap());
    assert!(short <= hour && short > hour - minute, "{short:?}");

    for (wrong, given) in [(Duration::ZERO, "0 s"), (12 * hour + Duration::from_secs(1), "43201 s")] {
        let error = token(None, wrong).await.unwrap_err();
        let expected = format!("`valid_for` is {given}; it must be from 1 s to 12 hours");
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.kind(), ErrorKind::Input);
    }
}

#[tokio::test]
async fn a_token_is_no_secret_of_debug() {
    let token = token(None, Duration::from_secs(60)).await.unwrap();
    assert!(token.as_str().starts_with("sagemaker-api-key-"));
    let shown = format!("{token:?}");
    assert!(!shown.contains("api-key"), "{shown}");
    assert!(!shown.contains(&token.as_str()[20..40]), "{shown}");
}

#[test]
fn programs_without_async_make_tokens() {
    let credentials = Credentials::new("AKIDEXAMPLE", "SECRET", None, None, "test");
    let config = Config::builder().region("eu-west-1").credentials(credentials);
    let client = blocking::Client::from_config(&config.build().unwrap()).unwrap();
    let token = client.bearer_token(Duration::from_secs(60)).unwrap();
    assert!(token.as_str().starts_with("sagemaker-api-key-"));
    assert_eq!(
        client.bearer_token(Duration::ZERO).unwrap_err().kind(),
        ErrorKind::Input
    );
}
