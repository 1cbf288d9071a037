//! Proxies that the environment names. The proxy is a process of its own.

use std::path::Path;

use tests::server::{Recorded, Reply, Server};
use tests::sigv4::Keys;

use crate::process::{Caller, PASSWORD_IN_BASE64, Proxy};
use crate::service::{REGION, caller, closed_port, keys, service};
use crate::tls::{Authority, TlsServer, Valid};

/// No name server knows it, so that only the proxy can find it.
const HOST: &str = "service.invalid";

/// The URL of a service under a name that only proxies know.
fn plain_url(service: &Server) -> String {
    service.url().replace("127.0.0.1", HOST)
}

/// A service behind TLS, and a caller that trusts it.
async fn secure() -> (TlsServer, Caller) {
    let authority = Authority::new("an authority");
    let service = service(keys("USER"), REGION).await;
    let server = TlsServer::start(authority.issue(HOST, Valid::Now), service).await;
    let caller = caller(&keys("USER"), &server.url(HOST)).file("trusted.pem", &authority.pem());
    let trusted = caller.path("trusted.pem");
    let caller = caller.env("SSL_CERT_FILE", trusted.to_str().unwrap());
    (server, caller)
}

/// The proxy sees where the tunnel leads, and nothing else.
#[tokio::test]
async fn https_goes_through_a_tunnel() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let (server, caller) = secure().await;
        let proxy = Proxy::start().await;
        let caller = caller.env(variable, format!("http://{}", proxy.address()));
        assert_eq!(caller.run().await.payload(), "prediction", "{variable}");
        let authority = server.url(HOST).replace("https://", "");
        assert_eq!(proxy.stop().await, [format!("CONNECT {authority}")]);
    }
}

#[tokio::test]
async fn plain_http_is_sent_on() {
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let service = service(keys("USER"), REGION).await;
        let url = plain_url(&service);
        let proxy = Proxy::start().await;
        // A scheme may be missing.
        let caller = caller(&keys("USER"), &url).env(variable, proxy.address());
        assert_eq!(caller.run().await.payload(), "prediction", "{variable}");
        assert_eq!(proxy.stop().await, [format!("POST {url}/endpoints/model/invocations")]);
    }
}

#[tokio::test]
async fn a_password_is_for_the_proxy_alone() {
    let authorization = format!("Basic {PASSWORD_IN_BASE64}");
    let proxy = Proxy::start_with(&authorization).await;
    let url = format!("http://user:MARK-password@{}", proxy.address());
    let (server, caller) = secure().await;
    assert_eq!(caller.env("HTTPS_PROXY", &url).run().await.payload(), "prediction");
    let service = service(keys("USER"), REGION).await;
    let plain = crate::service::caller(&keys("USER"), &plain_url(&service));
    assert_eq!(plain.env("HTTP_PROXY", &url).run().await.payload(), "prediction");
    for server in [server.server(), &service] {
        let [request] = &server.requests()[..] else {
            panic!("not one request")
        };
        assert_eq!(request.header("proxy-authorization"), None);
    }
    assert_eq!(proxy.stop().await.len(), 2);
}

#[tokio::test]
async fn a_proxy_that_refuses() {
    let proxy = Proxy::start_with("Basic another").await;
    let url = format!("http://user:MARK-password@{}", proxy.address());
    let (server, caller) = secure().await;
    let failure = caller.env("HTTPS_PROXY", &url).run().await.failure();
    assert!(failure.is_connect, "{failure:?}");
    let expected = "the proxy refused a tunnel (407) [1 attempt, hint: set user and password in the URL of the proxy";
    assert!(failure.text.contains(expected), "{failure:?}");
    assert_eq!(server.connections(), 0);

    let service = service(keys("USER"), REGION).await;
    let plain = crate::service::caller(&keys("USER"), &plain_url(&service));
    let failure = plain.env("HTTP_PROXY", &url).run().await.failure();
    assert_eq!(failure.status, Some(407), "{failure:?}");
    assert!(failure.text.contains("hint: set user and password"), "{failure:?}");
    assert_eq!(failure.attempts, 1);
    assert_eq!(service.connections(), 0);
}

/// A host is meant with all below it, an address with its network.
#[tokio::test]
async fn exceptions() {
    let (_closed, nowhere) = closed_port();
    for exceptions in ["127.0.0.1", "other.example, 127.0.0.1", "127.0.0.0/8", "*"] {
        for variable in ["NO_PROXY", "no_proxy"] {
            let service = service(keys("USER"), REGION).await;
            let caller = caller(&keys("USER"), service.url()).env("HTTP_PROXY", &nowhere);
            let outcome = caller.env(variable, exceptions).run().await;
            assert_eq!(outcome.payload(), "prediction", "{variable}={exceptions}");
        }
    }
    for exceptions in ["", "27.0.0.1", "service.invalid", "128.0.0.0/8", "localhost"] {
        let service = service(keys("USER"), REGION).await;
        let caller = caller(&keys("USER"), service.url()).env("HTTP_PROXY", &nowhere);
        let failure = caller.env("NO_PROXY", exceptions).run().await.failure();
        assert!(failure.is_connect, "{exceptions}: {failure:?}");
        assert_eq!(service.connections(), 0);
    }
}

/// A proxy for one scheme is none for the other.
#[tokio::test]
async fn schemes_have_proxies_of_their_own() {
    let (_closed, nowhere) = closed_port();
    let service = service(keys("USER"), REGION).await;
    let caller = caller(&keys("USER"), service.url()).env("HTTPS_PROXY", &nowhere);
    assert_eq!(caller.run().await.payload(), "prediction");
}

