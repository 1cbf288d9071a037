//! What environment and profile say about the services that give credentials.

use std::fmt;

use super::error::{CredentialsError, Place};
use super::profile::{Entry, Files, Selected, Value};
use super::system::System;
use super::system::variable;
use crate::words::one_line::Quoted;

/// A value and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it was found.
    pub(crate) origin: Origin,
}

/// Where a setting was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In an environment variable of this name.
    Variable(String),
    /// In a file.
    Profile {
        /// The name of the property.
        property: String,
        /// The line.
        place: Place,
    },
}

impl Origin {
    /// Tells an error about the place.
    pub(crate) fn mark(&self, error: CredentialsError) -> CredentialsError {
        match self {
            Self::Variable(_) => error,
            Self::Profile { place, .. } => error.at(place),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "`{name}`"),
            Self::Profile { property, place } => write!(f, "`{property}` ({place})"),
        }
    }
}

impl<T> Setting<T> {
    pub(crate) fn is_of_profile(&self) -> bool {
        matches!(self.origin, Origin::Profile { .. })
    }

    fn map<U>(self, map: impl FnOnce(T) -> U) -> Setting<U> {
        Setting {
            value: map(self.value),
            origin: self.origin,
        }
    }
}

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadSetting {
    problem: String,
    origin: Origin,
}

impl BadSetting {
    fn new(setting: Setting<String>, expected: impl fmt::Display) -> Self {
        Self {
            problem: format!(
                "{} is {}, but must be {expected}",
                setting.origin,
                Quoted(&setting.value)
            ),
            origin: setting.origin,
        }
    }
}

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for BadSetting {}

impl From<BadSetting> for CredentialsError {
    fn from(bad: BadSetting) -> Self {
        Self::failed(bad.problem)
    }
}

/// What a service is called where endpoint URLs are set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServiceKeys<'a> {
    /// The variable for this service alone, such as `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`.
    pub(crate) variable: &'a str,
    /// The property in sections such as `[services NAME]`: `sagemaker_runtime`.
    pub(crate) property: &'a str,
}

/// Looks settings up: in the environment, then in the selected profile.
pub(crate) struct Lookup<'a> {
    system: &'a dyn System,
    files: &'a Files,
    profile: Option<Entry<'a>>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(system: &'a dyn System, files: &'a Files, selected: &Selected) -> Self {
        let profile = files.profile(&selected.name);
        Self { system, files, profile }
    }

    /// The value of a variable, else that of a property.
    pub(crate) fn text(&self, name: &str, property: &str) -> Option<Setting<String>> {
        self.variable(name).or_else(|| self.property(property))
    }

    fn variable(&self, name: &str) -> Option<Setting<String>> {
        Some(Setting {
            value: variable(self.system, name)?,
            origin: Origin::Variable(name.to_owned()),
        })
    }

    fn property(&self, property: &str) -> Option<Setting<String>> {
        let value = self.profile.as_ref()?.get(property)?;
        Some(setting(property, value))
    }

    /// `true` or `false`, in upper or lower case.
    pub(crate) fn flag(&self, name: &str, property: &str) -> Result<Option<Setting<bool>>, BadSetting> {
        let Some(setting) = self.text(name, property) else {
            return Ok(None);
        };
        match setting.value.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(setting.map(|_| true))),
            "false" => Ok(Some(setting.map(|_| false))),
            _ => Err(BadSetting::new(setting, "`true` or `false`")),
        }
    }

    /// The region.
    pub(crate) fn region(&self) -> Option<Setting<String>> {
        self.variable("AWS_REGION")
            .or_else(|| self.text("AWS_DEFAULT_REGION", "region"))
    }

    pub(crate) fn use_fips(&self) -> Result<Option<Setting<bool>>, BadSetting> {
        self.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
    }

    pub(crate) fn use_dual_stack(&self) -> Result<Option<Setting<bool>>, BadSetting> {
        self.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    }

    /// Where requests to a service go instead of its endpoint: first what the environment says of this service, then of
    /// all, then the profile likewise.
    pub(crate) fn endpoint_url(&self, service: ServiceKeys<'_>) -> Result<Option<Setting<String>>, BadSetting> {
        let ignored = self.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")?;
        if ignored.is_some_and(|ignored| ignored.value) {
            return Ok(None);
        }
        let of_environment = self
            .variable(service.variable)
            .or_else(|| self.variable("AWS_ENDPOINT_URL"));
        if of_environment.is_some() {
            return Ok(of_environment);
        }
        let of_service = self.endpoint_url_in_services(service.property)?;
        Ok(of_service.or_else(|| self.property("endpoint_url")))
    }

    fn endpoint_url_in_services(&self, property: &str) -> Result<Option<Setting<String>>, BadSetting> {
        let Some(name) = self.property("services") else {
            return Ok(None);
        };
        let Some(services) = self.files.services(&name.value) else {
            return Err(BadSetting::new(name, "the name of a section such as `[services NAME]`"));
        };
        let url = services.get_sub(property, "endpoint_url");
        Ok(url.map(|url| setting("endpoint_url", url)))
    }
}

fn setting(property: &str, value: Value<'_>) -> Setting<String> {
    Setting {
        value: value.text.trim().to_owned(),
        origin: Origin::Profile {
            property: property.to_owned(),
            place: value.place,
        },
    }
}
