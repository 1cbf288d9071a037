//! The fake behind a socket.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::TokioExecutor;
use s3::operation::get_object::{GetObjectInput, GetObjectOutput};
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::test::{Fake, FakeServer};
use sagemaker_runtime::types::error::{ModelNotReadyException, ModelStreamError};
use sagemaker_runtime::{Client, Credentials, Error, Retries};

async fn ask(client: &Client) -> Result<String, Error> {
    let call = client.invoke_endpoint().endpoint_name("a b/京").body("1,2");
    call.content_type("text/csv").send().await?.body.text().await
}

#[tokio::test]
async fn the_rules_hold_behind_a_socket() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .break_connection()
        .fail(ModelNotReadyException::default())
        .answer(|input| InvokeEndpointOutput::of(input.endpoint_name));
    fake.on::<InvokeEndpointWithResponseStreamInput>()
        .events(["a", "b"])
        .then_fail(ModelStreamError::default());
    let server = FakeServer::start(fake).await.unwrap();
    let client = server.client();
    assert_eq!(ask(&client).await.unwrap(), "a b/京");
    let call = client
        .invoke_endpoint_with_response_stream()
        .endpoint_name("chat")
        .body("");
    let mut parts = call.send().await.unwrap().body.into_bytes();
    assert_eq!(parts.chunk().await.unwrap().unwrap(), "a");
    assert_eq!(parts.chunk().await.unwrap().unwrap(), "b");
    assert_eq!(parts.chunk().await.unwrap_err().code(), Some("ModelStreamError"));
    assert_eq!(server.fake().calls::<InvokeEndpointInput>().len(), 3);
}

#[tokio::test]
async fn an_answer_that_is_cut_breaks_the_connection() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|_| InvokeEndpointOutput::of("0.25"))
        .cut_after(2);
    let server = FakeServer::start(fake).await.unwrap();
    let error = ask(&server.client()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the payload of the response broke off after 2 of 4 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn clients_have_other_settings() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>().fail(ModelNotReadyException::default());
    let server = FakeServer::start(fake).await.unwrap();
    let client = server.builder().retries(Retries::none()).build().unwrap();
    assert_eq!(ask(&client).await.unwrap_err().attempts(), 1);
}

/// Access key, secret and session token; the status and the code that the service answers with, and a message.
type Refusal<'r> = (&'r str, &'r str, Option<&'r str>, u16, &'r str, &'r str);

const WRONG_KEY: &str = "the access key is not AKIDFAKE";
const WRONG_SECRET: &str = "the signature is not that of the canonical request";
const WRONG_TOKEN: &str = "the session token is not that of the access key";

#[tokio::test]
async fn a_wrong_signature_is_refused() {
    let server = FakeServer::start(Fake::new()).await.unwrap();
    let cases: [Refusal<'_>; _] = [
        (
            "AKIDFAKE",
            "other",
            None,
            403,
            "InvalidSignatureException",
            WRONG_SECRET,
        ),
        ("AKIDOTHER", "fake", None, 403, "UnrecognizedClientException", WRONG_KEY),
        (
            "AKIDFAKE",
            "fake",
            Some("token"),
            403,
            "UnrecognizedClientException",
            WRONG_TOKEN,
        ),
    ];
    for (id, secret, token, status, code, message) in cases {
        let keys = Credentials::new(id, secret, token.map(str::to_owned), None, "test");
        let client = server.builder().region("eu-west-1").credentials(keys).build();
        let error = ask(&client.unwrap()).await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.code()), (status, Some(code)));
        assert!(error.message().unwrap().starts_with(message), "{error}");
        assert_eq!(error.request_id(), Some("fake"));
    }
    assert!(server.fake().requests().is_empty());
}

