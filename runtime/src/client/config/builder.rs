//! The builder of clients and of what they share.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tower_service::Service;

use super::Config;
#[cfg(feature = "credential-chain")]
use super::settings::Lookup;
use super::settings::Settings;
use crate::auth::CredentialsSource;
use crate::call::retry::Retries;
use crate::call::timeouts::Timeouts;
use crate::client::{CoreClient, ServiceClient};
use crate::error::BoxError;
use crate::error::Error;
#[cfg(feature = "tls")]
use crate::transport::CaBundle;
use crate::transport::{self, ConnectionSettings, Pool};
use crate::wire::body::Body;
use crate::wire::endpoint::EndpointSetting;
use crate::words::typestate::Sealed;

/// Builds a client, or the [`Config`] that clients of several services share.
///
/// A client needs a region and credentials; everything else has a default. If the code leaves out one of the two, the
/// client reads all that the code does not set from the environment and the profile; [`ClientBuilder::from_env`] lists it.
/// If the code sets both, the client reads only proxies ([`no_proxy`](Self::no_proxy)) and trusted certificates
/// ([`ca_bundle`](Self::ca_bundle); else `SSL_CERT_FILE`, `SSL_CERT_DIR`).
pub struct ClientBuilder<C> {
    pub(super) settings: Settings,
    built: PhantomData<fn() -> C>,
}

/// What a [`ClientBuilder`] builds.
pub trait Build: Sized {
    /// Why it cannot.
    type Error;

    /// Makes it of finished settings.
    ///
    /// # Errors
    ///
    /// Names everything that is missing or wrong, with the way to supply it.
    fn build(settings: Settings) -> Result<Self, Self::Error>;
}

impl<C: ServiceClient> Build for C {
    type Error = C::Error;

    fn build(settings: Settings) -> Result<Self, C::Error> {
        let core = CoreClient::new(settings.resolve(C::SERVICE));
        core.config()?;
        Ok(C::from_core(core))
    }
}

impl Build for Config {
    type Error = Error;

    fn build(mut settings: Settings) -> Result<Self, Error> {
        settings.share().map_err(|incomplete| incomplete.to_error())?;
        Ok(Self { settings })
    }
}

impl<C> ClientBuilder<C> {
    /// Sets nothing.
    pub fn new() -> Self {
        Settings::default().into()
    }

    /// Takes over all of a shared configuration, in place of what has been set before.
    pub fn config(mut self, config: &Config) -> Self {
        self.settings = config.settings.clone();
        self
    }

