//! A small service in the form in which the generator writes one, so that the runtime is tested by itself.

use std::time::Duration;

use lean_aws_runtime::support::{
    CoreClient, Details, EndpointParams, ErrorResponse, Hint, ModeledError, RetryKind, Service, ServiceClient,
    ServiceInfo, refuse,
};
use lean_aws_runtime::{CallError, CallOptions, ClientBuilder, Endpoint, Operation, Sending};

/// What the runtime has to know of the service.
pub(crate) static WEATHER: Service = Service {
    info: ServiceInfo {
        id: "Weather",
        package: "weather",
        version: "1.2.3",
        signing_name: "weather",
        s3_signatures: false,
        endpoint_url_variable: "AWS_ENDPOINT_URL_WEATHER",
        read_timeout: Duration::from_secs(60),
        always_signs: false,
        has_host_prefixes: true,
        compresses: true,
        operations_choose_endpoints: false,
        error_format: lean_aws_runtime::support::ErrorFormat::Json,
        error_message: &["forecast_says"],
        retried_codes: &[
            ("Overcast", RetryKind::Throttling),
            ("Fog", RetryKind::Transient),
            ("Sunrise", RetryKind::NotReady),
        ],
        transient_statuses: &[530],
        codes_by_status: &[],
        region_header: None,
        hints: &[Hint {
            operation: Some("Forecast"),
            codes: &["Rain"],
            status: Some(424),
            message_contains: &["cats", "dogs"],
            text: "take an umbrella",
        }],
    },
    resolve_endpoint,
    parse_error,
};

fn resolve_endpoint(params: &EndpointParams<'_>) -> Result<Endpoint, String> {
    if let Some(endpoint) = params.endpoint {
        return Endpoint::parse(endpoint);
    }
    match params.region {
        Some(region) => Endpoint::parse(&format!("https://weather.{region}.amazonaws.com")),
        None => refuse("Invalid Configuration: Missing Region"),
    }
}

fn parse_error(code: &str, response: &ErrorResponse<'_>) -> Option<Box<dyn ModeledError>> {
    match code {
        "Rain" => Some(Box::new(ServiceError::Rain(Rain {
            message: response.message("message"),
            intensity: response.member("Intensity"),
        }))),
        _ => None,
    }
}

/// The client of the service.
#[derive(Clone, Debug)]
pub(crate) struct Client(CoreClient);

impl Client {
    pub(crate) fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }

    pub(crate) fn call<O: Operation<Error = Error> + 'static>(&self, input: O) -> Sending<O::Output, Error> {
        self.0.call(input)
    }

    pub(crate) fn call_with<O: Operation<Error = Error> + 'static>(
        &self,
        input: O,
        options: CallOptions,
    ) -> Sending<O::Output, Error> {
        self.0.call_with(input, options)
    }
}

impl ServiceClient for Client {
    const SERVICE: &'static Service = &WEATHER;

    type Error = Error;

    fn from_core(core: CoreClient) -> Self {
        Self(core)
    }
}

/// Why its calls fail.
pub(crate) type Error = CallError<ServiceError>;

/// The errors of the service.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub(crate) enum ServiceError {
    /// It rains.
    Rain(Rain),
}

/// It rains.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub(crate) struct Rain {
    /// What the service says of it.
    pub(crate) message: Option<String>,
    /// In millimetres an hour.
    pub(crate) intensity: Option<i32>,
}

impl ModeledError for ServiceError {
    fn message(&self) -> Option<&str> {
        match self {
            Self::Rain(error) => error.message.as_deref(),
        }
    }

    fn hides_message(&self) -> bool {
        false
    }

    fn visit_details(&self, details: &mut Details<'_>) {
        match self {
            Self::Rain(error) => details.member("intensity", &error.intensity),
        }
    }
}
