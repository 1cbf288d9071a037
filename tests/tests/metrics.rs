//! What the feature `metrics` measures, as a provider of OpenTelemetry sees it.
//!
//! The provider is that of the process. Each test has a server, and what it measures has the port of that.

#[path = "support/recorder.rs"]
mod recorder;

use std::time::{Duration, SystemTime};

use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointOutput;
use sagemaker_runtime::{Client, ClientBuilder, Credentials, Error, Retries};
use tests::server::{Reply, Server};

use self::recorder::{Measured, recorder};

const CALL: &[&str] = &[
    "rpc.method=InvokeEndpoint",
    "rpc.service=SageMaker Runtime",
    "rpc.system=aws-api",
];

fn builder(server: &Server) -> ClientBuilder {
    Client::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "a secret", None, None, "test"))
        .endpoint_url(server.url())
        .no_proxy()
        .retries(Retries::new().max_backoff(Duration::from_millis(1)))
}

async fn call(client: &Client) -> Result<InvokeEndpointOutput, Error> {
    client
        .invoke_endpoint()
        .endpoint_name("churn")
        .body("42,0,1")
        .send()
        .await
}

/// The attributes that all measurements of a server have.
fn of_server(server: &Server) -> [String; 2] {
    let port = server.url().rsplit(':').next().unwrap();
    ["server.address=127.0.0.1".to_owned(), format!("server.port={port}")]
}

fn only(measured: &[Measured]) -> &Measured {
    assert_eq!(measured.len(), 1, "{measured:?}");
    &measured[0]
}

#[tokio::test]
async fn a_call_its_attempt_and_its_connection() {
    let recorder = recorder();
    let server = Server::start(|_| Reply::new(200).body("0.5")).await;
    let peer = of_server(&server);
    let find = |name: &str| recorder.find(name, &peer);
    let sum = |name: &str, attribute: &str| {
        let measured = find(name);
        let measured = measured.iter().filter(|measured| measured.has(attribute));
        measured.map(|measured| measured.value).sum::<f64>()
    };
    let (active, idle) = ("http.connection.state=active", "http.connection.state=idle");
    let client = builder(&server).build().unwrap();
    let output = call(&client).await.unwrap();

    assert_eq!(sum("http.client.active_requests", "server.address=127.0.0.1"), 1.0);
    assert_eq!(sum("http.client.open_connections", active), 1.0);
    assert!(find("http.client.response.body.size").is_empty());
    assert_eq!(output.body.text().await.unwrap(), "0.5");
    assert_eq!(sum("http.client.active_requests", "server.address=127.0.0.1"), 0.0);
    assert_eq!(sum("http.client.open_connections", active), 0.0);
    assert_eq!(sum("http.client.open_connections", idle), 1.0);

    let expected = |more: &[&str]| {
        let own = CALL.iter().chain(more).map(|attribute| (*attribute).to_owned());
        let mut all: Vec<String> = own.chain(peer.clone()).collect();
        all.sort();
        all
    };
    let duration = find("rpc.client.call.duration");
    assert_eq!(only(&duration).attributes, expected(&[]));
    assert!(only(&duration).value > 0.0 && only(&duration).value < 60.0);
    assert_eq!(only(&find("lean_aws.client.call.attempts")).value, 1.0);
    let answered = ["http.request.method=POST", "http.response.status_code=200"];
    for (name, value) in [
        ("http.client.request.duration", None),
        ("http.client.request.body.size", Some(6.0)),
        ("http.client.response.body.size", Some(3.0)),
    ] {
        let measured = find(name);
        assert_eq!(only(&measured).attributes, expected(&answered), "{name}");
        assert!(value.is_none_or(|value| only(&measured).value == value), "{measured:?}");
    }
    assert_eq!(only(&find("lean_aws.client.connection.create_time")).attributes, peer);

    call(&client).await.unwrap().body.bytes().await.unwrap();
    assert_eq!(find("lean_aws.client.connection.create_time").len(), 1);
    drop(client);
    assert_eq!(sum("http.client.open_connections", idle), 0.0);
}

#[tokio::test]
async fn retries_and_failures() {
    let recorder = recorder();
    let server = Server::scripted(vec![
        Reply::new(503),
        Reply::new(200).body("0.5"),
        Reply::new(400).header("x-amzn-errortype", "ValidationError").body("{}"),
    ])
    .await;
    let peer = of_server(&server);
    let before = recorder.find("lean_aws.client.call.retries", &["retry.reason=transient".to_owned()]);
    let client = builder(&server).build().unwrap();
    call(&client).await.unwrap();
    call(&client).await.unwrap_err();

    let attempts = recorder.find("lean_aws.client.call.attempts", &peer);
    assert_eq!(
        attempts.iter().map(|measured| measured.value).collect::<Vec<_>>(),
        [2.0, 1.0]
    );
    let requests = recorder.find("http.client.request.duration", &peer);
    let status = |measured: &Measured| measured.attribute("http.response.status_code").map(str::to_owned);
    let error = |measured: &Measured| measured.attribute("error.type").map(str::to_owned);
    let outcomes: Vec<_> = requests
        .iter()
        .map(|measured| (status(measured), error(measured)))
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        outcomes,
        [
            (some("503"), some("503")),
            (some("200"), None),
            (some("400"), some("ValidationError"))
        ]
    );
    let calls = recorder.find("rpc.client.call.duration", &peer);
    assert_eq!(
        calls.iter().map(error).collect::<Vec<_>>(),
        [None, some("ValidationError")]
    );
    let retries = recorder.find("lean_aws.client.call.retries", &["retry.reason=transient".to_owned()]);
    assert_eq!(retries.len(), before.len() + 1);
}

#[tokio::test]
async fn calls_that_wait_for_others() {
    let recorder = recorder();
    let server = Server::start(|_| Reply::new(200).body("0.5")).await;
    let peer = of_server(&server);
    let waiting = || {
        let measured = recorder.find("lean_aws.client.call.waiting", &peer);
        measured.iter().map(|measured| measured.value).sum::<f64>()
    };
    let client = builder(&server).max_in_flight(1).build().unwrap();
    let first = call(&client).await.unwrap();
    let second = tokio::spawn({
        let client = client.clone();
        async move { call(&client).await }
    });
    while waiting() == 0.0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(waiting(), 1.0);
    drop(first);
    second.await.unwrap().unwrap();
    assert_eq!(waiting(), 0.0);
}

#[tokio::test]
async fn the_age_of_credentials_and_what_is_left_of_them() {
    let recorder = recorder();
    let server = Server::start(|_| Reply::new(200).body("0.5")).await;
    let expiry = SystemTime::now() + Duration::from_secs(3600);
    let credentials = Credentials::new("AKIDEXAMPLE", "a secret", None, Some(expiry), "test");
    let client = builder(&server).credentials(credentials).build().unwrap();
    call(&client).await.unwrap();
    let gauge = |name: &str| {
        let measured = recorder.find(name, &["rpc.service=SageMaker Runtime".to_owned()]);
        measured.last().unwrap().value
    };
    assert!((0.0..60.0).contains(&gauge("lean_aws.client.credentials.age")));
    assert!((3500.0..=3600.0).contains(&gauge("lean_aws.client.credentials.expire_in")));
}
