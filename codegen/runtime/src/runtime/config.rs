//! How a client is configured.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_types::SdkConfig;
use aws_types::sdk_config::TimeoutConfig;
use aws_types::service_config::ServiceConfigKey;
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body::Body as HttpBody;
use tower_service::Service;

use super::BoxError;
use super::body::Body;
use super::client::Client;
use super::credentials::CredentialsCache;
use super::endpoint::{Endpoint, EndpointParams};
use super::error::{Error, Kind};
use super::operation::{Operation, RequestSettings};
use super::retry::{Retries, RetryQuota};
use super::timeouts::Timeouts;
use super::transport::Transport;
use super::user_agent::user_agent;
use crate::service::{self, OperationParams};

/// What is wrong with a client that has no credentials.
pub(crate) const NO_CREDENTIALS: &str = "no credentials are set: call `.credentials(..)`, set `AWS_ACCESS_KEY_ID` and \
    `AWS_SECRET_ACCESS_KEY`, or load profiles, SSO or roles with the `aws-config` crate";

/// The sizes from which on payloads may be compressed, in bytes.
const COMPRESSION_SIZES: RangeInclusive<u32> = 1..=1_048_576;

/// Makes idempotency tokens.
pub(crate) type Tokens = Arc<dyn Fn() -> String + Send + Sync>;

/// Builds a [`Client`].
///
/// A region and credentials are needed; everything else has a default. Unless the builder comes from
/// [`ClientBuilder::from_env`], the environment only says which proxies ([`no_proxy`](Self::no_proxy)) and trusted
/// certificates (`SSL_CERT_FILE`, `SSL_CERT_DIR`) there are.
#[derive(Default)]
pub struct ClientBuilder {
    region: Option<Cow<'static, str>>,
    credentials: Option<SharedCredentialsProvider>,
    endpoint_url: Option<String>,
    use_fips: bool,
    use_dual_stack: bool,
    timeouts: Timeouts,
    retries: Retries,
    app_name: Option<String>,
    no_proxy: bool,
    transport: Option<Transport>,
    // The files of features have setters for these.
    pub(super) disable_host_prefix: bool,
    pub(super) disable_compression: bool,
    pub(super) min_compression_size: Option<u32>,
    pub(super) idempotency_tokens: Option<Tokens>,
    /// What was wrong with settings that were read from elsewhere.
    problems: Vec<String>,
}

