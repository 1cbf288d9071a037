//! Settings in a profile of `~/.aws/config` and `~/.aws/credentials`.

use std::borrow::Cow;
use std::fs;
use std::ops::RangeInclusive;

use super::environment::{CHECKSUMS, HAS_CHECKSUMS, checksums, flag};
use super::settings::{COMPRESSION_SIZES, EndpointUrls, Named, Problem, Setting, Settings};
use crate::auth::SourceConfig;
use crate::auth::profile::{Entry, Files, Locations, Selected, Value};
use crate::call::retry::Retries;
use crate::transport::{CaBundle, ConnectionSettings};
use crate::words::one_line::Quoted;

/// The variable that goes before `ca_bundle`; the transport reads it.
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";

impl Settings {
    /// Reads the files, which blocks the thread.
    pub(super) fn from_profile(config: &SourceConfig) -> Self {
        let system = &*config.system;
        let locations = Locations::find(system);
        let files = match Files::read(system, &locations) {
            Ok(files) => files,
            Err(error) => {
                return Self {
                    problems: vec![problem(error.to_string())],
                    ..Self::default()
                };
            }
        };
        let selected = Selected::find(system, config.profile.as_deref());
        let Some(entry) = files.profile(&selected.name) else {
            let missing = selected.missing(&files);
            // Without a selection, there need not be one.
            let is_problem = !missing.is_not_configured();
            return Self {
                problems: is_problem.then(|| problem(missing.to_string())).into_iter().collect(),
                ..Self::default()
            };
        };
        let mut profile = Profile {
            entry,
            problems: Vec::new(),
        };
        let (first, last) = COMPRESSION_SIZES.into_inner();
        let size = format!("a number from {first} to {last}");
        let mut retries = Retries::new();
        if let Some(attempts) = profile.number("max_attempts", 1..=u32::MAX, "a number from 1") {
            retries = retries.max_attempts(attempts);
        }
        let has_variable = |name| system.variable(name).is_some_and(|path| !path.is_empty());
        let ca_bundle = match has_variable(CA_BUNDLE) {
            true => None,
            false => profile.ca_bundle(&locations),
        };
        Self {
            region: profile.text("region").map(Cow::Owned),
            endpoint_url: profile.endpoint_urls(&files),
            use_fips: profile.flag("use_fips_endpoint"),
            use_dual_stack: profile.flag("use_dualstack_endpoint"),
            disable_compression: profile.flag("disable_request_compression"),
            min_compression_size: profile.number("request_min_compression_size_bytes", COMPRESSION_SIZES, &size),
            checksums_of_requests: profile.checksums("request_checksum_calculation"),
            checksums_of_responses: profile.checksums("response_checksum_validation"),
            app_name: profile.text("sdk_ua_app_id"),
            retries,
            connections: ConnectionSettings {
                ca_bundle,
                ..ConnectionSettings::default()
            },
            problems: profile.problems,
            ..Self::default()
        }
    }
}

/// The selected profile, and what is wrong with what has been read of it.
struct Profile<'a> {
    entry: Entry<'a>,
    problems: Vec<Problem>,
}

impl Profile<'_> {
    fn text(&self, property: &str) -> Option<String> {
        let value = self.entry.get(property)?;
        Some(value.text.trim().to_owned())
    }

    fn report(&mut self, property: &str, value: &Value<'_>, must_be: &str) {
        let text = Quoted(value.text.trim());
        let place = &value.place;
        self.problems.push(problem(format!(
            "`{property}` ({place}) is {text}, but must be {must_be}"
        )));
    }

    fn flag(&mut self, property: &str) -> Option<bool> {
        let value = self.entry.get(property)?;
        let flag = flag(value.text.trim());
        if flag.is_none() {
            self.report(property, &value, "`true` or `false`");
        }
        flag
    }

    fn checksums(&mut self, property: &str) -> Option<bool> {
        let value = self.entry.get(property).filter(|_| HAS_CHECKSUMS)?;
        let checksums = checksums(value.text.trim());
        if checksums.is_none() {
            self.report(property, &value, CHECKSUMS);
        }
        checksums
    }

    fn number(&mut self, property: &str, allowed: RangeInclusive<u32>, expected: &str) -> Option<u32> {
        let value = self.entry.get(property)?;
        let number = value.text.trim().parse().ok();
        let number = number.filter(|number| allowed.contains(number));
        if number.is_none() {
            self.report(property, &value, expected);
        }
        number
    }

    fn endpoint_urls(&mut self, files: &Files) -> EndpointUrls {
        EndpointUrls {
            are_ignored: self.flag("ignore_configured_endpoint_urls"),
            services: self.services(files),
            profile: self.text("endpoint_url"),
            ..EndpointUrls::default()
        }
    }

    /// The endpoint URLs in the section `[services NAME]` that the profile names.
    fn services(&mut self, files: &Files) -> Named<String> {
        let Some(name) = self.entry.get("services") else {
            return Named::new();
        };
        let Some(section) = files.services(name.text.trim()) else {
            self.report("services", &name, "the name of a section such as `[services NAME]`");
            return Named::new();
        };
        let names = section.properties().into_iter().map(|property| property.name);
        let urls = names.filter_map(|name| {
            let url = section.get_sub(&name, "endpoint_url")?.text.into_owned();
            Some((name, url))
        });
        urls.collect()
    }

    fn ca_bundle(&mut self, locations: &Locations) -> Option<CaBundle> {
        let value = self.entry.get("ca_bundle")?;
        let path = locations.expand(value.text.trim());
        let origin = format!("`{}` ({})", path.display(), value.place);
        match fs::read(&path) {
            Ok(pem) => Some(CaBundle {
                pem: pem.into(),
                origin: origin.into(),
            }),
            Err(error) => {
                self.problems.push(problem(format!("{origin} cannot be read: {error}")));
                None
            }
        }
    }
}

