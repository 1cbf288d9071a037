//! What has been set, in code and elsewhere.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::auth::clock::Clock;
use crate::auth::credentials::Source;
#[cfg(feature = "credential-chain")]
use crate::auth::{CredentialChain, CredentialsSource, SharedCredentials, SourceConfig};
use crate::call::resolved::Tokens;
use crate::call::retry::{Retries, RetryQuota};
use crate::call::timeouts::Timeouts;
use crate::transport::{ConnectionSettings, Custom, Transport};
use crate::wire::endpoint::{EndpointSetting, may_hold_secrets};
use crate::words::hidden::Hidden;
use crate::words::service::ServiceInfo;

/// The sizes from which on payloads may be compressed, in bytes.
pub(super) const COMPRESSION_SIZES: RangeInclusive<u32> = 1..=1_048_576;

/// What has been set.
#[derive(Clone, Default)]
pub struct Settings {
    /// Where to look for what is not set.
    pub(super) lookup: Lookup,
    /// The profile that the code selects.
    #[cfg(feature = "credential-chain")]
    pub(super) profile: Option<String>,
    pub(super) region: Option<Cow<'static, str>>,
    pub(super) credentials: Option<Source>,
    pub(super) endpoint_url: EndpointUrls,
    pub(super) use_fips: Option<bool>,
    pub(super) use_dual_stack: Option<bool>,
    pub(super) timeouts: Timeouts,
    pub(super) retries: Retries,
    pub(super) app_name: Option<String>,
    pub(super) no_proxy: bool,
    pub(super) fixed_clock: Option<bool>,
    /// What sends requests instead of connections of our own.
    pub(super) custom: Option<Arc<dyn Custom>>,
    pub(super) connections: ConnectionSettings,
    pub(super) max_response_size: Option<u64>,
    pub(super) disable_host_prefix: Option<bool>,
    pub(super) disable_compression: Option<bool>,
    pub(super) min_compression_size: Option<u32>,
    pub(super) checksums_of_requests: Option<bool>,
    pub(super) checksums_of_responses: Option<bool>,
    /// What only the clients of one service have.
    pub(super) own: Vec<(&'static str, EndpointSetting)>,
    pub(super) idempotency_tokens: Option<Tokens>,
    pub(super) shares_quota: bool,
    /// What was wrong with settings that were read from elsewhere.
    pub(super) problems: Vec<Problem>,
    // What clients of one configuration share.
    /// What was found beside the code.
    pub(super) shared_found: Option<Arc<Settings>>,
    pub(super) shared_transport: Option<Arc<Transport>>,
    pub(super) shared_clock: Option<Arc<Clock>>,
    pub(super) shared_quota: Option<Arc<RetryQuota>>,
}

/// When the environment and the profile are asked for what the code does not set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lookup {
    /// Only without a region, or there are no credentials.
    #[default]
    IfIncomplete,
    /// Always.
    Always,
    /// Never: the settings come from elsewhere.
    #[cfg(feature = "sdk-config")]
    Never,
}

/// What is wrong with a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) setting: Setting,
    pub(super) text: String,
}

/// What a problem is about: settings that there must be, those that only some services have, or any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    Region,
    Credentials,
    Compression,
    HostPrefix,
    Other,
}

/// Values by name. Of two with one name, the last counts.
///
/// There are so few that nothing is found faster with a map, whose code is 40 KB in each program.
pub(super) type Named<T> = Vec<(String, T)>;

/// The value with a name, if there is one.
pub(super) fn find<'a, T>(values: &'a Named<T>, name: &str) -> Option<&'a T> {
    let named = values.iter().rev().find(|(of, _)| of == name);
    named.map(|(_, value)| value)
}

/// Where to send requests instead of the region's endpoint.
#[derive(Clone, Debug, Default)]
pub(super) struct EndpointUrls {
    /// Set in code.
    pub(super) in_code: Option<String>,
    /// Whether those of variables and profiles do not count.
    pub(super) are_ignored: Option<bool>,
    /// By the name of its variable: those of single services, and [`GENERAL`](Self::GENERAL). What is wrong with one matters
    /// only to who asks for it.
    pub(super) variables: Named<Result<String, Problem>>,
    /// Those of single services in the profile, by the name of the service.
    pub(super) services: Named<String>,
    /// The one for all services in the profile.
    pub(super) profile: Option<String>,
}

impl EndpointUrls {
    /// The variable for all services.
    pub(super) const GENERAL: &str = "AWS_ENDPOINT_URL";

    /// The one for a service: in each place the one for it alone goes before the one for all.
    pub(super) fn of(&self, service: &ServiceInfo) -> Result<Option<&str>, &Problem> {
        if self.in_code.is_some() || self.are_ignored == Some(true) {
            return Ok(self.in_code.as_deref());
        }
        let variable = find(&self.variables, service.endpoint_url_variable);
        if let Some(url) = variable.or_else(|| find(&self.variables, Self::GENERAL)) {
            return url.as_deref().map(Some);
        }
        let name = service.id.replace(' ', "_").to_ascii_lowercase();
        let url = find(&self.services, &name).or(self.profile.as_ref());
        Ok(url.map(String::as_str))
    }

    /// The one for most services, if nothing is wrong with it.
    fn general(&self) -> Option<&str> {
        let general = || find(&self.variables, Self::GENERAL)?.as_deref().ok();
        self.in_code.as_deref().or_else(general).or(self.profile.as_deref())
    }