impl ClientBuilder {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the environment.
    ///
    /// | variable | sets |
    /// |---|---|
    /// | `AWS_REGION`, else `AWS_DEFAULT_REGION` | [`region`](Self::region) |
    /// | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | [`credentials`](Self::credentials) |
    /// | `AWS_ENDPOINT_URL_...` with the service's name, else `AWS_ENDPOINT_URL` | [`endpoint_url`](Self::endpoint_url) |
    /// | `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` | `true` ignores these two |
    /// | `AWS_USE_FIPS_ENDPOINT` | [`use_fips`](Self::use_fips) |
    /// | `AWS_USE_DUALSTACK_ENDPOINT` | [`use_dual_stack`](Self::use_dual_stack) |
    /// | `AWS_MAX_ATTEMPTS` | [`Retries::max_attempts`] |
    /// | `AWS_SDK_UA_APP_ID` | [`app_name`](Self::app_name) |
    ///
    /// Variables that are empty or blank count as not set. What is wrong with a variable is reported by
    /// [`build`](Self::build). Profiles, SSO and roles are read by the `aws-config` crate; see [`Client::new`].
    pub fn from_env() -> Self {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// Reads variables from wherever they are.
    pub(crate) fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let mut builder = Self::new();
        let get = |name: &str| {
            let value = variable(name)?;
            let value = value.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        let mut problems = Vec::new();
        let mut flag = |name: &str| match get(name) {
            Some(value) if value.eq_ignore_ascii_case("true") => true,
            Some(value) if !value.eq_ignore_ascii_case("false") => {
                problems.push(format!("`{name}` is `{value}`, but must be `true` or `false`"));
                false
            }
            _ => false,
        };
        builder.use_fips = flag("AWS_USE_FIPS_ENDPOINT");
        builder.use_dual_stack = flag("AWS_USE_DUALSTACK_ENDPOINT");
        if service::HAS_HOST_PREFIXES {
            builder.disable_host_prefix = flag("AWS_DISABLE_HOST_PREFIX_INJECTION");
        }
        if service::COMPRESSES {
            builder.disable_compression = flag("AWS_DISABLE_REQUEST_COMPRESSION");
        }
        if !flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
            builder.endpoint_url = get(service::ENDPOINT_URL_VARIABLE).or_else(|| get("AWS_ENDPOINT_URL"));
        }
        builder.region = get("AWS_REGION").or_else(|| get("AWS_DEFAULT_REGION")).map(Cow::Owned);
        match (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")) {
            (Some(id), Some(secret)) => {
                let credentials = Credentials::new(id, secret, get("AWS_SESSION_TOKEN"), None, "environment");
                builder = builder.credentials(credentials);
            }
            (Some(_), None) => problems.push("`AWS_ACCESS_KEY_ID` is set, but not `AWS_SECRET_ACCESS_KEY`".to_owned()),
            (None, Some(_)) => problems.push("`AWS_SECRET_ACCESS_KEY` is set, but not `AWS_ACCESS_KEY_ID`".to_owned()),
            (None, None) => {}
        }
        match get("AWS_MAX_ATTEMPTS").map(|value| (value.parse(), value)) {
            Some((Ok(attempts), _)) if attempts > 0 => builder.retries = builder.retries.max_attempts(attempts),
            Some((_, value)) => problems.push(format!("`AWS_MAX_ATTEMPTS` is `{value}`, but must be a number from 1")),
            None => {}
        }
        if service::COMPRESSES {
            const NAME: &str = "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES";
            let (first, last) = COMPRESSION_SIZES.into_inner();
            match get(NAME).map(|value| (value.parse(), value)) {
                Some((Ok(size), _)) if COMPRESSION_SIZES.contains(&size) => builder.min_compression_size = Some(size),
                Some((_, value)) => problems.push(format!(
                    "`{NAME}` is `{value}`, but must be a number from {first} to {last}"
                )),
                None => {}
            }
        }
        builder.app_name = get("AWS_SDK_UA_APP_ID");
        builder.problems = problems;
        builder
    }

    /// Takes over what `aws-config` has loaded; see [`Client::new`].
    pub fn from_sdk_config(config: &SdkConfig) -> Self {
        let mut builder = Self {
            region: config.region().map(|region| Cow::Owned(region.as_ref().to_owned())),
            credentials: config.credentials_provider(),
            endpoint_url: sdk_endpoint_url(config),
            use_fips: config.use_fips().unwrap_or_default(),
            use_dual_stack: config.use_dual_stack().unwrap_or_default(),
            app_name: config.app_name().map(|name| name.as_ref().to_owned()),
            disable_compression: config.disable_request_compression().unwrap_or_default(),
            min_compression_size: config
                .request_min_compression_size_bytes()
                .map(|size| size.clamp(*COMPRESSION_SIZES.start(), *COMPRESSION_SIZES.end())),
            ..Self::default()
        };
        if let Some(retries) = config.retry_config() {
            builder.retries = builder
                .retries
                .max_attempts(retries.max_attempts())
                .max_backoff(retries.max_backoff());
        }
        if let Some(timeouts) = config.timeout_config() {
            builder.timeouts = sdk_timeouts(timeouts);
        }
        builder
    }

    /// The AWS region, such as `us-east-1`. Needed, also with an endpoint URL: signatures hold for a region.
    pub fn region(mut self, region: impl Into<Cow<'static, str>>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// What requests are signed with: [`Credentials`] or any provider of them. Needed.
    ///
    /// The client asks the provider when it has no credentials or less than five minutes are left of them, once for all
    /// calls that wait.
    pub fn credentials(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials = Some(SharedCredentialsProvider::new(provider));
        self
    }

    /// Where to send requests instead of the region's endpoint, such as `http://localhost:8080`.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint_url = Some(url.into());
        self
    }

    /// Whether to use the region's endpoint that is validated by FIPS 140. Default false.
    pub fn use_fips(mut self, use_fips: bool) -> Self {
        self.use_fips = use_fips;
        self
    }

