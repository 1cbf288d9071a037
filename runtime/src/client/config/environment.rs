//! Settings in the environment.

use std::borrow::Cow;
use std::ffi::OsString;
use std::ops::RangeInclusive;

use super::ClientBuilder;
use super::settings::{COMPRESSION_SIZES, EndpointUrls, Lookup, Named, Problem, Setting, Settings, find};
use crate::auth::CredentialsSource;
use crate::auth::credentials::Credentials;
use crate::call::retry::Retries;
use crate::words::one_line::Quoted;

impl<C> ClientBuilder<C> {
    /// Takes what the code does not set from the environment, then from the profile.
    ///
    /// | variable | property of the profile | sets |
    /// |---|---|---|
    /// | `AWS_REGION`, else `AWS_DEFAULT_REGION` | `region` | [`region`](Self::region) |
    /// | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | see below | [`credentials`](Self::credentials) |
    /// | `AWS_ENDPOINT_URL_...` with the service's name, else `AWS_ENDPOINT_URL` | `endpoint_url` of the service in the section that `services` names, else `endpoint_url` | [`endpoint_url`](Self::endpoint_url) |
    /// | `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` | `ignore_configured_endpoint_urls` | `true` ignores all of these |
    /// | `AWS_USE_FIPS_ENDPOINT` | `use_fips_endpoint` | [`use_fips`](Self::use_fips) |
    /// | `AWS_USE_DUALSTACK_ENDPOINT` | `use_dualstack_endpoint` | [`use_dual_stack`](Self::use_dual_stack) |
    /// | `AWS_MAX_ATTEMPTS` | `max_attempts` | [`Retries::max_attempts`](crate::Retries::max_attempts) |
    /// | `AWS_SDK_UA_APP_ID` | `sdk_ua_app_id` | [`app_name`](Self::app_name) |
    /// | `AWS_CA_BUNDLE` | `ca_bundle` | the file with the certificates to trust |
    /// | `AWS_DISABLE_CLOCK_SKEW_CORRECTION` | - | `true` signs with this machine's time, whatever the service says of it |
    ///
    /// Profiles need the feature `credential-chain`, which is on by default. The profile is the one that `.profile(..)`
    /// selects, else the one that `AWS_PROFILE` names, else `default`. Where the environment has no credentials, the first
    /// call looks for them as [`CredentialChain`](crate::credentials::CredentialChain) says.
    ///
    /// Variables that are empty or blank count as not set. What is wrong with a variable, even that it is not UTF-8, or
    /// with the profile is reported by [`build`](Self::build), which reads all of this.
    pub fn from_env() -> Self {
        Settings {
            lookup: Lookup::Always,
            ..Settings::default()
        }
        .into()
    }
}

impl Settings {
    /// Reads variables from wherever they are.
    pub(super) fn from_variables(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let ours = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| name.starts_with("AWS_"));
        let mut variables = Variables {
            values: ours.collect(),
            problems: Vec::new(),
        };
        let (first, last) = COMPRESSION_SIZES.into_inner();
        let size = format!("a number from {first} to {last}");
        let mut retries = Retries::new();
        if let Some(attempts) = variables.number("AWS_MAX_ATTEMPTS", 1..=u32::MAX, "a number from 1") {
            retries = retries.max_attempts(attempts);
        }
        Self {
            use_fips: variables.flag("AWS_USE_FIPS_ENDPOINT"),
            use_dual_stack: variables.flag("AWS_USE_DUALSTACK_ENDPOINT"),
            fixed_clock: variables.flag("AWS_DISABLE_CLOCK_SKEW_CORRECTION"),
            disable_host_prefix: variables.flag("AWS_DISABLE_HOST_PREFIX_INJECTION"),
            disable_compression: variables.flag("AWS_DISABLE_REQUEST_COMPRESSION"),
            min_compression_size: variables.number("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", COMPRESSION_SIZES, &size),
            checksums_of_requests: variables.checksums("AWS_REQUEST_CHECKSUM_CALCULATION"),
            checksums_of_responses: variables.checksums("AWS_RESPONSE_CHECKSUM_VALIDATION"),
            endpoint_url: variables.endpoint_urls(),
            region: variables.region().map(Cow::Owned),
            credentials: variables.credentials().map(CredentialsSource::into_source),
            app_name: variables.get("AWS_SDK_UA_APP_ID"),
            retries,
            problems: variables.problems,
            ..Self::default()
        }
    }
}

