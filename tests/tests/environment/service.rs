//! The service that the programs call.

use tests::server::{Recorded, Reply, Server};
use tests::sigv4::{self, Keys};
use tokio::net::TcpSocket;

use crate::process::Caller;

/// The region of all that does not say otherwise.
pub(crate) const REGION: &str = "eu-central-1";

/// Temporary credentials of this name, with secrets that are marked.
pub(crate) fn keys(name: &str) -> Keys {
    Keys {
        access_key: format!("AKID{name}"),
        secret_key: format!("MARK-secret-of-{name}"),
        session_token: Some(format!("MARK-token-of-{name}")),
    }
}

/// A service that answers `prediction` to requests that are signed with these keys for this region.
pub(crate) async fn service(keys: Keys, region: &'static str) -> Server {
    service_with(keys, region, |_| Reply::new(200).body("prediction")).await
}

/// The same with other answers.
pub(crate) async fn service_with(
    keys: Keys,
    region: &'static str,
    handler: impl Fn(&Recorded) -> Reply + Send + Sync + 'static,
) -> Server {
    Server::start(move |request| match sigv4::verify(request, &keys, "sagemaker") {
        Ok(scope) if scope.region == region => handler(request),
        Ok(scope) => Reply::new(403).body(format!("signed for {}, not {region}", scope.region)),
        // Not the whole: that has the headers, and so the session token.
        Err(problem) => Reply::new(403).body(problem.lines().next().unwrap_or_default().to_owned()),
    })
    .await
}

/// A caller with region and credentials in its environment.
pub(crate) fn caller(keys: &Keys, endpoint_url: &str) -> Caller {
    Caller::from_env()
        .env("AWS_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", &keys.access_key)
        .env("AWS_SECRET_ACCESS_KEY", &keys.secret_key)
        .env("AWS_SESSION_TOKEN", keys.session_token.as_deref().unwrap_or_default())
        .env("AWS_ENDPOINT_URL", endpoint_url)
}

/// A port on which nobody listens, as long as it is kept, and its URL.
pub(crate) fn closed_port() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().expect("a socket");
    let any = "127.0.0.1:0".parse().expect("an address");
    socket.bind(any).expect("a free port");
    let address = socket.local_addr().expect("a bound socket has an address");
    (socket, format!("http://{address}"))
}
