//! What a client needs, what it says when that is missing, and what it takes over from `aws-config`.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::app_name::AppName;
use aws_types::origin::Origin;
use aws_types::region::Region;
use aws_types::sdk_config::{RetryConfig, SdkConfig, TimeoutConfig};
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use http::{HeaderName, HeaderValue, Request, Response, request};
use http_body_util::Full;
use insta::assert_snapshot;
use sagemaker_runtime::{Body, CallOptions, Client, ClientBuilder, Credentials, Error, Retries, Timeouts};
use tower_service::Service;

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "SECRET", None, None, "test")
}

/// A builder that lacks nothing.
fn builder() -> ClientBuilder {
    Client::builder().region("eu-central-1").credentials(credentials())
}

/// A builder with nothing set, and which looks nowhere.
fn empty() -> ClientBuilder {
    ClientBuilder::from_sdk_config(&SdkConfig::builder().build())
}

fn problem(builder: ClientBuilder) -> String {
    let error = builder.build().unwrap_err();
    assert!(error.is_configuration());
    assert_eq!(error.operation(), None);
    assert_eq!(error.attempts(), 0);
    error.to_string()
}

/// Answers everything with this status, and keeps the heads of the requests.
#[derive(Clone)]
struct Transport {
    status: u16,
    seen: Arc<Mutex<Vec<request::Parts>>>,
}

impl Transport {
    fn new(status: u16) -> Self {
        let seen = Arc::default();
        Self { status, seen }
    }

    fn seen(&self) -> Vec<request::Parts> {
        self.seen.lock().unwrap().clone()
    }
}

impl Service<Request<Body>> for Transport {
    type Response = Response<Full<bytes::Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.seen.lock().unwrap().push(request.into_parts().0);
        let mut response = Response::new(Full::default());
        *response.status_mut() = self.status.try_into().unwrap();
        ready(Ok(response))
    }
}

async fn call(client: &Client) -> Result<(), Error> {
    client
        .invoke_endpoint()
        .endpoint_name("e")
        .body("b")
        .send()
        .await
        .map(drop)
}