    /// Whether to use the region's endpoint that is reachable by IPv4 and IPv6. Default false.
    pub fn use_dual_stack(mut self, use_dual_stack: bool) -> Self {
        self.use_dual_stack = use_dual_stack;
        self
    }

    /// How long calls may take. What the argument leaves unset stays as it was.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts.or(self.timeouts);
        self
    }

    /// How failed calls are tried again. What the argument leaves unset stays as it was.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries.or(self.retries);
        self
    }

    /// The name of your application, for the User-Agent header. At most 50 characters are advised.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.app_name = Some(name.into());
        self
    }

    /// Connects directly, whatever the environment says about proxies: for a service on this machine.
    ///
    /// Without it `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read when the client is built, in upper or
    /// lower case. Proxies are reached by `http://`; requests with `https` go through a tunnel.
    pub fn no_proxy(mut self) -> Self {
        self.no_proxy = true;
        self
    }

    /// What sends requests, instead of the client's own pool of connections.
    ///
    /// Any tower service will do: a stack of layers, another HTTP client, or a function in a test. It is cloned for each
    /// attempt. Redirects must not be followed: a signature holds for one URL. The connect timeout is the service's own
    /// matter. Errors of hyper-util's client are understood wherever they are in the chain of sources; after any other
    /// error it is not known whether the request was sent, and the call is not tried again.
    pub fn transport<S, B>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: HttpBody + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        self.transport = Some(Transport::custom(service));
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// Names everything that is missing or wrong, with the way to supply it.
    pub fn build(self) -> Result<Client, Error> {
        let config = self.finish();
        config.check()?;
        Ok(Client::from_config(config))
    }

    /// The configuration, with what is wrong with it.
    pub(crate) fn finish(self) -> Config {
        let mut problems = self.problems;
        let region = self.region.filter(|region| !region.is_empty());
        match &region {
            Some(region) if is_region(region) => {}
            Some(region) => problems.push(format!("`{region}` is no region: it should look like `us-east-1`")),
            None => problems.push("no region is set: call `.region(\"us-east-1\")` or set `AWS_REGION`".to_owned()),
        }
        let region = region.filter(|region| is_region(region));
        let settings = EndpointSettings {
            use_fips: self.use_fips,
            use_dual_stack: self.use_dual_stack,
            url: self.endpoint_url,
            disable_host_prefix: self.disable_host_prefix,
        };
        // Without a region the rules would only say again that there is none.
        let endpoint = region.as_deref().map(|region| {
            let endpoint = settings.resolve(region, OperationParams::default());
            if let Err(problem) = &endpoint
                && !service::OPERATIONS_CHOOSE_ENDPOINTS
            {
                problems.push(problem.clone());
            }
            endpoint
        });
        if self.credentials.is_none() && service::ALWAYS_SIGNS {
            problems.push(NO_CREDENTIALS.to_owned());
        }
        if let Some(size) = self
            .min_compression_size
            .filter(|size| !COMPRESSION_SIZES.contains(size))
        {
            let (first, last) = COMPRESSION_SIZES.into_inner();
            let problem = format!("payloads cannot be compressed from {size} bytes on: it must be {first} to {last}");
            problems.push(problem);
        }
        let mut request_settings = RequestSettings::default();
        if let Some(size) = self.min_compression_size {
            request_settings.compress_from = Some(size.into());
        }
        if self.disable_compression {
            request_settings.compress_from = None;
        }
        let transport = self.transport.or_else(|| {
            let https = match endpoint.as_ref()? {
                Ok(endpoint) => endpoint.is_https(),
                Err(_) => !settings.url.as_ref().is_some_and(|url| url.starts_with("http:")),
            };
            Transport::hyper(https, self.no_proxy)
                .map_err(|problem| problems.push(problem))
                .ok()
        });
        let ready = match (region, endpoint, transport) {
            (Some(region), Some(endpoint), Some(transport)) if problems.is_empty() => Ok(Ready {
                region,
                settings,
                endpoint,
                credentials: self.credentials.map(CredentialsCache::new),
                transport,
            }),
            _ => Err(problems.join("; ")),
        };
        Config {
            ready,
            timeouts: self.timeouts,
            retries: self.retries,
            quota: RetryQuota::new(),
            request_settings,
            idempotency_tokens: self.idempotency_tokens,
            user_agent: user_agent(self.app_name.as_deref()),
            in_lambda: std::env::var_os("AWS_LAMBDA_FUNCTION_NAME").is_some(),
        }
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("region", &self.region)
            .field("endpoint_url", &self.endpoint_url)
            .field("use_fips", &self.use_fips)
            .field("use_dual_stack", &self.use_dual_stack)
            .field("timeouts", &self.timeouts)
            .field("retries", &self.retries)
            .field("app_name", &self.app_name)
            .finish_non_exhaustive()
    }
}

