//! What a builder's settings come to: all that calls need, or what keeps them from being made.

use std::borrow::Cow;
use std::mem;
use std::sync::Arc;

use http::HeaderValue;

use super::super::clock::Clock;
use super::super::credentials::Source;
use super::super::endpoint::{Endpoint, EndpointParams};
use super::super::error::{Error, Kind};
use super::super::one_line::Quoted;
use super::super::operation::{Operation, RequestSettings};
use super::super::retry::{Retries, RetryQuota};
use super::super::signing::Signer;
use super::super::timeouts::Timeouts;
use super::super::transport::Transport;
use super::super::user_agent::user_agent;
use super::{COMPRESSION_SIZES, ClientBuilder, NO_CREDENTIALS, Problem, Setting, Tokens};
use crate::service::{self, OperationParams};

/// What a client knows: all that calls need.
pub(crate) struct Config {
    pub(crate) region: Cow<'static, str>,
    endpoint_settings: EndpointSettings,
    /// For calls whose operation has no say in it; there may be none.
    endpoint: Result<Arc<Endpoint>, String>,
    /// `None` where the service has operations that need none.
    pub(crate) credentials: Option<Source>,
    pub(crate) transport: Transport,
    pub(crate) timeouts: Timeouts,
    pub(crate) retries: Retries,
    pub(crate) quota: RetryQuota,
    pub(crate) clock: Clock,
    pub(crate) signer: Signer,
    pub(crate) request_settings: RequestSettings,
    pub(crate) idempotency_tokens: Option<Tokens>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) in_lambda: bool,
}

impl Config {
    /// Where calls go whose operation has no say in it.
    pub(crate) fn endpoint(&self) -> Result<&Arc<Endpoint>, Error> {
        self.endpoint.as_ref().map_err(|problem| no_endpoint(problem.clone()))
    }

    /// Where a call goes.
    pub(crate) fn endpoint_for<O: Operation>(&self, input: &O) -> Result<Arc<Endpoint>, Error> {
        if !O::CHOOSES_ENDPOINT {
            return self.endpoint().cloned();
        }
        let endpoint = self.endpoint_settings.resolve(&self.region, input.endpoint_params());
        endpoint.map(Arc::new).map_err(no_endpoint)
    }
}

fn no_endpoint(problem: String) -> Error {
    Error::new(Kind::Configuration(problem))
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

    /// Whether requests go out encrypted, as far as is known before calls are made.
    fn is_https(&self, endpoint: &Result<Endpoint, String>) -> bool {
        match endpoint {
            Ok(endpoint) => endpoint.is_https(),
            Err(_) => !self.url.as_ref().is_some_and(|url| url.starts_with("http:")),
        }
    }
}

/// Everything that is wrong with a builder.
struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one. That a setting is missing is no news where something is wrong with the variable that should have set it.
    fn add(&mut self, setting: Setting, text: String) {
        if setting == Setting::Other || !self.concern(setting) {
            self.0.push(Problem { setting, text });
        }
    }

    fn add_err<T>(&mut self, setting: Setting, result: Result<T, String>) -> Option<T> {
        result.map_err(|text| self.add(setting, text)).ok()
    }

    fn concern(&self, setting: Setting) -> bool {
        self.0.iter().any(|problem| problem.setting == setting)
    }

    fn into_kind(self) -> Kind {
        let texts: Vec<&str> = self.0.iter().map(|problem| &*problem.text).collect();
        let text = texts.join("; ");
        match self.concern(Setting::Credentials) {
            true => Kind::NoCredentials(text),
            false => Kind::Configuration(text),
        }
    }
}

impl ClientBuilder {
    /// The configuration, or everything that is wrong with it.
    pub(crate) fn finish(mut self) -> Result<Config, Kind> {
        let mut problems = Problems(mem::take(&mut self.problems));
        let region = problems.add_err(Setting::Region, region(self.region.take()));
        let endpoint_settings = EndpointSettings {
            use_fips: self.use_fips,
            use_dual_stack: self.use_dual_stack,
            url: self.endpoint_url.take(),
            disable_host_prefix: self.disable_host_prefix,
        };
        // Without a region the rules would only say again that there is none.
        let endpoint = region
            .as_deref()
            .map(|region| endpoint_settings.resolve(region, OperationParams::default()));
        if let Some(Err(problem)) = &endpoint
            && !service::OPERATIONS_CHOOSE_ENDPOINTS
        {
            problems.add(Setting::Other, problem.clone());
        }
        problems.add_err(Setting::Credentials, self.check_credentials());
        problems.add_err(Setting::Other, self.check_compression());
        let transport = self.transport.take().or_else(|| {
            let https = endpoint_settings.is_https(endpoint.as_ref()?);
            let transport = Transport::own(https, self.no_proxy, &self.connections);
            problems.add_err(Setting::Other, transport)
        });
        match (region, endpoint, transport) {
            (Some(region), Some(endpoint), Some(transport)) if problems.0.is_empty() => Ok(Config {
                region,
                endpoint_settings,
                endpoint: endpoint.map(Arc::new),
                credentials: self.credentials.take().map(Source::cached),
                transport: transport.limited(self.connections.max_in_flight),
                request_settings: self.request_settings(),
                timeouts: self.timeouts,
                retries: self.retries,
                quota: RetryQuota::new(),
                clock: match self.fixed_clock {
                    true => Clock::fixed(),
                    false => Clock::default(),
                },
                signer: Signer::default(),
                idempotency_tokens: self.idempotency_tokens,
                user_agent: user_agent(self.app_name.as_deref()),
                in_lambda: std::env::var_os("AWS_LAMBDA_FUNCTION_NAME").is_some(),
            }),
            _ => Err(problems.into_kind()),
        }
    }

    fn check_credentials(&self) -> Result<(), String> {
        let flaw = self.credentials.as_ref().map(Source::flaw);
        match flaw {
            Some(Some(flaw)) => Err(flaw.to_string()),
            None if service::ALWAYS_SIGNS => Err(NO_CREDENTIALS.to_owned()),
            Some(None) | None => Ok(()),
        }
    }

    fn check_compression(&self) -> Result<(), String> {
        match self.min_compression_size {
            Some(size) if !COMPRESSION_SIZES.contains(&size) => {
                let (first, last) = COMPRESSION_SIZES.into_inner();
                Err(format!(
                    "payloads cannot be compressed from {size} bytes on: it must be {first} to {last}"
                ))
            }
            _ => Ok(()),
        }
    }

    fn request_settings(&self) -> RequestSettings {
        let mut settings = RequestSettings::default();
        if let Some(size) = self.min_compression_size {
            settings.compress_from = Some(size.into());
        }
        if self.disable_compression {
            settings.compress_from = None;
        }
        settings
    }
}

/// The region, if it is one.
fn region(region: Option<Cow<'static, str>>) -> Result<Cow<'static, str>, String> {
    match region.filter(|region| !region.is_empty()) {
        Some(region) if is_region(&region) => Ok(region),
        Some(region) => {
            let region = Quoted(region);
            Err(format!("{region} is no region: it should look like `us-east-1`"))
        }
        None => Err("no region is set: call `.region(\"us-east-1\")` or set `AWS_REGION`".to_owned()),
    }
}

/// A region becomes a part of the host, so it must not be able to become more than that.
fn is_region(text: &str) -> bool {
    let allowed = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    allowed && !only_digits && text.len() <= 63 && !text.starts_with('-') && !text.ends_with('-')
}
