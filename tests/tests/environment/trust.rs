//! Which servers are trusted.

use std::error::Error as _;
use std::time::Duration;

use sagemaker_runtime::{Client, ClientBuilder, Credentials, Retries};

use crate::service::{REGION, caller, keys, service};
use crate::tls::{Authority, Identity, TlsServer, Valid};

/// A service behind TLS.
async fn secure(identity: Identity) -> TlsServer {
    TlsServer::start(identity, service(keys("USER"), REGION).await).await
}

fn builder(url: String) -> ClientBuilder {
    let keys = keys("USER");
    Client::builder()
        .region(REGION)
        .credentials(Credentials::new(
            keys.access_key,
            keys.secret_key,
            keys.session_token,
            None,
            "test",
        ))
        .endpoint_url(url)
        .no_proxy()
        .retries(Retries::new().max_backoff(Duration::ZERO))
}

#[tokio::test]
async fn an_authority_of_ones_own() {
    let authority = Authority::new("an authority");
    for host in ["localhost", "127.0.0.1"] {
        let server = secure(authority.issue(host, Valid::Now)).await;
        let client = builder(server.url(host)).ca_bundle(authority.pem()).build().unwrap();
        let call = client.invoke_endpoint().endpoint_name("model").body("1,2");
        let output = call.send().await.unwrap();
        assert_eq!(output.body.text().await.unwrap(), "prediction");
        assert_eq!(server.connections(), 1);
    }
}

/// More than one authority, other sections, and text between them: as the files of operating systems are.
#[tokio::test]
async fn a_bundle_of_many_authorities() {
    let authorities = [Authority::new("an authority"), Authority::new("another authority")];
    let bundle = format!(
        "# the first\n{}\n# the second\n{}",
        authorities[0].pem(),
        authorities[1].pem().replace('\n', "\r\n")
    );
    for authority in &authorities {
        let server = secure(authority.issue("localhost", Valid::Now)).await;
        let client = builder(server.url("localhost"))
            .ca_bundle(bundle.as_str())
            .build()
            .unwrap();
        let call = client.invoke_endpoint().endpoint_name("model").body("1,2");
        call.send().await.unwrap();
    }
}

/// Trying again would not help, so nobody does; and no request is sent to whoever that is.
#[tokio::test]
async fn servers_that_are_not_trusted() {
    let authority = Authority::new("an authority");
    let clock = "check the clock of this machine; if it is right, the host needs a new certificate";
    for (identity, problem, hint, cause) in [
        (
            Authority::new("another authority").issue("localhost", Valid::Now),
            "its certificate is signed by an untrusted authority",
            "check the endpoint URL, or trust a certificate authority of your own with `AWS_CA_BUNDLE` or `.ca_bundle(..)`",
            "UnknownIssuer",
        ),
        // It only bears the name of the one that is trusted.
        (
            Authority::new("an authority").issue("localhost", Valid::Now),
            "its certificate is not trusted",
            "the cause of the error says what is wrong with it",
            "BadSignature",
        ),
        (
            authority.issue("other.example", Valid::Now),
            "its certificate is for another host",
            "check the host of the endpoint URL",
            "not valid for name",
        ),
        (
            authority.issue("localhost", Valid::Before),
            "its certificate has expired",
            clock,
            "expired",
        ),
        (
            authority.issue("localhost", Valid::Later),
            "its certificate is not valid yet",
            clock,
            "not valid yet",
        ),
    ] {
        let server = secure(identity).await;
        let url = server.url("localhost");
        let host = url.trim_start_matches("https://").to_owned();
        let client = builder(url).ca_bundle(authority.pem()).build().unwrap();
        let call = client.invoke_endpoint().endpoint_name("model").body("1,2");
        let error = call.send().await.unwrap_err();
        assert!(error.is_connect() && !error.is_timeout(), "{error}");
        assert_eq!(error.attempts(), 1, "{error}");
        assert_eq!(server.connections(), 1);
        assert!(server.server().requests().is_empty());
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpoint failed: cannot connect to {host}: {problem} [1 attempt, hint: {hint}]")
        );
        let causes: Vec<String> = std::iter::successors(error.source(), |&error| error.source())
            .map(ToString::to_string)
            .collect();
        assert!(causes.join(": ").contains(cause), "{causes:?}");
    }
}

/// Nothing but the URL decides: a service that speaks TLS is not asked in plain text, nor the other way round.
#[tokio::test]
async fn plain_http_is_only_for_plain_urls() {
    let authority = Authority::new("an authority");
    let secure = secure(authority.issue("localhost", Valid::Now)).await;
    let plain = service(keys("USER"), REGION).await;
    for (url, requests) in [
        (plain.url().to_owned(), 1),
        (plain.url().replace("http:", "https:"), 1),
        (secure.url("localhost").replace("https:", "http:"), 1),
    ] {
        let client = builder(url).ca_bundle(authority.pem()).build().unwrap();
        let call = client.invoke_endpoint().endpoint_name("model").body("1,2");
        let _ = call.send().await;
        assert_eq!(plain.requests().len(), requests);
        assert!(secure.server().requests().is_empty());
    }
}

#[test]
fn bundles_without_certificates() {
    for bundle in [
        "",
        "not PEM",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
    ] {
        let error = builder("https://localhost".to_owned())
            .ca_bundle(bundle)
            .build()
            .unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert!(error.to_string().contains("ca_bundle"), "{bundle:?}: {error}");
    }
}

/// The bundle of the AWS tools goes before the one of the platform.
#[tokio::test]
async fn an_authority_from_the_environment() {
    let (authority, other) = (Authority::new("an authority"), Authority::new("another authority"));
    let server = secure(authority.issue("localhost", Valid::Now)).await;
    for (variable, trusted) in [
        ("AWS_CA_BUNDLE", true),
        ("SSL_CERT_FILE", true),
        ("AWS_CA_BUNDLE", false),
        ("SSL_CERT_FILE", false),
    ] {
        let caller = caller(&keys("USER"), &server.url("localhost"))
            .file("right.pem", &authority.pem())
            .file("wrong.pem", &other.pem());
        let (right, wrong) = (caller.path("right.pem"), caller.path("wrong.pem"));
        let file = if trusted { right } else { wrong };
        let outcome = caller.env(variable, file.to_str().unwrap()).run().await;
        match trusted {
            true => assert_eq!(outcome.payload(), "prediction", "{variable}"),
            false => assert!(outcome.failure().is_connect, "{variable}"),
        }
    }
    let caller = caller(&keys("USER"), &server.url("localhost"))
        .file("right.pem", &authority.pem())
        .file("wrong.pem", &other.pem());
    let (right, wrong) = (caller.path("right.pem"), caller.path("wrong.pem"));
    let caller = caller
        .env("AWS_CA_BUNDLE", right.to_str().unwrap())
        .env("SSL_CERT_FILE", wrong.to_str().unwrap());
    assert_eq!(caller.run().await.payload(), "prediction");
}

#[tokio::test]
async fn a_bundle_that_cannot_be_used() {
    for content in [None, Some(""), Some("not PEM")] {
        let mut caller = caller(&keys("USER"), "https://localhost");
        let path = caller.path("bundle.pem");
        if let Some(content) = content {
            caller = caller.file("bundle.pem", content);
        }
        let failure = caller
            .env("AWS_CA_BUNDLE", path.to_str().unwrap())
            .run()
            .await
            .failure();
        assert!(failure.is_configuration, "{failure:?}");
        let expected = format!("the file `{}`, which `AWS_CA_BUNDLE` names, ", path.display());
        assert!(failure.text.starts_with(&expected), "{failure:?}");
    }
}