    /// Selects the profile that is read for what the code does not set, instead of the one that `AWS_PROFILE` names. Its
    /// credentials go before those of the environment.
    ///
    /// It needs the feature `credential-chain`, which is on by default. A profile that does not exist is an error of
    /// [`build`](Self::build).
    #[cfg(feature = "credential-chain")]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.settings.profile = Some(name.into());
        self.settings.lookup = Lookup::Always;
        self.settings.shared_found = None;
        self
    }

    /// The AWS region, such as `us-east-1`. It is required even with an endpoint URL: a signature is valid for one region.
    pub fn region(mut self, region: impl Into<Cow<'static, str>>) -> Self {
        self.settings.region = Some(region.into());
        self
    }

    /// What signs requests: [`Credentials`](crate::Credentials), or any other [`CredentialsSource`].
    ///
    /// Without it, the client finds them as [`from_env`](Self::from_env) says.
    ///
    /// The client asks a source when it has no credentials, or when they expire within five minutes, once for all calls.
    /// Calls use the old credentials while these are valid; otherwise they wait for the source, for 120 s at most. If it
    /// fails, the next call asks again. If a service reports that they have expired, they are renewed and the call is
    /// retried once. If several tokio runtimes share a client without credentials, each asks for itself: the answer to
    /// another arrives only while that one runs.
    ///
    /// Expired credentials are never used. If a service has corrected the clock of this machine, they expire only when they
    /// have expired by both clocks.
    ///
    /// Clients of several services ask once if they are built from one [`Config`], or share
    /// [`SharedCredentials`](crate::credentials::SharedCredentials).
    pub fn credentials(mut self, source: impl CredentialsSource) -> Self {
        self.settings.credentials = Some(source.into_source());
        self
    }

    /// Where to send requests instead of the region's endpoint, such as `http://localhost:8080`.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.settings.endpoint_url.in_code = Some(url.into());
        self
    }

    /// Whether to use the region's endpoint that is validated by FIPS 140. Default false.
    pub fn use_fips(mut self, use_fips: bool) -> Self {
        self.settings.use_fips = Some(use_fips);
        self
    }

    /// Whether to use the region's endpoint that is reachable by IPv4 and IPv6. Default false.
    pub fn use_dual_stack(mut self, use_dual_stack: bool) -> Self {
        self.settings.use_dual_stack = Some(use_dual_stack);
        self
    }

    /// How long calls may take. What the argument leaves unset stays as it was.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.settings.timeouts = timeouts.or(self.settings.timeouts);
        self
    }

    /// How failed calls are retried. What the argument leaves unset stays as it was.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.settings.retries = retries.or(self.settings.retries);
        self
    }

    /// Limits how much of a response is held in memory, in bytes. Default no limit.
    ///
    /// The limit applies to responses that are read before `send` returns, such as a page of a long list. A larger one is an
    /// error, and the call is not retried. Streamed payloads have no limit.
    pub fn max_response_size(mut self, bytes: u64) -> Self {
        self.settings.max_response_size = Some(bytes);
        self
    }

    /// The name of your application, for the User-Agent header. At most 50 characters are advised.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.settings.app_name = Some(name.into());
        self
    }

    /// Connects directly, whatever the environment says about proxies: for a service on this machine.
    ///
    /// Without it `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read when the client is built, in upper or
    /// lower case; but not in a CGI program, where `REQUEST_METHOD` is set. `NO_PROXY` lists hosts, which include their
    /// subdomains, and addresses or networks such as `10.0.0.0/8`; `*` is everything. Proxies are reached by `http://`;
    /// requests with `https` go through a tunnel. A variable that does not name a proxy, or is not UTF-8, is an error of
    /// [`build`](Self::build).
    pub fn no_proxy(mut self) -> Self {
        self.own_connections();
        self.settings.no_proxy = true;
        self
    }

    /// Sends requests through a service of your own, instead of the client's pool of connections.
    ///
    /// Any tower service works: a stack of layers, another HTTP client, or a function in a test. It is cloned for each
    /// attempt. It must not follow redirects: a signature is valid for one URL. The connect timeout is up to the service,
    /// and the read timeout sees the response when its head arrives. An [`io::Error`](std::io::Error) that
    /// says that a connection was refused is recognized anywhere in the chain of sources. After any other error, the
    /// request may have been sent, so the call is not retried.
    pub fn transport<S, B>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: HttpBody + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        self.own_connections();
        self.settings.custom = Some(transport::custom(service));
        self
    }

    /// Which connections are kept for later calls. [`Pool`] has the defaults.
    pub fn pool(mut self, pool: Pool) -> Self {
        self.own_connections().pool = pool;
        self
    }

    /// Limits how many requests are in flight at once, over all clones of the client. Default: no limit; 0 counts as 1.
    ///
    /// Further calls wait, and proceed in the order in which they came. As each request in flight has a
    /// connection of its own, there are never more connections to a host than this, as long as the client is used in one
    /// Tokio runtime. Several share the limit, but each keeps idle connections of its own.
    ///
    /// A request is in flight from before its connection is made until its response has been read to the end, or dropped:
    /// **an unread streamed payload keeps other calls waiting.** A pause between attempts does not count.
    ///
    /// Waiting counts for the timeout of the operation, but not for any other: nothing has been sent, so nothing is lost.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.own_connections().max_in_flight = Some(requests);
        self
    }

    /// Trusts servers by these certificates, in PEM, instead of the trust store of the platform.
    ///
    /// The store is not read then: use it for a private CA, or on a system without a trust store. Without it, the file that
    /// `AWS_CA_BUNDLE` names when the client is built does the same. A file that cannot be read, or that contains no
    /// certificate, is an error of [`build`](Self::build). It needs the feature `tls`, which is on by default.
    #[cfg(feature = "tls")]
    pub fn ca_bundle(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.own_connections().ca_bundle = Some(CaBundle {
            pem: pem.into().into(),
            origin: "`.ca_bundle(..)`".into(),
        });
        self
    }

    /// The settings of connections, which are the client's own from now on.
    fn own_connections(&mut self) -> &mut ConnectionSettings {
        self.settings.shared_transport = None;
        &mut self.settings.connections
    }
}

