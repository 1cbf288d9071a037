//! What settings come to for one service: all that calls need, or what keeps them from being made.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::user_agent::user_agent;
use super::settings::{COMPRESSION_SIZES, Problem, Setting, Settings};
use crate::answer::service::Service;
use crate::auth::SourceConfig;
use crate::auth::clock::Clock;
use crate::auth::credentials::Source;
use crate::auth::signing::Signer;
use crate::call::resolved::{EndpointSettings, NO_CREDENTIALS, Resolved};
use crate::call::timeouts::Timeouts;
use crate::error::{Error, Kind};
use crate::transport::Transport;
use crate::wire::request::RequestSettings;
use crate::words::host::is_region;
use crate::words::one_line::Quoted;
use crate::words::service::ServiceInfo;

/// What is wrong with a client that has no region.
#[cfg(feature = "credential-chain")]
const NO_REGION: &str =
    "no region is set: call `.region(\"us-east-1\")`, or set `AWS_REGION` or `region` in the profile";
#[cfg(not(feature = "credential-chain"))]
const NO_REGION: &str = "no region is set: call `.region(\"us-east-1\")` or set `AWS_REGION`";

/// Why there can be no calls: everything that is missing or wrong.
#[derive(Debug)]
pub(crate) struct Incomplete {
    lacks_credentials: bool,
    text: String,
}

impl Incomplete {
    pub(crate) fn to_error(&self) -> Error {
        let text = self.text.clone();
        Error::new(match self.lacks_credentials {
            true => Kind::NoCredentials(text),
            false => Kind::Configuration(text),
        })
    }
}

/// Everything that is wrong with settings.
struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one. That a setting is missing is no news where something is wrong with the variable that should have set it.
    #[cold]
    fn add(&mut self, setting: Setting, text: String) {
        let may_be_missing = matches!(setting, Setting::Region | Setting::Credentials);
        if !may_be_missing || !self.concern(setting) {
            self.0.push(Problem { setting, text });
        }
    }

    fn add_err<T>(&mut self, setting: Setting, result: Result<T, String>) -> Option<T> {
        result.map_err(|text| self.add(setting, text)).ok()
    }

    /// Forgets what a service has no use for.
    fn keep_those_of(&mut self, service: &ServiceInfo) {
        self.0.retain(|problem| match problem.setting {
            Setting::Compression => service.compresses,
            Setting::HostPrefix => service.has_host_prefixes,
            Setting::Region | Setting::Credentials | Setting::Other => true,
        });
    }

    fn concern(&self, setting: Setting) -> bool {
        self.0.iter().any(|problem| problem.setting == setting)
    }

    fn into_incomplete(self) -> Incomplete {
        let texts: Vec<&str> = self.0.iter().map(|problem| &*problem.text).collect();
        Incomplete {
            lacks_credentials: self.concern(Setting::Credentials),
            text: texts.join("; "),
        }
    }
}

impl Settings {
    /// Makes what all clients of these settings share.
    pub(super) fn share(&mut self) -> Result<(), Incomplete> {
        self.credentials = self.credentials.take().map(Source::cached);
        self.shared_found = self.found();
        let complete = self.clone().completed();
        let transport = complete.transport();
        let mut problems = Problems(complete.problems);
        let transport = problems.add_err(Setting::Other, transport);
        let Some(transport) = transport.filter(|_| problems.0.is_empty()) else {
            return Err(problems.into_incomplete());
        };
        self.shared_transport = Some(transport);
        self.shared_clock = Some(new_clock(complete.fixed_clock));
        self.shared_quota = self.shares_quota.then(Arc::default);
        Ok(())
    }

    fn transport(&self) -> Result<Arc<Transport>, String> {
        if let Some(shared) = &self.shared_transport {
            return Ok(Arc::clone(shared));
        }
        let transport = match &self.custom {
            Some(custom) => Transport::custom(Arc::clone(custom)),
            None => Transport::own(self.no_proxy, &self.connections)?,
        };
        Ok(Arc::new(transport.limited(self.connections.max_in_flight)))
    }

    fn clock(&self) -> Arc<Clock> {
        let shared = self.shared_clock.clone();
        shared.unwrap_or_else(|| new_clock(self.fixed_clock))
    }

    /// What the client of a service needs, or everything that is wrong.
    pub(crate) fn resolve(self, service: &'static Service) -> Result<Resolved, Incomplete> {
        self.completed().resolve_complete(service)
    }

