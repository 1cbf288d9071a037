//! Bearer tokens instead of signatures.

use http::header::AUTHORIZATION;
use type_course::operation::login::{LoginInput, LoginOutput};
use type_course::operation::optional_body::OptionalBodyInput;
use type_course::test::Fake;
use type_course::{Auth, CallOptions, Credentials, Operation};

fn with_token(token: &str) -> CallOptions {
    CallOptions::new().credentials(Credentials::from_bearer_token(token, None, "login"))
}

#[tokio::test]
async fn a_token_takes_the_place_of_a_signature() {
    assert_eq!(LoginInput::AUTH, Auth::Bearer);
    let fake = Fake::new();
    fake.on::<LoginInput>().answer(|_| LoginOutput::default());
    let client = fake.client();
    let call = client.login().text("me").options(with_token(" t0ken\n"));
    call.send().await.unwrap();

    let requests = fake.requests();
    let [request] = &requests[..] else {
        panic!("{requests:?}");
    };
    assert_eq!(request.headers()[AUTHORIZATION], "Bearer t0ken");
    let signed = request.headers().keys().any(|name| name.as_str().starts_with("x-amz-date"));
    assert!(!signed && !format!("{request:?}").contains("t0ken"), "{request:?}");
}

#[tokio::test]
async fn the_other_kind_of_credentials_is_refused_before_anything_is_sent() {
    let fake = Fake::new();
    let client = fake.client();
    let error = client.login().send().await.unwrap_err();
    assert!(error.is_credentials() && !error.may_have_executed(), "{error}");
    let text = error.to_string();
    assert!(text.contains("takes a bearer token, and the credentials are an access key"), "{text}");

    let error = client.optional_body().options(with_token("t0ken")).send().await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    let text = error.to_string();
    assert!(text.contains("takes a signature, and the credentials are a bearer token"), "{text}");
    assert!(!format!("{error:#?}").contains("t0ken"), "{error:#?}");

    let error = client.login().options(with_token("t0 ken")).send().await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("from `login` has a character that a header cannot carry"), "{text}");
    assert!(fake.requests().is_empty() && fake.calls::<OptionalBodyInput>().is_empty());
}