    fn or(mut self, other: Self) -> Self {
        // The first are of the environment, the second of the profile alone.
        self.variables.extend(other.variables);
        self.services.extend(other.services);
        Self {
            in_code: self.in_code.or(other.in_code),
            are_ignored: self.are_ignored.or(other.are_ignored),
            profile: self.profile.or(other.profile),
            ..self
        }
    }
}

impl Settings {
    /// These, and where they say nothing, others.
    pub(super) fn or(self, other: Self) -> Self {
        let mut problems = self.problems;
        problems.extend(other.problems);
        Self {
            region: self.region.or(other.region),
            credentials: self.credentials.or(other.credentials),
            endpoint_url: self.endpoint_url.or(other.endpoint_url),
            use_fips: self.use_fips.or(other.use_fips),
            use_dual_stack: self.use_dual_stack.or(other.use_dual_stack),
            timeouts: self.timeouts.or(other.timeouts),
            retries: self.retries.or(other.retries),
            app_name: self.app_name.or(other.app_name),
            fixed_clock: self.fixed_clock.or(other.fixed_clock),
            connections: ConnectionSettings {
                ca_bundle: self.connections.ca_bundle.or(other.connections.ca_bundle),
                ..self.connections
            },
            disable_host_prefix: self.disable_host_prefix.or(other.disable_host_prefix),
            disable_compression: self.disable_compression.or(other.disable_compression),
            min_compression_size: self.min_compression_size.or(other.min_compression_size),
            checksums_of_requests: self.checksums_of_requests.or(other.checksums_of_requests),
            checksums_of_responses: self.checksums_of_responses.or(other.checksums_of_responses),
            problems,
            // Nobody but the code sets the rest.
            ..self
        }
    }

    /// Adds what the environment and the profile say, as far as that is wanted.
    pub(super) fn completed(self) -> Self {
        match self.found() {
            Some(found) => self.or(Self::clone(&found)),
            None => self,
        }
    }

    /// What the environment and the profile say, if they are to be asked.
    pub(super) fn found(&self) -> Option<Arc<Self>> {
        let is_wanted = match self.lookup {
            Lookup::IfIncomplete => self.region.is_none() || self.credentials.is_none(),
            Lookup::Always => true,
            #[cfg(feature = "sdk-config")]
            Lookup::Never => false,
        };
        match &self.shared_found {
            Some(found) => Some(Arc::clone(found)),
            None => is_wanted.then(|| Arc::new(self.look_around())),
        }
    }

    /// Reads the environment, then the profile.
    #[cfg(feature = "credential-chain")]
    fn look_around(&self) -> Self {
        let config = SourceConfig {
            profile: self.profile.clone(),
            ..SourceConfig::new()
        };
        let environment = Self::from_variables(std::env::vars_os());
        let mut found = match self.profile {
            None => environment,
            // The profile that the code selects goes before the credentials of the environment.
            Some(_) => environment.without_credentials(),
        };
        found = found.or(Self::from_profile(&config));
        found
            .credentials
            .get_or_insert_with(|| SharedCredentials::new(CredentialChain::default()).into_source());
        found
    }

    /// Reads the environment.
    #[cfg(not(feature = "credential-chain"))]
    fn look_around(&self) -> Self {
        Self::from_variables(std::env::vars_os())
    }

    #[cfg(feature = "credential-chain")]
    fn without_credentials(mut self) -> Self {
        self.credentials = None;
        self.problems.retain(|problem| problem.setting != Setting::Credentials);
        self
    }

    /// Writes what may be shown.
    pub(super) fn fmt_as(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.endpoint_url.general();
        let url: &dyn fmt::Debug = match url {
            Some(url) if may_hold_secrets(url) => &Some(Hidden),
            _ => &url,
        };
        f.debug_struct(name)
            .field("region", &self.region)
            .field("endpoint_url", url)
            .field("use_fips", &self.use_fips.unwrap_or_default())
            .field("use_dual_stack", &self.use_dual_stack.unwrap_or_default())
            .field("timeouts", &self.timeouts)
            .field("retries", &self.retries)
            .field("app_name", &self.app_name)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_as("Settings", f)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ClientBuilder;
    use crate::auth::credentials::Credentials;
    use crate::weather::Client;

    #[test]
    fn nothing_is_looked_up_where_the_code_sets_region_and_credentials() {
        let credentials = || Credentials::new("id", "secret", None, None, "test");
        let builder = ClientBuilder::<Client>::new;
        for (builder, expected) in [
            (builder(), true),
            (builder().region("eu-west-1"), true),
            (builder().credentials(credentials()), true),
            (builder().region("eu-west-1").credentials(credentials()), false),
            (
                ClientBuilder::from_env().region("eu-west-1").credentials(credentials()),
                true,
            ),
        ] {
            assert_eq!(builder.settings.found().is_some(), expected, "{builder:?}");
        }
    }

    #[cfg(feature = "credential-chain")]
    #[test]
    fn a_profile_in_code_is_always_read() {
        let credentials = Credentials::new("id", "secret", None, None, "test");
        let builder = ClientBuilder::<Client>::new()
            .region("eu-west-1")
            .credentials(credentials);
        let error = builder.profile("no such profile").build().expect_err("there is none");
        assert!(error.is_configuration(), "{error}");
        assert!(
            error
                .to_string()
                .starts_with("the code selects the profile `no such profile`, but there"),
            "{error}"
        );
    }
}
