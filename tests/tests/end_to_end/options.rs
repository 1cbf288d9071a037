//! Settings for one call alone.

use http::header::{ACCEPT, CONTENT_LENGTH, HOST, HeaderName, HeaderValue, USER_AGENT};
use sagemaker_runtime::{CallOptions, Retries};
use tests::server::{Reply, Server};
use tests::sigv4::{self, Keys};

use crate::service::{always, client, credentials, failure, invoke, keys};

const TENANT: HeaderName = HeaderName::from_static("x-tenant");

fn other_keys() -> Keys {
    Keys {
        access_key: "AKIDOTHER".to_owned(),
        secret_key: "other secret".to_owned(),
        session_token: None,
    }
}

#[tokio::test]
async fn one_call_can_have_other_credentials() {
    let server = Server::start(|_| Reply::new(200)).await;
    let client = client(&server);
    let options = CallOptions::new().credentials(credentials(other_keys()));
    let call = client.invoke_endpoint().endpoint_name("model").body("");
    call.options(options).send().await.unwrap();
    invoke(&client).await.unwrap();

    let requests = server.requests();
    sigv4::verify(&requests[0], &other_keys(), "sagemaker").unwrap();
    sigv4::verify(&requests[1], &keys(), "sagemaker").unwrap();
}

#[tokio::test]
async fn one_call_can_have_other_retries() {
    let server = always(failure(503, "ServiceUnavailable")).await;
    let client = client(&server);
    for (retries, requests) in [(Retries::none(), 1), (Retries::new().max_attempts(4), 4)] {
        let call = client.invoke_endpoint().endpoint_name("model").body("");
        // The client's own setting for the pauses still holds.
        let error = call
            .options(CallOptions::new().retries(retries))
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.attempts(), requests);
    }
    assert_eq!(invoke(&client).await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn settings_add_up() {
    let server = always(failure(503, "ServiceUnavailable")).await;
    let options = CallOptions::new()
        .retries(Retries::new().max_attempts(2))
        .retries(Retries::new().after_timeout(true));
    let call = client(&server).invoke_endpoint_async().endpoint_name("slow");
    assert_eq!(call.options(options).send().await.unwrap_err().attempts(), 2);
}

#[tokio::test]
async fn one_call_can_have_more_headers_and_they_are_signed() {
    let server = always(Reply::new(200)).await;
    let client = client(&server);
    let options = CallOptions::new()
        .header(TENANT, HeaderValue::from_static("a  b"))
        .header(ACCEPT, HeaderValue::from_static("text/csv"));
    let call = client
        .invoke_endpoint()
        .endpoint_name("model")
        .body("")
        .accept("application/json");
    call.options(options).send().await.unwrap();
    invoke(&client).await.unwrap();

    let requests = server.requests();
    assert_eq!(requests[0].header("x-tenant"), Some("a  b"));
    assert_eq!(requests[0].headers_named("accept").collect::<Vec<_>>(), [b"text/csv"]);
    let scope = sigv4::verify(&requests[0], &keys(), "sagemaker").unwrap();
    assert!(scope.signed_headers.contains(&"x-tenant".to_owned()));
    assert_eq!(requests[1].header("x-tenant"), None);
}

/// HTTP takes the blanks at both ends of a value off, so they are not signed, either.
#[tokio::test]
async fn headers_are_sent_and_signed_without_blanks_at_the_ends() {
    let server = always(Reply::new(200)).await;
    let client = client(&server);
    for (value, expected) in [("\ta\t", "a"), (" \t a  b\t ", "a  b"), ("\t", ""), ("", "")] {
        let options = CallOptions::new().header(TENANT, HeaderValue::from_static(value));
        let call = client.invoke_endpoint().endpoint_name("model").body("");
        call.options(options).send().await.unwrap();
        let request = server.requests().pop().unwrap();
        assert_eq!(request.header("x-tenant"), Some(expected), "{value:?}");
        let scope = sigv4::verify(&request, &keys(), "sagemaker").unwrap();
        assert!(scope.signed_headers.contains(&"x-tenant".to_owned()));
    }
}

/// Proxies may replace it by a space, after it was signed. Members refuse it, too.
#[tokio::test]
async fn headers_cannot_have_a_tab_within() {
    let server = always(Reply::new(200)).await;
    let mut value = HeaderValue::from_static("MARK-EXTRA\tHEADER");
    value.set_sensitive(true);
    let call = client(&server).invoke_endpoint().endpoint_name("model").body("");
    let options = CallOptions::new().header(TENANT, value);
    let error = call.options(options).send().await.unwrap_err();
    assert!(error.is_configuration(), "{error}");
    assert_eq!(
        error.to_string(),
        "InvokeEndpoint failed: the header `x-tenant` has a tab in its value: proxies may change it, which breaks the \
         signature"
    );
    assert_eq!(server.connections(), 0);
}

/// A trace id is passed on, but proxies may change it, so it is not signed.
#[tokio::test]
async fn a_trace_id_is_sent_and_not_signed() {
    let server = always(Reply::new(200)).await;
    let name = HeaderName::from_static("x-amzn-trace-id");
    let options = CallOptions::new().header(name, HeaderValue::from_static("Root=1-2-3"));
    let call = client(&server).invoke_endpoint().endpoint_name("model").body("");
    call.options(options).send().await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.header("x-amzn-trace-id"), Some("Root=1-2-3"));
}

/// Headers that are the client's own matter would spoil the signature.
#[tokio::test]
async fn headers_of_the_client_cannot_be_replaced() {
    let server = always(Reply::new(200)).await;
    let client = client(&server);
    for name in [
        CONTENT_LENGTH,
        USER_AGENT,
        HOST,
        HeaderName::from_static("amz-sdk-invocation-id"),
        HeaderName::from_static("amz-sdk-request"),
        HeaderName::from_static("authorization"),
        HeaderName::from_static("x-amz-date"),
        HeaderName::from_static("x-amz-security-token"),
    ] {
        let options = CallOptions::new().header(name.clone(), HeaderValue::from_static("7"));
        let call = client.invoke_endpoint().endpoint_name("model").body("1,2");
        let error = call.options(options).send().await.unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
        assert_eq!(error.attempts(), 0);
    }
    assert_eq!(server.connections(), 0);
}
