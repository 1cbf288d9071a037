//! What to do about an error.

use super::{Connecting, Distrust, Error, Step, TimedOut};
use crate::words::service::Hint;

/// Whether a hint is about this error.
fn fits(hint: &Hint, error: &Error, code: &str, message: &str) -> bool {
    hint.operation.is_none_or(|name| error.operation() == Some(name))
        && (hint.codes.is_empty() || hint.codes.contains(&code))
        && hint
            .status
            .is_none_or(|own| error.status().is_some_and(|status| status == own))
        && hint.message_contains.iter().all(|part| message.contains(part))
}

/// What to do about credentials that have expired.
pub(super) const EXPIRED: &str = "get new credentials, or use a source that renews them, such as a profile";

/// What to do about an object that may be missing or forbidden.
pub(super) const FORBIDDEN: &str = "allow `s3:GetObject`, and `s3:ListBucket` for the bucket: without that, S3 answers 403 for an object that does not exist";

/// What holds for every service.
const GENERAL: &[Hint] = &[
    Hint::codes(
        &["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"],
        EXPIRED,
    ),
    Hint::codes(
        &["RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"],
        "set the clock of this machine",
    ),
    Hint::codes(
        &[
            "IncompleteSignature",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
        ],
        "check the secret access key and the clock of this machine, and that no proxy changes requests",
    ),
    Hint::codes(
        &[
            "AuthFailure",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
        ],
        "check that the access key is active and belongs to this AWS partition, and that temporary credentials have their session token",
    ),
    Hint::codes(
        &["MissingAuthenticationToken", "MissingAuthenticationTokenException"],
        "check the endpoint URL, and that no proxy removes headers",
    ),
    Hint::codes(
        &[
            "AccessDenied",
            "AccessDeniedException",
            "NotAuthorized",
            "UnauthorizedOperation",
        ],
        "check what the policies allow these credentials to do",
    ),
    Hint {
        status: Some(413),
        ..Hint::codes(&[], "send a smaller payload")
    },
    Hint {
        status: Some(407),
        ..Hint::codes(&[], PROXY_PASSWORD)
    },
];

/// What to do about a proxy that asks for credentials.
const PROXY_PASSWORD: &str = "set user and password in the URL of the proxy, percent-encoded";

/// What endpoint rules say of settings that exclude each other, and what to do.
const SETTINGS: &[(&str, &str)] = &[
    (
        "FIPS and custom endpoint",
        "leave out the endpoint URL, or switch FIPS off; see `AWS_ENDPOINT_URL` and `AWS_USE_FIPS_ENDPOINT` if the code sets \
         neither",
    ),
    (
        "Dualstack and custom endpoint",
        "leave out the endpoint URL, or switch dual-stack off; see `AWS_ENDPOINT_URL` and `AWS_USE_DUALSTACK_ENDPOINT` if \
         the code sets neither",
    ),
];

/// What to do about an error that a service reports.
pub(super) fn of_service(error: &Error, code: &str, message: &str) -> Option<&'static str> {
    let own = error.service().map_or(&[][..], |service| service.hints);
    let hint = own
        .iter()
        .chain(GENERAL)
        .find(|hint| fits(hint, error, code, message))?;
    Some(hint.text)
}

/// What to do about settings that cannot be used.
pub(super) fn of_settings(problem: &str) -> Option<&'static str> {
    let setting = SETTINGS.iter().find(|(text, _)| problem.contains(text));
    setting.map(|(_, hint)| *hint)
}

/// What to do about a timeout.
pub(super) fn of_timeout(what: TimedOut, step: Step) -> &'static str {
    match (what, step) {
        (_, Step::Permit) => {
            "allow more requests at once with `ClientBuilder::max_in_flight`, or more time with `Timeouts::operation`"
        }
        (TimedOut::Attempt, Step::Credentials) => {
            "allow more time with `Timeouts::attempt` if the provider of credentials needs it"
        }
        (TimedOut::Operation, Step::Credentials) => {
            "allow more time with `Timeouts::operation` if the provider of credentials needs it"
        }
        (TimedOut::Read, _) => "allow a longer silence with `Timeouts::read` if the service needs it",
        (TimedOut::Attempt, _) => "allow more time with `Timeouts::attempt` if the service needs it",
        (TimedOut::Operation, _) => "allow more time with `Timeouts::operation` if the service needs it",
    }
}

/// What to do about a connection that cannot be made.
pub(super) fn of_connecting(phase: Connecting, is_refused: bool) -> &'static str {
    match phase {
        Connecting::Resolve => "check the region, the endpoint URL and the name server",
        Connecting::Tcp if is_refused => "check host and port of the endpoint URL, and that something listens there",
        Connecting::WithoutIo => "call `enable_all` on the builder of the runtime",
        Connecting::Tcp => "check that routes and firewalls let this machine reach the host",
        Connecting::ForeignProxy => "use a proxy whose URL begins with `http://`, or add the host to `NO_PROXY`",
        Connecting::Proxy | Connecting::Tunnel => {
            "check the proxy that `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` names, or add the host to `NO_PROXY`"
        }
        Connecting::Refused(407) => PROXY_PASSWORD,
        Connecting::Refused(500..) => "check that the proxy can reach the host, or add the host to `NO_PROXY`",
        Connecting::Refused(_) => "check that the proxy allows the host and its port, or add the host to `NO_PROXY`",
        Connecting::Tls => "check that the port of the endpoint URL speaks TLS",
        Connecting::Certificate(distrust) => match distrust {
            Distrust::UnknownIssuer => {
                "check the endpoint URL, or trust a certificate authority of your own with `AWS_CA_BUNDLE` or \
                 `.ca_bundle(..)`"
            }
            Distrust::OtherHost => "check the host of the endpoint URL",
            Distrust::Expired | Distrust::NotYetValid => {
                "check the clock of this machine; if it is right, the host needs a new certificate"
            }
            Distrust::Other => "the cause of the error says what is wrong with it",
        },
    }
}
