//! What distinguishes one service from another, as data.

use std::time::Duration;

/// What a generated client says of its service.
#[derive(Debug)]
pub struct ServiceInfo {
    /// The service's identifier, such as `SageMaker Runtime`.
    pub id: &'static str,
    /// The name of the client's package, for the `User-Agent` header.
    pub package: &'static str,
    /// The version of the client's package.
    pub version: &'static str,
    /// The name of the service in a signature's scope.
    pub signing_name: &'static str,
    /// Whether signatures are those of S3: a header has the hash of the payload, and the path is signed as it is sent.
    pub s3_signatures: bool,
    /// The environment variable with an endpoint URL for this service alone.
    pub endpoint_url_variable: &'static str,
    /// The default of the read timeout.
    pub read_timeout: Duration,
    /// Whether all operations are signed, so that nothing works without credentials.
    pub always_signs: bool,
    /// Whether operations put a prefix in front of the endpoint's host.
    pub has_host_prefixes: bool,
    /// Whether operations take compressed payloads.
    pub compresses: bool,
    /// Whether operations choose their endpoint, so that there may be none for all of them.
    pub operations_choose_endpoints: bool,
    /// How the bodies of errors are written.
    pub error_format: ErrorFormat,
    /// The members that hold the message of an error, besides `message`.
    pub error_message: &'static [&'static str],
    /// The codes of errors that are retried although the standard list does not have them.
    pub retried_codes: &'static [(&'static str, RetryKind)],
    /// The statuses that only transient errors have, besides the standard ones.
    pub transient_statuses: &'static [u16],
    /// The codes of errors that come without a body, by status; for all others the status is the code.
    pub codes_by_status: &'static [(u16, &'static str)],
    /// The header of errors with the region that the request should have gone to, in lower case.
    pub region_header: Option<&'static str>,
    /// What to do about errors of this service.
    pub hints: &'static [Hint],
}

/// How the bodies of errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorFormat {
    /// As JSON.
    Json,
    /// As CBOR.
    #[cfg(feature = "cbor")]
    Cbor,
    /// As XML.
    #[cfg(feature = "xml")]
    Xml,
}

/// Why an error may be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryKind {
    /// A transient error.
    Transient,
    /// The service throttles.
    Throttling,
    /// The service throttles until it is ready, which may take minutes.
    NotReady,
}

/// What to do about some errors of services. A condition that is not set fits every error.
#[derive(Debug)]
pub struct Hint {
    /// The operation that failed.
    pub operation: Option<&'static str>,
    /// The codes of the errors; none for every code.
    pub codes: &'static [&'static str],
    /// The HTTP status.
    pub status: Option<u16>,
    /// What the message contains, all of it.
    pub message_contains: &'static [&'static str],
    /// What to do.
    pub text: &'static str,
}

/// An operation of a service, as errors and logs name it.
#[derive(Clone, Copy, Debug)]
pub struct OperationInfo {
    /// The service.
    pub service: &'static ServiceInfo,
    /// The operation's name in the description, such as `InvokeEndpoint`.
    pub name: &'static str,
}

impl ServiceInfo {
    /// An operation of this service.
    pub const fn operation(&'static self, name: &'static str) -> OperationInfo {
        OperationInfo { service: self, name }
    }

    /// How an error with this code may be retried, where the service has a rule of its own.
    pub(crate) fn retry_kind(&self, code: &str) -> Option<RetryKind> {
        let rule = self.retried_codes.iter().find(|(retried, _)| *retried == code);
        rule.map(|(_, kind)| *kind)
    }
}

impl Hint {
    /// What to do about errors with one of these codes.
    pub(crate) const fn codes(codes: &'static [&'static str], text: &'static str) -> Self {
        Self {
            operation: None,
            codes,
            status: None,
            message_contains: &[],
            text,
        }
    }
}
