//! How a client is configured.

mod environment;
mod resolved;
#[cfg(feature = "sdk-config")]
mod sdk_config;

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tower_service::Service;

pub(crate) use self::resolved::Config;
use super::BoxError;
use super::body::Body;
use super::client::Client;
use super::credentials::{CredentialsSource, Source};
use super::endpoint::may_hold_secrets;
use super::error::Error;
use super::hidden::Hidden;
use super::retry::Retries;
use super::timeouts::Timeouts;
use super::transport::{ConnectionSettings, Transport};

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
/// certificates ([`ca_bundle`](Self::ca_bundle); else `SSL_CERT_FILE`, `SSL_CERT_DIR`) there are.
#[derive(Default)]
pub struct ClientBuilder {
    region: Option<Cow<'static, str>>,
    credentials: Option<Source>,
    endpoint_url: Option<String>,
    use_fips: bool,
    use_dual_stack: bool,
    timeouts: Timeouts,
    retries: Retries,
    app_name: Option<String>,
    no_proxy: bool,
    fixed_clock: bool,
    transport: Option<Transport>,
    pub(super) connections: ConnectionSettings,
    // The files of features have setters for these.
    pub(super) disable_host_prefix: bool,
    pub(super) disable_compression: bool,
    pub(super) min_compression_size: Option<u32>,
    pub(super) idempotency_tokens: Option<Tokens>,
    /// What was wrong with settings that were read from elsewhere.
    problems: Vec<Problem>,
}

/// What is wrong with a setting.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    setting: Setting,
    text: String,
}

/// What a problem is about: settings that there must be, or any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Setting {
    Region,
    Credentials,
    Other,
}

impl ClientBuilder {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The AWS region, such as `us-east-1`. Needed, also with an endpoint URL: signatures hold for a region.
    pub fn region(mut self, region: impl Into<Cow<'static, str>>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// What requests are signed with: [`Credentials`](crate::Credentials), or, with the feature `sdk-config`, any provider
    /// of them. Needed. Credentials that have expired are never used. Once a service has said that the clock of this machine
    /// is wrong, they have expired when they have done so by both clocks.
    ///
    /// The client asks a provider when it has no credentials or less than five minutes are left of them, once for all
    /// calls. While the old ones are valid, calls go on with them. When there are none, they wait for the provider, for
    /// 60 s at most; if it fails, the next call asks again. Where several tokio runtimes share a client, each asks for
    /// itself when there are none: what another has asked is answered only while that one runs.
    pub fn credentials(mut self, source: impl CredentialsSource) -> Self {
        self.credentials = Some(source.into_source());
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
    /// lower case; but not in a CGI program, where `REQUEST_METHOD` is set. `NO_PROXY` lists hosts, which stand for all
    /// below them, and addresses or networks such as `10.0.0.0/8`; `*` is everything. Proxies are reached by `http://`;
    /// requests with `https` go through a tunnel. A variable that names no proxy, or is not UTF-8, is an error of
    /// [`build`](Self::build).
    pub fn no_proxy(mut self) -> Self {
        self.no_proxy = true;
        self
    }

    /// What sends requests, instead of the client's own pool of connections.
    ///
    /// Any tower service will do: a stack of layers, another HTTP client, or a function in a test. It is cloned for each
    /// attempt. Redirects must not be followed: a signature holds for one URL. The connect timeout is the service's own
    /// matter, and the read timeout knows of the response when its head is there. An [`io::Error`](std::io::Error) that
    /// says that a connection was refused is understood wherever it is in the chain of sources; after any other error it is
    /// not known whether the request was sent, and the call is not tried again.
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
        let client = Client::from_config(self.finish());
        client.config()?;
        Ok(client)
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint_url: &dyn fmt::Debug = match &self.endpoint_url {
            Some(url) if may_hold_secrets(url) => &Some(Hidden),
            url => url,
        };
        f.debug_struct("ClientBuilder")
            .field("region", &self.region)
            .field("endpoint_url", endpoint_url)
            .field("use_fips", &self.use_fips)
            .field("use_dual_stack", &self.use_dual_stack)
            .field("timeouts", &self.timeouts)
            .field("retries", &self.retries)
            .field("app_name", &self.app_name)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}
