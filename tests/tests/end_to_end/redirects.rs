//! Redirects: a signature holds for one host and one path, so they are errors.

use tests::server::{Reply, Server};

use crate::service::{always, client, invoke};

/// Neither to another host, nor to another path, nor to the same URL again.
#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::start(|_| Reply::new(200)).await;
    for status in [300, 301, 302, 303, 307, 308] {
        for location in [
            format!("{}/endpoints/model/invocations", other.url()),
            "/elsewhere".to_owned(),
            String::new(),
        ] {
            let server = always(Reply::new(status).header("Location", location)).await;
            let error = invoke(&client(&server)).await.unwrap_err();
            assert!(error.is_service() && error.service_error().is_none(), "{error}");
            assert_eq!(error.status().unwrap(), status);
            assert_eq!(error.attempts(), 1);
            assert_eq!(server.requests().len(), 1);
        }
    }
    assert_eq!(other.connections(), 0);
}