/// What only some services need.
impl<C> ClientBuilder<C> {
    /// Whether all requests go to the host of the endpoint itself, even if the operation has a host prefix. Default false;
    /// [`from_env`](Self::from_env) reads `AWS_DISABLE_HOST_PREFIX_INJECTION`.
    ///
    /// Set it for a custom endpoint without such host names.
    pub fn disable_host_prefix(mut self, disable: bool) -> Self {
        self.settings.disable_host_prefix = Some(disable);
        self
    }

    /// Sets the source of idempotency tokens, for inputs without one: by its token, the service recognizes a repeated
    /// request. Each call asks once; its attempts share the answer.
    ///
    /// Default: random UUIDs (version 4), from the operating system's source.
    pub fn idempotency_tokens(mut self, tokens: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.settings.idempotency_tokens = Some(Arc::new(tokens));
        self
    }
}

#[cfg(feature = "compression")]
impl<C> ClientBuilder<C> {
    /// The size in bytes from which payloads are compressed, 1 to 1048576, if the operation supports it. Default 10240;
    /// [`from_env`](Self::from_env) reads `AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES`.
    ///
    /// A stream whose length is not known is always compressed. Compressed payloads are held in memory until the call ends.
    pub fn request_min_compression_size_bytes(mut self, bytes: u32) -> Self {
        self.settings.min_compression_size = Some(bytes);
        self
    }

    /// Disables the compression of payloads. Default false; [`from_env`](Self::from_env) reads
    /// `AWS_DISABLE_REQUEST_COMPRESSION`.
    pub fn disable_request_compression(mut self, disable: bool) -> Self {
        self.settings.disable_compression = Some(disable);
        self
    }
}

#[cfg(feature = "http-checksum")]
impl<C> ClientBuilder<C> {
    /// Whether requests carry a checksum wherever the service supports one. Default true;
    /// [`from_env`](Self::from_env) reads `AWS_REQUEST_CHECKSUM_CALCULATION`.
    ///
    /// If false, only operations that require a checksum send one. Set it for services that are compatible with AWS's but
    /// refuse such requests.
    pub fn request_checksums(mut self, wherever_supported: bool) -> Self {
        self.settings.checksums_of_requests = Some(wherever_supported);
        self
    }

    /// Whether streamed payloads are verified against the service's checksum. Default true;
    /// [`from_env`](Self::from_env) reads `AWS_RESPONSE_CHECKSUM_VALIDATION`.
    ///
    /// A mismatch is an error at the end of the stream.
    pub fn response_checksums(mut self, checked: bool) -> Self {
        self.settings.checksums_of_responses = Some(checked);
        self
    }
}

impl<C> Sealed for ClientBuilder<C> {}

impl<C: ServiceClient> ClientBuilder<C> {
    /// A setting that only the clients of this service have.
    #[doc(hidden)]
    pub fn own_setting(mut self, name: &'static str, value: impl Into<EndpointSetting>) -> Self {
        self.settings.own.push((name, value.into()));
        self
    }
}

impl ClientBuilder<Config> {
    /// Whether clients share one retry quota, so that failing calls of one service use up the retries of all. Default false.
    pub fn share_retry_quota(mut self, share: bool) -> Self {
        self.settings.shares_quota = share;
        self
    }
}

impl<C: Build> ClientBuilder<C> {
    /// The client, or the shared configuration.
    ///
    /// # Errors
    ///
    /// Names everything that is missing or wrong, with the way to supply it.
    pub fn build(self) -> Result<C, C::Error> {
        C::build(self.settings)
    }
}

impl<C: ServiceClient> ClientBuilder<C> {
    /// The client, or one whose calls report what is missing or wrong.
    pub fn build_unchecked(self) -> C {
        C::from_core(CoreClient::new(self.settings.resolve(C::SERVICE)))
    }
}

impl<C> From<Settings> for ClientBuilder<C> {
    fn from(settings: Settings) -> Self {
        Self {
            settings,
            built: PhantomData,
        }
    }
}

impl<C> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> Clone for ClientBuilder<C> {
    fn clone(&self) -> Self {
        self.settings.clone().into()
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt_as("ClientBuilder", f)
    }
}
