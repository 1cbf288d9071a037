//! All that calls need of a client's settings.

use std::borrow::Cow;
use std::sync::Arc;

use http::HeaderValue;

use crate::answer::operation::{Auth, Operation};
#[cfg(feature = "objects")]
use crate::answer::service::Service;
use crate::auth::SourceConfig;
use crate::auth::clock::Clock;
use crate::auth::credentials::{Credentials, Source};
use crate::auth::signing::{Scope, Signer};
use crate::call::retry::{Retries, RetryQuota};
use crate::call::timeouts::Timeouts;
use crate::error::{Error, Kind};
use crate::transport::Transport;
use crate::wire::endpoint::{Endpoint, EndpointParams, EndpointSetting};
use crate::wire::request::RequestSettings;
#[cfg(feature = "objects")]
use crate::words::host::is_region;
use crate::words::service::ServiceInfo;

/// Makes idempotency tokens.
pub(crate) type Tokens = Arc<dyn Fn() -> String + Send + Sync>;

/// What is wrong with a client that has no credentials.
pub(crate) const NO_CREDENTIALS: &str = "no credentials are set: call `.credentials(..)`, set `AWS_ACCESS_KEY_ID` and \
    `AWS_SECRET_ACCESS_KEY`, or switch on the feature `credential-chain` for profiles, SSO and roles";

/// What a client knows: all that calls need.
pub(crate) struct Resolved {
    pub(crate) region: Cow<'static, str>,
    pub(crate) endpoint_settings: EndpointSettings,
    /// For calls whose operation has no say in it; there may be none.
    pub(crate) endpoint: Result<Arc<Endpoint>, String>,
    /// `None` where the service has operations that need none.
    pub(crate) credentials: Option<Source>,
    /// What sources of credentials are told.
    pub(crate) source_config: SourceConfig,
    pub(crate) transport: Arc<Transport>,
    pub(crate) timeouts: Timeouts,
    pub(crate) retries: Retries,
    pub(crate) quota: Arc<RetryQuota>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) signer: Signer,
    pub(crate) request_settings: RequestSettings,
    /// The most that is read of a response as a whole, in bytes.
    pub(crate) max_response_size: Option<u64>,
    pub(crate) idempotency_tokens: Option<Tokens>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) in_lambda: bool,
}

impl Resolved {
    /// Where calls go whose operation has no say in it.
    pub(crate) fn endpoint(&self) -> Result<&Arc<Endpoint>, Error> {
        self.endpoint.as_ref().map_err(|problem| no_endpoint(problem.clone()))
    }

    /// The same in another region. `None` if that is the one that it has, or if it is none.
    #[cfg(feature = "objects")]
    pub(crate) fn in_region(&self, region: &str, service: &Service) -> Option<Self> {
        if region == self.region || !is_region(region) {
            return None;
        }
        let endpoint = (service.resolve_endpoint)(&self.endpoint_settings.params(region));
        Some(Self {
            region: Cow::Owned(region.to_owned()),
            endpoint: endpoint.map(|endpoint| Arc::new(self.endpoint_settings.finish(endpoint))),
            endpoint_settings: self.endpoint_settings.clone(),
            credentials: self.credentials.clone(),
            source_config: self.source_config.clone(),
            transport: Arc::clone(&self.transport),
            timeouts: self.timeouts,
            retries: self.retries,
            quota: Arc::clone(&self.quota),
            clock: Arc::clone(&self.clock),
            signer: Signer::default(),
            request_settings: self.request_settings,
            max_response_size: self.max_response_size,
            idempotency_tokens: self.idempotency_tokens.clone(),
            user_agent: self.user_agent.clone(),
            in_lambda: self.in_lambda,
        })
    }

    /// Where a call goes.
    pub(crate) fn endpoint_for<O: Operation>(&self, input: &O) -> Result<Arc<Endpoint>, Error> {
        match input.endpoint(&self.endpoint_settings.params(&self.region)) {
            None => self.endpoint().cloned(),
            Some(endpoint) => endpoint
                .map(|endpoint| Arc::new(self.endpoint_settings.finish(endpoint)))
                .map_err(no_endpoint),
        }
    }

    /// The credentials of a call that may have a source of its own, of the kind that it needs.
    pub(crate) async fn credentials(&self, own: Option<&Source>, auth: Auth) -> Result<Credentials, Error> {
        let Some(source) = own.or(self.credentials.as_ref()) else {
            return Err(Error::new(Kind::NoCredentials(NO_CREDENTIALS.to_owned())));
        };
        let credentials = source.get(&|| self.clock.times(), &self.source_config).await?;
        #[cfg(feature = "bearer-auth")]
        super::bearer_auth::check(auth, &credentials)?;
        #[cfg(not(feature = "bearer-auth"))]
        let _ = auth;
        Ok(credentials)
    }

    /// What the signatures of requests to an endpoint hold for.
    pub(crate) fn signing_scope<'a>(&'a self, endpoint: &'a Endpoint, service: &'static ServiceInfo) -> Scope<'a> {
        let signing = endpoint.signing();
        Scope {
            region: signing.region.as_deref().unwrap_or(&self.region),
            service: signing.name.as_deref().unwrap_or(service.signing_name),
            double_encode: signing.double_encode && !service.s3_signatures,
            normalize_path: signing.normalize_path && !service.s3_signatures,
        }
    }
}

fn no_endpoint(problem: String) -> Error {
    Error::new(Kind::Configuration(problem))
}

/// What settings say of where requests go, beside the region.
#[derive(Clone)]
pub(crate) struct EndpointSettings {
    pub(crate) use_fips: bool,
    pub(crate) use_dual_stack: bool,
    pub(crate) url: Option<String>,
    pub(crate) disable_host_prefix: bool,
    /// What only the clients of this service have.
    pub(crate) own: Vec<(&'static str, EndpointSetting)>,
}

impl EndpointSettings {
    pub(crate) fn params<'a>(&'a self, region: &'a str) -> EndpointParams<'a> {
        EndpointParams {
            region: Some(region),
            use_fips: self.use_fips,
            use_dual_stack: self.use_dual_stack,
            endpoint: self.url.as_deref(),
            own: &self.own,
        }
    }

    pub(crate) fn finish(&self, endpoint: Endpoint) -> Endpoint {
        match self.disable_host_prefix {
            true => endpoint.without_host_prefixes(),
            false => endpoint,
        }
    }

    /// Whether requests go out encrypted, as far as is known before calls are made.
    pub(crate) fn is_https(&self, endpoint: &Result<Endpoint, String>) -> bool {
        match endpoint {
            Ok(endpoint) => endpoint.is_https(),
            Err(_) => !self.url.as_ref().is_some_and(|url| url.starts_with("http:")),
        }
    }
}
