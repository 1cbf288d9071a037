//! What has been set, in code and elsewhere.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::auth::clock::Clock;
use crate::auth::credentials::Source;
use crate::call::resolved::Tokens;
use crate::call::retry::{Retries, RetryQuota};
use crate::call::timeouts::Timeouts;
use crate::transport::{ConnectionSettings, Custom, Transport};
use crate::wire::endpoint::may_hold_secrets;
use crate::words::hidden::Hidden;
use crate::words::service::ServiceInfo;

/// The sizes from which on payloads may be compressed, in bytes.
pub(super) const COMPRESSION_SIZES: RangeInclusive<u32> = 1..=1_048_576;

/// What has been set.
#[derive(Clone, Default)]
pub struct Settings {
    pub(super) region: Option<Cow<'static, str>>,
    pub(super) credentials: Option<Source>,
    pub(super) endpoint_url: EndpointUrls,
    pub(super) use_fips: bool,
    pub(super) use_dual_stack: bool,
    pub(super) timeouts: Timeouts,
    pub(super) retries: Retries,
    pub(super) app_name: Option<String>,
    pub(super) no_proxy: bool,
    pub(super) fixed_clock: bool,
    /// What sends requests instead of connections of our own.
    pub(super) custom: Option<Arc<dyn Custom>>,
    pub(super) connections: ConnectionSettings,
    pub(super) disable_host_prefix: bool,
    pub(super) disable_compression: bool,
    pub(super) min_compression_size: Option<u32>,
    pub(super) idempotency_tokens: Option<Tokens>,
    pub(super) shares_quota: bool,
    /// What was wrong with settings that were read from elsewhere.
    pub(super) problems: Vec<Problem>,
    // What clients of one configuration share.
    pub(super) shared_transport: Option<Arc<Transport>>,
    pub(super) shared_clock: Option<Arc<Clock>>,
    pub(super) shared_quota: Option<Arc<RetryQuota>>,
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

/// Where to send requests instead of the region's endpoint.
#[derive(Clone, Debug, Default)]
pub(super) struct EndpointUrls {
    /// Set in code.
    pub(super) in_code: Option<String>,
    /// By the name of its variable: those of single services, and [`GENERAL`](Self::GENERAL). What is wrong with one matters
    /// only to who asks for it.
    pub(super) variables: BTreeMap<String, Result<String, Problem>>,
}

impl EndpointUrls {
    /// The variable for all services.
    pub(super) const GENERAL: &str = "AWS_ENDPOINT_URL";

    /// The one for a service.
    pub(super) fn of(&self, service: &ServiceInfo) -> Result<Option<&str>, &Problem> {
        if let Some(url) = &self.in_code {
            return Ok(Some(url));
        }
        let own = self.variables.get(service.endpoint_url_variable);
        let url = own.or_else(|| self.variables.get(Self::GENERAL));
        url.map(|url| url.as_deref()).transpose()
    }

    /// The one for most services, if nothing is wrong with it.
    fn general(&self) -> Option<&str> {
        let general = || self.variables.get(Self::GENERAL)?.as_deref().ok();
        self.in_code.as_deref().or_else(general)
    }
}

impl Settings {
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
            .field("use_fips", &self.use_fips)
            .field("use_dual_stack", &self.use_dual_stack)
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
