//! A program that uses two services, with one configuration for both.

mod support;

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::provider::{self, future};
use http::{HeaderName, HeaderValue};
use lean_aws_runtime::{
    CallOptions, Config, ConfigBuilder, Credentials, Error, ProvideCredentials, ResponseMetadata, Retries, Sending,
};
use tests::server::{Recorded, Reply, Server};

use support::tls::{Authority, TlsServer, Valid};

type Result<T, E = Box<dyn StdError>> = std::result::Result<T, E>;

/// What this program does around each of its calls, whatever the service: it sets options, and writes a line for the log.
async fn logged<T, E: Into<Error>>(
    log: &mut Vec<String>,
    call: impl FnOnce(CallOptions) -> Sending<T, E>,
    metadata: fn(&T) -> &ResponseMetadata,
) -> Result<T, Error> {
    let tenant = (HeaderName::from_static("x-tenant"), HeaderValue::from_static("seven"));
    let options = CallOptions::new()
        .header(tenant.0, tenant.1)
        .retries(Retries::new().max_attempts(1));
    let result = call(options).await.map_err(Into::into);
    log.push(match &result {
        Ok(output) => {
            let metadata = metadata(output);
            format!("{} {:?}", metadata.status(), metadata.request_id())
        }
        Err(error) => format!(
            "{:?} {:?} {:?} {:?}",
            error.operation(),
            error.status(),
            error.code(),
            error.request_id()
        ),
    });
    result
}

fn settings(url: &str) -> ConfigBuilder {
    Config::builder()
        .region("eu-north-1")
        .credentials(Credentials::new("AKID", "SECRET", None, None, "test"))
        .endpoint_url(url)
        .no_proxy()
}

/// Calls a service, and has nothing to say about what it answers.
async fn predict(client: &sagemaker_runtime::Client) -> Result<String, sagemaker_runtime::Error> {
    let prediction = client.invoke_endpoint().endpoint_name("e").body("?").send().await?;
    prediction.body.text().await
}

async fn describe(client: &library::Client) -> Result<String, library::Error> {
    Ok(client.describe_book().title("Emma").send().await?.title)
}

/// Answers for both services.
fn answer(request: &Recorded) -> Reply {
    let reply = Reply::new(200).header("x-amzn-requestid", "r1");
    match request.target.starts_with("/books") {
        true => reply.body(r#"{"Title": "Emma"}"#),
        false => reply.body("42"),
    }
}

#[tokio::test]
async fn one_function_handles_errors_metadata_and_options_of_both() -> Result<()> {
    let server = Server::start(|request| match request.target.ends_with("/loans") {
        true => Reply::new(409)
            .header("x-amzn-errortype", "BookLent")
            .header("x-amzn-requestid", "r2")
            .body(r#"{"Message": "not here", "Reader": "Anna"}"#),
        false => answer(request),
    })
    .await;
    let config = settings(server.url()).build()?;
    let models = sagemaker_runtime::Client::from_config(&config)?;
    let books = library::Client::from_config(&config)?;

    let mut log = Vec::new();
    let call = models.invoke_endpoint().endpoint_name("e").body("?");
    logged(&mut log, |options| call.options(options).send(), |output| &output.response_metadata).await?;
    let call = books.lend_book().title("Emma").reader("Berta");
    let result = logged(&mut log, |options| call.options(options).send(), |output| &output.response_metadata).await;
    assert_eq!(
        log,
        [
            r#"200 OK Some("r1")"#,
            r#"Some("LendBook") Some(409) Some("BookLent") Some("r2")"#
        ]
    );

    // The error of any service becomes the one that has all fields again.
    let error = library::Error::from(result.unwrap_err());
    let Some(library::ServiceError::BookLent(lent)) = error.service_error() else {
        panic!("{error:?}");
    };
    assert_eq!(lent.reader.as_deref(), Some("Anna"));
    // It is no error of the other service.
    let error = sagemaker_runtime::Error::from(Error::from(error));
    assert!(error.service_error().is_none());
    assert_eq!(error.code(), Some("BookLent"));

    // Each client signs for its own service.
    for (request, service) in server.requests().iter().zip(["/sagemaker/", "/library/"]) {
        assert_eq!(request.header("x-tenant"), Some("seven"));
        let authorization = request.header("authorization").expect("it is signed");
        assert!(authorization.contains(service), "{authorization}");
    }
    Ok(())
}

#[tokio::test]
async fn one_connection_and_one_list_of_trusted_certificates_serve_both() -> Result<()> {
    let authority = Authority::new("private");
    let identity = authority.issue("localhost", Valid::Now);
    let server = TlsServer::start(identity, Server::start(answer).await).await;
    let config = settings(&server.url("localhost")).ca_bundle(authority.pem()).build()?;

    let (models, books) = (
        sagemaker_runtime::Client::from_config(&config)?,
        library::Client::from_config(&config)?,
    );
    assert_eq!(predict(&models).await?, "42");
    assert_eq!(describe(&books).await?, "Emma");
    assert_eq!(server.connections(), 1);
    assert_eq!(server.server().requests().len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_client_may_have_connections_of_its_own() -> Result<()> {
    let server = Server::start(answer).await;
    let config = settings(server.url()).build()?;
    predict(&sagemaker_runtime::Client::from_config(&config)?).await?;
    let own = library::Client::builder().config(&config).max_in_flight(1).build()?;
    describe(&own).await?;
    describe(&own).await?;
    assert_eq!(server.connections(), 2);
    Ok(())
}

/// Provides the same credentials each time, and counts how often it is asked.
#[derive(Clone, Debug, Default)]
struct Provider(Arc<AtomicUsize>);

impl ProvideCredentials for Provider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.fetch_add(1, Ordering::SeqCst);
        let credentials = aws_credential_types::Credentials::new("AKID", "SECRET", None, None, "test");
        future::ProvideCredentials::ready(provider::Result::Ok(credentials))
    }
}

#[tokio::test]
async fn credentials_are_provided_once_for_both() -> Result<()> {
    let server = Server::start(answer).await;
    let provider = Provider::default();
    let config = settings(server.url()).credentials(provider.clone()).build()?;
    predict(&sagemaker_runtime::Client::from_config(&config)?).await?;
    describe(&library::Client::from_config(&config)?).await?;
    assert_eq!(provider.0.load(Ordering::SeqCst), 1);
    Ok(())
}

/// How many attempts a call of one service makes, after calls of the other have failed until there were no more retries.
async fn attempts_after_an_outage(share: bool) -> Result<u32> {
    let server = Server::start(|_| Reply::new(500)).await;
    let without_pauses = Retries::new().max_backoff(std::time::Duration::ZERO);
    let config = settings(server.url())
        .retries(without_pauses)
        .share_retry_quota(share)
        .build()?;
    let books = library::Client::from_config(&config)?;
    while describe(&books).await.unwrap_err().attempts() > 1 {}
    let models = sagemaker_runtime::Client::from_config(&config)?;
    Ok(predict(&models).await.unwrap_err().attempts())
}

#[tokio::test]
async fn the_retry_quota_is_shared_if_that_is_wanted() -> Result<()> {
    assert_eq!(attempts_after_an_outage(false).await?, 3);
    assert_eq!(attempts_after_an_outage(true).await?, 1);
    Ok(())
}