#[test]
fn what_is_missing_is_named_with_the_way_to_supply_it() {
    assert_snapshot!(problem(empty()), @r#"no region is set: call `.region("us-east-1")`, or set `AWS_REGION` or `region` in the profile; no credentials are set: call `.credentials(..)`, set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or switch on the feature `credential-chain` for profiles, SSO and roles"#);
    assert_snapshot!(problem(empty().credentials(credentials())), @r#"no region is set: call `.region("us-east-1")`, or set `AWS_REGION` or `region` in the profile"#);
    assert_snapshot!(problem(empty().region("us-east-1")), @"no credentials are set: call `.credentials(..)`, set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or switch on the feature `credential-chain` for profiles, SSO and roles");
    // A transport of one's own needs the same.
    assert_eq!(problem(empty().transport(Transport::new(200))), problem(empty()));
    builder().build().unwrap();
}

/// Line breaks and blanks around them come with files that are read whole; an empty token with a variable that is empty.
#[tokio::test]
async fn credentials_are_trimmed() {
    let given = Credentials::new(
        " AKIDEXAMPLE\n",
        "\tSECRET\r\n",
        Some("TOKEN\n".to_owned()),
        None,
        "vault",
    );
    assert_eq!(given.access_key_id(), "AKIDEXAMPLE");
    assert_eq!(given.secret_access_key(), "SECRET");
    assert_eq!(given.session_token(), Some("TOKEN"));
    for empty in ["", " \n"] {
        let given = Credentials::new("AKIDEXAMPLE", "SECRET", Some(empty.to_owned()), None, "vault");
        assert_eq!(given.session_token(), None);
        let transport = Transport::new(200);
        let builder = builder().credentials(given).transport(transport.clone());
        call(&builder.build().unwrap()).await.unwrap();
        assert!(!transport.seen()[0].headers.contains_key("x-amz-security-token"));
    }
}

/// What is wrong with credentials is known before the first call.
#[test]
fn credentials_that_cannot_sign() {
    let token = |token: &str| Some(token.to_owned());
    let mut lines = Vec::new();
    for (id, secret, token) in [
        ("", "SECRET", None),
        ("AKID", " \n", None),
        ("AKID\nSECRET", "SECRET", None),
        ("AKID SECRET", "SECRET", None),
        ("AK\u{130}D", "SECRET", None),
        ("AKID", "SECRET\nSECRET", None),
        ("AKID", "SECRET\0", None),
        ("AKID", "SECRET", token("SEC RET")),
        ("AKID", "SECRET", token("S\u{e9}CRET")),
        ("AKID", "SECRET", token("SECRET\r\nSECRET")),
    ] {
        let credentials = Credentials::new(id, secret, token, None, "vault");
        let error = builder().credentials(credentials).build().unwrap_err();
        assert!(error.is_credentials() && error.is_configuration(), "{error}");
        assert!(!error.is_input());
        assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
        lines.push(error.to_string());
    }
    assert!(!lines.join("\n").contains("SECRET"));
    assert_snapshot!(lines.join("\n"), @"
    the access key id of the credentials from `vault` is empty
    the secret access key of the credentials from `vault` is empty
    the access key id of the credentials from `vault` has a control character
    the access key id of the credentials from `vault` has a character that a header cannot carry
    the access key id of the credentials from `vault` has a character that a header cannot carry
    the secret access key of the credentials from `vault` has a control character
    the secret access key of the credentials from `vault` has a control character
    the session token of the credentials from `vault` has a character that a header cannot carry
    the session token of the credentials from `vault` has a character that a header cannot carry
    the session token of the credentials from `vault` has a control character
    ");
}

/// A client without credentials has a problem of credentials, whatever else is wrong with it.
#[test]
fn no_credentials_is_a_problem_of_credentials() {
    for (builder, expected) in [
        (empty(), true),
        (empty().region("us-east-1"), true),
        (empty().credentials(credentials()), false),
        (builder().endpoint_url("ftp://example.com"), false),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.is_credentials(), expected, "{error}");
        assert!(error.is_configuration());
    }
}

#[test]
fn endpoint_urls_that_are_none() {
    let mut lines = Vec::new();
    for url in [
        "",
        "example.com",
        "example.com:8080",
        "/path",
        "://example.com",
        "https://",
        "https://exa mple.com",
        "ftp://example.com",
        "https://example.com?a=b",
        "https://example.com/path?",
        "https://example.com/?token=secret",
        "https://example.com/#top",
        "https://example.com/é",
        "https://example.com:99999",
        "https://example.com:",
        "https://example.com:+8080",
        "https://[::1]x:8080",
        "http://:7",
        "http://[]/",
        "http://[::1%25eth0]:8080",
        "http://[127.0.0.1]",
        "http://.1",
        "http://example..com",
        "http://.",
        "http://xn--",
        "http://-a.example",
        "http://a*b.example",
        "http://%41.example",
        "http://1.2.3.4.5",
        "http://256.0.0.1",
        "http://example.7",
        "http://example.0x7f",
        "http://127.1",
        "http://localhost/\"",
        "http://localhost/.\\",
        "http://localhost/a|b",
        "http://localhost/{stage}",
        "http://localhost/100%",
        "http://localhost/%zz",
        "http://localhost/a%2",
        "https://user@example.com",
        "https://user:secret@example.com/?a",
        "ftp://user:secret@example.com",
        "https://user:secret@exa mple.com",
        "http:/user:secret@example.com",
        "http:///user:secret@example.com",
        "user:secret@example.com",
    ] {
        lines.push(problem(builder().endpoint_url(url)));
    }
    assert!(!lines.join("\n").contains("secret"));
    assert_snapshot!(lines.join("\n"), @r#"
    the endpoint URL `` is not a URL; it should look like `https://host:port`
    the endpoint URL `example.com` needs a scheme and a host, like `https://host:port`
    the endpoint URL `example.com:8080` needs a scheme and a host, like `https://host:port`
    the endpoint URL `/path` needs a scheme and a host, like `https://host:port`
    the endpoint URL `://example.com` must begin with `https://` or `http://`
    the endpoint URL `https://` is not a URL; it should look like `https://host:port`
    the endpoint URL `https://exa mple.com` is not a URL; it should look like `https://host:port`
    the endpoint URL `ftp://example.com` must begin with `https://` or `http://`
    the endpoint URL must not have a query or a fragment
    the endpoint URL must not have a query or a fragment
    the endpoint URL must not have a query or a fragment
    the endpoint URL must not have a query or a fragment
    the endpoint URL `https://example.com/é` has characters other than ASCII; percent-encode them
    the endpoint URL `https://example.com:99999` has a port that is not a number up to 65535
    the endpoint URL `https://example.com:` has a port that is not a number up to 65535
    the endpoint URL `https://example.com:+8080` has a port that is not a number up to 65535
    the endpoint URL `https://[::1]x:8080` has a port that is not a number up to 65535
    the endpoint URL `http://:7` has no host
    the endpoint URL `http://[]/` has a host in brackets that is not an IPv6 address
    the endpoint URL `http://[::1%25eth0]:8080` has a host in brackets that is not an IPv6 address
    the endpoint URL `http://[127.0.0.1]` has a host in brackets that is not an IPv6 address
    the endpoint URL `http://.1` has a host with nothing between two dots, or before the first
    the endpoint URL `http://example..com` has a host with nothing between two dots, or before the first
    the endpoint URL `http://.` has a host with nothing between two dots, or before the first
    the endpoint URL `http://xn--` has a host with a part that begins or ends with a hyphen
    the endpoint URL `http://-a.example` has a host with a part that begins or ends with a hyphen
    the endpoint URL `http://a*b.example` has a host with other characters than letters, digits, hyphens, underscores and dots
    the endpoint URL `http://%41.example` is not a URL; it should look like `https://host:port`
    the endpoint URL `http://1.2.3.4.5` has a host that ends in a number, but is not an IPv4 address
    the endpoint URL `http://256.0.0.1` has a host that ends in a number, but is not an IPv4 address
    the endpoint URL `http://example.7` has a host that ends in a number, but is not an IPv4 address
    the endpoint URL `http://example.0x7f` has a host that ends in a number, but is not an IPv4 address
    the endpoint URL `http://127.1` has a host that ends in a number, but is not an IPv4 address
    the endpoint URL `http://localhost/"` has a `"` in its path; percent-encode it
    the endpoint URL `http://localhost/.\` has a `\` in its path; percent-encode it
    the endpoint URL `http://localhost/a|b` has a `|` in its path; percent-encode it
    the endpoint URL `http://localhost/{stage}` has a `{` in its path; percent-encode it
    the endpoint URL `http://localhost/100%` has a `%` in its path that encodes nothing; write `%25`
    the endpoint URL `http://localhost/%zz` has a `%` in its path that encodes nothing; write `%25`
    the endpoint URL `http://localhost/a%2` has a `%` in its path that encodes nothing; write `%25`
    the endpoint URL holds a user name; credentials belong into `credentials`
    the endpoint URL holds a user name; credentials belong into `credentials`
    the endpoint URL holds a user name; credentials belong into `credentials`
    the endpoint URL holds a user name; credentials belong into `credentials`
    the endpoint URL is not a URL; it should look like `https://host:port`
    the endpoint URL is not a URL; it should look like `https://host:port`
    the endpoint URL holds a user name; credentials belong into `credentials`
    "#);
}

/// What does not show may be what is wrong.
#[test]
fn control_characters_are_escaped() {
    for (builder, expected) in [
        (
            builder().region("eu-\u{7}west-1\n"),
            r"`eu-\u{7}west-1\n` is not a valid region: it should look like `us-east-1`",
        ),
        (
            builder().region("\u{202e}1-tsae-su\u{2028}"),
            r"`\u{202e}1-tsae-su\u{2028}` is not a valid region: it should look like `us-east-1`",
        ),
        (
            builder().endpoint_url("http://localhost/\u{1b}[31m\n"),
            r"the endpoint URL `http://localhost/\u{1b}[31m\n` is not a URL; it should look like `https://host:port`",
        ),
    ] {
        assert_eq!(problem(builder), expected);
    }
}

#[test]
fn endpoint_urls_as_they_are_used() {
    for url in [
        "http://localhost",
        "http://LOCALHOST:8080",
        "http://a_b.c-d.example.",
        "https://bucket.xn--bcher-kva.example",
        "http://0x7f.example",
        "http://7.example",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://[::ffff:127.0.0.1]",
        "http://localhost/stage/v1.0~b/a:b@c/!$&'()*+,;=",
        "http://localhost/%2F%c3%A9//x",
    ] {
        let client = builder().endpoint_url(url).build().unwrap();
        assert_eq!(client.endpoint().unwrap().to_string(), url);
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let builder = empty().region("us east").endpoint_url("ftp://example.com");
    assert_snapshot!(problem(builder), @"`us east` is not a valid region: it should look like `us-east-1`; no credentials are set: call `.credentials(..)`, set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or switch on the feature `credential-chain` for profiles, SSO and roles");
    let builder = empty().region("us-east-1").endpoint_url("ftp://example.com");
    assert_snapshot!(problem(builder), @"the endpoint URL `ftp://example.com` must begin with `https://` or `http://`; no credentials are set: call `.credentials(..)`, set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or switch on the feature `credential-chain` for profiles, SSO and roles");
}

/// `Client::new` cannot fail, so calls do.
#[tokio::test]
async fn an_empty_sdk_config() {
    let config = SdkConfig::builder().build();
    let client = Client::new(&config);
    let error = call(&client).await.unwrap_err();
    assert_snapshot!(error, @r#"InvokeEndpoint failed: no region is set: call `.region("us-east-1")`, or set `AWS_REGION` or `region` in the profile; no credentials are set: call `.credentials(..)`, set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or switch on the feature `credential-chain` for profiles, SSO and roles"#);
    assert!(error.is_configuration());
    assert_eq!(error.attempts(), 0);
    assert!(client.endpoint().unwrap_err().is_configuration());

    let transport = Transport::new(200);
    let builder = ClientBuilder::from_sdk_config(&config).transport(transport.clone());
    assert!(builder.build().is_err());
    assert!(transport.seen().is_empty());
}

fn sdk_config() -> aws_types::sdk_config::Builder {
    SdkConfig::builder()
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(aws_credential_types::Credentials::from(
            credentials(),
        )))
}

#[test]
fn where_an_sdk_config_sends_requests() {
    for (config, expected) in [
        (sdk_config(), "https://runtime.sagemaker.eu-central-1.amazonaws.com"),
        (
            sdk_config().use_fips(true),
            "https://runtime-fips.sagemaker.eu-central-1.amazonaws.com",
        ),
        (
            sdk_config().use_dual_stack(true),
            "https://runtime.sagemaker.eu-central-1.api.aws",
        ),
        (
            sdk_config().use_fips(false).use_dual_stack(false),
            "https://runtime.sagemaker.eu-central-1.amazonaws.com",
        ),
        (
            sdk_config().endpoint_url("http://localhost:8080/"),
            "http://localhost:8080",
        ),
    ] {
        let client = Client::new(&config.build());
        assert_eq!(client.endpoint().unwrap().to_string(), expected);
    }
    let config = sdk_config().endpoint_url("http://localhost").use_fips(true).build();
    let error = Client::new(&config).endpoint().unwrap_err().to_string();
    assert_eq!(
        error,
        "Invalid Configuration: FIPS and custom endpoint are not supported [hint: leave out the endpoint URL, or switch \
         FIPS off; see `AWS_ENDPOINT_URL` and `AWS_USE_FIPS_ENDPOINT` if the code sets neither]"
    );
}

/// An environment and a profile that have an endpoint URL for this service alone.
#[derive(Debug)]
struct OwnUrl;

impl LoadServiceConfig for OwnUrl {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let key = (key.service_id(), key.env(), key.profile());
        assert_eq!(key, ("SageMaker_Runtime", "AWS_ENDPOINT_URL", "endpoint_url"));
        Some("http://own".to_owned())
    }
}

/// Code, then this service's own URL, then the one of all services.
#[test]
fn endpoint_urls_of_an_sdk_config() {
    for (origin, expected) in [
        (Origin::shared_config(), "http://all"),
        (Origin::shared_environment_variable(), "http://own"),
        (Origin::shared_profile_file(), "http://own"),
    ] {
        let mut config = sdk_config().endpoint_url("http://all").service_config(OwnUrl);
        config.insert_origin("endpoint_url", origin);
        let client = Client::new(&config.build());
        assert_eq!(client.endpoint().unwrap().to_string(), expected);
    }
    let client = Client::new(&sdk_config().service_config(OwnUrl).build());
    assert_eq!(client.endpoint().unwrap().to_string(), "http://own");
}

#[test]
fn what_an_sdk_config_sets() {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .read_timeout(Duration::from_secs(2))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(4));
    let retries = RetryConfig::standard()
        .with_max_attempts(5)
        .with_max_backoff(Duration::from_secs(6));
    let config = sdk_config().timeout_config(timeouts.build()).retry_config(retries);
    let config = config.app_name(AppName::new("shop").unwrap()).build();
    let expected = builder()
        .timeouts(
            Timeouts::new()
                .connect(Duration::from_secs(1))
                .read(Duration::from_secs(2))
                .attempt(Duration::from_secs(3))
                .operation(Duration::from_secs(4)),
        )
        .retries(Retries::new().max_attempts(5).max_backoff(Duration::from_secs(6)))
        .app_name("shop");
    let taken_over = ClientBuilder::from_sdk_config(&config);
    assert_eq!(format!("{taken_over:?}"), format!("{expected:?}"));

    // What is not set there keeps the client's own defaults.
    let taken_over = ClientBuilder::from_sdk_config(&sdk_config().build());
    assert_eq!(format!("{taken_over:?}"), format!("{:?}", builder()));
    let only_one = TimeoutConfig::builder().read_timeout(Duration::from_secs(2)).build();
    let taken_over = ClientBuilder::from_sdk_config(&sdk_config().timeout_config(only_one).build());
    let expected = builder().timeouts(Timeouts::new().read(Duration::from_secs(2)));
    assert_eq!(format!("{taken_over:?}"), format!("{expected:?}"));
    let disabled = sdk_config().retry_config(RetryConfig::disabled()).build();
    let taken_over = format!("{:?}", ClientBuilder::from_sdk_config(&disabled));
    assert!(taken_over.contains("max_attempts: Some(1)"), "{taken_over}");
}

/// A timeout that was switched off stays off.
#[test]
fn disabled_timeouts_of_an_sdk_config() {
    let config = sdk_config().timeout_config(TimeoutConfig::disabled()).build();
    let off = Timeouts::new().connect(None).read(None).attempt(None).operation(None);
    let taken_over = ClientBuilder::from_sdk_config(&config);
    assert_eq!(format!("{taken_over:?}"), format!("{:?}", builder().timeouts(off)));
}

/// What was taken over shows in the requests.
#[tokio::test]
async fn requests_of_an_sdk_config() {
    let retries = RetryConfig::standard()
        .with_max_attempts(2)
        .with_max_backoff(Duration::ZERO);
    let config = sdk_config()
        .retry_config(retries)
        .app_name(AppName::new("shop").unwrap())
        .build();
    let transport = Transport::new(503);
    let builder = ClientBuilder::from_sdk_config(&config).transport(transport.clone());
    let error = call(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    let seen = transport.seen();
    assert_eq!(seen.len(), 2);
    for (number, head) in (1..).zip(&seen) {
        let header = |name: &str| head.headers[name].to_str().unwrap();
        assert_eq!(head.uri.host(), Some("runtime.sagemaker.eu-central-1.amazonaws.com"));
        assert_eq!(header("amz-sdk-request"), format!("attempt={number}; max=2"));
        assert!(header("user-agent").ends_with(" app/shop"));
        let authorization = header("authorization");
        assert!(authorization.contains("Credential=AKIDEXAMPLE/"), "{authorization}");
        assert!(
            authorization.contains("/eu-central-1/sagemaker/aws4_request"),
            "{authorization}"
        );
    }
}

#[test]
fn debug_hides_what_is_secret() {
    let client = builder().build().unwrap();
    assert_snapshot!(format!("{client:?}"), @r#"Client { region: "eu-central-1", endpoint: "https://runtime.sagemaker.eu-central-1.amazonaws.com", .. }"#);
    assert!(!format!("{:?}", builder()).contains("SECRET"));
    for url in [
        "https://me:SECRET@host",
        "https://host/?token=SECRET",
        "http:/me:SECRET@host",
        "http://host#SECRET",
    ] {
        let debug = format!("{:?}", builder().endpoint_url(url));
        assert!(debug.contains("endpoint_url: Some(*** hidden ***)"), "{debug}");
        assert!(!debug.contains("SECRET"), "{debug}");
    }
    let debug = format!("{:?}", builder().endpoint_url("http://host:8080/path"));
    assert!(
        debug.contains(r#"endpoint_url: Some("http://host:8080/path")"#),
        "{debug}"
    );
    let options = CallOptions::new()
        .credentials(credentials())
        .header(HeaderName::from_static("x-token"), HeaderValue::from_static("SECRET"));
    let debug = format!("{options:?}");
    assert!(debug.contains(r#"["x-token"]"#), "{debug}");
    assert!(!debug.contains("SECRET"), "{debug}");
}