/// A region becomes a part of the host, so it must not be able to become more than that.
fn is_region(text: &str) -> bool {
    let allowed = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    allowed && !only_digits && text.len() <= 63 && !text.starts_with('-') && !text.ends_with('-')
}

/// The timeouts of a loaded configuration. One that it switches off stays off; one that it does not set has a default.
fn sdk_timeouts(config: &TimeoutConfig) -> Timeouts {
    // Only filling in what is not set tells the two apart.
    const UNSET: Option<Duration> = Some(Duration::MAX);
    let mut unset = TimeoutConfig::builder();
    unset.set_connect_timeout(UNSET);
    unset.set_read_timeout(UNSET);
    unset.set_operation_attempt_timeout(UNSET);
    unset.set_operation_timeout(UNSET);
    let mut config = config.clone();
    config.take_defaults_from(&unset.build());

    let mut timeouts = Timeouts::new();
    if config.connect_timeout() != UNSET {
        timeouts = timeouts.connect(config.connect_timeout());
    }
    if config.read_timeout() != UNSET {
        timeouts = timeouts.read(config.read_timeout());
    }
    if config.operation_attempt_timeout() != UNSET {
        timeouts = timeouts.attempt(config.operation_attempt_timeout());
    }
    if config.operation_timeout() != UNSET {
        timeouts = timeouts.operation(config.operation_timeout());
    }
    timeouts
}

/// The endpoint URL of this service in a loaded configuration: one set in code, then one for this service in the
/// environment or the profile, then one for all services.
fn sdk_endpoint_url(config: &SdkConfig) -> Option<String> {
    let general = config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return general;
    }
    let key = ServiceConfigKey::builder()
        .service_id(service::ID)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let own = config.service_config().and_then(|config| config.load_config(key));
    own.or(general)
}

/// What a client knows.
pub(crate) struct Config {
    /// What calls need, or why they cannot be made.
    ready: Result<Ready, String>,
    pub(crate) timeouts: Timeouts,
    pub(crate) retries: Retries,
    pub(crate) quota: RetryQuota,
    pub(crate) request_settings: RequestSettings,
    pub(crate) idempotency_tokens: Option<Tokens>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) in_lambda: bool,
}

/// What the client's settings say of where requests go, beside the region.
struct EndpointSettings {
    use_fips: bool,
    use_dual_stack: bool,
    url: Option<String>,
    disable_host_prefix: bool,
}

impl EndpointSettings {
    /// Where requests go, or why nowhere.
    fn resolve(&self, region: &str, operation: OperationParams<'_>) -> Result<Endpoint, String> {
        let endpoint = service::resolve_endpoint(&EndpointParams {
            region: Some(region),
            use_fips: self.use_fips,
            use_dual_stack: self.use_dual_stack,
            endpoint: self.url.as_deref(),
            operation,
        })?;
        Ok(match self.disable_host_prefix {
            true => endpoint.without_host_prefixes(),
            false => endpoint,
        })
    }
}

/// What calls need.
pub(crate) struct Ready {
    pub(crate) region: Cow<'static, str>,
    settings: EndpointSettings,
    /// For calls whose operation has no say in it; there may be none.
    endpoint: Result<Endpoint, String>,
    /// `None` where the service has operations that need none.
    pub(crate) credentials: Option<CredentialsCache>,
    pub(crate) transport: Transport,
}

impl Ready {
    /// Where calls go whose operation has no say in it.
    pub(crate) fn endpoint(&self) -> Result<&Endpoint, Error> {
        self.endpoint.as_ref().map_err(|problem| no_endpoint(problem.clone()))
    }