fn problem(text: String) -> Problem {
    Problem {
        setting: Setting::Other,
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::ClientBuilder;
    use super::*;
    use crate::auth::testing::Fake;
    use crate::weather::{Client, WEATHER};

    fn read(fake: &Fake) -> Settings {
        Settings::from_profile(&fake.config())
    }

    fn profile(config: &str) -> Fake {
        Fake::with_profiles(config, "")
    }

    fn problems(settings: &Settings) -> Vec<String> {
        let texts = settings.problems.iter();
        texts.map(|problem| problem.text.replace("/home/a/.aws/", "")).collect()
    }

    #[test]
    fn all_properties_of_a_profile() {
        let settings = read(&profile(
            "[default]\nregion = eu-west-1\nendpoint_url = http://x\nuse_fips_endpoint = TRUE\n\
             use_dualstack_endpoint = false\nmax_attempts = 5\nsdk_ua_app_id = shop\n\
             disable_request_compression = true\nrequest_min_compression_size_bytes = 7\n",
        ));
        assert_eq!(problems(&settings), [""; 0]);
        let expected = ClientBuilder::<Client>::new()
            .region("eu-west-1")
            .endpoint_url("http://x")
            .use_fips(true)
            .retries(Retries::new().max_attempts(5))
            .app_name("shop");
        assert_eq!(format!("{settings:?}"), format!("{:?}", expected.settings));
        assert_eq!(settings.use_dual_stack, Some(false));
        assert_eq!(settings.disable_compression, Some(true));
        assert_eq!(settings.min_compression_size, Some(7));
    }

    #[test]
    fn endpoint_urls_of_the_service_go_first_in_each_place() {
        let url = |fake: &Fake, variables: &[(&str, &str)]| {
            let environment = Settings::from_variables(variables.iter().map(|(name, url)| (name.into(), url.into())));
            let settings = environment.or(read(fake));
            assert_eq!(problems(&settings), [""; 0]);
            settings
                .endpoint_url
                .of(&WEATHER.info)
                .expect("text")
                .map(str::to_owned)
        };
        let name = WEATHER.info.id.replace(' ', "_").to_ascii_lowercase();
        let config = format!(
            "[default]\nendpoint_url = http://p\nservices = s\n[services s]\n{name} =\n  endpoint_url = http://ps\n"
        );
        let fake = profile(&config);
        assert_eq!(url(&fake, &[]).as_deref(), Some("http://ps"));
        let other = profile(&config.replace(&format!("{name} ="), "other ="));
        assert_eq!(url(&other, &[]).as_deref(), Some("http://p"));
        let general = ("AWS_ENDPOINT_URL", "http://e");
        let own = (WEATHER.info.endpoint_url_variable, "http://es");
        assert_eq!(url(&fake, &[general]).as_deref(), Some("http://e"));
        assert_eq!(url(&fake, &[general, own]).as_deref(), Some("http://es"));
        assert_eq!(
            url(&fake, &[own, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]),
            None
        );
        let ignoring = profile(&config.replace("services = s", "services = s\nignore_configured_endpoint_urls = true"));
        assert_eq!(url(&ignoring, &[own]), None);
        let again = [("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false")];
        assert_eq!(url(&ignoring, &again).as_deref(), Some("http://ps"));
    }

    #[test]
    fn problems_say_where_they_are() {
        let settings = read(&profile(
            "[default]\nservices = none\nuse_fips_endpoint = yes\nmax_attempts = 0\nca_bundle = /no/such/file\n",
        ));
        let mut problems = problems(&settings);
        problems.sort();
        let (unreadable, others) = problems.split_first().expect("problems");
        assert!(
            unreadable.starts_with("`/no/such/file` (config:5) cannot be read: "),
            "{unreadable}"
        );
        assert_eq!(
            others,
            [
                "`max_attempts` (config:4) is `0`, but must be a number from 1",
                "`services` (config:2) is `none`, but must be the name of a section such as `[services NAME]`",
                "`use_fips_endpoint` (config:3) is `yes`, but must be `true` or `false`",
            ]
        );
    }

    #[test]
    fn files_that_cannot_be_used() {
        let settings = read(&profile("[default]\nregion\n"));
        assert_eq!(
            problems(&settings),
            ["a property needs a `=` after its name [config:2]"]
        );
        // At the usual place, a file may be missing or be no text.
        let settings = read(&Fake::new());
        assert!(settings.problems.is_empty() && settings.region.is_none());
        let bytes = Fake::new()
            .variable("HOME", "/home/a")
            .file("/home/a/.aws/config", [0xff]);
        assert_eq!(problems(&read(&bytes)), [""; 0]);
        let named = bytes.variable("AWS_CONFIG_FILE", "/home/a/.aws/config");
        assert_eq!(problems(&read(&named)), ["`config` cannot be read: it is not UTF-8"]);
    }

    #[test]
    fn a_selected_profile_must_exist() {
        let fake = profile("[profile dev]\nregion = r\n");
        assert_eq!(problems(&read(&fake)), [""; 0]);
        let settings = Settings::from_profile(&fake.config().profile("dev"));
        assert_eq!(settings.region.as_deref(), Some("r"));
        let fake = fake.variable("AWS_PROFILE", "prod");
        let expected = "`AWS_PROFILE` selects the profile `prod`, but there is no `prod` among the profiles `dev`";
        assert_eq!(problems(&read(&fake)), [expected]);
        // The code goes first.
        let settings = Settings::from_profile(&fake.config().profile("dev"));
        assert_eq!(problems(&settings), [""; 0]);
    }
}
