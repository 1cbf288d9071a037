//! A small service in the form in which the generator writes one, so that the runtime builds and is tested by itself.

use std::fmt;
use std::time::Duration;

pub use crate::runtime::endpoint::NoOperationParams as OperationParams;
use crate::runtime::endpoint::{Endpoint, EndpointParams, refuse};
use crate::runtime::error::Hint;
use crate::runtime::response::ErrorResponse;
use crate::runtime::retry::RetryKind;

/// The service's identifier.
pub const ID: &str = "Weather";

/// The name of the service in a signature's scope.
pub const SIGNING_NAME: &str = "weather";

/// The environment variable with an endpoint URL for this service alone.
pub const ENDPOINT_URL_VARIABLE: &str = "AWS_ENDPOINT_URL_WEATHER";

/// The default for a silence on the wire.
pub const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Whether all operations are signed, so that nothing works without credentials.
pub const ALWAYS_SIGNS: bool = false;

/// Whether operations have a prefix in front of the endpoint's host.
pub const HAS_HOST_PREFIXES: bool = true;

/// Whether operations take compressed payloads.
pub const COMPRESSES: bool = true;

/// How an error with this code may be retried, where the service has a rule of its own.
pub fn retry_kind(code: &str) -> Option<RetryKind> {
    match code {
        "Overcast" => Some(RetryKind::Throttling),
        "Fog" => Some(RetryKind::Transient),
        "Sunrise" => Some(RetryKind::NotReady),
        _ => None,
    }
}

/// The statuses with which only errors that pass are reported, where the service has a rule of its own.
pub const TRANSIENT_STATUSES: &[u16] = &[530];

/// What to do about errors, where the service has an answer of its own.
pub const HINTS: &[Hint] = &[Hint {
    operation: Some("Forecast"),
    codes: &["Rain"],
    status: Some(424),
    message_contains: &["cats", "dogs"],
    text: "take an umbrella",
}];

/// Whether operations have a say in where their requests go, so that there may be no endpoint for all of them.
pub const OPERATIONS_CHOOSE_ENDPOINTS: bool = false;

/// Where requests go.
///
/// # Errors
///
/// The reason why there is no endpoint for these parameters.
pub fn resolve_endpoint(params: &EndpointParams<'_>) -> Result<Endpoint, String> {
    if let Some(endpoint) = params.endpoint {
        return Endpoint::parse(endpoint);
    }
    match params.region {
        Some(region) => Endpoint::parse(&format!("https://weather.{region}.amazonaws.com")),
        None => refuse("Invalid Configuration: Missing Region"),
    }
}

/// The errors of the service.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ServiceError {
    /// It rains.
    Rain(Rain),
}

/// It rains.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Rain {
    /// What the service says of it.
    pub message: Option<String>,
    /// In millimetres an hour.
    pub intensity: Option<i32>,
}

impl ServiceError {
    /// The error's code on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rain(_) => "Rain",
        }
    }

    /// What the service says of the error.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Rain(error) => error.message.as_deref(),
        }
    }

    /// Whether what the service says of the error must not be shown.
    pub(crate) fn hides_message(&self) -> bool {
        false
    }

    pub(crate) fn parse(code: &str, response: &ErrorResponse<'_>) -> Option<Self> {
        match code {
            "Rain" => Some(Self::Rain(Rain {
                message: response.message("message"),
                intensity: response.member("Intensity"),
            })),
            _ => None,
        }
    }

    pub(crate) fn visit_details(&self, visit: &mut dyn FnMut(&'static str, &dyn fmt::Display)) {
        match self {
            Self::Rain(error) => {
                if let Some(intensity) = &error.intensity {
                    visit("intensity", intensity);
                }
            }
        }
    }
}
