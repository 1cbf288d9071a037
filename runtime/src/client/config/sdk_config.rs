//! Settings that the `aws-config` crate has loaded.

use std::borrow::Cow;
use std::time::Duration;

use aws_types::SdkConfig;
use aws_types::sdk_config::TimeoutConfig;
use aws_types::service_config::ServiceConfigKey;

use super::ClientBuilder;
use super::settings::{COMPRESSION_SIZES, EndpointUrls, Lookup, Settings};
use crate::auth::CredentialsSource;
use crate::call::timeouts::Timeouts;
use crate::client::ServiceClient;
use crate::words::service::ServiceInfo;

impl<C: ServiceClient> ClientBuilder<C> {
    /// Takes over what `aws-config` has loaded from profiles, the environment and the machine.
    ///
    /// | setting | is taken over as |
    /// |---|---|
    /// | region | [`region`](Self::region) |
    /// | credentials provider | [`credentials`](Self::credentials); the client caches them |
    /// | endpoint URL, even one for this service only | [`endpoint_url`](Self::endpoint_url) |
    /// | FIPS, dual-stack | [`use_fips`](Self::use_fips), [`use_dual_stack`](Self::use_dual_stack) |
    /// | timeouts | [`timeouts`](Self::timeouts); `aws-config` itself sets one of 3.1 s for connecting |
    /// | number of attempts, longest pause between them | [`retries`](Self::retries); retries that are disabled are one attempt |
    /// | application's name | [`app_name`](Self::app_name) |
    /// | disabled clock skew correction | no correction: requests are signed with this machine's time |
    /// | compression of requests: whether, and from which size on | the same, where the service compresses |
    ///
    /// Everything else is ignored:
    ///
    /// - HTTP client, sleep, time source, protocol and behavior version: the client has its own connections
    ///   ([`transport`](Self::transport) takes others), and works with tokio and the clock of the machine;
    /// - retry mode and first pause: retries always follow the standard mode, even where `adaptive` is set;
    /// - identity cache and stalled stream protection: the client keeps credentials by itself, and
    ///   [`Timeouts::read`] limits silence;
    /// - token provider, preference of authentication schemes, regions for signatures of version 4a, endpoints by
    ///   account: requests are signed by version 4 for one region;
    /// - when checksums are made and checked: the client makes those that the service requires;
    /// - metadata of frameworks for the `User-Agent` header.
    ///
    /// It needs the feature `sdk-config`.
    pub fn from_sdk_config(config: &SdkConfig) -> Self {
        let mut settings = Settings {
            lookup: Lookup::Never,
            region: config.region().map(|region| Cow::Owned(region.as_ref().to_owned())),
            credentials: config.credentials_provider().map(CredentialsSource::into_source),
            endpoint_url: EndpointUrls {
                in_code: sdk_endpoint_url(&C::SERVICE.info, config),
                ..EndpointUrls::default()
            },
            use_fips: config.use_fips(),
            use_dual_stack: config.use_dual_stack(),
            app_name: config.app_name().map(|name| name.as_ref().to_owned()),
            fixed_clock: config.disable_clock_skew_correction(),
            disable_compression: config.disable_request_compression(),
            min_compression_size: config
                .request_min_compression_size_bytes()
                .map(|size| size.clamp(*COMPRESSION_SIZES.start(), *COMPRESSION_SIZES.end())),
            ..Settings::default()
        };
        if let Some(retries) = config.retry_config() {
            settings.retries = settings
                .retries
                .max_attempts(retries.max_attempts())
                .max_backoff(retries.max_backoff());
        }
        if let Some(timeouts) = config.timeout_config() {
            settings.timeouts = sdk_timeouts(timeouts);
        }
        settings.into()
    }
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

/// The endpoint URL of this service in a loaded configuration: one set in code, then one in the environment, then one in
/// the profile; in these two, one for this service before one for all.
fn sdk_endpoint_url(service: &ServiceInfo, config: &SdkConfig) -> Option<String> {
    let general = config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return general;
    }
    // Profiles spell the id with underscores, as variables do. By itself, the loader would look for hyphens.
    let id = service.id.replace(' ', "_");
    let key = ServiceConfigKey::builder()
        .service_id(&id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let own = config.service_config().and_then(|config| config.load_config(key));
    own.or(general)
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use aws_credential_types::provider::SharedCredentialsProvider;
    use aws_types::app_name::AppName;
    use aws_types::region::Region;
    use aws_types::sdk_config::{Builder as SdkBuilder, RetryConfig};

    use super::*;
    use crate::auth::SourceConfig;
    use crate::auth::clock::Clock;
    use crate::call::retry::Retries;
    use crate::weather::Client;

    fn settings_of(config: &SdkConfig) -> Settings {
        ClientBuilder::<Client>::from_sdk_config(config).settings
    }

    const SECOND: Duration = Duration::from_secs(1);

    /// Settings and what has to become of them. The endpoint URL has tests of its own.
    #[tokio::test]
    async fn each_setting_is_taken_over() {
        let taken_over = |set: fn(SdkBuilder) -> SdkBuilder| settings_of(&set(SdkConfig::builder()).build());

        let settings = taken_over(|config| config);
        assert_eq!(format!("{settings:?}"), format!("{:?}", Settings::default()));
        assert!(
            settings.credentials.is_none() && settings.disable_compression.is_none() && settings.fixed_clock.is_none()
        );

        let settings = taken_over(|config| config.region(Region::new("eu-central-1")));
        assert_eq!(settings.region.as_deref(), Some("eu-central-1"));

        let keys = |config: SdkBuilder| {
            let credentials = Credentials::new("id", "secret", None, None, "test");
            config.credentials_provider(SharedCredentialsProvider::new(credentials))
        };
        let source = taken_over(keys).credentials.expect("a provider");
        let credentials = source
            .get(&|| Clock::default().times(), &SourceConfig::new())
            .await
            .expect("credentials");
        assert_eq!(credentials.access_key_id(), "id");

        let settings = taken_over(|config| config.endpoint_url("http://host"));
        assert_eq!(settings.endpoint_url.in_code.as_deref(), Some("http://host"));
        let settings = taken_over(|config| config.use_fips(true));
        assert_eq!((settings.use_fips, settings.use_dual_stack), (Some(true), None));
        let settings = taken_over(|config| config.use_dual_stack(true));
        assert_eq!((settings.use_fips, settings.use_dual_stack), (None, Some(true)));
        let settings = taken_over(|config| config.app_name(AppName::new("shop").expect("a name")));
        assert_eq!(settings.app_name.as_deref(), Some("shop"));
        let settings = taken_over(|config| config.disable_request_compression(true));
        assert_eq!(settings.disable_compression, Some(true));
        let settings = taken_over(|config| config.disable_clock_skew_correction(true));
        assert_eq!(settings.fixed_clock, Some(true));
        for (size, expected) in [(0, 1), (10, 10), (u32::MAX, 1_048_576)] {
            let config = SdkConfig::builder().request_min_compression_size_bytes(size).build();
            let settings = settings_of(&config);
            assert_eq!(settings.min_compression_size, Some(expected));
        }
    }

    #[test]
    fn each_timeout_is_taken_over() {
        let config = |timeouts: TimeoutConfig| SdkConfig::builder().timeout_config(timeouts).build();
        let taken_over = |timeouts| settings_of(&config(timeouts)).timeouts;
        let builder = TimeoutConfig::builder;
        for (set, expected) in [
            (builder().connect_timeout(SECOND), Timeouts::new().connect(SECOND)),
            (builder().read_timeout(SECOND), Timeouts::new().read(SECOND)),
            (
                builder().operation_attempt_timeout(SECOND),
                Timeouts::new().attempt(SECOND),
            ),
            (builder().operation_timeout(SECOND), Timeouts::new().operation(SECOND)),
            (builder().disable_read_timeout(), Timeouts::new().read(None)),
            (builder(), Timeouts::new()),
        ] {
            assert_eq!(taken_over(set.build()), expected);
        }
    }

    #[test]
    fn retries_are_taken_over() {
        for (set, expected) in [
            (RetryConfig::disabled(), Retries::none()),
            (
                RetryConfig::standard().with_max_attempts(7),
                Retries::new().max_attempts(7),
            ),
            // Its limiter of the rate is not.
            (
                RetryConfig::adaptive().with_max_attempts(2),
                Retries::new().max_attempts(2),
            ),
        ] {
            let set = set.with_max_backoff(SECOND);
            let settings = settings_of(&SdkConfig::builder().retry_config(set).build());
            assert_eq!(settings.retries, expected.max_backoff(SECOND));
        }
    }

    /// A setting that is new has to be taken over, or to be named above among those that are not.
    #[test]
    fn all_settings_are_known() {
        const TAKEN_OVER: [&str; 13] = [
            "app_name",
            "config_origins",
            "credentials_provider",
            "disable_clock_skew_correction",
            "disable_request_compression",
            "endpoint_url",
            "region",
            "request_min_compression_size_bytes",
            "retry_config",
            "service_config",
            "timeout_config",
            "use_dual_stack",
            "use_fips",
        ];
        const LEFT: [&str; 14] = [
            "account_id_endpoint_mode",
            "auth_scheme_preference",
            "behavior_version",
            "framework_metadata",
            "http_client",
            "identity_cache",
            "protocol",
            "request_checksum_calculation",
            "response_checksum_validation",
            "sigv4a_signing_region_set",
            "sleep_impl",
            "stalled_stream_protection_config",
            "time_source",
            "token_provider",
        ];
        // Nothing is set, so that no value has a comma.
        let shown = format!("{:?}", SdkConfig::builder().build());
        let fields = shown
            .strip_prefix("SdkConfig { ")
            .and_then(|rest| rest.strip_suffix(" }"));
        for field in fields.expect("a derived text").split(", ") {
            let name = field.split(':').next().unwrap_or_default();
            assert!(TAKEN_OVER.contains(&name) || LEFT.contains(&name), "{name}");
        }
    }
}