    /// Where a call goes.
    pub(crate) fn endpoint_for<O: Operation>(&self, input: &O) -> Result<Cow<'_, Endpoint>, Error> {
        if !O::CHOOSES_ENDPOINT {
            return self.endpoint().map(Cow::Borrowed);
        }
        let endpoint = self.settings.resolve(&self.region, input.endpoint_params());
        endpoint.map(Cow::Owned).map_err(no_endpoint)
    }
}

fn no_endpoint(problem: String) -> Error {
    Error::new(Kind::Configuration(problem))
}

impl Config {
    pub(crate) fn check(&self) -> Result<&Ready, Error> {
        self.ready
            .as_ref()
            .map_err(|problem| Error::new(Kind::Configuration(problem.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A builder from these variables.
    fn from(variables: &[(&str, &str)]) -> ClientBuilder {
        ClientBuilder::from_variables(|name| {
            let variable = variables.iter().find(|(key, _)| *key == name);
            variable.map(|(_, value)| (*value).to_owned())
        })
    }

    async fn credentials(builder: &ClientBuilder) -> Option<(String, String, Option<String>)> {
        let credentials = builder.credentials.as_ref()?.provide_credentials().await.unwrap();
        let token = credentials.session_token().map(str::to_owned);
        Some((
            credentials.access_key_id().to_owned(),
            credentials.secret_access_key().to_owned(),
            token,
        ))
    }

    #[tokio::test]
    async fn an_environment_without_variables_sets_nothing() {
        let builder = from(&[]);
        assert_eq!(format!("{builder:?}"), format!("{:?}", ClientBuilder::new()));
        assert_eq!(credentials(&builder).await, None);
        assert!(builder.problems.is_empty());
    }

    #[tokio::test]
    async fn all_variables() {
        let builder = from(&[
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", "token"),
            ("AWS_ENDPOINT_URL", "http://all"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false"),
            ("AWS_USE_FIPS_ENDPOINT", "true"),
            ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
            ("AWS_MAX_ATTEMPTS", "5"),
            ("AWS_SDK_UA_APP_ID", "shop"),
        ]);
        let expected = ClientBuilder::new()
            .region("eu-west-1")
            .endpoint_url("http://all")
            .use_fips(true)
            .use_dual_stack(true)
            .retries(Retries::new().max_attempts(5))
            .app_name("shop");
        assert_eq!(format!("{builder:?}"), format!("{expected:?}"));
        let expected = ("id".to_owned(), "secret".to_owned(), Some("token".to_owned()));
        assert_eq!(credentials(&builder).await, Some(expected));
        assert!(builder.problems.is_empty());
    }

    #[test]
    fn one_region_goes_before_the_other() {
        let region = |variables: &[(&str, &str)]| from(variables).region;
        assert_eq!(region(&[("AWS_DEFAULT_REGION", "b")]).unwrap(), "b");
        assert_eq!(
            region(&[("AWS_DEFAULT_REGION", "b"), ("AWS_REGION", "a")]).unwrap(),
            "a"
        );
        assert_eq!(
            region(&[("AWS_DEFAULT_REGION", "b"), ("AWS_REGION", " ")]).unwrap(),
            "b"
        );
        assert_eq!(region(&[("AWS_REGION", " a\n")]).unwrap(), "a");
    }

    #[test]
    fn the_endpoint_url_of_the_service_goes_before_the_one_of_all() {
        let url = |variables: &[(&str, &str)]| from(variables).endpoint_url;
        let (own, all) = (
            (service::ENDPOINT_URL_VARIABLE, "http://own"),
            ("AWS_ENDPOINT_URL", "http://all"),
        );
        assert_eq!(url(&[all]).unwrap(), "http://all");
        assert_eq!(url(&[own]).unwrap(), "http://own");
        assert_eq!(url(&[all, own]).unwrap(), "http://own");
        assert_eq!(url(&[all, (service::ENDPOINT_URL_VARIABLE, "")]).unwrap(), "http://all");
        assert_eq!(url(&[all, own, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True")]), None);
    }

    #[test]
    fn flags() {
        for (text, expected) in [
            ("true", true),
            ("TRUE", true),
            (" true ", true),
            ("false", false),
            ("", false),
        ] {
            let builder = from(&[("AWS_USE_FIPS_ENDPOINT", text)]);
            assert_eq!(builder.use_fips, expected, "{text}");
            assert!(!builder.use_dual_stack);
            assert!(builder.problems.is_empty(), "{text}");
        }
        for name in [
            "AWS_USE_FIPS_ENDPOINT",
            "AWS_USE_DUALSTACK_ENDPOINT",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        ] {
            for text in ["1", "yes", "truee"] {
                let expected = format!("`{name}` is `{text}`, but must be `true` or `false`");
                assert_eq!(from(&[(name, text)]).problems, [expected]);
            }
        }
    }

    #[tokio::test]
    async fn half_of_the_credentials() {
        let (id, secret) = (("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret"));
        let builder = from(&[id]);
        assert_eq!(credentials(&builder).await, None);
        assert_eq!(
            builder.problems,
            ["`AWS_ACCESS_KEY_ID` is set, but not `AWS_SECRET_ACCESS_KEY`"]
        );
        let builder = from(&[secret, ("AWS_ACCESS_KEY_ID", " "), ("AWS_SESSION_TOKEN", "token")]);
        assert_eq!(credentials(&builder).await, None);
        assert_eq!(
            builder.problems,
            ["`AWS_SECRET_ACCESS_KEY` is set, but not `AWS_ACCESS_KEY_ID`"]
        );
        let builder = from(&[id, secret, ("AWS_SESSION_TOKEN", "")]);
        let expected = ("id".to_owned(), "secret".to_owned(), None);
        assert_eq!(credentials(&builder).await, Some(expected));
    }

    #[test]
    fn numbers_of_attempts() {
        for text in ["0", "-1", "three", "1.5", "99999999999"] {
            let expected = format!("`AWS_MAX_ATTEMPTS` is `{text}`, but must be a number from 1");
            assert_eq!(from(&[("AWS_MAX_ATTEMPTS", text)]).problems, [expected]);
        }
        assert_eq!(from(&[("AWS_MAX_ATTEMPTS", "1")]).retries, Retries::none());
        assert_eq!(from(&[("AWS_MAX_ATTEMPTS", "")]).retries, Retries::new());
    }

    /// Variables of features mean nothing to a service without them.
    #[test]
    fn variables_of_features() {
        let builder = from(&[("AWS_DISABLE_HOST_PREFIX_INJECTION", "true")]);
        assert_eq!(builder.disable_host_prefix, service::HAS_HOST_PREFIXES);
        let builder = from(&[
            ("AWS_DISABLE_REQUEST_COMPRESSION", "true"),
            ("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", "1048576"),
        ]);
        assert_eq!(builder.disable_compression, service::COMPRESSES);
        assert_eq!(builder.min_compression_size, service::COMPRESSES.then_some(1_048_576));
        for size in ["0", "1048577", "1 KB"] {
            let builder = from(&[("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", size)]);
            let expected =
                format!("`AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES` is `{size}`, but must be a number from 1 to 1048576");
            let expected: Vec<String> = service::COMPRESSES.then_some(expected).into_iter().collect();
            assert_eq!(builder.problems, expected);
        }
    }

    #[test]
    fn what_is_wrong_with_variables_is_reported_at_the_end() {
        let builder = from(&[("AWS_ACCESS_KEY_ID", "id"), ("AWS_USE_FIPS_ENDPOINT", "1")]);
        let credentials = Credentials::new("id", "secret", None, None, "test");
        let error = builder
            .region("eu-west-1")
            .credentials(credentials)
            .build()
            .unwrap_err();
        let expected = "`AWS_USE_FIPS_ENDPOINT` is `1`, but must be `true` or `false`; `AWS_ACCESS_KEY_ID` is set, but not \
            `AWS_SECRET_ACCESS_KEY`";
        // The endpoint rules of a service may have something to add.
        assert!(error.to_string().starts_with(expected), "{error}");
    }

    #[test]
    fn what_is_set_in_code_goes_before_the_environment() {
        let builder = from(&[("AWS_REGION", "a"), ("AWS_MAX_ATTEMPTS", "5")]);
        let builder = builder.region("b").retries(Retries::new().after_timeout(true));
        assert_eq!(builder.region.unwrap(), "b");
        // What the argument leaves unset stays.
        assert_eq!(builder.retries, Retries::new().max_attempts(5).after_timeout(true));
    }
}