/// In a CGI program `HTTP_PROXY` is the header `Proxy` of somebody's request.
#[tokio::test]
async fn a_cgi_program_has_no_proxies() {
    let (_closed, nowhere) = closed_port();
    let service = service(keys("USER"), REGION).await;
    for proxy in [&*nowhere, "not a proxy"] {
        let caller = caller(&keys("USER"), service.url())
            .env("HTTP_PROXY", proxy)
            .env("REQUEST_METHOD", "GET");
        assert_eq!(caller.run().await.payload(), "prediction", "{proxy}");
    }
}

/// To connect directly may be what the variable is there to prevent.
#[tokio::test]
async fn a_variable_that_names_no_proxy() {
    let service = service(keys("USER"), REGION).await;
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"] {
        for value in [
            "http://user:MARK-pass@MARK-word@proxy.example",
            "http://user:MARK-pass/word@proxy.example",
            "http://user:MARK-pass#word@proxy.example",
            "ftp://MARK-proxy",
            "http://MARK- proxy",
            "http://",
        ] {
            let caller = caller(&keys("USER"), service.url()).env(variable, value);
            let failure = caller.run().await.failure();
            assert!(failure.is_configuration, "{failure:?}");
            let expected = format!("`{variable}` is not the URL of a proxy: ");
            assert!(failure.text.starts_with(&expected), "{failure:?}");
        }
        // An empty one is none.
        let caller = caller(&keys("USER"), service.url()).env(variable, "");
        assert_eq!(caller.run().await.payload(), "prediction");
    }
    assert_eq!(service.requests().len(), 4);
}

#[tokio::test]
async fn a_proxy_that_is_not_there() {
    let (_closed, nowhere) = closed_port();
    let (server, caller) = secure().await;
    let url = nowhere.replace("http://", "http://user:MARK-password@");
    let failure = caller.env("HTTPS_PROXY", &url).run().await.failure();
    assert!(failure.is_connect, "{failure:?}");
    // The host of the error is another one.
    let proxy = nowhere.trim_start_matches("http://");
    let expected = format!("the proxy {proxy} cannot be reached");
    assert!(failure.causes.starts_with(&expected), "{failure:?}");
    assert_eq!(server.connections(), 0);
}

/// Not only the proxy of this test is understood.
#[tokio::test]
#[ignore = "`cargo xtask interop` runs it: it needs the package proxy.py"]
async fn a_proxy_that_others_wrote() {
    let Ok(environment) = std::env::var("PYTHON_ENVIRONMENT") else {
        return;
    };
    let proxy = Proxy::of_python(Path::new(&environment), "user:MARK-password").await;
    let right = format!("http://user:MARK-password@{}", proxy.address());
    let wrong = format!("http://user:MARK-wrong@{}", proxy.address());

    let authority = Authority::new("an authority");
    let service = service(keys("USER"), REGION).await;
    let server = TlsServer::start(authority.issue("localhost", Valid::Now), service).await;
    let secure = || {
        let caller = caller(&keys("USER"), &server.url("localhost")).file("trusted.pem", &authority.pem());
        let trusted = caller.path("trusted.pem");
        caller.env("AWS_CA_BUNDLE", trusted.to_str().unwrap())
    };
    let plain = || caller(&keys("USER"), &server.server().url().replace("127.0.0.1", "localhost"));
    assert_eq!(secure().env("HTTPS_PROXY", &right).run().await.payload(), "prediction");
    assert_eq!(plain().env("HTTP_PROXY", &right).run().await.payload(), "prediction");
    assert_eq!(server.server().requests().len(), 2);

    let refused = secure().env("HTTPS_PROXY", &wrong).run().await.failure();
    assert!(refused.is_connect && refused.causes.contains("407"), "{refused:?}");
    let refused = plain().env("HTTP_PROXY", &wrong).run().await.failure();
    assert_eq!(refused.status, Some(407), "{refused:?}");
    assert_eq!(server.server().requests().len(), 2);
    proxy.stop().await;
}

/// The agent of a container and the metadata service of an instance in one.
async fn agent() -> Server {
    Server::start(|request: &Recorded| match &*request.target {
        "/latest/api/token" => Reply::new(200).body("MARK-metadata-token"),
        "/latest/meta-data/iam/security-credentials/" => Reply::new(200).body("role"),
        _ => {
            let Keys {
                access_key,
                secret_key,
                session_token,
            } = keys("AGENT");
            let credentials = serde_json::json!({
                "Code": "Success",
                "AccessKeyId": access_key,
                "SecretAccessKey": secret_key,
                "Token": session_token,
                "Expiration": "2099-01-01T00:00:00Z",
            });
            Reply::new(200).body(credentials.to_string())
        }
    })
    .await
}

/// Their addresses mean another machine to a proxy, which must not see their tokens and keys.
#[tokio::test]
async fn agents_are_asked_without_a_proxy() {
    for (variable, requests) in [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", 1),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", 3),
    ] {
        let (agent, service) = (agent().await, service(keys("AGENT"), REGION).await);
        let url = plain_url(&service);
        let proxy = Proxy::start().await;
        let caller = Caller::from_env()
            .env("AWS_REGION", REGION)
            .env("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", &url)
            .env(variable, agent.url())
            .env("HTTP_PROXY", proxy.address());
        assert_eq!(caller.run().await.payload(), "prediction", "{variable}");
        assert_eq!(proxy.stop().await, [format!("POST {url}/endpoints/model/invocations")]);
        assert_eq!(agent.requests().len(), requests, "{variable}");
    }
}
