//! Connections that cannot be made. No request was sent then, so that trying again is safe.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use sagemaker_runtime::{CallOptions, Client, ClientBuilder, Timeouts};
use tests::server::Reply;
use tokio::net::TcpSocket;

use crate::service::{builder, chain, invoke, listen, service};
use crate::tls::Authority;

/// Nobody listens on a port that is merely bound.
#[tokio::test]
async fn a_refused_connection_names_the_host() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let host = socket.local_addr().unwrap().to_string();
    let client = builder(&format!("http://{host}")).build().unwrap();
    let error = invoke(&client).await.unwrap_err();
    assert!(
        error.is_connect() && !error.is_timeout() && !error.is_service(),
        "{error}"
    );
    let hint = "check host and port of the endpoint URL, and that something listens there";
    assert_eq!(error.hint(), Some(hint));
    assert_eq!(
        error.to_string(),
        format!(
            "InvokeEndpoint failed: cannot connect to {host}: TCP connect failed: connection refused [3 attempts, hint: {hint}]"
        )
    );
    let cause = std::iter::successors(error.source(), |&error| error.source())
        .find_map(|error| error.downcast_ref::<io::Error>())
        .unwrap_or_else(|| panic!("{}", chain(&error)));
    assert_eq!(cause.kind(), io::ErrorKind::ConnectionRefused);
}

/// A listener whose queue is full takes no more connections, and says nothing to those who want one. Connecting is safe
/// to repeat, so it is.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn connecting_is_limited_and_retried() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // The queue is a little longer than it was asked to be.
    let connect = |_| tokio::spawn(tokio::net::TcpStream::connect(address));
    let waiting: Vec<_> = (0..16).map(connect).collect();
    while waiting.iter().filter(|connecting| connecting.is_finished()).count() < 2 {
        tokio::task::yield_now().await;
    }
    let url = format!("http://{address}");
    tokio::time::pause();
    let patient = builder(&url).build().unwrap();
    let hasty = builder(&url)
        .timeouts(Timeouts::new().connect(Duration::from_secs(2)))
        .build()
        .unwrap();
    let hastier = Timeouts::new().connect(Duration::from_millis(1500));
    for (client, options, limit) in [
        (&patient, CallOptions::new(), "5 s"),
        (&hasty, CallOptions::new(), "2 s"),
        (&hasty, CallOptions::new().timeouts(hastier), "1.5 s"),
    ] {
        let call = client.invoke_endpoint().endpoint_name("model").body("1,2");
        let error = call.options(options).send().await.unwrap_err();
        assert!(error.is_timeout() && error.is_connect(), "{error}");
        let expected = format!(
            "InvokeEndpoint failed: connecting to {address} timed out after {limit} during the TCP handshake [3 attempts, \
             hint: check that routes and firewalls let this machine reach the host]"
        );
        assert_eq!(error.to_string(), expected);
    }
    drop((listener, waiting));
}

/// A client that speaks TLS, whatever certificates this machine trusts.
fn secure(builder: ClientBuilder) -> Client {
    builder.ca_bundle(Authority::new("an authority").pem()).build().unwrap()
}

/// A connection is not made before TLS is agreed upon.
#[tokio::test(start_paused = true)]
async fn silence_during_the_tls_handshake_is_a_connect_timeout() {
    let (listener, url) = listen().await;
    let client = secure(builder(&url.replace("http:", "https:")));
    let hour = Duration::from_secs(3600);
    let error = tokio::time::timeout(hour, invoke(&client)).await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.is_connect(), "{error}");
    assert_eq!(error.attempts(), 3);
    drop(listener);
}

/// The read timeout begins when there is a connection, however long that takes.
#[tokio::test(start_paused = true)]
async fn connecting_is_not_silence() {
    let (listener, url) = listen().await;
    let hasty = Timeouts::new().read(Duration::from_secs(1));
    let client = secure(builder(&url.replace("http:", "https:")).timeouts(hasty));
    let error = invoke(&client).await.unwrap_err();
    assert!(error.is_timeout() && error.is_connect(), "{error}");
    drop(listener);
}

/// Whom to trust is decided when the client is built, not at its first call.
#[tokio::test]
async fn a_bundle_without_certificates_is_a_configuration_error() {
    let build = |url: &str, pem: &str| builder(url).ca_bundle(pem).build();
    let error = build("https://localhost", "no PEM").unwrap_err();
    assert!(error.is_configuration());
    assert_eq!(
        error.to_string(),
        "`.ca_bundle(..)` holds no certificate: it must have some in PEM"
    );
    // Plain HTTP trusts nobody.
    build("http://localhost", "no PEM").unwrap();
}

/// A server that does not speak TLS cannot be connected to. No request was sent, so it is tried again.
#[tokio::test]
async fn a_failed_tls_handshake_is_a_failure_to_connect() {
    let server = service(|_| Reply::new(200)).await;
    let client = secure(builder(&server.url().replace("http:", "https:")));
    let error = invoke(&client).await.unwrap_err();
    assert!(error.is_connect() && !error.is_timeout(), "{error}");
    assert_eq!(server.connections(), 3);
    assert!(server.requests().is_empty());
}