    fn resolve_complete(self, service: &'static Service) -> Result<Resolved, Incomplete> {
        let info = &service.info;
        let mut problems = Problems(self.problems.clone());
        problems.keep_those_of(info);
        let region = problems.add_err(Setting::Region, region(self.region.clone()));
        let endpoint_settings = EndpointSettings {
            use_fips: self.use_fips.unwrap_or_default(),
            use_dual_stack: self.use_dual_stack.unwrap_or_default(),
            url: match self.endpoint_url.of(info) {
                Ok(url) => url.map(str::to_owned),
                Err(problem) => {
                    problems.add(problem.setting, problem.text.clone());
                    None
                }
            },
            disable_host_prefix: self.disable_host_prefix.unwrap_or_default(),
            own: self.own.clone(),
        };
        // Without a region the rules would only say again that there is none.
        let endpoint = region.as_deref().map(|region| {
            let endpoint = (service.resolve_endpoint)(&endpoint_settings.params(region));
            endpoint.map(|endpoint| endpoint_settings.finish(endpoint))
        });
        if let Some(Err(problem)) = &endpoint
            && !info.operations_choose_endpoints
        {
            problems.add(Setting::Other, problem.clone());
        }
        problems.add_err(Setting::Credentials, self.check_credentials(info));
        problems.add_err(Setting::Other, self.check_compression());
        let transport = problems.add_err(Setting::Other, self.transport());
        let is_https = endpoint
            .as_ref()
            .is_some_and(|endpoint| endpoint_settings.is_https(endpoint));
        if let Some(transport) = transport.as_ref().filter(|_| is_https) {
            problems.add_err(Setting::Other, transport.prepare_tls());
        }
        match (region, endpoint, transport) {
            (Some(region), Some(endpoint), Some(transport)) if problems.0.is_empty() => Ok(Resolved {
                source_config: self.source_config(&region),
                region,
                endpoint_settings,
                endpoint: endpoint.map(Arc::new),
                request_settings: self.request_settings(),
                max_response_size: self.max_response_size,
                clock: self.clock(),
                credentials: self.credentials.map(Source::cached),
                transport,
                timeouts: self.timeouts.or(Timeouts::new().read(info.read_timeout)),
                retries: self.retries,
                quota: self.shared_quota.unwrap_or_default(),
                signer: Signer::default(),
                idempotency_tokens: self.idempotency_tokens,
                user_agent: user_agent(info, self.app_name.as_deref()),
                in_lambda: std::env::var_os("AWS_LAMBDA_FUNCTION_NAME").is_some(),
            }),
            _ => Err(problems.into_incomplete()),
        }
    }

    /// What sources of credentials are told: those of roles ask services in the same region, and as this client does.
    #[cfg(feature = "credential-chain")]
    fn source_config(&self, region: &str) -> SourceConfig {
        SourceConfig {
            profile: self.profile.clone(),
            region: Some(region.to_owned()),
            use_fips: self.use_fips,
            use_dual_stack: self.use_dual_stack,
            ca_bundle: self
                .connections
                .ca_bundle
                .as_ref()
                .map(|bundle| Arc::clone(&bundle.pem)),
            no_proxy: self.no_proxy,
            ..SourceConfig::new()
        }
    }

    #[cfg(not(feature = "credential-chain"))]
    fn source_config(&self, _: &str) -> SourceConfig {
        SourceConfig::new()
    }

    fn check_credentials(&self, service: &ServiceInfo) -> Result<(), String> {
        let flaw = self.credentials.as_ref().map(Source::flaw);
        match flaw {
            Some(Some(flaw)) => Err(flaw.to_string()),
            None if service.always_signs => Err(NO_CREDENTIALS.to_owned()),
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
        if self.disable_compression == Some(true) {
            settings.compress_from = None;
        }
        settings.checksums_of_requests = self.checksums_of_requests.unwrap_or(true);
        settings.checksums_of_responses = self.checksums_of_responses.unwrap_or(true);
        settings
    }
}

fn new_clock(is_fixed: Option<bool>) -> Arc<Clock> {
    Arc::new(match is_fixed {
        Some(true) => Clock::fixed(),
        Some(false) | None => Clock::default(),
    })
}

/// The region, if it is one.
fn region(region: Option<Cow<'static, str>>) -> Result<Cow<'static, str>, String> {
    match region.filter(|region| !region.is_empty()) {
        Some(region) if is_region(&region) => Ok(region),
        Some(region) => {
            let region = Quoted(region);
            Err(format!(
                "{region} is not a valid region: it should look like `us-east-1`"
            ))
        }
        None => Err(NO_REGION.to_owned()),
    }
}
