//! How a client is configured.

use std::borrow::Cow;
use std::fmt;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_types::SdkConfig;
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
use super::retry::{Retries, RetryQuota};
use super::timeouts::Timeouts;
use super::transport::Transport;
use super::user_agent::user_agent;
use crate::service;

/// Builds a [`Client`].
///
/// A region and credentials are needed; everything else has a default. Nothing is read from the environment unless the
/// builder comes from [`ClientBuilder::from_env`].
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
    transport: Option<Transport>,
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
            ..Self::default()
        };
        if let Some(retries) = config.retry_config() {
            builder.retries = builder
                .retries
                .max_attempts(retries.max_attempts())
                .max_backoff(retries.max_backoff());
        }
        if let Some(timeouts) = config.timeout_config() {
            let mut own = Timeouts::new();
            if let Some(limit) = timeouts.connect_timeout() {
                own = own.connect(limit);
            }
            if let Some(limit) = timeouts.read_timeout() {
                own = own.read(limit);
            }
            if let Some(limit) = timeouts.operation_attempt_timeout() {
                own = own.attempt(limit);
            }
            if let Some(limit) = timeouts.operation_timeout() {
                own = own.operation(limit);
            }
            builder.timeouts = own;
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
        if self.region.is_none() {
            problems.push("no region is set: call `.region(\"us-east-1\")` or set `AWS_REGION`".to_owned());
        }
        let params = EndpointParams {
            region: self.region.as_deref(),
            use_fips: self.use_fips,
            use_dual_stack: self.use_dual_stack,
            endpoint: self.endpoint_url.as_deref(),
        };
        // Without a region the rules would only say again that there is none.
        let endpoint = self.region.as_deref().map(|_| service::resolve_endpoint(&params));
        let endpoint = endpoint.and_then(|endpoint| endpoint.map_err(|problem| problems.push(problem)).ok());
        if self.credentials.is_none() {
            let problem = "no credentials are set: call `.credentials(..)`, set `AWS_ACCESS_KEY_ID` and \
                `AWS_SECRET_ACCESS_KEY`, or load profiles, SSO or roles with the `aws-config` crate";
            problems.push(problem.to_owned());
        }
        let transport = self.transport.or_else(|| {
            let https = endpoint.as_ref()?.is_https();
            Transport::hyper(https).map_err(|problem| problems.push(problem)).ok()
        });
        let ready = match (self.region, endpoint, self.credentials, transport) {
            (Some(region), Some(endpoint), Some(credentials), Some(transport)) if problems.is_empty() => Ok(Ready {
                region,
                endpoint,
                credentials: CredentialsCache::new(credentials),
                transport,
            }),
            _ => Err(problems.join("; ")),
        };
        Config {
            ready,
            timeouts: self.timeouts,
            retries: self.retries,
            quota: RetryQuota::new(),
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
    pub(crate) user_agent: HeaderValue,
    pub(crate) in_lambda: bool,
}

/// What calls need.
pub(crate) struct Ready {
    pub(crate) region: Cow<'static, str>,
    pub(crate) endpoint: Endpoint,
    pub(crate) credentials: CredentialsCache,
    pub(crate) transport: Transport,
}

impl Config {
    pub(crate) fn check(&self) -> Result<&Ready, Error> {
        self.ready
            .as_ref()
            .map_err(|problem| Error::new(Kind::Configuration(problem.clone())))
    }
}
