//! A service, as far as its code is generated.

use std::borrow::Cow;
use std::fmt;

use http::response;

use super::error_response::ErrorResponse;
use crate::error::{Kind, ModeledError};
use crate::wire::endpoint::{Endpoint, EndpointParams};
use crate::words::service::ServiceInfo;

/// A service: what it is, and what only its generated code can do.
pub struct Service {
    /// What it is.
    pub info: ServiceInfo,
    /// Where requests go, or why nowhere.
    pub resolve_endpoint: fn(&EndpointParams<'_>) -> Result<Endpoint, String>,
    /// Reads the error with a code; `None` if the description does not know it.
    pub parse_error: fn(&str, &ErrorResponse<'_>) -> Option<Box<dyn ModeledError>>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Service").field(&self.info.id).finish()
    }
}

impl Service {
    /// Reads the body of a response that reports an error, or the payload of an event that does and has no head.
    pub(super) fn error_response<'a>(
        &self,
        parts: Option<&'a response::Parts>,
        body: &'a [u8],
        text: &'a Cow<'a, str>,
    ) -> ErrorResponse<'a> {
        let is_code = |code: &str| (self.parse_error)(code, &ErrorResponse::empty()).is_some();
        ErrorResponse::read(&self.info, parts, body, text, &is_code)
    }

    /// The error with this code. Where the service tells the code that the error had in query, that is what users see.
    pub(super) fn error_kind(&self, response: &ErrorResponse<'_>, code: String) -> Kind {
        let query_code = response.query_code();
        let modeled = (self.parse_error)(&code, response);
        let modeled = modeled.or_else(|| (self.parse_error)(query_code?, response));
        let code = query_code.map_or(code, str::to_owned);
        let is_hidden = modeled.as_ref().is_some_and(|error| error.hides_message());
        let message = modeled.as_ref().and_then(|error| error.message()).map(str::to_owned);
        let message = message
            .or_else(|| response.message("message").filter(|_| !is_hidden))
            .or_else(|| response.reason(&code, &self.info));
        Kind::Service {
            code,
            message: message.unwrap_or_default(),
            modeled,
        }
    }
}