/// Variables, and what is wrong with those that have been read.
struct Variables {
    values: Named<OsString>,
    problems: Vec<Problem>,
}

/// A variable is set, but not to text. That has been reported.
struct NotText;

impl Variables {
    /// The value of a variable that is set.
    fn get(&mut self, name: &str) -> Option<String> {
        self.read(name).unwrap_or(None)
    }

    /// The same for a variable of which it matters why there is no value.
    fn read(&mut self, name: &str) -> Result<Option<String>, NotText> {
        self.text(name).map_err(|problem| {
            self.problems.push(problem);
            NotText
        })
    }

    /// The text of a variable that is set, without blanks around it.
    fn text(&self, name: &str) -> Result<Option<String>, Problem> {
        let Some(value) = find(&self.values, name) else {
            return Ok(None);
        };
        let value = value.to_str().ok_or_else(|| problem(name, "is not UTF-8"))?.trim();
        Ok((!value.is_empty()).then(|| value.to_owned()))
    }

    fn report(&mut self, name: &str, text: &str) {
        self.problems.push(problem(name, text));
    }

    fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.get(name)?;
        let flag = flag(&value);
        if flag.is_none() {
            let value = Quoted(value);
            self.report(name, &format!("is {value}, but must be `true` or `false`"));
        }
        flag
    }

    /// Whether there are checksums wherever they are supported.
    fn checksums(&mut self, name: &str) -> Option<bool> {
        let value = self.get(name).filter(|_| HAS_CHECKSUMS)?;
        let checksums = checksums(&value);
        if checksums.is_none() {
            let value = Quoted(value);
            self.report(name, &format!("is {value}, but must be {CHECKSUMS}"));
        }
        checksums
    }

    /// A number in a range, which is put into words as what is expected.
    fn number(&mut self, name: &str, allowed: RangeInclusive<u32>, expected: &str) -> Option<u32> {
        let value = self.get(name)?;
        let number = value.parse().ok().filter(|number| allowed.contains(number));
        if number.is_none() {
            let value = Quoted(value);
            self.report(name, &format!("is {value}, but must be {expected}"));
        }
        number
    }

    fn region(&mut self) -> Option<String> {
        let region = self.get("AWS_REGION");
        region.or_else(|| self.get("AWS_DEFAULT_REGION"))
    }

    /// The endpoint URLs for all services and for single ones.
    fn endpoint_urls(&mut self) -> EndpointUrls {
        let are_ignored = self.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
        let names = self.values.iter().map(|(name, _)| name);
        let names = names.filter(|name| name.starts_with(EndpointUrls::GENERAL));
        let urls = names.filter_map(|name| {
            let url = match self.text(name) {
                Ok(None) => return None,
                Ok(Some(url)) => Ok(url),
                Err(problem) => Err(problem),
            };
            Some((name.clone(), url))
        });
        EndpointUrls {
            variables: urls.collect(),
            are_ignored,
            ..EndpointUrls::default()
        }
    }

    fn credentials(&mut self) -> Option<Credentials> {
        let (Ok(id), Ok(secret)) = (self.read("AWS_ACCESS_KEY_ID"), self.read("AWS_SECRET_ACCESS_KEY")) else {
            return None;
        };
        let (set, missing) = match (id, secret) {
            (Some(id), Some(secret)) => {
                let token = self.read("AWS_SESSION_TOKEN").ok()?;
                return Some(Credentials::from_variables(id, secret, token));
            }
            (Some(_), None) => ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            (None, Some(_)) => ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"),
            (None, None) => return None,
        };
        self.report(set, &format!("is set, but not `{missing}`"));
        None
    }
}

/// Whether one of the clients in the program has checksums, so that what is said of them matters.
pub(super) const HAS_CHECKSUMS: bool = cfg!(feature = "http-checksum");

/// What settings of checksums must be.
pub(super) const CHECKSUMS: &str = "`when_supported` or `when_required`";

