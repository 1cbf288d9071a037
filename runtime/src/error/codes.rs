//! What the codes and statuses of services mean.

use super::Error;
use crate::words::service::RetryKind;

/// How an error that a service reports may be retried, if at all.
pub(super) fn retry_kind(error: &Error, code: &str, is_modeled: bool) -> Option<RetryKind> {
    let service = error.service();
    let of_service = service.and_then(|service| service.retry_kind(code));
    of_service
        .or_else(|| kind_of_code(code))
        .or_else(|| match error.status()?.as_u16() {
            // Gateways and proxies throttle, too, and have codes of their own or none.
            429 if !is_modeled => Some(RetryKind::Throttling),
            500 | 502 | 503 | 504 => Some(RetryKind::Transient),
            // The service had begun the answer when it failed.
            200..300 if !error.is_in_stream() => Some(RetryKind::Transient),
            status if service?.transient_statuses.contains(&status) => Some(RetryKind::Transient),
            _ => None,
        })
}

/// The codes with which services throttle or report a transient error.
fn kind_of_code(code: &str) -> Option<RetryKind> {
    match code {
        "RequestTimeout" | "RequestTimeoutException" => Some(RetryKind::Transient),
        "BandwidthLimitExceeded"
        | "EC2ThrottledException"
        | "LimitExceededException"
        | "PriorRequestNotComplete"
        | "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "SlowDown"
        | "ThrottledException"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "TransactionInProgressException" => Some(RetryKind::Throttling),
        _ => None,
    }
}

/// Whether services report a failure of their own with this code. Before a stream the status says so.
pub(super) fn is_server_fault(code: &str) -> bool {
    matches!(
        code,
        "InternalError"
            | "InternalFailure"
            | "InternalFailureException"
            | "InternalServerError"
            | "InternalServerException"
            | "InternalServiceError"
            | "InternalServiceException"
            | "ServiceUnavailable"
            | "ServiceUnavailableException"
    )
}