#[tokio::test]
async fn s3_refuses_with_codes_of_its_own() {
    let server = s3::test::FakeServer::start(s3::test::Fake::new()).await.unwrap();
    let cases: [Refusal<'_>; _] = [
        ("AKIDFAKE", "other", None, 403, "SignatureDoesNotMatch", WRONG_SECRET),
        ("AKIDOTHER", "fake", None, 403, "InvalidAccessKeyId", WRONG_KEY),
        ("AKIDFAKE", "fake", Some("token"), 400, "InvalidToken", WRONG_TOKEN),
    ];
    for (id, secret, token, status, code, message) in cases {
        let keys = s3::Credentials::new(id, secret, token.map(str::to_owned), None, "test");
        let client = server.builder().credentials(keys).build().unwrap();
        let error = client
            .get_object()
            .bucket("bucket")
            .key("key")
            .send()
            .await
            .unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.code()), (status, Some(code)));
        assert!(error.message().unwrap().starts_with(message), "{error}");
    }
}

#[tokio::test]
async fn presigned_urls_are_verified() {
    let fake = s3::test::Fake::new();
    fake.on::<GetObjectInput>()
        .answer(|input| GetObjectOutput::of(input.key));
    let server = s3::test::FakeServer::start(fake).await.unwrap();
    let presign = async |secret: &str| {
        let keys = s3::Credentials::new("AKIDFAKE", secret, None, None, "test");
        let client = server.builder().credentials(keys).build().unwrap();
        let call = client.get_object().bucket("bucket").key("a b/京");
        call.presign(Duration::from_secs(60)).await.unwrap().into_request()
    };
    let changed = |request: Request<()>, from: &str, to: &str| {
        let url = request.uri().to_string();
        assert!(url.contains(from), "{url}");
        Request::get(url.replace(from, to)).body(()).unwrap()
    };
    let refused = |code: &str| (403, format!("<Code>{code}</Code>"));
    let cases = [
        (presign("fake").await, (200, "a b/京".to_owned())),
        (presign("other").await, refused("SignatureDoesNotMatch")),
        (
            changed(presign("fake").await, "a%20b", "another"),
            refused("SignatureDoesNotMatch"),
        ),
        (
            changed(presign("fake").await, "X-Amz-Date=2", "X-Amz-Date=1"),
            refused("AccessDenied"),
        ),
    ];
    let http = HyperClient::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    for (request, (status, text)) in cases {
        let response = http.request(request.map(|()| Empty::new())).await.unwrap();
        assert_eq!(response.status(), status);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body = str::from_utf8(&body).unwrap();
        assert!(body.contains(&text), "{body}");
    }
}

#[tokio::test]
async fn requests_that_no_rule_is_for() {
    let fake = Fake::new();
    let server = FakeServer::start(fake).await.unwrap();
    let error = ask(&server.client()).await.unwrap_err();
    assert_eq!(error.code(), Some("UnexpectedRequest"));
    assert!(
        error
            .message()
            .unwrap()
            .starts_with("no rule of the fake answers InvokeEndpointInput")
    );
    let complaint = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(server))).unwrap_err();
    assert!(complaint.downcast::<String>().unwrap().contains("unexpected: no rule"));
}

#[tokio::test]
async fn with_a_certificate_made_there() {
    let fake = Fake::new();
    fake.on::<InvokeEndpointInput>()
        .answer(|input| InvokeEndpointOutput::of(input.endpoint_name));
    let keys = Credentials::new("AKIDTLS", "a secret", None, None, "test");
    let server = FakeServer::listen_tls(fake, 0, keys.clone()).await.unwrap();
    assert_eq!(ask(&server.client()).await.unwrap(), "a b/京");

    let url = server.url();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let client = Client::builder().region("eu-west-1").no_proxy().credentials(keys);
    let trusting = client.clone().endpoint_url(url.replace("127.0.0.1", "localhost"));
    let trusting = trusting.ca_bundle(server.ca_pem().unwrap()).build().unwrap();
    assert_eq!(ask(&trusting).await.unwrap(), "a b/京");
    // Nobody else has signed the certificate.
    let other = FakeServer::listen_tls(Fake::new(), 0, Credentials::new("id", "secret", None, None, "test")).await;
    let pem = other.unwrap().ca_pem().unwrap().to_owned();
    let error = ask(&client.endpoint_url(url).ca_bundle(pem).build().unwrap()).await;
    assert!(error.unwrap_err().is_connect());
}