/// Whether there are checksums wherever they are supported.
pub(super) fn checksums(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "when_supported" => Some(true),
        "when_required" => Some(false),
        _ => None,
    }
}

/// `true` or `false`, in upper or lower case.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text {
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// What is wrong with a variable.
fn problem(name: &str, text: &str) -> Problem {
    let setting = match name {
        "AWS_REGION" | "AWS_DEFAULT_REGION" => Setting::Region,
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN" => Setting::Credentials,
        "AWS_DISABLE_REQUEST_COMPRESSION" | "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES" => Setting::Compression,
        "AWS_DISABLE_HOST_PREFIX_INJECTION" => Setting::HostPrefix,
        _ => Setting::Other,
    };
    Problem {
        setting,
        text: format!("`{name}` {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::SourceConfig;
    use crate::auth::clock::Clock;
    use crate::call::retry::Retries;
    use crate::weather::{Client, WEATHER};

    /// The settings of these variables.
    fn from(variables: &[(&str, &str)]) -> Settings {
        Settings::from_variables(variables.iter().map(|(name, value)| (name.into(), value.into())))
    }

    fn builder(variables: &[(&str, &str)]) -> ClientBuilder<Client> {
        from(variables).into()
    }

    fn problems(settings: &Settings) -> Vec<&str> {
        settings.problems.iter().map(|problem| &*problem.text).collect()
    }

    async fn credentials(settings: &Settings) -> Option<(String, String, Option<String>)> {
        let credentials = settings
            .credentials
            .as_ref()?
            .get(&|| Clock::default().times(), &SourceConfig::new())
            .await
            .unwrap();
        let token = credentials.session_token().map(str::to_owned);
        Some((
            credentials.access_key_id().to_owned(),
            credentials.secret_access_key().to_owned(),
            token,
        ))
    }

    #[tokio::test]
    async fn an_environment_without_variables_sets_nothing() {
        let settings = from(&[]);
        assert_eq!(format!("{settings:?}"), format!("{:?}", Settings::default()));
        assert_eq!(credentials(&settings).await, None);
        assert!(settings.problems.is_empty());
    }

    #[tokio::test]
    async fn all_variables() {
        let settings = from(&[
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
            ("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true"),
        ]);
        assert_eq!(settings.fixed_clock, Some(true));
        let expected = ClientBuilder::<Client>::new()
            .region("eu-west-1")
            .endpoint_url("http://all")
            .use_fips(true)
            .use_dual_stack(true)
            .retries(Retries::new().max_attempts(5))
            .app_name("shop");
        assert_eq!(format!("{settings:?}"), format!("{:?}", expected.settings));
        let expected = ("id".to_owned(), "secret".to_owned(), Some("token".to_owned()));
        assert_eq!(credentials(&settings).await, Some(expected));
        assert!(settings.problems.is_empty());
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
        let url = |variables: &[(&str, &str)]| {
            from(variables)
                .endpoint_url
                .of(&WEATHER.info)
                .expect("text")
                .map(str::to_owned)
        };
        let (own, all) = (
            (WEATHER.info.endpoint_url_variable, "http://own"),
            ("AWS_ENDPOINT_URL", "http://all"),
        );
        assert_eq!(url(&[all]).unwrap(), "http://all");
        assert_eq!(url(&[own]).unwrap(), "http://own");
        assert_eq!(url(&[all, own]).unwrap(), "http://own");
        assert_eq!(
            url(&[all, (WEATHER.info.endpoint_url_variable, "")]).unwrap(),
            "http://all"
        );
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
            let settings = from(&[("AWS_USE_FIPS_ENDPOINT", text)]);
            assert_eq!(settings.use_fips.unwrap_or_default(), expected, "{text}");
            assert_eq!(settings.use_dual_stack, None);
            assert!(settings.problems.is_empty(), "{text}");
        }
        for name in [
            "AWS_USE_FIPS_ENDPOINT",
            "AWS_USE_DUALSTACK_ENDPOINT",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        ] {
            for text in ["1", "yes", "truee"] {
                let expected = format!("`{name}` is `{text}`, but must be `true` or `false`");
                assert_eq!(problems(&from(&[(name, text)])), [expected]);
            }
        }
    }

    #[test]
    fn what_does_not_show_is_escaped() {
        for (name, expected) in [
            ("AWS_USE_FIPS_ENDPOINT", "must be `true` or `false`"),
            ("AWS_MAX_ATTEMPTS", "must be a number from 1"),
        ] {
            let expected = format!("`{name}` is `1\\u{{1b}}\\n2`, but {expected}");
            assert_eq!(problems(&from(&[(name, "1\u{1b}\n2\n")])), [expected]);
        }
    }

    #[tokio::test]
    async fn half_of_the_credentials() {
        let (id, secret) = (("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret"));
        let settings = from(&[id]);
        assert_eq!(credentials(&settings).await, None);
        assert_eq!(
            problems(&settings),
            ["`AWS_ACCESS_KEY_ID` is set, but not `AWS_SECRET_ACCESS_KEY`"]
        );
        let settings = from(&[secret, ("AWS_ACCESS_KEY_ID", " "), ("AWS_SESSION_TOKEN", "token")]);
        assert_eq!(credentials(&settings).await, None);
        assert_eq!(
            problems(&settings),
            ["`AWS_SECRET_ACCESS_KEY` is set, but not `AWS_ACCESS_KEY_ID`"]
        );
        let settings = from(&[id, secret, ("AWS_SESSION_TOKEN", "")]);
        let expected = ("id".to_owned(), "secret".to_owned(), None);
        assert_eq!(credentials(&settings).await, Some(expected));
    }

    #[test]
    fn credentials_that_cannot_sign() {
        for (name, bad, problem) in [
            (
                "AWS_ACCESS_KEY_ID",
                "MARK MARK",
                "has a character that a header cannot carry",
            ),
            ("AWS_SECRET_ACCESS_KEY", "MARK\nMARK", "has a control character"),
            (
                "AWS_SESSION_TOKEN",
                "M\u{c4}RK",
                "has a character that a header cannot carry",
            ),
        ] {
            let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
            let variables = names.map(|key| (key, if key == name { bad } else { "good" }));
            let error = builder(&variables).region("eu-west-1").build().unwrap_err();
            assert!(error.is_credentials(), "{error}");
            let expected = format!("`{name}` {problem}");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn numbers_of_attempts() {
        for text in ["0", "-1", "three", "1.5", "99999999999"] {
            let expected = format!("`AWS_MAX_ATTEMPTS` is `{text}`, but must be a number from 1");
            assert_eq!(problems(&from(&[("AWS_MAX_ATTEMPTS", text)])), [expected]);
        }
        assert_eq!(from(&[("AWS_MAX_ATTEMPTS", "1")]).retries, Retries::none());
        assert_eq!(from(&[("AWS_MAX_ATTEMPTS", "")]).retries, Retries::new());
    }

    #[test]
    fn variables_that_only_some_services_use() {
        assert_eq!(
            from(&[("AWS_DISABLE_HOST_PREFIX_INJECTION", "true")]).disable_host_prefix,
            Some(true)
        );
        let settings = from(&[
            ("AWS_DISABLE_REQUEST_COMPRESSION", "true"),
            ("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", "1048576"),
        ]);
        assert_eq!(settings.disable_compression, Some(true));
        assert_eq!(settings.min_compression_size, Some(1_048_576));
        for size in ["0", "1048577", "1 KB"] {
            let settings = from(&[("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", size)]);
            let expected =
                format!("`AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES` is `{size}`, but must be a number from 1 to 1048576");
            assert_eq!(problems(&settings), [expected]);
        }
    }

    #[test]
    fn what_is_wrong_with_variables_is_reported_at_the_end() {
        let builder = builder(&[("AWS_ACCESS_KEY_ID", "id"), ("AWS_USE_FIPS_ENDPOINT", "1")]);
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
        let builder = builder(&[("AWS_REGION", "a"), ("AWS_MAX_ATTEMPTS", "5")]);
        let builder = builder.region("b").retries(Retries::new().after_timeout(true));
        assert_eq!(builder.settings.region.unwrap(), "b");
        // What the argument leaves unset stays.
        assert_eq!(
            builder.settings.retries,
            Retries::new().max_attempts(5).after_timeout(true)
        );
    }
}
