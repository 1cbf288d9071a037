//! Credentials from the endpoint that containers have.

use tests::server::{Recorded, Reply, Server};
use tests::sigv4::Keys;

use crate::process::{Caller, Reader};
use crate::service::{REGION, keys, service};

const TOKEN: &str = "MARK-container-token";

/// Gives credentials to those who have the token.
async fn endpoint(expiration: &'static str) -> Server {
    Server::start(move |request: &Recorded| {
        if (request.header("authorization"), &*request.target) != (Some(TOKEN), "/credentials") {
            return Reply::new(401).body(r#"{"code":"Unauthorized","message":"who are you?"}"#);
        }
        let Keys {
            access_key,
            secret_key,
            session_token,
        } = keys("CONTAINER");
        let credentials = serde_json::json!({
            "AccessKeyId": access_key,
            "SecretAccessKey": secret_key,
            "Token": session_token,
            "Expiration": expiration,
        });
        Reply::new(200).body(credentials.to_string())
    })
    .await
}

fn caller(reader: Reader, endpoint: &Server, token: &str, service: &Server) -> Caller {
    Caller::reading(reader)
        .env("AWS_REGION", REGION)
        .env("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", service.url())
        .env(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            format!("{}/credentials", endpoint.url()),
        )
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", token)
}

#[tokio::test]
async fn a_container_is_asked_once() {
    for reader in Reader::BOTH {
        let endpoint = endpoint("2099-01-01T00:00:00Z").await;
        let service = service(keys("CONTAINER"), REGION).await;
        let outcome = caller(reader, &endpoint, TOKEN, &service).calls(3).run().await;
        assert_eq!(outcome.payload(), "prediction");
        assert_eq!(endpoint.requests().len(), 1);
        assert_eq!(service.requests().len(), 3);
    }
}

#[tokio::test]
async fn a_container_without_the_right_token() {
    for reader in Reader::BOTH {
        let endpoint = endpoint("2099-01-01T00:00:00Z").await;
        let service = service(keys("CONTAINER"), REGION).await;
        let failure = caller(reader, &endpoint, "MARK-wrong", &service).run().await.failure();
        assert!(failure.is_credentials, "{failure:?}");
        assert_eq!(failure.attempts, 0);
        assert_eq!(service.connections(), 0);
    }
}

/// During an outage a container goes on with old credentials, and services accept them. `aws-config` refuses them before
/// anything is signed with them.
#[tokio::test]
async fn a_container_with_credentials_that_have_expired() {
    let endpoint = endpoint("2009-01-01T00:00:00Z").await;
    let service = service(keys("CONTAINER"), REGION).await;
    let outcome = caller(Reader::Own, &endpoint, TOKEN, &service).run().await;
    assert_eq!(outcome.payload(), "prediction");

    let failure = caller(Reader::AwsConfig, &endpoint, TOKEN, &service)
        .run()
        .await
        .failure();
    assert!(failure.is_credentials, "{failure:?}");
    assert!(failure.text.contains("expired"), "{failure:?}");
    assert_eq!(service.requests().len(), 1);
}
